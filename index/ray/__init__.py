"""Builds whose files and passages are read by the workers of a Ray: one on this machine, or a cluster."""
