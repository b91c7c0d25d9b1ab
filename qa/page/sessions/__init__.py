"""What each reader has asked, kept and chosen: as text, in a database, and for how long."""
