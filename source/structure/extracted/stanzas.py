"""Verse that is typed as paragraphs, a line each, with an empty one between two stanzas."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from source.structure.blocks import Kind
from source.structure.extracted.parts import Part
from source.structure.lines import ends_sentence
from source.text.breaks import LIST_MARKER

_LONGEST_LINE = 70
# Lines of a stanza; of one beside another; of one that begins a text, where a title and a name stand as well.
_FEWEST, _FEWEST_BESIDE, _FEWEST_ABOVE = 3, 2, 4


def with_stanzas(parts: Sequence[Part], gaps: Collection[int], new_group: Callable[[], int]) -> list[Part]:
    """`parts` with the lines of each stanza as one group; `gaps` are the parts that stand below an empty paragraph.

    Where there is none, nothing tells lines of verse from short paragraphs.
    """
    runs = _runs(parts, gaps) if gaps else []
    sure = [_is_stanza(parts[run.start : run.stop], _FEWEST if run.start else _FEWEST_ABOVE) for run in runs]
    verse = list(parts)
    for i, run in enumerate(runs):
        near = [j for j in (i - 1, i + 1) if 0 <= j < len(runs) and sure[j] and _are_beside(runs[i], runs[j])]
        if sure[i] or (near and run.start and _is_stanza(parts[run.start : run.stop], _FEWEST_BESIDE)):
            group = new_group()
            verse[run.start : run.stop] = [
                replace(part, group=group, close=True) for part in parts[run.start : run.stop]
            ]
    return verse


def _runs(parts: Sequence[Part], gaps: Collection[int]) -> list[range]:
    """The short paragraphs that follow each other, bounded by empty ones, headings and the like."""
    runs: list[range] = []
    start = 0
    for i in range(len(parts) + 1):
        if i < len(parts) and _may_be_line(parts[i]) and (i not in gaps or i == start):
            continue
        bounded = _parts_below(parts, gaps, start) and _parts_below(parts, gaps, i)
        if i > start and bounded:
            runs.append(range(start, i))
        start = i if i < len(parts) and _may_be_line(parts[i]) else i + 1
    return runs


def _parts_below(parts: Sequence[Part], gaps: Collection[int], i: int) -> bool:
    """Whether part `i` does not stand right below another paragraph."""
    if i in gaps or not 0 < i < len(parts):
        return True
    return Kind.HEADING in (parts[i - 1].kind, parts[i].kind) or Kind.FURNITURE in (parts[i - 1].kind, parts[i].kind)


def _may_be_line(part: Part) -> bool:
    alone = part.kind is Kind.TEXT and not part.group and not part.plain and not part.strong and "\n" not in part.text
    return alone and len(part.text) <= _LONGEST_LINE and not LIST_MARKER.match(part.text)


def _is_stanza(lines: Sequence[Part], fewest: int) -> bool:
    """Whether so many lines are verse: most do not end where a sentence does."""
    above = lines[:-1]
    return len(lines) >= fewest and sum(not ends_sentence(line.text) for line in above) * 2 >= len(above)


def _are_beside(one: range, other: range) -> bool:
    return one.stop == other.start or other.stop == one.start
