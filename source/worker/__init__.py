"""The process that files are read in, and the wire to it."""
