"""What the page shows, as HTML made from values."""
