"""PDF → Document: the lines that stand on its pages, put in reading order.

A PDF knows glyphs and where they stand, no words, paragraphs or headings. PDFium gives the glyphs;
`source.formats.pdf.layout` orders the lines,
`source.formats.pdf.paragraphs` makes text of them. Text that is turned (stamps, watermarks) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from source.document import Document, Reason
from source.errors import UnreadableFile
from source.formats.pdf.bullets import page_dots, with_bullets
from source.formats.pdf.direction import is_right_to_left
from source.formats.pdf.glyphs import UNKNOWN, page_glyphs
from source.formats.pdf.lines import Line, page_lines
from source.formats.pdf.paragraphs import write_pages
from source.structure.extracted.draft import extractor

# A book has fewer; a file with more is a bomb.
_MOST_PAGES = 20_000
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
    pages, turned = zip(*(_lines(pdf[number]) for number in range(count)), strict=True)
    empty = [number for number, lines in enumerate(pages, 1) if not lines]
    if len(empty) == count:
        raise UnreadableFile("scanned: its pages hold no text, only pictures; run text recognition (OCR) first")
    labels = [f"page {pdf.get_page_label(number) or number + 1}" for number in range(count)]
    draft = write_pages(pages, labels)
    for text in turned:
        draft.aside(text, Reason.PAGE)
    metadata = pdf.get_metadata_dict(skip_empty=True)
    date = metadata.get("CreationDate", "").removeprefix("D:")[:8]
    document = draft.document(
        name,
        extractor("pypdfium2"),
        title=metadata.get("Title", ""),
        author=metadata.get("Author", ""),
        date=f"{date[:4]}-{date[4:6]}-{date[6:]}" if len(date) == 8 and date.isdigit() else "",
    )
    return replace(document, unread=tuple(_unread(pages, labels)))


def _unread(pages: Sequence[Sequence[Line]], labels: Sequence[str]) -> Iterator[str]:
    """What could not be read of each page."""
    for lines, label in zip(pages, labels, strict=True):
        unknown = sum(line.text.count(UNKNOWN) for line in lines)
        if not lines:
            yield f"{label}: no text (scanned, or only a picture)"
        elif unknown:
            signs = "1 sign" if unknown == 1 else f"{unknown:,} signs"
            yield f"{label}: {signs} of which the file says no letter, shown as {UNKNOWN}"


def _lines(page: PdfPage) -> tuple[list[Line], str]:
    """The lines of a page, as they are read from left to right, and the text on it that is turned."""
    try:
        glyphs, turned = page_glyphs(page)
        lines = with_bullets(page_lines(glyphs, page.get_height()), page_dots(page))
    finally:
        page.close()
    backwards = is_right_to_left("".join(line.text for line in lines))
    return [_mirrored(line) for line in lines] if backwards else lines, turned


def _mirrored(line: Line) -> Line:
    """A line of a page that is read from right to left, at its place in the page's mirror image."""
    return replace(line, left=-line.right, right=-line.left)
