"""Lines on a page → their reading order: columns, boxes beside the text, what stands above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median

from source.formats.pdf.lines import Line

Row = tuple[Line, ...]  # lines side by side: one, or the cells of a table's row


class Break(Enum):
    """Where lines end that follow each other: a paragraph may run on to the next COLUMN, not to what is APART.

    At a WIDTH it runs on below, between other edges.
    """

    COLUMN = "column"
    APART = "apart"
    WIDTH = "width"


@dataclass(frozen=True, slots=True)
class Box:
    """What stands beside running text, which flows around it: no part of its sentence."""

    rows: tuple[Found, ...]


Found = Row | Break | Box
# Columns of one text are as wide as each other, to this factor, and of one size.
_LIKE_WIDTH, _LIKE_SIZE = 1.35, 1.06
# A running text's lines are so many signs long, or fill so much of their column.
_LONG_LINE, _FILLED = 18, 0.8
_MOST_CUTS, _MOST_BANDS, _MOST_ENDS = 40, 3, 12
# A note in the margin is smaller than the text by the first factor, narrower by the second, and has so many letters.
_MARGINAL, _MARGIN, _SHORTEST_NOTE = 0.92, 0.6, 12
_ENDS = ".!?:;…。！？"
_DEEPEST = 60


def reading_order(lines: Sequence[Line], depth: int = 0) -> Iterator[Found]:
    """The lines of a region in reading order (recursive XY cut, Nagy, 1984)."""
    if not lines:
        return
    head = _head(lines) if depth < _DEEPEST else None
    if head is not None:
        yield from reading_order([line for line in lines if line.bottom <= head], depth + 1)
        yield Break.APART
        yield from reading_order([line for line in lines if line.bottom > head], depth + 1)
        return
    gutter = _gutter(lines) if depth < _DEEPEST else None
    if gutter is not None:
        left, right = _sides(lines, gutter)
        if _is_marginal(left, right):  # is read behind the text that it is about
            left, right = right, left
        yield from reading_order(left, depth + 1)
        yield Break.COLUMN if _alike(left, right) else Break.APART
        yield from reading_order(right, depth + 1)
        return
    beside = _tops_beside(lines) if depth < _DEEPEST else []
    cut = (_cut(lines) or _band(lines, beside)) if beside else None
    if cut is None:
        yield from side_by_side(lines)
        return
    yield from _around(lines, cut, depth)


def side_by_side(lines: Sequence[Line]) -> list[Row]:
    """The lines from top to bottom, those of one height together, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.bottom - 0.2 * line.size, line.left)):
        if rows and abs(_base(rows[-1][0]) - _base(line)) < 0.3 * min(rows[-1][0].size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [tuple(sorted(row, key=lambda line: line.left)) for row in rows]


def _base(line: Line) -> float:
    return line.bottom - 0.2 * line.size


def _around(lines: Sequence[Line], cut: float, depth: int) -> Iterator[Found]:
    """What stands above and below a cut; text that flows around a box at its side is read without it."""
    above = [line for line in lines if line.bottom <= cut]
    below = [line for line in lines if line.bottom > cut]
    gutter = _gutter(above)
    if gutter is not None:
        left, right = _sides(above, gutter)
        for text, other in () if _alike(left, right) else ((left, right), (right, left)):
            top, bottom = min(line.top for line in text), max(line.bottom - 0.3 * line.size for line in text)
            head = [line for line in other if line.bottom <= top]  # what stands above both
            tail = [line for line in other if line.top > bottom]  # and below both
            box = [line for line in other if line.bottom > top and line.top <= bottom]
            if len(tail) < len(other) and _runs_on(text, tail or below):
                if head:
                    yield from reading_order(head, depth + 1)
                    yield Break.APART
                yield from reading_order(text, depth + 1)
                if box:
                    yield Box(tuple(reading_order(box, depth + 1)))
                yield Break.WIDTH
                yield from reading_order([*tail, *below], depth + 1)
                return
    yield from reading_order(above, depth + 1)
    yield Break.APART if gutter is not None and not _alike(*_sides(above, gutter)) else Break.WIDTH
    yield from reading_order(below, depth + 1)


def _tops_beside(lines: Sequence[Line]) -> list[float]:
    """Where lines start that stand beside another one, from top to bottom."""
    tops: list[float] = []
    held: Line | None = None
    for line in sorted(lines, key=lambda line: line.top):
        if held is not None and held.bottom - line.top > 0.3 * min(held.size, line.size):
            tops.append(min(held.top, line.top))
        held = line if held is None or line.bottom > held.bottom else held
    return tops


def _band(lines: Sequence[Line], beside: Sequence[float]) -> float | None:
    """The upper end, or else the lower, of a band across the region in which a box stands beside the text."""
    ends = sorted(at for _, at in _gaps(lines))
    tried: set[float] = set()
    for top in beside:
        upper = max((at for at in ends if at <= top + 1), default=0.0)
        if upper in tried or len(tried) == _MOST_BANDS:
            continue
        tried.add(upper)
        found = None
        for lower in [at for at in ends if at > top + 1][:_MOST_ENDS]:
            inside = [line for line in lines if line.bottom > upper and line.bottom <= lower]
            if _gutter(inside) is not None:
                found = lower
            elif found is not None:
                break
        if found is not None:
            return upper or found
    return None


def _runs_on(text: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether the last sentence of `text` goes on in the first line of `below`."""
    last, first = side_by_side(text)[-1][-1], side_by_side(below)[0][0]
    near = first.top - last.bottom < 1.5 * last.size and abs(first.size - last.size) < 0.5
    return near and last.text[-1] not in _ENDS and (first.text[0].islower() or not last.text[-1].isalnum())


def _sides(lines: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    return [line for line in lines if line.right <= gutter], [line for line in lines if line.left >= gutter]


def _alike(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether two sides are columns of one text."""
    inner = _gutter(right)
    right = right if inner is None else _sides(right, inner)[0]
    widths, sizes = ([of(side) for side in (left, right)] for of in (_width, _size))
    return max(widths) <= _LIKE_WIDTH * min(widths) and max(sizes) <= _LIKE_SIZE * min(sizes)


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where a white space from top to bottom parts columns of running text."""
    size = median(line.size for line in lines)
    at = float("-inf")
    for line in sorted(lines, key=lambda line: line.left):
        if line.left > at + 0.5 * size and at > float("-inf"):
            middle = (at + line.left) / 2
            left, right = _sides(lines, middle)
            if _face(left, right) and _are_columns(left, right):
                return middle
        at = max(at, line.right)
    return None


def _are_columns(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both sides are running text, or they do not share their lines as a table's columns would."""
    if all(_is_column(side) for side in (left, right)):
        return True
    if _is_marginal(left, right) or _is_marginal(right, left):
        return True
    bases = sorted(_base(line) for line in left)
    off = [line for line in right if all(abs(base - _base(line)) > 0.15 * line.size for base in _near(bases, line))]
    words = all(sum(len(line.text) for line in side) >= 2 * _LONG_LINE for side in (left, right))
    return min(len(left), len(right)) >= 3 and words and len(off) > 0.6 * len(right)


def _is_marginal(notes: Sequence[Line], text: Sequence[Line]) -> bool:
    """Whether `notes` stand in the margin of running text in one column: narrow, in smaller type, and in words."""
    sizes, widths = ([of(side) for side in (notes, text)] for of in (_size, _width))
    small = sizes[0] < _MARGINAL * sizes[1] and widths[0] < _MARGIN * widths[1]
    words = sum(c.isalpha() for line in notes for c in line.text)
    return small and words >= _SHORTEST_NOTE and len(text) > len(notes) and _is_column(text) and not _gutter(text)


def _size(lines: Sequence[Line]) -> float:
    return median(line.size for line in lines)


def _width(lines: Sequence[Line]) -> float:
    return max(line.right for line in lines) - min(line.left for line in lines)


def _near(bases: Sequence[float], line: Line) -> list[float]:
    return [base for base in bases if abs(base - _base(line)) < line.size]


def _is_column(lines: Sequence[Line]) -> bool:
    """Whether lines are running text: some of them, and long enough for sentences or as wide as they can be."""
    rows = side_by_side(lines)
    if len(rows) < 2:
        return False
    texts = [" ".join(line.text for line in row) for row in rows]
    if median(len(line.text) for line in lines) >= _LONG_LINE:
        return True
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    full = sum(row[-1].right - row[0].left >= _FILLED * (right - left) for row in rows)
    words = median(len(text.split()) for text in texts)
    return len(rows) >= 4 and full >= 0.6 * len(rows) and words >= 2 and any(text[0].islower() for text in texts)


def _face(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether two columns stand beside each other, not one below the other."""
    return bool(left and right) and min(max(line.bottom for line in side) for side in (left, right)) > max(
        min(line.top for line in side) for side in (left, right)
    )


def _head(lines: Sequence[Line]) -> float | None:
    """The height of a wide white space below what stands above columns: a few lines, at the head of the region."""
    gaps = _gaps(lines)
    size = median(line.size for line in lines)
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    for gap, at in sorted(gaps, key=lambda one: one[1]):
        if at - top > 0.2 * (bottom - top):
            return None
        above = [line for line in lines if line.bottom <= at]
        if gap > 1.4 * size and len(above) <= 8:
            below = [line for line in lines if line.bottom > at]
            gutter = _gutter(below) if below else None
            return at if gutter is not None and any(line.right > gutter for line in above) else None
    return None


def _gaps(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The white spaces from left to right: how high each is, and where it begins."""
    gaps: list[tuple[float, float]] = []
    ordered = sorted(lines, key=lambda line: line.top)
    lowest = ordered[0].bottom
    for line in ordered[1:]:
        if line.top > lowest - 0.3 * line.size:
            gaps.append((line.top - lowest, lowest))
        lowest = max(lowest, line.bottom)
    return gaps


def _cut(lines: Sequence[Line]) -> float | None:
    """The height of a white space from left to right, below or above which a gutter appears."""
    for _, at in sorted(_gaps(lines), reverse=True)[:_MOST_CUTS]:
        above = [line for line in lines if line.bottom <= at]
        below = [line for line in lines if line.bottom > at]
        if above and below and (_gutter(above) is not None or _gutter(below) is not None):
            return at
    return None
