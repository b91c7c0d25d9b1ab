"""HTML, and how a text becomes a part of it: escaped, so that a browser shows each of its letters."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any, Self

import markupsafe

# Characters that turn the direction of what follows them.
_DIRECTIONS = re.compile("([\u202a-\u202e\u2066-\u2069])")


# What stands for something else in HTML; browsers make line feeds of carriage returns.
_MEANT = re.compile("[&<>\"'\r]")


class Markup(markupsafe.Markup):
    """HTML, which is made of literals alone; a text that is put into it (`format`, `join`, `+`) is escaped there.

    So it shows exactly the text, between tags and in attributes. Ruff (S704) sees to the literals. A page is made in
    many small steps, each of which the library's own methods make slowly, in Python.
    """

    __slots__ = ()

    @classmethod
    def escape(cls, text: Any, /) -> Self:  # noqa: ANN401
        """`text` as HTML, carriage returns too; what is HTML stays as it is."""
        if isinstance(text, cls):
            return text
        if hasattr(text, "__html__"):
            return cls(text)
        return str.__new__(cls, _escaped(str(text)))

    def format(self, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401
        """As `str.format`; what is neither HTML nor a number is escaped first."""
        escaped = {name: _ready(value) for name, value in kwargs.items()}
        return str.__new__(self.__class__, str.format(self, *map(_ready, args), **escaped))

    def join(self, parts: Iterable[Any], /) -> Self:
        """As `str.join`; what is not HTML is escaped first."""
        return str.__new__(self.__class__, str.join(self, map(_ready, parts)))


def _escaped(text: str) -> str:
    return html.escape(text).replace("\r", "&#13;") if _MEANT.search(text) else text


def _ready(value: Any) -> Any:  # noqa: ANN401
    """`value` as it can stand in HTML; what is HTML and a number stay what they are."""
    if type(value) is str:
        return _escaped(value)
    return value if isinstance(value, markupsafe.Markup | int | float) else Markup.escape(value)


_CONTROL = Markup('<span class="control" data-code="U+{:04X}">{}</span>')


def shown(text: str) -> Markup:
    """`text` as HTML between tags; characters that turn the direction of writing cannot reach beyond themselves."""
    if not _DIRECTIONS.search(text):
        return Markup.escape(text)
    parts = _DIRECTIONS.split(text)
    return Markup("").join(_CONTROL.format(ord(part), part) if at % 2 else part for at, part in enumerate(parts))


def undirected(text: str) -> str:
    """`text` with a sign in place of each character that turns the direction of writing."""
    return _DIRECTIONS.sub("\ufffd", text)
