"""The lines of plain text, with what a person sees of them before reading: indents, gaps, new pages."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from source.document import Span
from source.text.letters import SMALL
from source.text.repairs import NOTE_LINK

# A line longer than this was not wrapped by hand: it is a paragraph of its own.
LONGEST_WRAPPED_LINE = 200
# Lines of fewer characters than this are not taken for the full width of a text.
_NARROWEST_TEXT = 50
# So many of a text's lines stand apart from the next, and go on there, where it is typed with double spacing.
_FEWEST_SPACED, _SPACED, _CLOSE, _OPEN, _FEWEST_GOING_ON, _GOING_ON = 4, 0.6, 0.1, 0.4, 3, 0.5

_LINE = re.compile(r"[^\r\n\f]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
# What may stand behind a full stop and still belong to its sentence: closing marks, notes, (Brandt 1912).
_CLOSING = re.compile(
    rf"(?:{NOTE_LINK}|(?<=[.!?\"”’»])(?:\^\d{{1,3}}|\([a-z]\))|(?:(?<=[{SMALL}]{{3}}[.!?])|(?<=[.!?][\"”’»])"
    r"|(?<=[\"”»][.!?]))\d{1,3}"
    r"|[\"'”’»›)\]}*_~`」』）†‡§¹²³⁰⁴-⁹\s]|\[\^?[\w,–* -]{1,12}\]|\[[^\][]{0,40}\d[^\][]{0,20}\]|\(\d{1,3}\)"
    r"|\{\d{1,3}\}|\([^()\d]{2,40}\s\d{4}[a-z]?(?:[:,;][^()]{1,80})?\)"
    r"|\((?:see|cf|vgl|siehe|voir|ibid|ebd)\b[^()]{0,60}\)|<sup\b[^<>]{0,60}>[^<>]{1,12}</sup>|</\w+>)+$"
)
_SMALL_WORD = re.compile(rf"[*_]{{0,2}}(?:[{SMALL}]{{2,}}|[aàeyoiиявск])[,\s]")
_PROSE = 0.6  # of the width
_TAIL = 200  # no more of a line than this is looked at for them
_ENDS = ".!?…。！？؟।۔"


@dataclass(frozen=True, slots=True)
class Line(Span):
    """A line without the white space around it.

    `indent` counts the columns before it, `gap` the empty lines above it; `new_page` says that a form
    feed stands between it and the line before, `goes_on` that there are empty lines, but that they part nothing.
    """

    words: str
    indent: int
    gap: int
    new_page: bool
    goes_on: bool = False

    @property
    def ended(self) -> bool:
        """Whether a sentence ends where the line does."""
        return ends_sentence(self.words)


def read_lines(text: str, start: int = 0) -> list[Line]:
    """The lines of `text` from character `start` on that are not empty, in order."""
    lines: list[Line] = []
    behind = start
    for found in _LINE.finditer(text, start):
        words = found.group()
        if not (stripped := words.strip()):
            continue
        before = words[: len(words) - len(words.lstrip())]
        first = found.start() + len(before)
        between = text[behind : found.start()]
        gap = max(0, len(_LINE_END.findall(between)) - 1) if lines else 0
        behind = found.end()
        lines.append(Line(first, first + len(stripped), stripped, _columns(before), gap, "\f" in between))
    return lines


def single_spaced(lines: Sequence[Line]) -> list[Line]:
    """`lines` with the gaps taken out that only come of typing with double spacing."""
    pairs = list(pairwise(lines))
    spaced = [(line, after) for line, after in pairs if after.gap == 1]
    going_on = [after.words[0].islower() for line, after in spaced if not line.ended]
    if (
        len(pairs) < _FEWEST_SPACED
        or len(spaced) < _SPACED * len(pairs)
        or sum(not after.gap for _, after in pairs) > _CLOSE * len(pairs)
        or len(going_on) < _OPEN * len(spaced)
        or sum(going_on) < max(_FEWEST_GOING_ON, _GOING_ON * len(going_on))
    ):
        return list(lines)
    width = text_width(lines)
    closed = [line.end - line.start < 0.6 * width and not after.words[0].islower() for line, after in pairs]
    return [
        *lines[:1],
        *(
            after if apart else replace(after, gap=max(0, after.gap - 1), goes_on=after.gap == 1)
            for (_, after), apart in zip(pairs, closed, strict=True)
        ),
    ]


def text_width(lines: Sequence[Line]) -> int:
    """How many characters the wrapped lines of a text hold at most."""
    lengths = (line.indent + line.end - line.start for line in lines)
    return max((length for length in lengths if length <= LONGEST_WRAPPED_LINE), default=0) or _NARROWEST_TEXT


def is_verse(lines: Sequence[Line], width: int) -> bool:
    """Whether `lines` are broken where the writer wanted: most end long before the text's `width`."""
    short = [
        line.indent + len(line.words) + 1 + len(after.words.split(maxsplit=1)[0]) <= 0.9 * max(width, _NARROWEST_TEXT)
        for line, after in pairwise(lines)
    ]
    return bool(short) and sum(short) >= 0.7 * len(short)


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
