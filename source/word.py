"""Word's .docx → Document: the parts of WordprocessingML that hold what the author wrote.

Tracked deletions, comments, headers and footers are left out; tracked insertions are text.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from source.archive import Archive, attribute, child, local, xml
from source.document import Document
from source.draft import BULLET, Draft, extractor, numeral
from source.errors import UnreadableFile
from source.markup import superscript

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# Content that is no text of the document as it stands, or stands in it twice.
_SKIPPED = frozenset(
    {"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "sdtPr", "tblPr", "txbxContent"}
)
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_FORMATS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_CONTENTS = re.compile(r"toc(?: heading|\s*\d)|table of (?:contents|figures)", re.IGNORECASE)
_QUOTATION = re.compile(r"(?:intense |block )?quote|quotations?|block text", re.IGNORECASE)


@dataclass(slots=True)
class _Style:
    """A paragraph style; what it does not say itself, the one it is `based` on says."""

    name: str
    based: str
    outline: int | None
    list_id: str
    bold: bool


@dataclass(slots=True)
class _Numbering:
    """The lists of a document: (list, level) → format and its text, and the counts so far."""

    levels: dict[tuple[str, int], tuple[str, str, int]] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def marker(self, list_id: str, level: int) -> str:
        """The marker of the next item of a list."""
        style, text, start = self.levels.get((list_id, level), ("bullet", "", 1))
        if style in ("bullet", "none"):
            return BULLET
        self.counts[list_id, level] = self.counts.get((list_id, level), start - 1) + 1
        for deeper in [key for key in self.counts if key[0] == list_id and key[1] > level]:
            del self.counts[deeper]

        def number(found: re.Match[str]) -> str:
            above = int(found[1]) - 1
            form, _, first = self.levels.get((list_id, above), ("decimal", "", 1))
            return numeral(self.counts.get((list_id, above), first), _FORMATS.get(form, "1"))

        return re.sub(r"%([1-9])", number, text) or numeral(self.counts[list_id, level], _FORMATS.get(style, "1"))


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
        self._styles = _styles(part("styles.xml"))
        self._numbering = _numbering(part("numbering.xml"))
        self._notes = {
            (kind, attribute(note, "id")): note
            for kind in ("footnote", "endnote")
            for note in _children(part(f"{kind}s.xml"))
        }
        self._marks = 0
        self._group = 0

    def fill(self, draft: Draft) -> None:
        """Hand over the whole body."""
        self._blocks(self._body, draft)

    def _blocks(self, parent: etree._Element | None, draft: Draft) -> None:
        for element in _block_elements(parent):
            if local(element) == "tbl":
                self._group = 0
                self._table(element, draft)
            else:
                self._paragraph(element, draft)

    def _paragraph(self, paragraph: etree._Element, draft: Draft) -> None:
        properties = child(paragraph, "pPr")
        style = attribute(child(properties, "pStyle"), "val")
        name = self._styles[style].name if style in self._styles else style
        text, notes, bold = self._text(paragraph, self._bold(style))
        list_id, level = self._list(properties, style)
        heading = self._heading(properties, style)
        quotation = bool(_QUOTATION.fullmatch(name))
        listed = list_id not in ("", "0") and heading is None and bool(text.strip())
        self._group = (self._group or draft.new_group()) if listed or quotation else 0
        if _CONTENTS.fullmatch(name):
            draft.furniture(text)
        elif heading is not None:
            draft.heading(text, heading)
        elif listed:
            draft.item(text, self._numbering.marker(list_id, level), level, self._group)
        else:
            draft.paragraph(text, self._group, strong=bold)
        for mark, note in notes:
            draft.note(mark, note)
        # A text box stands beside the paragraph it is anchored in: it is read after it.
        for box in _boxes(paragraph):
            self._blocks(box, draft)

    def _heading(self, properties: etree._Element | None, style: str) -> int | None:
        """The level of a heading: by its style's name, or the outline level of itself or its styles."""
        own = attribute(child(properties, "outlineLvl"), "val")
        if own.isdigit():
            return int(own) + 1 if int(own) < 9 else None
        for one in self._ancestry(style):
            if one.name.lower() == "title":
                return 0
            if found := _HEADING.fullmatch(one.name):
                return int(found[1])
            if one.outline is not None:
                return one.outline + 1 if one.outline < 9 else None
        return None

    def _list(self, properties: etree._Element | None, style: str) -> tuple[str, int]:
        numbered = child(properties, "numPr")
        list_id, level = attribute(child(numbered, "numId"), "val"), attribute(child(numbered, "ilvl"), "val", "0")
        if not list_id:
            list_id = next((one.list_id for one in self._ancestry(style) if one.list_id), "")
        return list_id, min(int(level), 8) if level.isdigit() and len(level) < 4 else 0

    def _bold(self, style: str) -> bool:
        return any(one.bold for one in self._ancestry(style))

    def _ancestry(self, style: str) -> Iterator[_Style]:
        """A style and those it is based on; a circle of styles is gone round once."""
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = self._styles[style].based

    def _text(self, paragraph: etree._Element, bold: bool) -> tuple[str, list[tuple[str, str]], bool]:
        """The text of a paragraph, its footnotes with their marks, and whether all of it is bold."""
        pieces: list[str] = []
        notes: list[tuple[str, str]] = []
        strong = True
        for element in _inline(paragraph):
            kind = local(element)
            if kind in ("footnoteReference", "endnoteReference"):
                self._marks += 1
                note = self._notes.get((kind.removesuffix("Reference"), attribute(element, "id")))
                pieces.append(f"[{self._marks}]")
                notes.append((str(self._marks), self._note(note)))
            elif kind in _SIGNS:
                pieces.append(_SIGNS[kind] if attribute(element, "type") != "page" else " ")
            elif element.text:
                run = child(element.getparent(), "rPr")
                if attribute(child(run, "vertAlign"), "val") == "superscript":
                    pieces.append(superscript("".join(pieces[-3:]), element.text))
                elif not _on(child(run, "vanish")):
                    pieces.append(element.text)
                strong = strong and (_on(child(run, "b"), bold) or not element.text.strip())
        return "".join(pieces), notes, strong

    def _note(self, note: etree._Element | None) -> str:
        paragraphs = (self._text(one, bold=False)[0].strip() for one in _block_elements(note) if local(one) == "p")
        return "\n".join(text for text in paragraphs if text)

    def _table(self, table: etree._Element, draft: Draft) -> None:
        rows: list[list[str]] = []
        heads = 0
        above: list[str] = []
        for row in _rows(table):
            if heads == len(rows) and _on(child(row, "trPr", "tblHeader")):
                heads += 1
            line: list[str] = []
            for cell in _cells(row):
                properties = child(cell, "tcPr")
                merged = child(properties, "vMerge")
                text = self._cell(cell, draft)
                if merged is not None and attribute(merged, "val") != "restart" and len(line) < len(above):
                    text = above[len(line)]
                wide = attribute(child(properties, "gridSpan"), "val")
                line += [text, *[""] * (min(int(wide), 60) - 1 if wide.isdigit() and len(wide) < 4 else 0)]
            rows.append(line)
            above = line
        if max(map(len, rows), default=0) > 1:
            draft.table(rows, heads)
        else:  # a frame around text
            for line in rows:
                draft.paragraph("".join(line))

    def _cell(self, cell: etree._Element, draft: Draft) -> str:
        texts: list[str] = []
        for block in cell.iter("{*}p"):
            text, notes, _ = self._text(block, bold=False)
            texts.append(text)
            for mark, note in notes:
                draft.note(mark, note)
        return "\n".join(text for text in texts if text.strip())


def _children(parent: etree._Element | None) -> Iterator[etree._Element]:
    """The children of an element, and those inside the wrappers that mark fields, tags and insertions."""
    waiting = list(reversed(parent)) if parent is not None else []
    while waiting:
        element = waiting.pop()
        if local(element) in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            waiting += reversed(element)
        else:
            yield element


def _block_elements(parent: etree._Element | None) -> Iterator[etree._Element]:
    return (one for one in _children(parent) if local(one) in ("p", "tbl"))


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    return (one for one in _children(table) if local(one) == "tr" and child(one, "trPr", "del") is None)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return (one for one in _children(row) if local(one) == "tc")


def _inline(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The elements of a paragraph that stand for characters, in order."""
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        kind = local(element)
        if kind in ("t", "footnoteReference", "endnoteReference") or kind in _SIGNS:
            yield element
        elif kind not in _SKIPPED:
            waiting += reversed(element)


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The outermost text boxes anchored in a paragraph, each once: its copy for old readers is left out."""
    for box in paragraph.iter("{*}txbxContent"):
        around = [local(one) for one in box.iterancestors()]
        inner = around[: around.index("p")] if "p" in around else around
        if box.getparent() is not None and "Fallback" not in around and "txbxContent" not in inner:
            first = next((one for one in box.iterancestors("{*}p")), None)
            if first is paragraph:
                yield box


def _on(switch: etree._Element | None, otherwise: bool = False) -> bool:
    """Whether a property that is on by being there is on."""
    if switch is None:
        return otherwise
    return attribute(switch, "val", "true").lower() not in ("0", "false", "off", "none")


def _styles(part: etree._Element | None) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for style in _children(part):
        if local(style) != "style":
            continue
        outline = attribute(child(style, "pPr", "outlineLvl"), "val")
        styles[attribute(style, "styleId")] = _Style(
            name=attribute(child(style, "name"), "val"),
            based=attribute(child(style, "basedOn"), "val"),
            outline=int(outline) if outline.isdigit() and len(outline) < 3 else None,
            list_id=attribute(child(style, "pPr", "numPr", "numId"), "val"),
            bold=_on(child(style, "rPr", "b")),
        )
    return styles


def _numbering(part: etree._Element | None) -> _Numbering:
    numbering = _Numbering()
    abstract = {attribute(one, "abstractNumId"): one for one in _children(part) if local(one) == "abstractNum"}
    for one in _children(part):
        if local(one) != "num":
            continue
        levels = list(_children(abstract.get(attribute(child(one, "abstractNumId"), "val"))))
        levels += [level for override in one for level in override if local(level) == "lvl"]
        for level in levels:
            depth, start = attribute(level, "ilvl"), attribute(child(level, "start"), "val", "1")
            if local(level) == "lvl" and depth.isdigit() and len(depth) < 3:
                style, text = attribute(child(level, "numFmt"), "val"), attribute(child(level, "lvlText"), "val")
                first = int(start) if start.isdigit() and len(start) < 7 else 1
                numbering.levels[attribute(one, "numId"), int(depth)] = (style, text, first)
    return numbering
