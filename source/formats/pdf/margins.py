"""What stands around the text of pages: running heads and feet, page numbers, numbers of lines."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from source.formats.pdf.lines import Line

# Of a page's lines, at most so many at the head and at the foot may be furniture.
_EDGE_LINES = 3
# A line of furniture stands on at least so many pages, and on this share of them.
_REPEATED, _REPEATED_SHARE = 3, 0.3
_SMALL = 0.92
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page|p\.|seite|página)?\s*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/|von|de)\s*\d+)?[-–—\s.]*",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_CLOSE = 1.5  # lines of a paragraph are no further from each other, in sizes
_DIGITS = re.compile(r"\d+")
_LINE_NUMBER = re.compile(r"\d{1,4}")
_FEWEST_LINE_NUMBERS = 5
_ONE_EDGE = 0.4  # of the type's size
_ROW = 1.0  # points
_STEPS = (1, 2, 5, 10)


def without_margins(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], list[str]]:
    """The pages without what stands around their text, and that, page by page."""
    pages = [list(page) for page in pages]
    edges = [_edges(page) for page in pages]
    seen: Counter[tuple[str, int]] = Counter(key for page in edges for key in {_key(line) for line in page})
    enough = max(_REPEATED, _REPEATED_SHARE * len(pages))
    usual = max((line for page in pages for line in page), key=lambda line: len(line.text)).size if any(pages) else 0.0
    kept: list[list[Line]] = []
    left_out: list[str] = []
    for page, edge in zip(pages, edges, strict=True):
        out = {id(line) for line in edge if seen[_key(line)] >= enough}
        if len(pages) < _REPEATED:  # on two pages small type tells it from a heading
            out |= {id(line) for line in edge if seen[_key(line)] == len(pages) > 1 and line.size < _SMALL * usual}
        out |= {id(line) for line in _line_numbers([line for line in page if id(line) not in out])}
        numbers = (line for line in edge if _PAGE_NUMBER.fullmatch(line.text) and not _beside(line, page))
        out |= {id(line) for line in numbers if not _ends_paragraph(line, page)}
        kept.append([line for line in page if id(line) not in out])
        left_out.append("\n".join(line.text for line in page if id(line) in out))
    return kept, left_out


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


def _ends_paragraph(number: Line, page: Sequence[Line]) -> bool:
    """Whether a number is the last word of the paragraph above it: at its edge, and as close as its lines are."""
    return any(
        0 < number.top - line.top < _CLOSE * number.size
        and abs(line.left - number.left) < _ONE_EDGE * number.size
        and not _ENDED.search(line.text)
        for line in page
    )


def _line_numbers(page: Sequence[Line]) -> list[Line]:
    """The numbers of the page's lines, as transcripts and laws have them in the margin, and poems each fifth."""
    numbers = [line for line in page if _LINE_NUMBER.fullmatch(line.text)]
    columns = [column for edge in ("right", "left") for column in _columns(numbers, edge)]
    return max((column for column in columns if _counts(column, page)), key=len, default=[])


def _columns(numbers: Sequence[Line], edge: str) -> Iterator[list[Line]]:
    """The numbers that stand one below the other at one `edge`, from top to bottom."""
    column: list[Line] = []
    for line in sorted(numbers, key=lambda line: float(getattr(line, edge))):
        if column and getattr(line, edge) - getattr(column[-1], edge) >= _ONE_EDGE * line.size:
            yield sorted(column, key=lambda line: line.top)
            column = []
        column.append(line)
    yield sorted(column, key=lambda line: line.top)


def _counts(column: Sequence[Line], page: Sequence[Line]) -> bool:
    if len(column) >= _FEWEST_LINE_NUMBERS and _counts_lines(column, page):
        return True
    return len(column) > 1 and _counts_verses(column, page)


def _counts_lines(column: Sequence[Line], page: Sequence[Line]) -> bool:
    """Whether numbers one below the other count the lines of running text that stands on one side of them."""
    steps = {int(after.text) - int(before.text) for before, after in itertools.pairwise(column)}
    if len(steps) != 1 or next(iter(steps)) not in _STEPS:
        return False
    top, bottom = column[0].top, column[-1].bottom
    left, right = min(line.left for line in column), max(line.right for line in column)
    own = {id(line) for line in column}
    beside = [line for line in page if id(line) not in own and line.bottom > top and line.top < bottom]
    if not beside or not (all(line.left >= right for line in beside) or all(line.right <= left for line in beside)):
        return False
    rows = sorted({round(line.top / (0.5 * max(line.size, 1.0))) for line in beside})
    step = next(iter(steps))
    # Not every row of a list begins with a number, and its rows do not run on in small letters.
    whole = len(rows) <= 1.1 * step * len(column) + 1
    return whole and any(line.text[0].islower() for line in beside)


def _counts_verses(column: Sequence[Line], page: Sequence[Line]) -> bool:
    """Whether numbers stand beside each fifth or tenth line of a poem, none left out."""
    numbers = [int(line.text) for line in column]
    own = {id(line) for line in column}
    rows = sorted({round(line.bottom) for line in page if id(line) not in own and line.text})
    counted = [bisect_right(rows, line.bottom + _ROW) for line in column]
    steps = {after - before for before, after in itertools.pairwise(numbers)}
    between = {after - before for before, after in itertools.pairwise(counted)}
    return len(steps) == 1 and steps == between and steps <= {5, 10} and all(_beside(line, page) for line in column)
