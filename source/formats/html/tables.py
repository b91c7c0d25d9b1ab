"""Tables of HTML: told from layout, and brought to rows of plain cells."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from source.formats.archive import attribute, local

# A cell that spans more than this spans no real table.
_WIDEST_SPAN = 100
_STRUCTURE = ("table", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "article", "form", "pre")


def rows_of(table: etree._Element, text_of: Callable[[etree._Element], str]) -> tuple[list[list[str]], int] | None:
    """The cells of a table of data, row by row, and how many rows are its head; None if it is for layout.

    A cell that spans rows stands in each of them; `text_of` gives the text of a cell.
    """
    rows = list(table.iter("{*}tr"))
    cells = [[cell for cell in row if local(cell) in ("td", "th")] for row in rows]
    if attribute(table, "role") in ("presentation", "none") or max(map(len, cells), default=0) < 2:
        return None
    if any(_lays_out(cell) for row in cells for cell in row):
        return None
    if sum(map(bool, cells)) == 1 and not any(local(cell) == "th" for row in cells for cell in row):
        return None
    grid: list[list[str]] = []
    spans: dict[int, tuple[int, str]] = {}  # column → rows still to come, and their text
    for row in cells:
        line: list[str] = []
        waiting, spans = spans, {}
        for cell in row:
            _continue(line, waiting, spans)
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            text = text_of(cell)
            if high > 1:
                spans[len(line)] = (high - 1, text)
            line += [text, *[""] * (wide - 1)]
        _continue(line, waiting, spans)
        grid.append(line)
    heads = 0
    for element, found in zip(rows, cells, strict=True):
        around = element.getparent()
        in_head = around is not None and local(around) == "thead"
        if not in_head and not _is_head(found, text_of):
            break
        heads += 1
    return grid, heads


def _is_head(cells: list[etree._Element], text_of: Callable[[etree._Element], str]) -> bool:
    """Whether the cells of a row name its columns; the corner above the names of the rows may be an empty cell."""
    names = cells[1:] if len(cells) > 2 and local(cells[0]) == "td" and not text_of(cells[0]) else cells
    return bool(names) and all(local(cell) == "th" for cell in names)


def _continue(line: list[str], waiting: dict[int, tuple[int, str]], spans: dict[int, tuple[int, str]]) -> None:
    """Fill the columns that cells from rows above reach into."""
    while len(line) in waiting:
        left, text = waiting.pop(len(line))
        if left > 1:
            spans[len(line)] = (left - 1, text)
        line.append(text)


def _lays_out(cell: etree._Element) -> bool:
    paragraphs = sum(1 for _ in cell.iter("{*}p"))
    parted = any(_ends_paragraph(one) for one in cell.iter("br"))
    return paragraphs > 1 or parted or any(local(one) in _STRUCTURE for one in cell.iterdescendants())


def _ends_paragraph(line_break: etree._Element) -> bool:
    """Whether another line break follows at once."""
    after = line_break.getnext()
    return after is not None and local(after) == "br" and not (line_break.tail or "").strip()


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(max(int(value), 1), _WIDEST_SPAN) if value.isdigit() and len(value) < 10 and value.isascii() else 1
