"""Candidates → their order, marks and confidence."""
