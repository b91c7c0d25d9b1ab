"""Bullets that a page has as drawn dots, as browsers print them: the lines behind them are items of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

from source.formats.pdf.lines import Line
from source.structure.extracted.draft import BULLET

# In points; in parts of the type's size.
_SMALLEST, _LARGEST, _FURTHEST, _SQUARE = 1.0, 7.0, 3.0, 1.3
_MOST_OBJECTS = 5000  # a page with more is a drawing
_FEWEST = 2  # so many stand one below the other, at one edge


@dataclass(frozen=True, slots=True)
class Dot:
    """A small drawn mark, in points from the page's upper left corner."""

    left: float
    right: float
    middle: float


def page_dots(page: pypdfium2.PdfPage) -> list[Dot]:
    """The marks on a page that may be bullets: small, as wide as high, and not alone at their edge."""
    if pdfium.FPDFPage_CountObjects(page) > _MOST_OBJECTS:
        return []
    height = page.get_height()
    dots: list[Dot] = []
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=1):
        left, bottom, right, top = drawn.get_bounds()
        sides = sorted((right - left, top - bottom))
        if sides[0] >= _SMALLEST and sides[1] <= min(_LARGEST, _SQUARE * sides[0]):
            dots.append(Dot(left, right, height - (top + bottom) / 2))
    return [dot for dot in dots if sum(abs(dot.left - other.left) < 1 for other in dots) >= _FEWEST]


def with_bullets(lines: Sequence[Line], dots: Sequence[Dot]) -> list[Line]:
    """The lines with those as items that begin right behind a dot, which is written before them."""
    found = list(lines)
    for dot in dots:
        for i, line in enumerate(found):
            behind = 0 < line.left - dot.right < _FURTHEST * line.size
            if behind and line.top < dot.middle < line.bottom and not line.item:
                found[i] = replace(line, text=f"{BULLET} {line.text}", item=True, left=dot.left)
    return found
