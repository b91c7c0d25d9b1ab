"""Verse of HTML, told by its shape: several short lines, each a block of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from statistics import median

from lxml import etree

from source.formats.archive import attribute, local

_VERSE = re.compile(r"\b(?:poem|poetry|verse|stanza)\b", re.IGNORECASE)
_LONGEST = 90  # signs of a line
# The longest line of what does not call itself verse has so many signs, or is so many times as long as most.
_COMMON, _ALIKE = 60, 3
_MOST_ELEMENTS, _MOST_SIGNS = 30, 400  # in a line, white space and all
_LINES = ("div", "p")
# What a line of verse does not hold.
_BLOCKS = frozenset(
    "article aside blockquote dl dd dt figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr img li main nav ol pre "
    "section table ul".split()
)


def is_verse(element: etree._Element) -> bool:
    """Whether an element calls itself verse."""
    return _VERSE.search(f"{attribute(element, 'type')} {element.get('class') or ''}") is not None


def holds_verse(element: etree._Element, texts_of: Callable[[etree._Element], list[str]]) -> bool:
    """Whether an element calls itself verse, or holds lines of it."""
    return is_verse(element) or bool(verse_lines(element, texts_of))


def verse_lines(element: etree._Element, texts_of: Callable[[etree._Element], list[str]]) -> list[etree._Element]:
    """The blocks in an element that are lines of verse: several, short, most of them no whole sentence."""
    called = is_verse(element)
    if local(element) in ("section", "p") and not called:
        return []
    inside = [one for one in element if isinstance(one.tag, str)]
    lines = [one for one in inside if local(one) in _LINES and _may_be_line(one)]
    if len(lines) < max(2 if called else 3, len(inside) / 2):
        return []
    texts = [text for one in lines for text in texts_of(one)]
    open_ended = sum(text[-1:] not in ".!?" for text in texts[:-1])
    longest = _LONGEST if called or not texts else min(_LONGEST, max(_COMMON, _ALIKE * median(map(len, texts))))
    short = all(len(text) <= longest for text in texts)
    return lines if short and open_ended >= len(texts[:-1]) / 2 else []


def _may_be_line(element: etree._Element) -> bool:
    """Whether an element holds little and no other blocks; however much there is in it, only its beginning is read."""
    length = 0
    for count, one in enumerate(element.iter()):
        length += len(one.text or "") + (len(one.tail or "") if one is not element else 0)
        if count > _MOST_ELEMENTS or length > _MOST_SIGNS or local(one) in _BLOCKS:
            return False
    return True
