"""The index on disk: build, publish, open, search, verify."""
