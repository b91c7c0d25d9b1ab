"""What commands print: how it looks, and where it goes."""
