"""Halves of letters (surrogates), which JSON, YAML and old encodings can name, and no file can hold."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")


def whole_letters(text: str) -> str:
    """`text` with surrogates joined to the letters they are halves of; � for one that is alone."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def has_whole_letters(text: str) -> bool:
    """Whether `text` holds no half of a letter, and so can be written."""
    return text.isascii() or _HALF.search(text) is None
