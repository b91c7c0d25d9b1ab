"""The files of a snapshot, one kind a module."""
