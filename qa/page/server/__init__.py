"""How the page is served, and what it keeps."""
