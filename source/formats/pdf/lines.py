"""Signs → the lines of a page, divided where a wide gap parts columns or cells.

A raised or lowered sign belongs to its line: a note's mark, a power, an index. A large first letter belongs to its
word. White space is what the file has, or what stands between signs.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from statistics import median

from source.formats.notes import superscript
from source.formats.pdf.direction import holds_right_to_left, logical
from source.formats.pdf.glyphs import Glyph
from source.structure.extracted.inserted import START
from source.text.breaks import LIST_MARKER

# In parts of the type's size: a gap of this much parts two columns or cells, one of this much two words.
COLUMN_GAP, _WORD_GAP = 1.2, 0.15
# What the file has apart is put together only over a gap smaller than between narrow columns; of right-to-left lines,
# whose order in the file says nothing, over that between words.
_ADJACENT = (0.4, 0.8)
# A list's marker is set off from its item by more than a word is.
_SET_OFF = 0.5
_SAME_LINE = 0.1
_RAISED = (0.1, 0.8)
# A raised sign is smaller than its line's by this factor, but not by this one: then it is a capital's neighbour.
_SMALLER, _TINY = 0.9, 0.45
_ASCENT, _DESCENT = 0.8, 0.2
_INITIAL = re.compile(r"[\"'“‘«„(]?[^\W\d_]{1,2}")
_INITIAL_SIZE = 1.7
_LONGEST_SCRIPT = 4  # signs that the file may have away from their line
# First letters that are words: the next word follows after a space.
_ONE_LETTER_WORDS = frozenset("AIOÀÉYEU")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a page, in points from the page's upper left corner; `size` is its type's.

    `item` says that it begins with the marker of a list, set off by a gap; `ends` are the sizes of its first and
    its last sign.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    item: bool = False
    ends: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True)
class _Run:
    """Signs one after the other on one line; `levels` are 1 for a raised sign, -1 for a lowered one, else 0."""

    glyphs: list[Glyph]
    base: float
    size: float
    left: float
    right: float
    levels: list[int] = field(default_factory=lambda: [0])

    def add(self, glyphs: Sequence[Glyph], levels: Sequence[int], *, space: bool) -> None:
        """Go on with `glyphs`, behind a space or none."""
        self.glyphs += [replace(glyphs[0], space=space), *glyphs[1:]]
        self.levels += levels
        self.left = min(self.left, *(glyph.left for glyph in glyphs))
        self.right = max(self.right, *(glyph.right for glyph in glyphs))


def page_lines(glyphs: Iterable[Glyph], page_height: float) -> list[Line]:
    """The lines of a page, those of one height in no order."""
    runs = _with_scripts(_merged(_runs(glyphs)))
    return [line for run in runs if (line := _line(run, page_height)).text]


def _runs(glyphs: Iterable[Glyph]) -> list[_Run]:
    """The signs in the file's order, parted where the next one stands elsewhere."""
    runs: list[_Run] = []
    for glyph in glyphs:
        run = runs[-1] if runs else None
        level = _level(run, glyph) if run is not None else None
        if run is None or level is None:
            runs.append(_Run([glyph], glyph.base, glyph.size, glyph.left, glyph.right))
            continue
        gap = glyph.left - run.glyphs[-1].right
        space = glyph.space or (glyph.broken and gap > _WORD_GAP * min(run.size, glyph.size))
        if level > 1:  # what came so far was raised, before its line
            run.levels = [1] * len(run.levels)
            run.base, run.size, level = glyph.base, glyph.size, 0
        run.add([glyph], [level], space=space)
    return runs


def _level(run: _Run, glyph: Glyph) -> int | None:
    """Whether `glyph` goes on with `run`: 0 on its line, 1 above, -1 below, 2 if it is the line of a raised run."""
    last = run.glyphs[-1]
    size = max(run.size, glyph.size)
    if holds_right_to_left(glyph.text + last.text):
        gap = max(glyph.left - run.right, run.left - glyph.right)
    else:
        gap = glyph.left - last.right
        if gap < -2 * size:
            return None
    up = glyph.base - run.base
    if abs(up) < _SAME_LINE * size:
        return 0 if gap < COLUMN_GAP * size else None
    if not -0.4 * size < gap < 0.5 * size:
        return None
    if _TINY * run.size <= glyph.size < _SMALLER * run.size and _RAISED[0] * size < abs(up) < _RAISED[1] * size:
        return 1 if up > 0 else -1
    marks = len(run.glyphs) <= 4 and not any(run.levels)
    raised = _TINY * glyph.size <= run.size < _SMALLER * glyph.size
    return 2 if marks and raised and -_RAISED[1] * size < up < -_RAISED[0] * size else None


def _merged(runs: list[_Run]) -> list[_Run]:
    """The runs with those on one line put together that stand close to each other."""
    merged: list[_Run] = []
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda one: -one.base):
        if rows and abs(rows[-1][0].base - run.base) < _SAME_LINE * max(rows[-1][0].size, run.size):
            rows[-1].append(run)
        else:
            rows.append([run])
    for row in rows:
        backwards = holds_right_to_left("".join(glyph.text for run in row for glyph in run.glyphs))
        held: _Run | None = None
        for run in sorted(row, key=lambda one: one.left):
            if held is not None and _printed_twice(held, run):
                continue
            if held is None or not _adjacent(held, run, _ADJACENT[backwards]):
                held = run
                merged.append(run)
                continue
            gap = run.left - held.right
            held.add(run.glyphs, run.levels, space=run.glyphs[0].space or gap > _WORD_GAP * min(held.size, run.size))
            held.size = max(held, run, key=lambda one: len(one.glyphs)).size
    return merged


def _adjacent(held: _Run, run: _Run, most: float) -> bool:
    """Whether `run` goes on with `held` on the same line, at most so many sizes away; no large first letter does."""
    size = min(held.size, run.size)
    near = -0.5 * size < run.left - held.right < most * size
    return near and not (held.size > 1.4 * run.size and len(held.glyphs) <= 2)


def _printed_twice(held: _Run, run: _Run) -> bool:
    """Whether a run repeats the one before it, a little aside: so some programs print bold type."""
    near = abs(held.left - run.left) < 0.2 * held.size
    return near and [glyph.text for glyph in held.glyphs] == [glyph.text for glyph in run.glyphs]


def _with_scripts(runs: list[_Run]) -> list[_Run]:
    """The runs with raised and lowered ones, which the file has elsewhere, put into their lines."""
    by_base = sorted(runs, key=lambda run: run.base)
    bases = [run.base for run in by_base]
    taken: set[int] = set()
    for run in [one for one in runs if len(one.glyphs) <= _LONGEST_SCRIPT and not any(one.levels)]:
        reach = _RAISED[1] * run.size / _TINY
        for line in by_base[bisect_left(bases, run.base - reach) : bisect_right(bases, run.base + reach)]:
            up = (run.base - line.base) / line.size
            smaller = _TINY * line.size <= run.size < _SMALLER * line.size
            if id(line) in taken or not (smaller and _RAISED[0] < abs(up) < _RAISED[1]):
                continue
            before = [i for i, glyph in enumerate(line.glyphs) if abs(run.left - glyph.right) < 0.35 * line.size]
            if before:
                level = 1 if up > 0 else -1
                line.glyphs[before[-1] + 1 : before[-1] + 1] = run.glyphs
                line.levels[before[-1] + 1 : before[-1] + 1] = [level] * len(run.glyphs)
                line.right = max(line.right, run.right)
                behind = line.glyphs[before[-1] + 1 + len(run.glyphs) :][:1]
                for glyph in behind:  # what was a gap holds the mark
                    glyph.space = glyph.space and glyph.left - run.right > _WORD_GAP * line.size
                taken.add(id(run))
                break
    return _merged([run for run in runs if id(run) not in taken]) if taken else runs


def _line(run: _Run, page_height: float) -> Line:
    text = "".join(glyph.text for glyph in run.glyphs)
    text = logical(run.glyphs) if holds_right_to_left(text) else _text(run)
    own = [glyph for glyph, level in zip(run.glyphs, run.levels, strict=True) if not level]
    letters = [glyph for glyph in own if glyph.text.isalnum()]
    bold = sum(glyph.bold for glyph in letters) > 0.9 * len(letters) and bool(letters) and letters[-1].bold
    size = median(glyph.size for glyph in own or run.glyphs)
    top, bottom = page_height - run.base - _ASCENT * size, page_height - run.base + _DESCENT * size
    ends = (own[0].size, own[-1].size) if own else (size, size)
    return Line(text, run.left, run.right, top, bottom, size, bold, _is_item(run, text), ends)


def _is_item(run: _Run, text: str) -> bool:
    """Whether a line begins with a list's marker that is set off from what follows."""
    found = LIST_MARKER.match(text)
    signs = len("".join(found[0].split())) if found else 0
    if not 0 < signs < len(run.glyphs):
        return False
    return run.glyphs[signs].left - run.glyphs[signs - 1].right > _SET_OFF * run.size


def _text(run: _Run) -> str:
    text = ""
    for level, group in groupby(zip(run.glyphs, run.levels, strict=True), key=lambda pair: pair[1]):
        signs = [glyph for glyph, _ in group]
        piece = "".join(" " * glyph.space + glyph.text for glyph in signs)
        if level > 0:
            raised = superscript(text[-8:], piece.strip())
            text += ("" if raised[0] == START else " " * signs[0].space) + raised
        else:
            text += piece
    return " ".join(text.split())


def with_initials(lines: Sequence[Line], body: float, words: Mapping[str, int]) -> list[Line]:
    """The lines with a large first letter put before the word it begins; `words` counts words in small letters."""
    rest = list(lines)
    for initial in [line for line in lines if line.size > _INITIAL_SIZE * body and _INITIAL.fullmatch(line.text)]:
        beside = [
            line
            for line in rest
            if line.size < initial.size / 1.4
            and -0.5 * body < line.left - initial.right < 1.5 * body
            and initial.top - 0.5 * body < line.top < initial.bottom
        ]
        first = min(beside, key=lambda line: line.top, default=None)
        if first is None:
            continue
        rest.remove(initial)
        for line in beside:
            text = _joined(initial.text, line.text, words) if line is first else line.text
            rest[rest.index(line)] = replace(line, text=text, left=initial.left)
    return rest


def _joined(initial: str, text: str, words: Mapping[str, int]) -> str:
    """A first letter and what follows it: one word, or two where the letter is a word and the next one known."""
    following = (re.match(r"[^\W_]*", text) or [""])[0].lower()
    known = words.get(following, 0) > 1 and not words.get(f"{initial}{following}".lower())  # more than this once
    apart = initial[-1] in _ONE_LETTER_WORDS and known
    return f"{initial} {text}" if apart else initial + text
