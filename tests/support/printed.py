"""Essays printed to PDF as people have them: in one column or two, with running heads, divided words, footnotes."""

import re
from pathlib import Path

from fpdf import FPDF

from source.document import Document

_MARGIN, _LINE = 20, 5.2  # millimetres


class _Essay(FPDF):
    """Pages with a running head and a page number."""

    running_head = ""

    def header(self) -> None:
        if self.page_no() > 1 and self.running_head:
            self.set_font("helvetica", size=8)
            self.cell(0, 6, f"{self.running_head} - {self.page_no()}", align="C", new_x="LMARGIN", new_y="NEXT")
            self.ln(4)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("helvetica", size=8)
        self.cell(0, 10, f"Page {self.page_no()} of {{nb}}", align="C")


def print_essay(document: Document, path: Path, *, columns: int = 1, divided: bool = False) -> None:
    """Print `document`: its title, headings and passages, in so many columns, with words `divided` at line ends."""
    pdf = _Essay(format="A4")
    pdf.set_title(document.title)
    pdf.set_author("A. N. Author")
    pdf.running_head = document.title[:40]
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(True, 22)
    pdf.add_page()
    pdf.set_font("helvetica", "B", 20)
    pdf.multi_cell(0, 9, _latin(document.title), new_x="LMARGIN", new_y="NEXT", align="L")
    pdf.ln(4)
    blocks: list[tuple[str, str]] = []
    headings = [(h.start, h.title, h.level) for h in document.headings if h.level > 0]
    for passage in document.passages:
        while headings and headings[0][0] < passage.start:
            _, title, level = headings.pop(0)
            blocks.append((f"h{level}", title))
        blocks.append(("p", document.text[passage.start : passage.end]))
    width = (pdf.epw - 8 * (columns - 1)) / columns
    column, top = 0, pdf.get_y()
    for kind, text in blocks:
        size, style, line = {"h1": (14, "B", 7), "h2": (12, "B", 6)}.get(kind, (10, "", _LINE))
        pdf.set_font("helvetica", style, size)
        if kind != "p" and pdf.get_y() > pdf.h - 50:
            column, top = _next_column(pdf, column, columns, top)
            pdf.set_font("helvetica", style, size)
        for row in _wrapped(pdf, _latin(text), width, divided=divided and kind == "p"):
            if pdf.get_y() + line > pdf.h - 25:
                column, top = _next_column(pdf, column, columns, top)
                pdf.set_font("helvetica", style, size)
            pdf.set_x(_MARGIN + column * (width + 8))
            pdf.cell(width, line, row, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(2.5)
    pdf.output(str(path))


def _next_column(pdf: FPDF, column: int, columns: int, top: float) -> tuple[int, float]:
    if column + 1 < columns:
        pdf.set_y(top)
        return column + 1, top
    pdf.add_page()
    return 0, pdf.get_y()


def _wrapped(pdf: FPDF, text: str, width: float, *, divided: bool) -> list[str]:
    rows: list[str] = []
    for paragraph in text.splitlines():
        row = ""
        for word in paragraph.split():
            if row and pdf.get_string_width(f"{row} {word}") > width - 2:
                half = len(word) // 2
                cut = divided and len(word) > 9 and word.isalpha() and word.islower()
                if cut and pdf.get_string_width(f"{row} {word[:half]}-") <= width - 2:
                    rows.append(f"{row} {word[:half]}-")
                    row = word[half:]
                    continue
                rows.append(row)
                row = word
            else:
                row = f"{row} {word}".strip()
        rows.append(row)
    return rows


def _latin(text: str) -> str:
    """`text` in the signs of the PDF's standard fonts."""
    folded = text.translate(
        {
            0x2018: "'",
            0x2019: "'",
            0x201C: '"',
            0x201D: '"',
            0x2013: "-",
            0x2014: "-",
            0x2011: "-",
            0xA0: " ",
            0x2026: "...",
            0x2022: "-",
        }
    )
    return folded.encode("latin-1", "replace").decode("latin-1")


def bare(text: str) -> str:
    """What `text` says, but for white space, hyphens and the shapes of signs."""
    return re.sub(r"[\s\-?•*]+", "", _latin(text)).lower()
