"""Numbers of lines and verses that stand beside plain text: furniture within it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from source.document import Reason
from source.structure.blocks import Block, Kind
from source.structure.lines import Line, TextLines, ends_sentence

_LEFT = re.compile(r"^(\d{1,4})(?:[ \t]+)(?=[^\W\d_]|[\"“‘'«(])")
_RIGHT = re.compile(r"[ \t]{3,}(\d{1,4})$")
# So many verses, of so many words, stand in a chapter at least; so many of its parts end as sentences and clauses do.
_FEWEST_VERSES, _FEWEST_WORDS, _ENDED = 3, 4, 0.6
# Every line of a record is numbered, if so many are; of verse every fourth, fifth or tenth.
_FEWEST_LINES, _LONGEST_STEP = 5, 50
_CLAUSES = ",;:，；："


def take_numbers(lines: TextLines) -> list[Block]:
    """Take the numbers out of `lines` that count them, or the verses in them; these as furniture."""
    left = _numbers(lines, _LEFT)
    beside = {*_verses(lines, left), *_every_line(lines, left), *_counted(left)}
    right = _numbers(lines, _RIGHT)
    behind = set(_counted(right)) - beside
    blocks: list[Block] = []
    for i, found in [*((i, left[i]) for i in beside), *((i, right[i]) for i in behind)]:
        line, (first, last) = lines[i], found.span(1)
        blocks.append(Block(line.start + first, line.start + last, Kind.FURNITURE, reason=Reason.PAGE))
        if i in beside:
            lines.cut(i, line.start + found.end(), line.end)
        else:
            lines.cut(i, line.start, line.start + found.start())
    return blocks


def _numbers(lines: Sequence[Line], pattern: re.Pattern[str]) -> dict[int, re.Match[str]]:
    """The lines that begin or end with a number."""
    return {i: found for i, line in enumerate(lines) if (found := pattern.search(line.words))}


def _verses(lines: Sequence[Line], numbers: dict[int, re.Match[str]]) -> Iterator[int]:
    """The lines that begin with a verse's number: 1, 2, 3 and so on, each above words that end as a verse does."""
    starts = [*(i for i, line in enumerate(lines) if line.gap), len(lines)]  # of paragraphs
    for run in (one for one in _runs(numbers) if len(one) >= _FEWEST_VERSES):
        ends = [*(i - 1 for i in run[1:]), starts[bisect_right(starts, run[-1])] - 1]
        ended = sum(ends_sentence(lines[i].words) or lines[i].words[-1] in _CLAUSES for i in ends)
        words = sum(len(lines[i].words.split()) for i in run)
        if ended >= _ENDED * len(run) and words > _FEWEST_WORDS * len(run):
            yield from run


def _every_line(lines: Sequence[Line], numbers: dict[int, re.Match[str]]) -> Iterator[int]:
    """The lines of a record, each of which is numbered."""
    for run in _runs(numbers):
        words = sum(len(lines[i].words.split()) for i in run)
        if len(run) >= _FEWEST_LINES and run[-1] - run[0] == len(run) - 1 and words > _FEWEST_WORDS * len(run):
            yield from run


def _runs(numbers: dict[int, re.Match[str]]) -> Iterator[list[int]]:
    """The lines whose numbers are 1, 2, 3 and so on; others may stand between them."""
    run: list[int] = []
    for i, found in numbers.items():
        number = int(found[1])
        if number == 1:
            if run:
                yield run
            run = [i]
        elif run and number == len(run) + 1:
            run.append(i)
    if run:
        yield run


def _counted(numbers: dict[int, re.Match[str]]) -> Iterator[int]:
    """The lines whose numbers count the lines between them: every fourth, every tenth."""
    for (i, one), (j, other) in pairwise(numbers.items()):
        if 1 < int(other[1]) - int(one[1]) == j - i <= _LONGEST_STEP:
            yield from (i, j)
