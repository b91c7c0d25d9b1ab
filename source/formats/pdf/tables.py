"""Rows of lines side by side: a table's, or a line of prose that stands in pieces.

A table needs evidence: rows near each other whose cells stand at the same places. A line of justified text, one with a
tab behind its number or with a wide gap has none, and is put together.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from source.formats.pdf.layout import Box, Break, Found, Row
from source.formats.pdf.lines import Line
from source.text.breaks import LIST_MARKER

_ALIGNED = 0.35  # of the type's size
_NEAR = 4.0  # rows of one table are no further from each other, in sizes
_EVEN = 0.2  # gaps of justified text differ by no more than this part of them
_WITHIN = 0.9  # of the step from row to row: lines of one cell are closer
_WIDEST = 5.0  # and are no wider than this, in sizes


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, at the place of their first line."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class BoxParts:
    """The parts of a box that stands beside the text."""

    parts: tuple[Part, ...]


def grid(rows: Sequence[Row]) -> list[list[str]]:
    """The texts of a table's cells, each in its column; what a cell goes on with below is put into it."""
    columns = max(rows, key=len)
    steps = [after[0].top - row[0].top for row, after in itertools.pairwise(rows) if len(after) == len(columns)]
    texts: list[list[str]] = []
    above = rows[0][0].top
    for row in rows:
        cells = [""] * len(columns)
        for i, cell in enumerate(row):
            at = i if len(row) == len(columns) else min(range(len(columns)), key=lambda k: _apart(cell, columns[k]))
            cells[at] = f"{cells[at]} {cell.text}".strip()
        step, above = row[0].top - above, row[0].top
        if texts and len(row) < len(columns) and steps and step < _WITHIN * median(steps):
            texts[-1] = [f"{cell} {more}".strip() for cell, more in zip(texts[-1], cells, strict=True)]
        else:
            texts.append(cells)
    return texts


def _apart(cell: Line, other: Line) -> float:
    """How far two cells are from one place: their left edges, their right ones, or their middles."""
    left, right = abs(cell.left - other.left), abs(cell.right - other.right)
    return min(left, right, abs(cell.left + cell.right - other.left - other.right) / 2)


def parts(rows: Iterable[Found]) -> Iterator[Part]:
    """The lines of prose, tables, boxes and breaks of a page, in order."""
    region: list[Row] = []
    for row in rows:
        if isinstance(row, Break | Box):
            yield from _region_parts(region)
            yield row if isinstance(row, Break) else BoxParts(tuple(parts(row.rows)))
            region = []
        else:
            region.append(_cells(row))
    yield from _region_parts(region)


def _region_parts(rows: Sequence[Row]) -> Iterator[Line | Table]:
    """The lines and tables of a column."""
    if not rows:
        return
    left, right = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    justified = [_is_justified(row, left, right) for row in rows]
    table = [len(row) > 1 and not justified[i] and _has_like(rows, justified, i, right) for i, row in enumerate(rows)]
    for i in range(len(rows)):
        beside = [rows[k] for k in (i - 1, i + 1) if 0 <= k < len(rows) and table[k]]
        table[i] = table[i] or (len(rows[i]) > 1 and not justified[i] and any(_fits(rows[i], row) for row in beside))
    for is_table, group in itertools.groupby(range(len(rows)), key=lambda i: table[i]):
        own = tuple(rows[i] for i in group)
        if is_table and _is_table(own):
            yield Table(own)
        else:
            yield from map(one_line, own)


def _is_table(rows: Sequence[Row]) -> bool:
    """Whether rows with like cells are a table: two rows of two cells need a head of words above figures."""
    if len(rows) < 2 or len(rows) > 2 or max(map(len, rows)) > 2:
        return len(rows) > 1
    figures = [[any(c.isdigit() for c in cell.text) for cell in row] for row in rows]
    return not any(figures[0]) and all(figures[1])


def _has_like(rows: Sequence[Row], justified: Sequence[bool], at: int, right: float) -> bool:
    """Whether the cells of a row stand where those of a row beside it do."""
    beside = [i for i in (at - 1, at + 1) if 0 <= i < len(rows) and len(rows[i]) > 1 and not justified[i]]
    return any(_aligned(rows[at], rows[i], right) for i in beside)


Part = Line | Table | Break | BoxParts


def one_line(row: Row) -> Line:
    """The pieces of a row as one line."""
    text = " ".join(line.text for line in row)
    top, bottom = min(line.top for line in row), max(line.bottom for line in row)
    whole = max(row, key=lambda line: len(line.text))
    bold = all(line.bold for line in row if any(c.isalnum() for c in line.text))
    ends = (row[0].ends[0], row[-1].ends[1])
    return replace(
        whole, text=text, left=row[0].left, right=row[-1].right, top=top, bottom=bottom, bold=bold,
        item=row[0].item, ends=ends,
    )  # fmt: skip


def _cells(row: Row) -> Row:
    """The pieces of a row that may be cells: signs alone go with their neighbour, a marker with its item."""
    cells: list[Line] = []
    for line in row:
        if cells and not any(c.isalnum() for c in line.text):
            cells[-1] = one_line((cells[-1], line))
        else:
            cells.append(line)
    if len(cells) == 2 and LIST_MARKER.fullmatch(f"{cells[0].text} ") is None and not _is_marker(cells[0].text):
        return tuple(cells)
    if len(cells) == 2 or (len(cells) > 2 and not cells[0].text[0].isalnum() and _is_marker(cells[0].text)):
        first = replace(one_line((cells[0], cells[1])), item=True)
        return (first, *cells[2:])
    return tuple(cells)


def _is_marker(text: str) -> bool:
    return LIST_MARKER.match(f"{text} x") is not None and len(text) <= 6


def _is_justified(row: Row, left: float, right: float) -> bool:
    """Whether a row is a line of words drawn out from margin to margin, with like gaps between them."""
    size = row[0].size
    gaps = [after.left - before.right for before, after in itertools.pairwise(row)]
    whole = row[0].left <= left + size and row[-1].right >= right - size
    drawn = all(" " not in line.text for line in row) and len(gaps) > 1
    return whole and drawn and max(gaps) < _WIDEST * size and max(gaps) - min(gaps) <= _EVEN * max(gaps) + 0.5


def _aligned(row: Row, other: Row, right: float) -> bool:
    """Whether all but one of the later cells of the shorter row stand at the place of a cell of the longer."""
    size = row[0].size
    if abs(row[0].top - other[0].top) > _NEAR * max(size, other[0].size):
        return False
    short, long = sorted((row, other), key=len)
    matched = sum(any(_same_place(cell, one, _ALIGNED * size, right) for one in long) for cell in short[1:])
    return matched >= max(1, len(short) - 2)


def _fits(row: Row, other: Row) -> bool:
    """Whether each cell of a row stands in the column of its counterpart, as the centred cells of a head do."""
    near = abs(row[0].top - other[0].top) <= _NEAR * max(row[0].size, other[0].size)
    pairs = list(itertools.pairwise(zip(row, other, strict=True))) if len(row) == len(other) else []
    return (
        near
        and bool(pairs)
        and all(
            one.right < after_other.left and other.right < after.left for (one, other), (after, after_other) in pairs
        )
    )


def _same_place(one: Line, other: Line, near: float, right: float) -> bool:
    """Whether two cells begin, end or have their middle at one place; at the margin only figures do so by design."""
    if abs(one.left - other.left) <= near:
        return True
    at_margin = one.right > right - 2 * near and not (one.text[-1].isdigit() and other.text[-1].isdigit())
    middle = abs((one.left + one.right) - (other.left + other.right)) / 2
    return not at_margin and min(abs(one.right - other.right), middle) <= near
