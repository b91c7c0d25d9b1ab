"""One file or folder a format, and what they share."""
