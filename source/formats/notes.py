"""Marks of notes, raised above their line, as all formats write them into the text."""

from __future__ import annotations

import re

from source.structure.extracted.inserted import bare, inserted

MARK = re.compile(r"[\[(]?(\d{1,4}|[a-zA-Z]{1,3}|[*†‡§¶]{1,4})[\])]?")
_MARKS = re.compile(r"\d{1,3}(?:\s?[,–-]\s?\d{1,3})+")  # of several notes: 2,3 or 4–6
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# A word, a year or a mark of punctuation; a number that is no year has a power.
_WORD_BEFORE = re.compile(r"[^\W\d_]{3,}[.,;:!?…]?[\"'”’»]?$|[.,;:!?…”’»\"'\])]$|(?<![\d.,])(?:1\d|20)\d\d$")


def note_mark(mark: str) -> str:
    """The mark of a footnote in the text: "[1]"."""
    return f"{inserted('[')}{mark}{inserted(']')}"


def superscript(before: str, raised: str) -> str:
    """What raised characters after `before` become: a footnote's mark [1], a power x², or 1st as it is."""
    words = bare(raised).strip()
    mark = MARK.fullmatch(words)
    if words.startswith("["):
        return raised
    if mark and not words.isalpha() and _WORD_BEFORE.search(bare(before)):
        return note_mark(mark[1])
    if _MARKS.fullmatch(words) and _WORD_BEFORE.search(bare(before)):
        return note_mark(words)
    changed = raised.translate(_RAISED)
    return raised if any(c.isalpha() and c != "ⁿ" for c in changed) else changed


def lowered(text: str) -> str:
    """`text` with its raised digits as plain ones."""
    return text.translate(_LOWERED)
