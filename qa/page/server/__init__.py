"""How the page is served."""
