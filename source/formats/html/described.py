"""What a page says of itself in data for search engines (JSON-LD of schema.org)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from source import strict_json
from source.text.halves import whole_letters

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
