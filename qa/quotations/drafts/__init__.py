"""A draft: its quotations by their marks, and what it says of where they stand."""
