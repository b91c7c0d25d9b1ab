"""PDF → Document: the lines that stand on its pages, put in reading order.

A PDF knows glyphs and where they stand, no words, paragraphs or headings. PDFium gives the glyphs;
`source.formats.pdf.layout` orders the lines,
`source.formats.pdf.paragraphs` makes text of them. Text that is turned (stamps, watermarks) is left out.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError

from source.document import Document
from source.errors import UnreadableFile
from source.formats.pdf.layout import Line
from source.formats.pdf.paragraphs import write_pages
from source.structure.draft import extractor

# A book has fewer; a file with more is a bomb.
_MOST_PAGES = 20_000
_BOLD = 600  # font weight
# A gap of this many times a line's height parts two columns or cells.
_COLUMN_GAP = 1.2
_TURNED = 0.1  # radians
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# What PDFium gives for a hyphen at which a word is divided.
_HYPHENS = {0x2: "\u00ad", 0xFFFE: "\u00ad"}
_REASONS = {
    pdfium.FPDF_ERR_PASSWORD: "locked with a password; save it without one",
    pdfium.FPDF_ERR_SECURITY: "encrypted in an unknown way; save it without encryption",
}


def read_pdf(data: bytes, name: str) -> Document:
    """The document in a PDF file; pages without text are named in its `unread`.

    Raises UnreadableFile, with the reason, if it is locked, damaged or holds no text.
    """
    try:
        pdf = PdfDocument(data)
    except PdfiumError as error:
        raise UnreadableFile(_REASONS.get(error.err_code or 0, "damaged, or no PDF")) from error
    try:
        return _read(pdf, name)
    except PdfiumError as error:
        raise UnreadableFile(f"damaged: {error}") from error
    finally:
        pdf.close()


def _read(pdf: PdfDocument, name: str) -> Document:
    count = len(pdf)
    if not 0 < count <= _MOST_PAGES:
        raise UnreadableFile(f"it has {count:,} pages; a file may have 1 to {_MOST_PAGES:,}")
    pages = [list(_lines(pdf, number)) for number in range(count)]
    empty = [number for number, lines in enumerate(pages, 1) if not lines]
    if len(empty) == count:
        raise UnreadableFile("scanned: its pages hold no text, only pictures; run text recognition (OCR) first")
    labels = [f"page {pdf.get_page_label(number) or number + 1}" for number in range(count)]
    draft = write_pages(pages, labels)
    metadata = pdf.get_metadata_dict(skip_empty=True)
    date = metadata.get("CreationDate", "").removeprefix("D:")[:8]
    document = draft.document(
        name,
        extractor("pypdfium2"),
        title=metadata.get("Title", ""),
        author=metadata.get("Author", ""),
        date=f"{date[:4]}-{date[4:6]}-{date[6:]}" if len(date) == 8 and date.isdigit() else "",
    )
    scanned = "no text (scanned, or only a picture)"
    return replace(document, unread=tuple(f"{labels[number - 1]}: {scanned}" for number in empty))


def _lines(pdf: PdfDocument, number: int) -> Iterator[Line]:
    """The lines of a page in the order of the file, divided where a wide gap parts columns or cells."""
    page = pdf[number]
    try:
        height = page.get_height()
        line: list[_Glyph] = []
        for glyph in _glyphs(page):
            if line and (glyph is None or _parted(line, glyph)):
                yield from _line(line, height)
                line = []
            if glyph is not None:
                line.append(glyph)
        yield from _line(line, height)
    finally:
        page.close()


class _Glyph:
    """A sign and its place; what PDFium put in itself (spaces) has none."""

    __slots__ = ("bold", "box", "text")

    def __init__(self, text: str, box: tuple[float, float, float, float] | None, *, bold: bool) -> None:
        self.text = text
        self.box = box  # left, bottom, right, top
        self.bold = bold


def _glyphs(page: pypdfium2.PdfPage) -> Iterator[_Glyph | None]:
    """The signs of a page; None ends a line."""
    text = page.get_textpage()
    box = pdfium.FS_RECTF()
    try:
        for i in range(text.count_chars()):
            code = pdfium.FPDFText_GetUnicode(text, i)
            if code in (0xA, 0xD):
                yield None
                continue
            if abs(pdfium.FPDFText_GetCharAngle(text, i)) % (2 * 3.14159) > _TURNED:
                continue
            sign = _HYPHENS.get(code) or _LIGATURES.get(code) or ("" if 0xD800 <= code < 0xE000 else chr(code))
            if not sign or sign in "\0\ufffd":
                continue
            placed = not sign.isspace() and pdfium.FPDFText_GetLooseCharBox(text, i, ctypes.byref(box))
            where = (box.left, box.bottom, box.right, box.top) if placed else None
            yield _Glyph(sign, where, bold=pdfium.FPDFText_GetFontWeight(text, i) >= _BOLD)
    finally:
        text.close()


def _parted(line: list[_Glyph], glyph: _Glyph) -> bool:
    """Whether `glyph` stands on another line than the last of `line`, or far to the right of it."""
    last = next((one.box for one in reversed(line) if one.box), None)
    if glyph.box is None or last is None:
        return False
    height = max(last[3] - last[1], 1.0)
    overlap = min(last[3], glyph.box[3]) - max(last[1], glyph.box[1])
    lower = overlap < 0.3 * min(height, glyph.box[3] - glyph.box[1])
    return lower or not -2 * height < glyph.box[0] - last[2] < _COLUMN_GAP * height


def _line(glyphs: list[_Glyph], page_height: float) -> Iterator[Line]:
    boxes = [glyph.box for glyph in glyphs if glyph.box]
    text = "".join(glyph.text for glyph in glyphs)
    text = " ".join(text.split())
    if not boxes or not text:
        return
    heights = sorted(box[3] - box[1] for box in boxes)
    bold = sum(glyph.bold for glyph in glyphs if glyph.box) > len(boxes) / 2
    yield Line(
        text,
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
        top=page_height - max(box[3] for box in boxes),
        bottom=page_height - min(box[1] for box in boxes),
        size=heights[len(heights) // 2],
        bold=bold,
    )
