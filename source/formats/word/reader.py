"""Word's .docx → Document: the parts of WordprocessingML that hold what the author wrote.

Tracked deletions are left out, tracked insertions are text. Headers, footers and comments stand at the
end as furniture.
"""

from __future__ import annotations

import posixpath
import re

from lxml import etree

from source.document import Document, Reason
from source.errors import UnreadableFile
from source.formats.archive import Archive, attribute, child, local, xml
from source.formats.notes import note_mark, superscript
from source.formats.word.elements import (
    SIGNS,
    block_elements,
    children,
    inline_elements,
    is_exponent,
    is_on,
    row_cells,
    symbol,
    table_rows,
    text_boxes,
)
from source.formats.word.styles import Numbering, Styles
from source.structure.extracted.draft import BULLET, Draft, extractor
from source.structure.extracted.inserted import inserted

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CONTENTS = re.compile(r"toc(?: heading|\s*\d)|table of (?:contents|figures)", re.IGNORECASE)
_AROUND = re.compile(r"(?:header|footer)\d*\.xml|comments\.xml")
_QUOTATION = re.compile(r"(?:intense |block )?quote|quotations?|block text", re.IGNORECASE)


def read_docx(data: bytes, name: str) -> Document:
    """The document in a .docx file."""
    if data.startswith(_OLE):
        raise UnreadableFile("encrypted, or an old .doc; save it as .docx without a password")
    with Archive(data) as archive:
        main = _main_part(archive)
        reader = _Docx(archive, main)
        core = "docProps/core.xml"
        properties = xml(archive.read(core), core) if core in archive else None
        draft = Draft()
        reader.fill(draft)
    texts = {local(one): one.text or "" for one in properties} if properties is not None else {}
    return draft.document(name, extractor("lxml"), title=texts.get("title", ""), author=texts.get("creator", ""))


def _main_part(archive: Archive) -> str:
    """The name of the part that holds the text."""
    if "_rels/.rels" in archive:
        for relation in xml(archive.read("_rels/.rels"), "_rels/.rels"):
            if attribute(relation, "Type").endswith("/officeDocument"):
                return posixpath.normpath(attribute(relation, "Target").lstrip("/"))
    if "word/document.xml" in archive:
        return "word/document.xml"
    raise UnreadableFile("no Word document: its part word/document.xml is missing")


class _Docx:
    """Reads the parts of a .docx file and hands its blocks to a Draft."""

    def __init__(self, archive: Archive, main: str) -> None:
        folder = posixpath.dirname(main)

        def part(name: str) -> etree._Element | None:
            path = posixpath.join(folder, name)
            return xml(archive.read(path), path) if path in archive else None

        self._body = child(xml(archive.read(main), main), "body")
        if self._body is None:
            raise UnreadableFile("no Word document: it has no body")
        self._styles = Styles(part("styles.xml"))
        self._numbering = Numbering(part("numbering.xml"))
        self._notes = {
            (kind, attribute(note, "id")): note
            for kind in ("footnote", "endnote")
            for note in children(part(f"{kind}s.xml"))
        }
        own = (name for name in archive.names if posixpath.dirname(name) == folder)
        self._around = [
            (xml(archive.read(name), name), Reason.COMMENT if "comments" in name else Reason.PAGE)
            for name in own
            if _AROUND.fullmatch(posixpath.basename(name))
        ]
        self._marks = 0
        self._group = 0
        self._quoting = False
        self._initial = ""

    def fill(self, draft: Draft) -> None:
        """Hand over the whole body, then what stands around it."""
        self._blocks(self._body, draft)
        draft.paragraph(self._initial)
        for part, reason in self._around:
            paragraphs = (self._text(one, bold=False)[0].strip() for one in part.iter("{*}p"))
            draft.aside("\n".join(text for text in paragraphs if text), reason)

    def _blocks(self, parent: etree._Element | None, draft: Draft) -> None:
        for element in block_elements(parent):
            if local(element) == "tbl":
                draft.paragraph(self._initial)
                self._initial = ""
                self._group = 0
                self._table(element, draft)
            else:
                self._paragraph(element, draft)

    def _paragraph(self, paragraph: etree._Element, draft: Draft) -> None:
        properties = child(paragraph, "pPr")
        style = attribute(child(properties, "pStyle"), "val")
        name = self._styles.name(style)
        text, notes, bold = self._text(paragraph, self._styles.bold(style))
        list_id, level = self._styles.list_item(properties, style)
        heading = self._styles.heading(properties, style)
        quotation = bool(_QUOTATION.fullmatch(name))
        if self._initial and not text.strip() and not notes and next(text_boxes(paragraph), None) is None:
            return  # nothing stands between a large first letter and its word
        text, self._initial = self._initial + text, ""
        if attribute(child(properties, "framePr"), "dropCap", "none") != "none":
            self._initial = text  # a large first letter: the paragraph that follows is its word
            return
        numbered = list_id not in ("", "0") and bool(text.strip()) and not _CONTENTS.fullmatch(name)
        marker = self._numbering.marker(list_id, level) if numbered else ""
        listed = numbered and heading is None
        kept = self._group if quotation == self._quoting else 0  # a quotation below a list is not of it
        self._group = (kept or draft.new_group(quotation=quotation)) if listed or quotation else 0
        self._quoting = quotation
        if _CONTENTS.fullmatch(name):
            draft.furniture(text, Reason.CONTENTS)
        elif heading is not None:
            draft.heading(f"{'' if marker == BULLET else marker} {text}", heading)
        elif listed:
            draft.item(text, marker, level, self._group)
        else:
            draft.paragraph(text, self._group, strong=bold)
        for mark, note in notes:
            draft.note(mark, note)
        # A text box stands beside the paragraph it is anchored in: it is read after it.
        for box in text_boxes(paragraph):
            self._blocks(box, draft)

    def _text(self, paragraph: etree._Element, bold: bool) -> tuple[str, list[tuple[str, str]], bool]:
        """The text of a paragraph, its footnotes with their marks, and whether all of it is bold."""
        pieces: list[str] = []
        notes: list[tuple[str, str]] = []
        strong = True
        for element in inline_elements(paragraph):
            kind = local(element)
            if kind in ("footnoteReference", "endnoteReference"):
                self._marks += 1
                note = self._notes.get((kind.removesuffix("Reference"), attribute(element, "id")))
                pieces.append(note_mark(str(self._marks)))
                notes.append((str(self._marks), self._note(note)))
            elif kind in SIGNS:
                pieces.append(SIGNS[kind] if attribute(element, "type") != "page" else " ")
            elif kind == "den":
                pieces.append(inserted("/"))
            elif kind == "sym":
                pieces.append(symbol(element))
            elif element.text and is_exponent(element):
                pieces.append(superscript("", element.text))
            elif element.text:
                run = child(element.getparent(), "rPr")
                if attribute(child(run, "vertAlign"), "val") == "superscript":
                    pieces.append(superscript("".join(pieces[-3:]), element.text))
                elif not is_on(child(run, "vanish")):
                    pieces.append(element.text)
                strong = strong and (is_on(child(run, "b"), bold) or not element.text.strip())
        return "".join(pieces), notes, strong

    def _note(self, note: etree._Element | None) -> str:
        paragraphs = (self._text(one, bold=False)[0].strip() for one in block_elements(note) if local(one) == "p")
        return "\n".join(text for text in paragraphs if text)

    def _table(self, table: etree._Element, draft: Draft) -> None:
        rows: list[list[str]] = []
        strong: list[bool] = []  # whether all of a row is bold
        heads = 0
        above: list[str] = []
        for row in table_rows(table):
            if heads == len(rows) and is_on(child(row, "trPr", "tblHeader")):
                heads += 1
            line: list[str] = []
            strong.append(True)
            for cell in row_cells(row):
                properties = child(cell, "tcPr")
                merged = child(properties, "vMerge")
                text, bold = self._cell(cell, draft)
                strong[-1] = strong[-1] and (bold or not text)
                if merged is not None and attribute(merged, "val") != "restart" and len(line) < len(above):
                    text = above[len(line)]
                wide = attribute(child(properties, "gridSpan"), "val")
                line += [text, *[""] * (min(int(wide), 60) - 1 if wide.isdigit() and len(wide) < 4 else 0)]
            rows.append(line)
            above = line
        if max(map(len, rows), default=0) > 1:
            bold = strong[0] and not all(strong)
            draft.table(rows, heads or int(bold or self._styles.head_row(table)))
        else:  # a frame around text
            for line in rows:
                draft.paragraph("".join(line))

    def _cell(self, cell: etree._Element, draft: Draft) -> tuple[str, bool]:
        """The text of a cell, and whether all of it is bold."""
        texts: list[str] = []
        strong = True
        for block in cell.iter("{*}p"):
            text, notes, bold = self._text(block, bold=False)
            strong = strong and (bold or not text.strip())
            texts.append(text)
            for mark, note in notes:
                draft.note(mark, note)
        return "\n".join(text for text in texts if text.strip()), strong
