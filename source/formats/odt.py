"""OpenDocument text (.odt) → Document: LibreOffice's own format.

Tracked deletions, annotations, indexes, headers and footers are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from source.document import Document
from source.errors import UnreadableFile
from source.formats.archive import Archive, attribute, child, local, xml
from source.formats.html.elements import superscript
from source.structure.draft import BULLET, Draft, extractor, numeral

_LEFT_OUT = {"tracked-changes", "annotation", "annotation-end", "table-of-content", "alphabetical-index", "forms"}
_DEEPEST_LIST = 10


def read_odt(data: bytes, name: str) -> Document:
    """The document in an .odt file. Raises UnreadableFile, with the reason, if it is none or encrypted."""
    with Archive(data) as archive:
        if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise UnreadableFile("encrypted; save it without a password")
        root = xml(archive.read("content.xml"), "content.xml")
        meta = child(xml(archive.read("meta.xml"), "meta.xml"), "meta") if "meta.xml" in archive else None
    text = child(root, "body", "text")
    if text is None:
        raise UnreadableFile("no OpenDocument text: its body holds none")
    draft = Draft()
    _Odt(root, draft).blocks(text)
    values = {local(one): one.text or "" for one in meta} if meta is not None else {}
    author = values.get("initial-creator", "") or values.get("creator", "")
    return draft.document(name, extractor("lxml"), title=values.get("title", ""), author=author)


class _Odt:
    """Hands the blocks of an OpenDocument text to a Draft."""

    def __init__(self, root: etree._Element, draft: Draft) -> None:
        self._draft = draft
        self._parents = {attribute(s, "name"): attribute(s, "parent-style-name") for s in root.iter("{*}style")}
        self._bold = {
            attribute(style, "name")
            for style in root.iter("{*}style")
            if attribute(child(style, "text-properties"), "font-weight") == "bold"
        }
        self._raised = {
            attribute(style, "name")
            for style in root.iter("{*}style")
            if attribute(child(style, "text-properties"), "text-position").startswith("super")
        }
        self._numbers = {
            attribute(style, "name"): {
                int(attribute(level, "level", "1")): attribute(level, "num-format", "1")
                for level in style
                if local(level) == "list-level-style-number"
            }
            for style in root.iter("{*}list-style")
        }
        self._marks = 0

    def blocks(self, parent: etree._Element) -> None:
        """Hand over all under `parent`, in order."""
        quotation = 0  # the group of the paragraphs of one quotation
        for element in parent:
            name = local(element)
            if name in _LEFT_OUT:
                continue
            quotation = (quotation or self._draft.new_group()) if self._has_style(element, "Quotations") else 0
            if name == "h":
                self._paragraph(element, level=int(attribute(element, "outline-level", "1")))
            elif name == "p":
                self._paragraph(element, level=0 if self._has_style(element, "Title") else None, group=quotation)
            elif name == "list":
                self._list(element, attribute(element, "style-name"), 1, self._draft.new_group())
            elif name == "table":
                self._table(element)
            else:  # sections, frames
                self.blocks(element)

    def _has_style(self, paragraph: etree._Element, name: str) -> bool:
        style = attribute(paragraph, "style-name")
        return name in (style, self._parents.get(style))

    def _paragraph(self, paragraph: etree._Element, level: int | None, group: int = 0) -> None:
        notes: list[tuple[str, str]] = []
        text = "".join(self._inline(paragraph, notes))
        if level is not None:
            self._draft.heading(text, level)
        else:
            self._draft.paragraph(text, group, strong=self._is_bold(paragraph, text))
        for mark, note in notes:
            self._draft.note(mark, note)

    def _is_bold(self, paragraph: etree._Element, text: str) -> bool:
        spans = [one for one in paragraph if local(one) == "span" and attribute(one, "style-name") in self._bold]
        inside = sum(len("".join(map(str, one.itertext()))) for one in spans)
        return attribute(paragraph, "style-name") in self._bold or (bool(text) and inside >= len(text.strip()))

    def _inline(self, element: etree._Element, notes: list[tuple[str, str]]) -> Iterator[str]:
        """The text of a paragraph, with its notes put into `notes`."""
        before = element.text or ""
        yield before
        for one in element:
            name = local(one)
            if name == "note":
                self._marks += 1
                mark = "".join(map(str, one.itertext("{*}note-citation"))).strip() or str(self._marks)
                body = child(one, "note-body")
                inner: list[tuple[str, str]] = []
                paragraphs = body.iter("{*}p", "{*}h") if body is not None else ()
                notes.append((mark, " ".join("".join(self._inline(p, inner)) for p in paragraphs)))
                yield f"[{mark}]"
            elif name in ("s", "tab"):
                yield " " * min(int(attribute(one, "c", "1") or 1), 100)
            elif name == "line-break":
                yield "\n"
            elif name == "span" and attribute(one, "style-name") in self._raised:
                yield superscript(before, "".join(self._inline(one, notes)))
            elif name not in _LEFT_OUT and name not in ("frame", "bookmark", "change", "ruby-text"):
                yield from self._inline(one, notes)
            before = one.tail or ""
            yield before

    def _list(self, element: etree._Element, style: str, depth: int, group: int) -> None:
        formats = self._numbers.get(style, {})
        number = 0
        for item in element:
            number += local(item) == "list-item"
            marker = f"{numeral(number, formats[depth])}." if formats.get(depth) else BULLET
            for block in item:
                if local(block) == "list" and depth < _DEEPEST_LIST:
                    self._list(block, attribute(block, "style-name") or style, depth + 1, group)
                elif local(block) in ("p", "h"):
                    notes: list[tuple[str, str]] = []
                    self._draft.item("".join(self._inline(block, notes)), marker, depth - 1, group)
                    marker = ""
                    for mark, note in notes:
                        self._draft.note(mark, note)

    def _table(self, table: etree._Element) -> None:
        rows = [
            [
                " ".join("".join(self._inline(p, [])) for p in cell.iter("{*}p", "{*}h"))
                for cell in row
                if "cell" in local(cell)
            ]
            for row in table.iter("{*}table-row")
        ]
        heads = sum(1 for head in table.iter("{*}table-header-rows") for _ in head)
        self._draft.table(rows, heads)
