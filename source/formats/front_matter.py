"""YAML front matter: what stands above an essay between two lines of dashes."""

from __future__ import annotations

import re

import yaml

from source.document import Document, Reason
from source.structure.blocks import Block, Kind, trimmed

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
# Longer, or with more brackets, it is none: the parser's time and depth grow faster than either.
_LONGEST, _MOST_BRACKETS = 20_000, 200
# How YAML writes that there is no value.
_NOTHING = ("", "~", "null", "Null", "NULL")


def with_front_matter(text: str, name: str) -> tuple[Document, list[Block], int]:
    """The document with its metadata, the front matter as furniture, and where the essay starts."""
    found = _FRONT_MATTER.match(text)
    if found is None or len(found.group(1)) > _LONGEST or sum(map(found.group(1).count, "[{")) > _MOST_BRACKETS:
        return Document(name, text, ""), [], 0
    try:
        # Values stay as they are written: nothing is made a date or a number, and none can be wrong.
        values = yaml.load(found.group(1), yaml.BaseLoader)  # noqa: S506 - this loader makes texts alone
    except (yaml.YAMLError, RecursionError):
        values = None
    if not isinstance(values, dict):  # a rule at the top of the essay, not front matter
        return Document(name, text, ""), [], 0
    title, author, date = (_plain(values.get(key)) for key in ("title", "author", "date"))
    span = trimmed(text, *found.span())
    front = Block(span.start, span.end, Kind.FURNITURE, reason=Reason.FRONT_MATTER)
    return Document(name, text, title, author, date), [front], found.end()


def _plain(value: object) -> str:
    """A value of the front matter as one line of text: lists of authors are joined by commas."""
    values = value if isinstance(value, list) else [value]
    return ", ".join(" ".join(v.split()) for v in values if isinstance(v, str) and v not in _NOTHING)
