"""Questions about the essay itself → what is known of it."""
