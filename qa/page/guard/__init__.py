"""Who may talk to the page, of what, and how much: what stands between a client and the page."""
