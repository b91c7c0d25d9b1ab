"""How the page is served and guarded, and what it keeps."""
