"""What Project Gutenberg writes around its books: its licence, and its own name before their titles."""

from __future__ import annotations

import re

from lxml import etree

_IDS = frozenset("pg-header pg-footer pg-start-separator pg-end-separator".split())
_TITLE = re.compile(
    r"(?:the )?project gutenberg(?:'s|’s)? e-?(?:book|text),? (?:of )?(?P<title>.+?)(?:,? by (?P<author>[^,;]+))?",
    re.IGNORECASE,
)


def is_licence(element: etree._Element) -> bool:
    """Whether an element holds the licence of Project Gutenberg, and what it says of the book."""
    return element.get("id") in _IDS or "pg-boilerplate" in (element.get("class") or "").split()


def title_and_author(words: str) -> tuple[str, str]:
    """The title and the author in the title of a page of Project Gutenberg; of any other all of it."""
    found = _TITLE.fullmatch(words)
    return (found["title"], found["author"] or "") if found else (words, "")
