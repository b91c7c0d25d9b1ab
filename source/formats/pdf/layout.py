"""Lines on a page → their reading order, without what repeats at the head or foot of pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a page, in points from the page's upper left corner; `size` is its height."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool


Row = tuple[Line, ...]  # lines side by side: one, or the cells of a table's row

# Of a page's lines, at most so many at the head and at the foot may be furniture.
_EDGE_LINES = 3
# A line of furniture stands on at least so many pages, and on this share of them.
_REPEATED, _REPEATED_SHARE = 3, 0.3
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page|p\.|seite|página)?\s*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/|von|de)\s*\d+)?[-–—\s.]*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


def without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without running heads and feet and page numbers."""
    edges = [_edges(page) for page in pages]
    seen: Counter[tuple[str, int]] = Counter(key for page in edges for key in {_key(line) for line in page})
    enough = max(_REPEATED, _REPEATED_SHARE * len(pages))
    kept = []
    for page, edge in zip(pages, edges, strict=True):
        out = {id(line) for line in edge if seen[_key(line)] >= enough}
        numbers = [line for line in edge if _PAGE_NUMBER.fullmatch(line.text) and not _beside(line, page)]
        out |= {id(line) for line in numbers}
        kept.append([line for line in page if id(line) not in out])
    return kept


def _edges(page: Sequence[Line]) -> list[Line]:
    """The first and last lines of a page."""
    ordered = sorted(page, key=lambda line: line.top)
    return ordered if len(ordered) <= 2 * _EDGE_LINES else ordered[:_EDGE_LINES] + ordered[-_EDGE_LINES:]


def _key(line: Line) -> tuple[str, int]:
    """Lines of furniture differ in their numbers only, and stand at the same height."""
    return _DIGITS.sub("#", line.text), round(line.top / 6)


def _beside(line: Line, page: Sequence[Line]) -> bool:
    """Whether anything stands on the same height: then a number is a table's, not the page's."""
    return any(
        other is not line and min(other.bottom, line.bottom) - max(other.top, line.top) > 0.5 * line.size
        for other in page
    )


def reading_order(lines: list[Line]) -> Iterator[Row | None]:
    """The lines of a region in reading order; None stands where a column ends (recursive XY cut, Nagy, 1984)."""
    if not lines:
        return
    if (gutter := _gutter(lines)) is not None:
        yield from reading_order([line for line in lines if line.right <= gutter])
        yield None
        yield from reading_order([line for line in lines if line.left >= gutter])
        return
    side_by_side = _side_by_side(lines)
    cut = _cut(lines) if any(len(row) > 1 for row in side_by_side) else None
    if cut is None:
        yield from side_by_side
        return
    yield from reading_order([line for line in lines if line.bottom <= cut])
    yield from reading_order([line for line in lines if line.bottom > cut])


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where a white space from top to bottom parts columns of running text."""
    size = median(line.size for line in lines)
    at = float("-inf")
    for line in sorted(lines, key=lambda line: line.left):
        if line.left > at + 0.5 * size and at > float("-inf"):
            middle = (at + line.left) / 2
            sides = [one for one in lines if one.right <= middle], [one for one in lines if one.left >= middle]
            if all(_is_column(side) for side in sides) and _face(*sides):
                return middle
        at = max(at, line.right)
    return None


def _is_column(lines: Sequence[Line]) -> bool:
    """Whether lines are running text: some of them, and long enough for sentences."""
    return len(lines) >= 2 and median(len(line.text) for line in lines) >= 18


def _face(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether two columns stand beside each other, not one below the other."""
    return min(max(line.bottom for line in side) for side in (left, right)) > max(
        min(line.top for line in side) for side in (left, right)
    )


def _side_by_side(lines: Sequence[Line]) -> list[Row]:
    """The lines from top to bottom, those of one height together, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom, line.left)):
        if rows and abs((rows[-1][0].top + rows[-1][0].bottom) - (line.top + line.bottom)) < 0.6 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [tuple(sorted(row, key=lambda line: line.left)) for row in rows]


def _cut(lines: Sequence[Line]) -> float | None:
    """The height of a white space from left to right, below or above which a gutter appears."""
    ordered = sorted(lines, key=lambda line: line.bottom)
    gaps: list[tuple[float, float]] = []
    lowest = ordered[0].bottom
    for line in sorted(lines, key=lambda line: line.top):
        if line.top > lowest - 0.3 * line.size:
            gaps.append((line.top - lowest, lowest))
        lowest = max(lowest, line.bottom)
    for _, at in sorted(gaps, reverse=True)[:40]:
        above = [line for line in lines if line.bottom <= at]
        below = [line for line in lines if line.bottom > at]
        if above and below and (_gutter(above) is not None or _gutter(below) is not None):
            return at
    return None
