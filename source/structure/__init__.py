"""Blocks → headings, passages, tables, furniture."""
