"""Lines in reading order → a Draft: paragraphs, headings, notes, tables.

A paragraph may run on over columns and pages. A word that is divided at the end of a line is put
together: the essay says "armaments", not "arma-" and "ments".
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from source.document import Reason
from source.formats.pdf.layout import Break, reading_order
from source.formats.pdf.lines import Line, with_initials
from source.formats.pdf.margins import without_margins
from source.formats.pdf.tables import BoxParts, Part, Table, grid, parts
from source.structure.extracted.draft import Draft
from source.text.breaks import LIST_MARKER
from source.text.letters import is_drawn

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\[\]\d\ufdd0\ufdd1]*$")
_NOTE = re.compile(r"(?:\[?(\d{1,3}(?![\d.,–-])|[*†‡§]{1,3}|[¹²³⁰⁴-⁹]{1,3})[\].)]?)\s*(?=\S)")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SENTENCE_INSIDE = re.compile(r"\s(?:[^\W\d_]{3,}|\d{2,})[.!?][\"'”’»)]*\s+[\"'“‘«(]*[^\W\d_a-z]")
_ENUMERATED = re.compile(r"\(?(?:[a-z]|[ivx]{1,4}|\d{1,3})[.)]\s")
_SPEAKER = re.compile(r"(?:[QA][.:]|(?:[^\W\d_a-z]|(?<=\S)[ .'’-]){2,30}:)\s")
# Headings are larger than the text by this factor; notes are smaller by this one.
_LARGER, _SMALLER = 1.12, 0.92
_LONGEST_HEADING, _MOST_HEADING_LINES = 200, 3
_LIKE_SIZE = 0.08
_SHORTEST_RULE = 8
# A line of verse fills no more of its column than this, or so many begin with a capital.
_VERSE, _FEWEST_VERSES, _FEWEST_CENTRED = 0.6, 4, 3
# What is quoted in large type repeats the text beside it; so few words in quotation marks may be a title.
_PULLED, _FEWEST_PULLED = re.compile(r"[\"“„«‘].*[\"”“»’]"), 5


def write_pages(pages: Sequence[Sequence[Line]], labels: Sequence[str]) -> Draft:
    """The text of all pages, each with its label as locator."""
    kept, around = without_margins(pages)
    body = _body_size(line for page in kept for line in page)
    words = Counter(word.lower() for page in kept for line in page for word in _WORD.findall(line.text))
    kept = [with_initials(page, body, words) for page in kept]
    writer = _Writer(body, _heading_sizes(kept, body), words)
    for page, label in zip(kept, labels, strict=True):
        if page:
            writer.page(label, list(parts(reading_order(page))))
    draft = writer.finish()
    for text in around:
        draft.aside(text, Reason.PAGE)
    return draft


def _body_size(lines: Iterable[Line]) -> float:
    """The size of most of the text."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size, 1)] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 1.0


def _heading_sizes(pages: Iterable[Iterable[Line]], body: float) -> list[float]:
    """The sizes larger than the text's, the largest first: the levels of headings."""
    return sorted({round(line.size) for page in pages for line in page if line.size > body * _LARGER}, reverse=True)


@dataclass
class _Writer:
    """Writes the parts of pages into a Draft; holds the paragraph that may run on to the next column or page."""

    body: float
    heading_sizes: list[float]
    words: Counter[str]
    draft: Draft = field(default_factory=Draft)
    lines: list[Line] = field(default_factory=list)  # of the paragraph that is being read
    group: int = 0  # of the list that is being written
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[tuple[Part, ...]] = field(default_factory=list)  # beside the paragraph that is being read
    label: str = ""
    edge: float = 0.0  # the right edge of the column that the paragraph stands in

    def page(self, label: str, found: Sequence[Part]) -> None:
        """Write a page's parts."""
        self.label = label
        self._write(found)
        self._end_page()

    def _write(self, found: Sequence[Part]) -> None:
        pitch = self._pitch(found)
        edges = _edges(found, self.body * _LARGER)
        notes = self._note_lines(found)
        fresh = True  # at the head of a page or column
        for part in found:
            if isinstance(part, Break):
                fresh = fresh or part is not Break.WIDTH
                if part is Break.APART:
                    self._flush()
            elif isinstance(part, BoxParts):
                self.boxes.append(part.parts)
            elif isinstance(part, Table):
                self._flush()
                self._table(part)
            elif id(part) in notes:
                self._note(part, fresh=fresh)
            else:
                edge = edges[id(part)]
                if self.lines and self._begins(part, fresh=fresh, pitch=pitch, right=edge):
                    self._flush()
                if not self.lines:
                    self._locate()
                    self.edge = edge
                self.lines.append(part)
                fresh = False

    def finish(self) -> Draft:
        """The Draft, once all pages are written."""
        self._flush()
        return self.draft

    def _pitch(self, found: Sequence[Part]) -> float:
        """The usual distance from line to line."""
        lines = [part for part in found if isinstance(part, Line)]
        alike = ((a, b) for a, b in itertools.pairwise(lines) if _like(a.size, self.body) and _like(b.size, self.body))
        pairs = [(a, b) for a, b in alike if 0 < b.top - a.top < 4 * self.body]
        steps = sorted(b.top - a.top for a, b in pairs)
        usual = 1.2 * self.body
        # Of a page of short paragraphs most steps may be those between them, or all: then no sentence goes on.
        if not steps or (steps[0] > 1.35 * usual and all(_ENDED.search(a.text) for a, _ in pairs)):
            return usual
        return median(step for step in steps if step <= 1.3 * steps[len(steps) // 4])

    def _note_lines(self, found: Sequence[Part]) -> set[int]:
        """The lines of footnotes: small, at the foot of their column, the first with a note's mark."""
        notes: set[int] = set()
        held: list[Line] = []
        for part in [*found, Break.COLUMN]:
            if isinstance(part, Line) and part.size < self.body * _SMALLER and (held or _NOTE.match(part.text)):
                held.append(part)
            else:
                if isinstance(part, Break) and part is not Break.WIDTH:
                    notes |= {id(line) for line in held}
                held = []
        return notes

    def _note(self, line: Line, *, fresh: bool) -> None:
        found = _NOTE.match(line.text)
        if found is None and self.notes and not fresh:
            mark, text = self.notes[-1]
            self.notes[-1] = (mark, self._joined(text, line.text))
        else:
            mark = found.group(1).translate(_RAISED) if found else ""
            self.notes.append((mark, line.text[found.end() if found else 0 :]))

    def _begins(self, line: Line, *, fresh: bool, pitch: float, right: float) -> bool:
        """Whether a paragraph begins with `line`."""
        last = self.lines[-1]
        ended = bool(_ENDED.search(last.text))
        if line.item or (LIST_MARKER.match(line.text) and (ended or not line.text[0].isdigit())):
            return True
        if (ended and _SPEAKER.match(line.text)) or _is_rule(line.text) or _is_rule(last.text):
            return True
        if _ENUMERATED.match(line.text) and _ENUMERATED.match(self.lines[0].text):
            near = abs(line.left - self.lines[0].left) < 0.7 * self.body
            if near and line.text.split()[0] != self.lines[0].text.split()[0]:
                return True
        if self.lines[0].item and line.left < self.lines[0].left + 0.3 * self.body and _had_room(last, line, right):
            return True
        if self._other_type(last, line, fresh=fresh, ended=ended, room=_had_room(last, line, right)):
            return True
        if fresh:
            item = LIST_MARKER.match(self.lines[0].text)
            whole = len(self.lines) == 1 or item or _had_room(last, line, right)
            return ended and not line.text[0].islower() and bool(whole)
        step = line.top - last.top
        pitch = max(pitch, 1.1 * line.size if line.size > self.body * _LARGER else 0.0)
        apart = step > (1.15 if ended else 1.35) * pitch
        indented = line.left > last.left + 0.8 * self.body
        return apart or (ended and indented) or (ended and _had_room(last, line, right) and not self._is_verse())

    def _is_verse(self) -> bool:
        """Whether the lines held end where their author broke them: far from the edge, or each with a capital."""
        first, lines = self.lines[0], self.lines
        if len(lines) < 2 or first.item or all(_ENDED.search(line.text) for line in lines):
            return False
        short = all(line.right - first.left < _VERSE * (self.edge - first.left) for line in lines)
        capitals = all(line.text.lstrip("\"'“‘«(").strip()[:1].isupper() for line in lines)
        return short or (len(lines) >= _FEWEST_VERSES and capitals) or _is_centred(lines)

    def _other_type(self, last: Line, line: Line, *, fresh: bool, ended: bool, room: bool) -> bool:
        """Whether a line is set in another size or weight, as no line within a paragraph is."""
        if not (_like(last.size, line.size) or _like(last.ends[1], line.ends[0])):
            within = (
                not ended and line.text[0].islower() and min(last.size, line.size) > 0.8 * max(last.size, line.size)
            )
            return fresh or not within
        if last.bold == line.bold:
            return False
        if line.bold:
            return ended or room
        return self._is_heading(self.lines) and (room or not line.text[0].islower())

    def _is_heading(self, lines: Sequence[Line]) -> bool:
        """Whether lines are a heading: larger than the text or bold, few, and no sentence."""
        large = all(line.size > self.body * _LARGER for line in lines)
        if not large and not all(line.bold for line in lines):
            return False
        text = self._text(lines)
        short = len(lines) <= _MOST_HEADING_LINES and len(text) <= _LONGEST_HEADING
        words = any(c.isalnum() for c in text) and text[-1] != ","
        if _PULLED.fullmatch(text) and len(text.split()) >= _FEWEST_PULLED:
            return False
        return short and words and not _ENDED.search(text) and not _SENTENCE_INSIDE.search(text)

    def _locate(self) -> None:
        if self.label:
            self.draft.locator(self.label)
            self.label = ""

    def _end_page(self) -> None:
        """Notes follow the paragraph that runs on to the next page: they are held back in the draft."""
        if self.lines and self._is_heading(self.lines):
            self._flush()
        for mark, text in self.notes:
            self.draft.note(mark, text)
        self.notes.clear()

    def _flush(self) -> None:
        """Write what is held: a heading or a paragraph."""
        if not self.lines:
            return
        text = self._text(self.lines)
        if self._is_heading(self.lines):
            size = round(self.lines[0].size)
            level = self.heading_sizes.index(size) + 1 if size in self.heading_sizes else len(self.heading_sizes) + 1
            self.draft.heading(text, level)
        elif _is_rule(text):
            self.draft.furniture(text, Reason.RULE)
        elif self.lines[0].item or LIST_MARKER.match(text) or _ENUMERATED.match(text):
            self.group = self.group or self.draft.new_group()
            self.draft.item(text, "", 0, self.group)
        else:
            verse = self._is_verse()
            self.draft.paragraph("\n".join(line.text for line in self.lines) if verse else text)
            self.group = 0
        self.lines = []
        while self.boxes:  # what the paragraph flowed around
            self._write(self.boxes.pop(0))
            self._flush()

    def _table(self, table: Table) -> None:
        self._locate()
        strong = [all(cell.bold for cell in row) for row in table.rows]
        self.draft.table(grid(table.rows), int(strong[0] and not all(strong)))

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


def _is_centred(lines: Sequence[Line]) -> bool:
    """Whether lines of different lengths have their middles at one place."""
    middles = [line.left + line.right for line in lines]
    lefts = [line.left for line in lines]
    near = lines[0].size
    return len(lines) >= _FEWEST_CENTRED and max(middles) - min(middles) < near and max(lefts) - min(lefts) > 0.2 * near


def _is_rule(text: str) -> bool:
    """Whether a line has no words: it is drawn with signs, at most with a letter at its end."""
    return is_drawn(text) or (len(text) >= _SHORTEST_RULE and sum(map(str.isalnum, text)) == 1)


def _like(size: float, other: float) -> bool:
    return abs(size - other) <= _LIKE_SIZE * max(size, other)


def _had_room(last: Line, line: Line, right: float) -> bool:
    """Whether the first word of `line` would still have gone behind `last`: then the paragraph ended there."""
    first = len(line.text.split(maxsplit=1)[0]) + 2  # a space, and another for letters wider than most
    return last.right + 1.15 * first * (line.right - line.left) / len(line.text) < right


def _edges(found: Iterable[Part], largest: float) -> dict[int, float]:
    """The right edge of the text that each line stands in: of its column, by where lines begin (in steps of 20)."""
    edges: dict[int, float] = {}
    column: list[Line] = []
    for part in [*found, Break.COLUMN]:
        if isinstance(part, Line):
            column.append(part)
        elif isinstance(part, Break):
            right: dict[int, float] = {}
            for line in column:
                key = round(line.left / 20)
                if line.size <= largest:
                    right[key] = max(right.get(key, line.right), line.right)
            edges |= {id(line): right.get(round(line.left / 20), line.right) for line in column}
            column = []
    return edges
