"""What programs ask for over HTTP and MCP: the same values on both ways."""
