"""The rows of a table → lines that name what stands in their cells.

A head is believed where it is marked or the cells under it show it to be one; a table without a head is read as it
stands. What is written between cells is marked as inserted.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from source.structure.extracted.inserted import bare, inserted

# A cell that is longer than this, in a row not marked as such, names nothing.
_LONGEST_NAME = 80
_CLOSED = ".:;!?,…。！？：；，"
_BETWEEN = " | "


def row_texts(rows: Sequence[Sequence[str]], headers: int) -> tuple[list[str], list[str]]:
    """What stands above a table's head, and each row under it as a line; `headers` rows are marked as its head."""
    whole = [[" ".join(cell.split()) for cell in row] for row in rows]
    whole = [row for row in whole if any(row)]
    titles = _titles(whole)
    whole, headers = whole[len(titles) :], max(0, headers - len(titles))
    if not headers and len(whole) > 1 and _is_head(whole):
        headers = 1
    if not 0 < headers < len(whole):
        pairs = max(map(len, whole), default=0) == 2
        return titles, [_pair(row) if pairs else _beside(row) for row in whole]
    head = whole[headers - 1]
    above = [inserted(_BETWEEN).join(dict.fromkeys(filter(None, row))) for row in whole[: headers - 1]]
    return titles + above, _named(whole[headers:], head)


def _titles(rows: Sequence[Sequence[str]]) -> list[str]:
    """What stands alone in the first rows of a table, over all of its columns: it names the table, no column."""
    if max(map(len, rows), default=0) < 2:
        return []
    alone = itertools.takewhile(lambda row: sum(map(bool, row)) == 1 and row[0], rows[:-1])
    return [row[0] for row in alone]


def _beside(row: Sequence[str]) -> str:
    """The cells of a row as they stand; one that is empty between two others keeps its place."""
    filled = [i for i, cell in enumerate(row) if cell]
    return inserted(_BETWEEN).join(row[filled[0] : filled[-1] + 1])


def _named(rows: Sequence[Sequence[str]], head: Sequence[str]) -> list[str]:
    """Rows with the name of its column before each cell: the file's own the first time, inserted from then on."""
    texts: list[str] = []
    written: set[int] = set()
    for row in rows:
        cells: list[str] = []
        for i, cell in enumerate(row):
            if cell:
                cells.append(_cell(head[i] if i < len(head) else "", cell, again=i in written))
                written.add(i)
        texts.append(inserted("; ").join(cells))
    return texts


def _cell(name: str, cell: str, *, again: bool) -> str:
    if not name or name == cell:
        return cell
    own = name.rstrip(":： ")
    return inserted(f"{bare(own)}: ") + cell if again else f"{own}{inserted(': ')}{cell}"


def _pair(row: Sequence[str]) -> str:
    """A row of two cells: a name and its value, where the first is one."""
    cells = [cell for cell in row if cell]
    if len(cells) < 2:
        return "".join(cells)
    name, value = cells
    if len(name) > _LONGEST_NAME or not any(c.isalpha() for c in name + value):
        return inserted(_BETWEEN).join(cells)
    return f"{name} {value}" if bare(name)[-1] in _CLOSED else f"{name}{inserted(': ')}{value}"


def _is_head(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a first row, not marked as such, names the columns: words, all different, above figures.

    Of two columns both must hold figures: else the first names what the second says of it.
    """
    first, rest = rows[0], rows[1:]
    own = first[1:] if len(first) > 2 and not first[0] else first  # the corner above the rows' names may be empty
    if len(own) < 2 or not all(own) or len(set(own)) < len(own) or not all(map(_is_name, own)):
        return False
    figures = [
        not _has_figure(name) and all(_has_figure(row[i]) for row in rest if i < len(row) and row[i])
        for i, name in enumerate(first)
    ]
    filled = [any(i < len(row) and row[i] for row in rest) for i in range(len(first))]
    return sum(a and b for a, b in zip(figures, filled, strict=True)) >= (2 if len(first) == 2 else 1)


def _is_name(cell: str) -> bool:
    return len(cell) <= _LONGEST_NAME and bare(cell)[-1] not in _CLOSED and any(c.isalpha() for c in cell)


def _has_figure(cell: str) -> bool:
    return any(c.isdigit() for c in cell)
