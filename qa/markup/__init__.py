"""HTML: made of literals, and of texts that are escaped."""
