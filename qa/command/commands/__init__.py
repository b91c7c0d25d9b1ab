"""The commands: each file has their options and what they do."""
