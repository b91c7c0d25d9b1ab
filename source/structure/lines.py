"""The lines of plain text, with what a person sees of them before reading: indents, gaps, new pages."""

from __future__ import annotations

import re
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias, overload

from source.text.letters import SMALL
from source.text.repairs import NOTE_LINK, RAISED

# A line longer than this was not wrapped by hand: it is a paragraph of its own.
LONGEST_WRAPPED_LINE = 200
# Lines of fewer characters than this are not taken for the full width of a text.
_NARROWEST_TEXT = 50
# So many of a text's lines stand apart from the next, and go on there, where it is typed with double spacing.
_FEWEST_SPACED, _SPACED, _CLOSE, _OPEN, _FEWEST_GOING_ON, _GOING_ON = 4, 0.6, 0.1, 0.4, 3, 0.5

_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_LINE_END = re.compile(r"\r\n|[\r\n\v\x85\u2028\u2029]")
# What may stand behind a full stop and still belong to its sentence: closing marks, notes, (Brandt 1912).
_CLOSING = re.compile(
    rf"(?:{NOTE_LINK}|(?<=[.!?\"”’»])(?:{RAISED}|\([a-z]\))|(?:(?<=[{SMALL}]{{3}}[.!?])|(?<=[.!?][\"”’»])"
    r"|(?<=[\"”»][.!?]))\d{1,3}"
    r"|[\"'”’»›)\]}*_~`」』）†‡§¹²³⁰⁴-⁹\s]|\[\^?[\w,–* -]{1,12}\]|\[[^\][]{0,40}\d[^\][]{0,20}\]|\(\d{1,3}\)"
    r"|\{\d{1,3}\}|\([^()\d]{2,40}\s\d{4}[a-z]?(?:[:,;][^()]{1,80})?\)"
    r"|\((?:see|cf|vgl|siehe|voir|ibid|ebd)\b[^()]{0,60}\)|<sup\b[^<>]{0,60}>[^<>]{1,12}</sup>|</\w+>)+$"
)
_SMALL_WORD = re.compile(rf"[*_]{{0,2}}(?:[{SMALL}]{{2,}}|[aàeyoiиявск])[,\s]")
_PROSE = 0.6  # of the width
_TAIL = 200  # no more of a line than this is looked at for them
_ENDS = ".!?…。！？؟।۔"


_Column: TypeAlias = "array[int] | bytearray | memoryview"


class Line(NamedTuple):
    """The `words` of a line, without the white space around them, at characters `start` to `end` of the text.

    `indent` counts the columns before it, `gap` the empty lines above it; `new_page` says that a form
    feed stands between it and the line before, `goes_on` that there are empty lines, but that they part nothing.
    """

    start: int
    end: int
    words: str
    indent: int
    gap: int
    new_page: bool
    goes_on: bool = False

    @property
    def ended(self) -> bool:
        """Whether a sentence ends where the line does."""
        return ends_sentence(self.words)


class TextLines(Sequence[Line]):
    """Lines of a text, in order: numbers, of which each is made as it is looked at; a slice shares them."""

    def __init__(self, text: str, columns: Sequence[_Column]) -> None:
        """The `columns` are start, end, indent, gap, whether on a new page, and whether gone on in, of each line."""
        self._text, self._columns = text, columns

    def __len__(self) -> int:
        return len(self._columns[0])

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> TextLines: ...
    def __getitem__(self, place: int | slice) -> Line | TextLines:
        if isinstance(place, slice):
            return TextLines(self._text, [memoryview(column)[place] for column in self._columns])
        start, end, indent, gap, new_page, goes_on = (column[place] for column in self._columns)
        return Line(start, end, self._text[start:end], indent, gap, bool(new_page), bool(goes_on))

    def __iter__(self) -> Iterator[Line]:
        starts, ends, indents, gaps, *marks = self._columns
        words = map(self._text.__getitem__, map(slice, starts, ends))
        return map(Line, starts, ends, words, indents, gaps, *(map(bool, mark) for mark in marks))

    def cut(self, i: int, start: int, end: int) -> None:
        """Leave of line `i` no more than what stands at `start` to `end` of the text."""
        starts, ends, *_ = self._columns
        starts[i], ends[i] = start, end

    def close_up(self, i: int) -> None:
        """Take out one empty line above line `i`; if it is the only one, the text goes on there."""
        *_, gaps, _, goes_on = self._columns
        goes_on[i] = gaps[i] == 1
        gaps[i] = max(0, gaps[i] - 1)


def read_lines(text: str, start: int = 0) -> TextLines:
    """The lines of `text` from character `start` on that are not empty, in order.

    Gaps that only come of typing with double spacing are taken out.
    """
    lines = TextLines(text, _columns_of(text, start))
    if _is_double_spaced(lines):
        width = text_width(lines)
        for i, (line, after) in enumerate(pairwise(lines), 1):
            if line.end - line.start >= 0.6 * width or after.words[0].islower():
                lines.close_up(i)
    return lines


def _columns_of(text: str, start: int) -> Sequence[_Column]:
    """See `TextLines`."""
    starts, ends, indents, gaps = (array("I") for _ in range(4))
    new_pages = bytearray()
    behind = start
    for found in _LINE.finditer(text, start):
        words = found.group()
        if not (stripped := words.strip()):
            continue
        before = words[: len(words) - len(words.lstrip())]
        first = found.start() + len(before)
        between = text[behind : found.start()]
        behind = found.end()
        gaps.append(max(len(_LINE_END.findall(between)) - 1, int("\u2029" in between), 0) if starts else 0)
        starts.append(first)
        ends.append(first + len(stripped))
        indents.append(_columns(before))
        new_pages.append("\f" in between)
    return starts, ends, indents, gaps, new_pages, bytearray(len(starts))


def _is_double_spaced(lines: Sequence[Line]) -> bool:
    """Whether most lines stand apart from the next, and sentences go on over the gaps."""
    close = spaced = is_open = going_on = 0
    for line, after in pairwise(lines):
        close += not after.gap
        if after.gap == 1:
            spaced += 1
            if not line.ended:
                is_open += 1
                going_on += after.words[0].islower()
    pairs = len(lines) - 1
    return (
        pairs >= _FEWEST_SPACED
        and spaced >= _SPACED * pairs
        and close <= _CLOSE * pairs
        and is_open >= _OPEN * spaced
        and going_on >= max(_FEWEST_GOING_ON, _GOING_ON * is_open)
    )


def text_width(lines: Iterable[Line]) -> int:
    """How many characters the wrapped lines of a text hold at most."""
    lengths = (line.indent + line.end - line.start for line in lines)
    return max((length for length in lengths if length <= LONGEST_WRAPPED_LINE), default=0) or _NARROWEST_TEXT


def text_indent(lines: Iterable[Line]) -> int:
    """The indent at which most of a text stands."""
    signs: Counter[int] = Counter()
    for line in lines:
        signs[line.indent] += line.end - line.start
    return max(signs, key=signs.__getitem__, default=0)


def is_verse(lines: Sequence[Line], width: int) -> bool:
    """Whether `lines` are broken where the writer wanted: most end long before the text's `width`."""
    short = sum(
        line.indent + len(line.words) + 1 + len(after.words.split(maxsplit=1)[0]) <= 0.9 * max(width, _NARROWEST_TEXT)
        for line, after in pairwise(lines)
    )
    return len(lines) > 1 and short >= 0.7 * (len(lines) - 1)


def is_prose(line: Line, width: int) -> bool:
    """Whether a line is part of a paragraph, in a text of this `width`: long, or a sentence goes on in it."""
    return len(line.words) >= _PROSE * width or line.words[0].islower() or line.words[-1] in "-\u00ad‐"


def ends_sentence(words: str) -> bool:
    """Whether `words` end with a full stop or the like, whatever closing marks and notes stand behind it."""
    return without_notes(words)[-1:] in tuple(_ENDS)


def resumes(text: str, start: int = 0, end: int = sys.maxsize) -> bool:
    """Whether `text[start:end]` begins with a small word, as the rest of a sentence does that was broken off above."""
    return _SMALL_WORD.match(text, start, end) is not None


def without_notes(words: str) -> str:
    """`words` without the closing marks and notes at their end."""
    return words[:-_TAIL] + _CLOSING.sub("", words[-_TAIL:])


def _columns(white: str) -> int:
    at = 0
    for sign in white:
        at = (at // 8 + 1) * 8 if sign == "\t" else at + (2 if sign == "\u3000" else 1)
    return at
