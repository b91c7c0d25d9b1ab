"""Who wrote a page, and when: in data for search engines (JSON-LD of schema.org), or by its elements' names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from source import strict_json
from source.formats.archive import local
from source.text.credits import is_full_name, without_by
from source.text.halves import whole_letters

_NAMED = re.compile(r"(?<![a-z])(?:author|byline)(?![a-z])", re.IGNORECASE)
_LONGEST_BYLINE = 100
_LONGEST, _LONGEST_NAME = 200_000, 200  # characters


def described(root: etree._Element) -> dict[str, str]:
    """The author and the day of what a page describes, {} if it describes nothing that has them."""
    for script in root.iter("script"):
        written = script.text or ""
        if script.get("type") != "application/ld+json" or len(written) > _LONGEST:
            continue
        try:
            values = strict_json.loads(written)
        except ValueError:
            continue
        for one in _objects(values):
            said = {"author": _names(one.get("author")), "datepublished": _line(one.get("datePublished"))}
            if said["author"]:
                return {key: value for key, value in said.items() if value}
    return {}


def byline(body: etree._Element, title: etree._Element | None) -> str:
    """The name that an element between a page's title and its first paragraph is said to hold, "" if none is."""
    below = title is None
    for element in body.iter(etree.Element):
        below = below or element is title
        if below and local(element) == "p" and len(_beginning(element)) > _LONGEST_BYLINE:
            return ""
        if not below or not _NAMED.search(element.get("class") or ""):
            continue
        link = next(element.iter("a"), element)
        name = without_by(_beginning(link))
        if name and len(name) <= _LONGEST_BYLINE and is_full_name(name) and not any(map(str.isdigit, name)):
            return name
    return ""


def _beginning(element: etree._Element) -> str:
    """The text of an element on one line, no more of it than a byline and a word."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(str(piece))
        length += len("".join(str(piece).split()))
        if length > _LONGEST_BYLINE:
            break
    return " ".join("".join(pieces).split())


def _objects(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 (values of JSON)
    """The objects of JSON, each before those within it."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)


def _names(value: Any) -> str:  # noqa: ANN401 (values of JSON)
    """The names of people, joined by commas."""
    people = value if isinstance(value, list) else [value]
    names = (_line(one.get("name") if isinstance(one, dict) else one) for one in people)
    return ", ".join(dict.fromkeys(filter(None, names)))


def _line(value: Any) -> str:  # noqa: ANN401 (values of JSON)
    words = " ".join(value.split()) if isinstance(value, str) else ""
    return whole_letters(words) if len(words) <= _LONGEST_NAME else ""
