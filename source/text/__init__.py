"""Bytes → characters, languages, sentences."""
