"""Markdown as it is read: where its marks stand, so that they can be hidden, and what they say of the words.

The marks are found by walking what the parser made of a passage along its source, letter for letter. Where the
two do not go together nothing is hidden: the source is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import pairwise
from operator import add
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa.page.html.walking import Found, Lost, Walk
from source.document import Document, Span

_SUFFIXES = (".md", ".markdown", ".mdx")
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")
# A text without any of these has no marks; one with more letters than these is not looked through.
_ANY = re.compile(r"[*_`\[~<|\\]")
_LONGEST = 20_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True)
class Rendering:
    """Spans of a text: its marks, what they make of its words by the name of a style, and its cells by rows.

    The cells cover all of a text that is one table; there are none in any other. The first row is the head.
    """

    signs: tuple[Span, ...] = ()
    styles: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    rows: tuple[tuple[Span, ...], ...] = ()


_PLAIN = Rendering()


def rendering_of(document: Document, place: Span) -> Rendering:
    """How `place` of `document` is read, in offsets of the document."""
    if not _is_markdown(document.name) or not _ANY.search(document.text, place.start, place.end):
        return _PLAIN
    found = rendering(document.text[place.start : place.end])
    return Rendering(
        _moved(found.signs, place.start),
        {name: _moved(spans, place.start) for name, spans in found.styles.items()},
        tuple(_moved(row, place.start) for row in found.rows),
    )


@lru_cache(maxsize=1024)
def _is_markdown(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in _SUFFIXES


def layers_of(document: Document, place: Span, rendered: Rendering) -> Mapping[str, tuple[Span, ...]]:
    """What is told apart in `place` of a document: marks of Markdown, what they say, letters that the file lacks."""
    return {"sign": rendered.signs, "inserted": document.inserted_in(place), **rendered.styles}


def taken(document: Document, place: Span, *, source: bool = False) -> str:
    """`place` of a document to be taken away: letters that its file does not have stand in square brackets.

    Marks of Markdown are left out, unless it is to be as the `source` says; those of a table part its cells.
    """
    rendered = rendering_of(document, place)
    signs = () if source or rendered.rows else rendered.signs
    inserted = document.inserted_in(place)
    edges = {edge for span in (*signs, *inserted) for edge in (span.start, span.end)}
    edges = {place.start, place.end, *(edge for edge in edges if place.start < edge < place.end)}
    parts = []
    for start, end in pairwise(sorted(edges)):
        if any(span.start <= start < span.end for span in inserted):
            parts.append(f"[{document.text[start:end]}]")
        elif not any(span.start <= start < span.end for span in signs):
            parts.append(document.text[start:end])
    return "".join(parts)


def _moved(spans: Sequence[Span], by: int) -> tuple[Span, ...]:
    return tuple(Span(span.start + by, span.end + by) for span in spans)


@lru_cache(maxsize=1024)
def rendering(text: str) -> Rendering:
    """How `text`, a passage of Markdown, is read."""
    if len(text) > _LONGEST or not _ANY.search(text):
        return _PLAIN
    try:
        tokens = _PARSER.parse(text)
        if tokens and tokens[0].type == "table_open" and tokens[-1].type == "table_close":
            return _table(text, tokens)
        return _blocks(text, tokens)
    except Lost:
        return _PLAIN


def _blocks(text: str, tokens: Sequence[Token]) -> Rendering:
    lines = _lines(text)
    found = Found()
    nested = 0
    for token in tokens:
        nested += (token.type == "table_open") - (token.type == "table_close")
        if token.type == "inline" and token.map and not nested:
            written = token.content.split("\n")
            numbers = range(token.map[0], token.map[1])
            if len(written) > len(numbers):
                raise Lost
            starts = [_start(text, lines[number], one) for number, one in zip(numbers, written, strict=False)]
            Walk(token, _mapped(written, starts), found)
    return _rendering(found)


def _table(text: str, tokens: Sequence[Token]) -> Rendering:
    lines, found, at = _lines(text), Found(), 0
    rows: list[tuple[Span, ...]] = []
    for start, token in enumerate(tokens):
        if token.type != "tr_open" or token.map is None:
            continue
        line = lines[token.map[0]]
        cells: list[Span] = []
        place = line.start
        for cell in _cells(tokens, start):
            begins = text.find(cell.content, place, line.end)
            if begins < 0 or not _is_gap(text[place:begins]):
                raise Lost
            found.signs.append(Span(place, begins))
            Walk(cell, partial(add, begins), found)
            place = begins + len(cell.content)
            cells.append(Span(at, place))
            at = place
        if not cells or not _is_gap(text[place : line.end]):
            raise Lost
        # The line of dashes below the head, and what ends a line, belong to the cell before.
        at = lines[token.map[0] + 2].start if not rows and token.map[0] + 2 < len(lines) else line.end
        found.signs.append(Span(place, at))
        cells[-1] = Span(cells[-1].start, at)
        rows.append(tuple(cells))
    if at != len(text):
        raise Lost
    return _rendering(found, tuple(rows))


def _cells(tokens: Sequence[Token], row: int) -> Iterator[Token]:
    for token in tokens[row + 1 :]:
        if token.type == "tr_close":
            return
        if token.type == "inline":
            yield token


def _is_gap(between: str) -> bool:
    return not between.strip(" \t|\r\n")


def _lines(text: str) -> list[Span]:
    """The lines of `text` as the parser counts them, each with what ends it."""
    return [Span(found.start(), found.end()) for found in _LINE.finditer(text) if found[0]]


def _start(text: str, line: Span, written: str) -> int:
    found = text.rfind(written, line.start, line.end)
    if found < 0:
        raise Lost
    return found


def _mapped(written: Sequence[str], starts: Sequence[int]) -> Callable[[int], int]:
    """Where a character of the lines `written`, joined by line breaks, stands in the text."""
    offsets = [0]
    for line in written:
        offsets.append(offsets[-1] + len(line) + 1)

    def source(offset: int) -> int:
        at = next(i for i in range(len(written)) if offset < offsets[i + 1])
        return starts[at] + offset - offsets[at]

    return source


def _rendering(found: Found, rows: tuple[tuple[Span, ...], ...] = ()) -> Rendering:
    return Rendering(found.in_order(), {name: tuple(spans) for name, spans in found.styles.items()}, rows)
