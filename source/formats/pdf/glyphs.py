"""The signs of a page and where they stand, as PDFium gives them."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

_BOLD = 600  # font weight
_BOLD_NAME = re.compile(rb"bold|black|heavy|-bd\b", re.IGNORECASE)
_LONGEST_NAME = 256
_ASKEW = 0.1  # the slope of a line that is turned
_Way = tuple[bool, bool, bool]  # whether a line runs up or down the page, backwards, and with its signs' feet up
_LEVEL: _Way = (False, False, False)
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# What PDFium gives for a hyphen at which a word is divided.
_HYPHENS = {0x2: "\u00ad", 0xFFFE: "\u00ad"}
# What stands for a sign of which the file says the shape alone.
UNKNOWN = "\ufffd"
_MOST_UNKNOWN = 0.5  # of a page's signs: one with more of them is a picture of its text
_FLATTEST = 0.05  # points: what is flatter is white space


@dataclass(slots=True)
class Glyph:
    """A sign in points: `base` is the height of its line above the page's foot, `size` that of its type.

    `space` says whether white space stands before it in the file, `broken` whether PDFium ended a line there.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    space: bool = False
    broken: bool = False


def page_glyphs(page: pypdfium2.PdfPage) -> tuple[list[Glyph], str]:
    """The signs of a page in the file's order, upright as most of its text is read; and the text that is turned."""
    found = list(_signs(page))
    if sum(glyph.text == UNKNOWN for _, glyph in found) > _MOST_UNKNOWN * len(found):
        found = [(way, glyph) for way, glyph in found if glyph.text != UNKNOWN]
    ways = Counter(way for way, _ in found if way is not None)
    upright = ways.most_common(1)[0][0] if ways else None
    kept = [glyph for way, glyph in found if way is not None and way == upright]
    aside = "".join(
        (" " if glyph.space or glyph.broken else "") + glyph.text
        for way, glyph in found
        if way is None or way != upright
    )
    return kept, aside.strip()


def _signs(page: pypdfium2.PdfPage) -> Iterator[tuple[_Way | None, Glyph]]:
    """Each sign as it stands in its line, and which way that line runs; None where it runs askew."""
    text = page.get_textpage()
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    fonts = _Fonts()
    space = broken = False
    try:
        for i in range(text.count_chars()):
            code = pdfium.FPDFText_GetUnicode(text, i)
            sign = _sign(code, pdfium.FPDFText_GetUnicode(text, i - 1) if i else 0)
            if sign.isspace() or (sign == UNKNOWN and not _has_ink(text, i)):
                space, broken = space or code not in (0xA, 0xD), broken or code in (0xA, 0xD)
                continue
            if not sign:
                continue
            if not pdfium.FPDFText_GetLooseCharBox(text, i, ctypes.byref(box)):
                continue
            pdfium.FPDFText_GetCharOrigin(text, i, x, y)
            pdfium.FPDFText_GetMatrix(text, i, matrix)
            way = _way(matrix.a, matrix.b, matrix.c, matrix.d)
            left, right, base = _upright(way or _LEVEL, (box.left, box.bottom, box.right, box.top), x.value, y.value)
            size = pdfium.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
            bold = pdfium.FPDFText_GetFontWeight(text, i) >= _BOLD or fonts.is_bold(text, i)
            yield way, Glyph(sign, left, right, base, size or box.top - box.bottom, bold, space, broken)
            space = broken = False
    finally:
        text.close()


def _sign(code: int, before: int) -> str:
    """What PDFium means by a code and the one before it; "" for the first half of a letter that takes two."""
    if 0xD800 <= code < 0xDC00:
        return ""
    if 0xDC00 <= code < 0xE000:
        return chr(0x10000 + ((before - 0xD800) << 10) + code - 0xDC00) if 0xD800 <= before < 0xDC00 else UNKNOWN
    sign = _HYPHENS.get(code) or _LIGATURES.get(code) or chr(code)
    return UNKNOWN if unicodedata.category(sign[0]) in ("Cc", "Cn") and not sign.isspace() else sign


def _has_ink(text: pypdfium2.PdfTextPage, i: int) -> bool:
    """Whether anything is drawn for the sign at `i`."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = pdfium.FPDFText_GetCharBox(text, i, left, right, bottom, top)
    return bool(found) and top.value - bottom.value > _FLATTEST and right.value > left.value


class _Fonts:
    """Whether the fonts of a page are bold by their names, each asked once."""

    def __init__(self) -> None:
        self._bold: dict[int | None, bool] = {}

    def is_bold(self, text: pypdfium2.PdfTextPage, i: int) -> bool:
        """Whether the font of the sign at `i` calls itself bold."""
        font = pdfium.FPDFTextObj_GetFont(pdfium.FPDFText_GetTextObject(text, i))
        key = ctypes.cast(font, ctypes.c_void_p).value
        if key not in self._bold:
            name = ctypes.create_string_buffer(_LONGEST_NAME)
            pdfium.FPDFFont_GetBaseFontName(font, name, _LONGEST_NAME)
            self._bold[key] = _BOLD_NAME.search(name.value) is not None
        return self._bold[key]


def _way(a: float, b: float, c: float, d: float) -> _Way | None:
    """Which way text runs under this matrix: None if askew."""
    along, across = (a, b) if abs(a) >= abs(b) else (b, a)
    if abs(across) > _ASKEW * abs(along):
        return None
    upwards = abs(b) > abs(a)
    up = c if upwards else d
    return upwards, along < 0, up < 0


def _upright(way: _Way, box: tuple[float, float, float, float], x: float, y: float) -> tuple[float, float, float]:
    """The left, the right and the base of a sign, when its line is turned to run from left to right."""
    upwards, backwards, downwards = way
    left, right, base = (box[1], box[3], x) if upwards else (box[0], box[2], y)
    return -right if backwards else left, -left if backwards else right, -base if downwards else base
