"""Text → HTML: escaping, marking, addresses.

Everything that comes from an essay or a reader is escaped here, and only here, so that an essay
that holds markup is shown as the text it is. What stands between the tags of a quotation is the
quotation, letter for letter.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from urllib.parse import quote as quoted

from qa.answer import Place
from source.document import Span

# Characters that turn the direction of what follows them; each is shown by its number and kept to itself.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    """`text` as HTML that shows exactly it; also for attributes."""
    return html.escape(text, quote=True).replace("\r", "&#13;")


def shown(text: str) -> str:
    """`text` as HTML between tags; characters that turn the direction of writing cannot reach beyond themselves."""
    return _DIRECTIONS.sub(
        lambda found: f'<span class="control" data-code="U+{ord(found[0]):04X}">{found[0]}</span>', escaped(text)
    )


def counted(count: int, noun: str) -> str:
    """`1 passage`, `2 passages`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


Layers = Mapping[str, Iterable[Span]]
NO_LAYERS: Layers = MappingProxyType({})


def marked(
    text: str,
    place: Span,
    marks: Iterable[Span],
    words: Iterable[Span] = (),
    *,
    first: int = 0,
    layers: Layers = NO_LAYERS,
    cells: Sequence[Sequence[Span]] = (),
) -> str:
    """`text[place.start:place.end]` as HTML with the sentences `marks` in <mark> and `words` underlined.

    Spans are offsets in `text`; what lies outside `place` is left out. With `first`, the marks get
    the ids m`first`, m`first + 1` and so on. `layers` are spans by the class that they get. With
    `cells`, which cover the place by rows, it is a table; a mark that goes on in another cell has
    the class "more" there.
    """
    kinds = {"paired": words, **layers}
    pencil = _Pencil(
        text, joined(text, _inside(marks, place)), {name: _inside(kinds[name], place) for name in kinds}, first
    )
    if not cells:
        return pencil.drawn(place)
    rows = []
    for at, row in enumerate(cells):
        tag = "td" if at else "th"
        drawn = "".join(f"<{tag}>{pencil.drawn(cell)}</{tag}>" for cell in row)
        rows.append(f'<tr class="answers">{drawn}</tr>' if "<mark" in drawn else f"<tr>{drawn}</tr>")
    return f"<table>{''.join(rows)}</table>"


class _Pencil:
    """Draws parts of `text`, in order: marks by their numbers, all else by its class."""

    def __init__(self, text: str, marks: Sequence[Span], kinds: Mapping[str, Sequence[Span]], first: int) -> None:
        self._text = text
        self._marks = marks
        self._kinds = kinds
        self._first = first
        self._begun: set[int] = set()

    def drawn(self, place: Span) -> str:
        """A part of the text as HTML."""
        spans = [*self._marks, *(span for spans in self._kinds.values() for span in spans)]
        edges = {edge for span in spans for edge in (span.start, span.end) if place.start < edge < place.end}
        parts: list[str] = []
        inside = -1
        for start, end in pairwise(sorted({place.start, place.end, *edges})):
            mark = _holding(self._marks, start)
            if mark != inside:
                parts.append(("</mark>" if inside >= 0 else "") + (self._opening(mark) if mark >= 0 else ""))
                inside = mark
            names = " ".join(name for name, spans in self._kinds.items() if _holding(spans, start) >= 0)
            piece = shown(self._text[start:end])
            parts.append(f'<span class="{names}">{piece}</span>' if names else piece)
        return "".join(parts) + ("</mark>" if inside >= 0 else "")

    def _opening(self, mark: int) -> str:
        more = mark in self._begun
        self._begun.add(mark)
        if more:
            return '<mark class="more">'
        return f'<mark id="m{self._first + mark}">' if self._first else "<mark>"


def _holding(spans: Sequence[Span], at: int) -> int:
    """Which of `spans` (in order, apart) holds the character at `at`; -1 if none does."""
    found = bisect_right(spans, at, key=lambda span: span.start) - 1
    return found if found >= 0 and at < spans[found].end else -1


def _inside(spans: Iterable[Span], place: Span) -> list[Span]:
    """The parts of `spans` that lie in `place`, in order, those that touch or overlap as one."""
    clipped = sorted((max(s.start, place.start), min(s.end, place.end)) for s in spans)
    whole: list[Span] = []
    for start, end in clipped:
        if start >= end:
            continue
        if whole and start <= whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(end, whole[-1].end))
        else:
            whole.append(Span(start, end))
    return whole


def joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """`spans` (in order, apart) with those as one between which only white space stands: they are seen as one mark."""
    whole: list[Span] = []
    for span in spans:
        if whole and not text[whole[-1].end : span.start].strip():
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return whole


def address(place: Place, spans: Iterable[Span], desk: str = "") -> str:
    """The address of a passage in its whole essay, with the sentences `spans` marked.

    `desk` names a reader's own essays.
    """
    marks = ",".join(f"{span.start}-{span.end}" for span in spans)
    own = f"&in={quoted(desk, safe='')}" if desk else ""
    at = f"#p{place.paragraph}" if place.paragraph else ""
    return f"/essay/{quoted(place.document, safe='/')}?s={marks}{own}{at}"
