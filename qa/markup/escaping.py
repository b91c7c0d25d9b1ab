"""HTML, and how a text becomes a part of it: escaped, so that a browser shows each of its letters."""

from __future__ import annotations

import html
import re
from typing import Any, Self

import markupsafe

# Characters that turn the direction of what follows them.
_DIRECTIONS = re.compile("([\u202a-\u202e\u2066-\u2069])")


class Markup(markupsafe.Markup):
    """HTML, which is made of literals alone; a text that is put into it (`format`, `join`, `+`) is escaped there.

    So it shows exactly the text, between tags and in attributes. Ruff (S704) sees to the literals.
    """

    __slots__ = ()

    @classmethod
    def escape(cls, text: Any, /) -> Self:  # noqa: ANN401
        """`text` as HTML, carriage returns too, of which browsers make line feeds; what is HTML stays as it is."""
        if isinstance(text, cls):
            return text
        if hasattr(text, "__html__"):
            return cls(text)
        return cls(html.escape(str(text), quote=True).replace("\r", "&#13;"))

    def format(self, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401
        """As `str.format`; what is neither HTML nor a number is escaped first.

        The library's own walks the template in Python, which took longer than all else that makes a page.
        """
        escaped = {name: _ready(self, value) for name, value in kwargs.items()}
        return self.__class__(str.format(self, *(_ready(self, value) for value in args), **escaped))


def _ready(markup: Markup, value: object) -> object:
    return value if isinstance(value, int | float | markupsafe.Markup) else markup.escape(value)


_CONTROL = Markup('<span class="control" data-code="U+{:04X}">{}</span>')


def shown(text: str) -> Markup:
    """`text` as HTML between tags; characters that turn the direction of writing cannot reach beyond themselves."""
    parts = _DIRECTIONS.split(text)
    return Markup("").join(_CONTROL.format(ord(part), part) if at % 2 else part for at, part in enumerate(parts))


def undirected(text: str) -> str:
    """`text` with a sign in place of each character that turns the direction of writing."""
    return _DIRECTIONS.sub("\ufffd", text)
