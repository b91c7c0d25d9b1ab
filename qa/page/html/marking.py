"""Marks in a text as HTML, and what is written in many places of the page: addresses, counts.

What stands between the tags of a quotation is the quotation, letter for letter.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from urllib.parse import quote as quoted

from qa.answer import Place
from qa.markup.escaping import Markup, shown
from source.document import Span


def counted(count: int, noun: str) -> str:
    """`1 passage`, `2 passages`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


Layers = Mapping[str, Iterable[Span]]
NO_LAYERS: Layers = MappingProxyType({})
_MARK_END = Markup("</mark>")


def marked(
    text: str,
    place: Span,
    marks: Iterable[Span],
    words: Iterable[Span] = (),
    *,
    first: int = 0,
    layers: Layers = NO_LAYERS,
    cells: Sequence[Sequence[Span]] = (),
) -> Markup:
    """`text[place.start:place.end]` as HTML with the sentences `marks` in <mark> and `words` underlined.

    Spans are offsets in `text`; what lies outside `place` is left out. With `first`, the marks get
    the ids m`first`, m`first + 1` and so on. `layers` are spans by the class that they get. With
    `cells`, which cover the place by rows, it is a table; a mark that goes on in another cell has
    the class "more" there.
    """
    kinds = {name: inside for name, spans in (("paired", words), *layers.items()) if (inside := _inside(spans, place))}
    inside = _inside(marks, place)
    if not (kinds or inside or cells):
        return shown(text[place.start : place.end])
    pencil = _Pencil(text, joined(text, inside), kinds, first)
    if not cells:
        return pencil.drawn(place)
    return Markup("<table>{}</table>").format(
        Markup("").join(pencil.row(row, "td" if at else "th") for at, row in enumerate(cells))
    )


class _Pencil:
    """Draws parts of `text`, in order: marks by their numbers, all else by its class."""

    def __init__(self, text: str, marks: Sequence[Span], kinds: Mapping[str, Sequence[Span]], first: int) -> None:
        self._text = text
        self._marks = marks
        self._kinds = kinds
        self._first = first
        self._begun: set[int] = set()

    def row(self, cells: Sequence[Span], tag: str) -> Markup:
        """A row of a table, of which every cell is a `tag`."""
        drawn = [self.drawn(cell) for cell in cells]
        answers = Markup(' class="answers"') if any("<mark" in cell for cell in drawn) else ""
        made = Markup("").join(Markup("<{tag}>{}</{tag}>").format(cell, tag=tag) for cell in drawn)
        return Markup("<tr{}>{}</tr>").format(answers, made)

    def drawn(self, place: Span) -> Markup:
        """A part of the text as HTML."""
        spans = [*self._marks, *(span for spans in self._kinds.values() for span in spans)]
        edges = {edge for span in spans for edge in (span.start, span.end) if place.start < edge < place.end}
        parts: list[Markup] = []
        inside = -1
        for start, end in pairwise(sorted({place.start, place.end, *edges})):
            mark = _holding(self._marks, start)
            if mark != inside:
                parts += [_MARK_END] if inside >= 0 else []
                parts += [self._opening(mark)] if mark >= 0 else []
                inside = mark
            names = " ".join(name for name, spans in self._kinds.items() if _holding(spans, start) >= 0)
            piece = shown(self._text[start:end])
            parts.append(Markup('<span class="{}">{}</span>').format(names, piece) if names else piece)
        return Markup("").join([*parts, *([_MARK_END] if inside >= 0 else [])])

    def _opening(self, mark: int) -> Markup:
        more = mark in self._begun
        self._begun.add(mark)
        if more:
            return Markup('<mark class="more">')
        return Markup('<mark id="m{}">').format(self._first + mark) if self._first else Markup("<mark>")


def _holding(spans: Sequence[Span], at: int) -> int:
    """Which of `spans` (in order, apart) holds the character at `at`; -1 if none does."""
    found = bisect_right(spans, at, key=lambda span: span.start) - 1
    return found if found >= 0 and at < spans[found].end else -1


def _inside(spans: Iterable[Span], place: Span) -> list[Span]:
    """The parts of `spans` that lie in `place`, in order, those that touch or overlap as one."""
    if not spans:  # as in most passages
        return []
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
