"""Lines in reading order → a Draft: paragraphs, headings, notes, tables.

A paragraph may run on over columns and pages. A word that is divided at the end of a line is put
together: the essay says "armaments", not "arma-" and "ments".
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from source.formats.pdf.layout import Line, Row, reading_order, without_furniture
from source.structure.draft import Draft
from source.text.breaks import LIST_MARKER

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\]\d]*$")
_NOTE = re.compile(r"(?:\[?(\d{1,3}|[*†‡§¹²³⁴-⁹]{1,3})[\].)]?)\s*(?=\S)")
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§])[\])]?")  # of a note, raised above the line
# Headings are larger than the text by this factor; notes are smaller by this one.
_LARGER, _SMALLER = 1.12, 0.92
_LONGEST_HEADING = 200


def write_pages(pages: Sequence[Sequence[Line]], labels: Sequence[str]) -> Draft:
    """The text of all pages, each with its label as locator."""
    kept = without_furniture(pages)
    lines = [line for page in kept for line in page]
    writer = _Writer(_body_size(lines), _heading_sizes(lines), _words(lines))
    for page, label in zip(kept, labels, strict=True):
        if page:
            writer.page(label, list(reading_order(list(page))))
    return writer.finish()


def _body_size(lines: Iterable[Line]) -> float:
    """The size of most of the text."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size, 1)] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 1.0


def _heading_sizes(lines: Sequence[Line]) -> list[float]:
    """The sizes larger than the text's, the largest first: the levels of headings."""
    body = _body_size(lines)
    return sorted({round(line.size) for line in lines if line.size > body * _LARGER}, reverse=True)


def _words(lines: Iterable[Line]) -> Counter[str]:
    """The words that stand inside lines, where nothing divides them."""
    return Counter(word.lower() for line in lines for word in _WORD.findall(line.text))


@dataclass
class _Writer:
    """Writes rows into a Draft; holds the paragraph that may run on to the next column or page."""

    body: float
    heading_sizes: list[float]
    words: Counter[str]
    draft: Draft = field(default_factory=Draft)
    lines: list[Line] = field(default_factory=list)  # of the paragraph that is being read
    heading: list[Line] = field(default_factory=list)
    table: list[list[str]] = field(default_factory=list)
    group: int = 0  # of the list that is being written
    notes: list[tuple[str, str]] = field(default_factory=list)
    label: str = ""

    def page(self, label: str, rows: Sequence[Row | None]) -> None:
        """Write a page's rows."""
        self.label = label
        fresh = True  # at the head of a page or column
        pitch = self._pitch(rows)
        right = _right(rows, self.body * _LARGER)
        for row in rows:
            if row is None:
                fresh = True
                continue
            heading = all(line.size > self.body * _LARGER for line in row)
            if len(row) > 1 and not heading and not self._is_prose(row):
                if not self.table:
                    self._flush()
                self.table.append([line.text for line in row])
                continue
            for line in (_one_line(row),) if heading else row:  # a heading may be drawn out over its column
                self._line(line, fresh=fresh, pitch=pitch, right=right.get(round(line.left / 20), line.right))
                fresh = False
        self._end_page()

    def finish(self) -> Draft:
        """The Draft, once all pages are written."""
        self._flush()
        return self.draft

    def _is_prose(self, row: Row) -> bool:
        """A line of text in pieces (a wide gap in justified text) is no table row."""
        gaps = [after.left - before.right for before, after in itertools.pairwise(row)]
        return bool(self.lines) and len(row) == 2 and max(gaps) < 2 * self.body and len(row[0].text) > 30

    def _pitch(self, rows: Sequence[Row | None]) -> float:
        """The usual distance from line to line."""
        whole = [row[0] for row in rows if row is not None]
        steps = [b.top - a.top for a, b in itertools.pairwise(whole) if 0 < b.top - a.top < 4 * self.body]
        return median(steps) if steps else 1.2 * self.body

    def _line(self, line: Line, *, fresh: bool, pitch: float, right: float) -> None:
        if line.size < self.body * _SMALLER and _MARK.fullmatch(line.text):
            return
        if self._is_heading(line):
            if self.heading and (abs(self.heading[-1].size - line.size) > 1 or fresh):
                self._flush()
            if not self.heading:
                self._flush()
            self.heading.append(line)
            return
        if line.size < self.body * _SMALLER and (found := _NOTE.match(line.text)):
            if self.table:
                self._flush()
            self.notes.append((found.group(1), line.text[found.end() :]))
            return
        if self.notes and line.size < self.body * _SMALLER and not fresh:
            mark, text = self.notes[-1]
            self.notes[-1] = (mark, self._joined(text, line.text))
            return
        if self.heading or self.table or (self.lines and self._begins(line, fresh=fresh, pitch=pitch, right=right)):
            self._flush()
        if not self.lines:
            self._locate()
        self.lines.append(line)

    def _is_heading(self, line: Line) -> bool:
        large = line.size > self.body * _LARGER
        alone = not self.lines or bool(_ENDED.search(self.lines[-1].text)) or large
        return (
            (large or (line.bold and alone)) and len(line.text) <= _LONGEST_HEADING and _ENDED.search(line.text) is None
        )

    def _begins(self, line: Line, *, fresh: bool, pitch: float, right: float) -> bool:
        """Whether a paragraph begins with `line`."""
        last = self.lines[-1]
        ended = bool(_ENDED.search(last.text))
        if LIST_MARKER.match(line.text) and (ended or not line.text[0].isdigit()):
            return True
        if fresh:
            item = LIST_MARKER.match(self.lines[0].text)
            whole = len(self.lines) == 1 or item or _had_room(last, line, right)
            return ended and not line.text[0].islower() and bool(whole)
        apart = line.top - last.top > 1.35 * pitch
        indented = line.left > last.left + 0.8 * self.body
        return apart or (ended and indented) or (ended and _had_room(last, line, right))

    def _locate(self) -> None:
        if self.label:
            self.draft.locator(self.label)
            self.label = ""

    def _end_page(self) -> None:
        """Notes follow the paragraph that runs on to the next page: they are held back in the draft."""
        if self.heading or self.table:
            self._flush()
        for mark, text in self.notes:
            self.draft.note(mark, text)
        self.notes.clear()

    def _flush(self) -> None:
        """Write what is held: a heading, a table or a paragraph."""
        if self.heading:
            self._locate()
            size = round(self.heading[0].size)
            level = self.heading_sizes.index(size) + 1 if size in self.heading_sizes else len(self.heading_sizes) + 1
            self.draft.heading(self._text(self.heading), level)
        if self.table:
            self._locate()
            self.draft.table(self.table)
        if self.lines:
            text = self._text(self.lines)
            if LIST_MARKER.match(text):
                self.group = self.group or self.draft.new_group()
                self.draft.item(text, "", 0, self.group)
            else:
                self.draft.paragraph(text)
                self.group = 0
        self.heading, self.table, self.lines = [], [], []

    def _text(self, lines: Sequence[Line]) -> str:
        text = ""
        for line in lines:
            text = self._joined(text, line.text)
        return text.replace("\u00ad", "")

    def _joined(self, text: str, more: str) -> str:
        """Two lines as one; a word divided between them is put together, a compound keeps its hyphen."""
        if text[-1:] == "\u00ad":
            return text[:-1] + more
        first, second = re.search(r"([^\W\d_]+)[-‐]$", text), re.match(r"[^\W\d_]+", more)
        if first is None or second is None or not more[0].islower():
            return (
                f"{text} {more}".strip()
                if text[-1:] not in ("-", "‐", "–", "—", "/") or text[-2:-1].isspace()
                else text + more
            )
        compound, whole = (f"{first.group(1)}{mark}{second.group()}".lower() for mark in ("-", ""))
        return text + more if self.words[compound] > self.words[whole] else text[:-1] + more


def _one_line(row: Row) -> Line:
    text = " ".join(line.text for line in row)
    top, bottom = min(line.top for line in row), max(line.bottom for line in row)
    return replace(row[0], text=text, right=row[-1].right, top=top, bottom=bottom)


def _had_room(last: Line, line: Line, right: float) -> bool:
    """Whether the first word of `line` would still have gone behind `last`: then the paragraph ended there."""
    first = len(line.text.split(maxsplit=1)[0]) + 2  # a space, and another for letters wider than most
    return last.right + 1.15 * first * (line.right - line.left) / len(line.text) < right


def _right(rows: Iterable[Row | None], largest: float) -> dict[int, float]:
    """The right edge of the text, by where its lines begin (in steps of 20 points)."""
    edges: dict[int, float] = {}
    for row in rows:
        if row is not None and row[-1].size <= largest:
            key = round(row[0].left / 20)
            edges[key] = max(edges.get(key, 0.0), row[-1].right)
    return edges
