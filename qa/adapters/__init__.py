"""Quoth's quotations where other frameworks look for passages; each is an extra, and costs nothing to others."""
