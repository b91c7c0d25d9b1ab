"""OpenDocument text (.odt) → Document: LibreOffice's own format.

Tracked deletions and indexes are left out. Headers, footers and annotations stand at the end as furniture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from source.document import Document, Reason
from source.errors import UnreadableFile
from source.formats.archive import Archive, attribute, child, local, xml
from source.formats.notes import note_mark, superscript
from source.formats.numbering import Counter, Level
from source.structure.extracted.draft import BULLET, Draft, extractor

_LEFT_OUT = {"tracked-changes", "annotation", "annotation-end", "table-of-content", "alphabetical-index", "forms"}
_DEEPEST_LIST = 10


def read_odt(data: bytes, name: str) -> Document:
    """The document in an .odt file. Raises UnreadableFile, with the reason, if it is none or encrypted."""
    with Archive(data) as archive:
        if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise UnreadableFile("encrypted; save it without a password")
        root = xml(archive.read("content.xml"), "content.xml")
        styles = xml(archive.read("styles.xml"), "styles.xml") if "styles.xml" in archive else None
        meta = child(xml(archive.read("meta.xml"), "meta.xml"), "meta") if "meta.xml" in archive else None
    text = child(root, "body", "text")
    if text is None:
        raise UnreadableFile("no OpenDocument text: its body holds none")
    draft = Draft()
    reader = _Odt([root] if styles is None else [styles, root], draft)
    reader.blocks(text)
    reader.finish()
    values = {local(one): one.text or "" for one in meta} if meta is not None else {}
    author = values.get("initial-creator", "") or values.get("creator", "")
    return draft.document(name, extractor("lxml"), title=values.get("title", ""), author=author)


class _Odt:
    """Hands the blocks of an OpenDocument text to a Draft."""

    def __init__(self, parts: Sequence[etree._Element], draft: Draft) -> None:
        """`parts` hold the styles, the last one the text as well."""
        self._draft = draft
        styles = [style for part in parts for style in part.iter("{*}style")]
        self._parents = {attribute(style, "name"): attribute(style, "parent-style-name") for style in styles}
        self._bold = {
            attribute(style, "name")
            for style in styles
            if attribute(child(style, "text-properties"), "font-weight") == "bold"
        }
        self._raised = {
            attribute(style, "name")
            for style in styles
            if attribute(child(style, "text-properties"), "text-position").startswith("super")
        }
        lists = [style for part in parts for style in part.iter("{*}list-style")]
        self._levels = {attribute(style, "name"): _levels(style) for style in lists}
        outline = next((style for part in parts for style in part.iter("{*}outline-style")), None)
        self._outline_levels = _levels(outline) if outline is not None else {}
        self._outline = Counter()
        self._counters: dict[str, Counter] = {}  # by style and by id, of the last list of each
        self._around = [
            one
            for part in parts[:-1]
            for one in part.iter("{*}header", "{*}footer", "{*}header-left", "{*}footer-left")
        ]
        self._annotations: list[str] = []
        self._marks = 0

    def finish(self) -> None:
        """Hand over what stands around the text."""
        for one in self._around:
            lines = ("".join(self._inline(p, [])).strip() for p in one.iter("{*}p", "{*}h"))
            self._draft.aside("\n".join(line for line in lines if line), Reason.PAGE)
        for text in self._annotations:
            self._draft.aside(text, Reason.COMMENT)

    def blocks(self, parent: etree._Element) -> None:
        """Hand over all under `parent`, in order."""
        quotation = 0  # the group of the paragraphs of one quotation
        for element in parent:
            name = local(element)
            if name in _LEFT_OUT:
                continue
            quotation = (
                (quotation or self._draft.new_group(quotation=True)) if self._has_style(element, "Quotations") else 0
            )
            if name == "h":
                self._heading(element)
            elif name == "p":
                self._paragraph(element, level=0 if self._has_style(element, "Title") else None, group=quotation)
            elif name == "list":
                self._list(element, attribute(element, "style-name"), 1, self._draft.new_group())
            elif name == "table":
                self._table(element)
            else:  # sections, frames
                self.blocks(element)

    def _heading(self, element: etree._Element, marker: str = "") -> None:
        """A heading, behind its number: of the list it stands in, or of the outline."""
        value = attribute(element, "outline-level", "1")
        level = min(int(value), _DEEPEST_LIST) if value.isdigit() and len(value) < 4 else 1
        if not marker and self._outline_levels and attribute(element, "is-list-header") != "true":
            marker = self._outline.marker(level - 1, self._outline_levels)
        self._paragraph(element, level, marker=marker)

    def _has_style(self, paragraph: etree._Element, name: str) -> bool:
        style = attribute(paragraph, "style-name")
        return name in (style, self._parents.get(style))

    def _paragraph(self, paragraph: etree._Element, level: int | None, group: int = 0, marker: str = "") -> None:
        notes: list[tuple[str, str]] = []
        text = "".join(self._inline(paragraph, notes))
        if level is not None:
            self._draft.heading(f"{'' if marker == BULLET else marker} {text}", level)
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
                yield note_mark(mark)
            elif name == "annotation":
                self._annotations.append("\n".join("".join(map(str, p.itertext())) for p in one.iter("{*}p")))
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

    def _list(
        self, element: etree._Element, style: str, depth: int, group: int, counter: Counter | None = None
    ) -> None:
        levels = self._levels.get(style, {})
        if counter is None:
            counter = self._counter(element, style)
        for item in element:
            start = attribute(item, "start-value")
            if start.isdigit() and len(start) < 7:
                counter.set_next(depth - 1, int(start))
            marker = counter.marker(depth - 1, levels) if _is_numbered(item) else ""
            for block in item:
                if local(block) == "list" and depth < _DEEPEST_LIST:
                    self._list(block, attribute(block, "style-name") or style, depth + 1, group, counter)
                elif local(block) == "h":
                    self._heading(block, marker)
                elif local(block) == "p":
                    notes: list[tuple[str, str]] = []
                    self._draft.item("".join(self._inline(block, notes)), marker, depth - 1, group)
                    marker = ""
                    for mark, note in notes:
                        self._draft.note(mark, note)

    def _counter(self, element: etree._Element, style: str) -> Counter:
        """The counter of a list, which may go on with that of an earlier one."""
        earlier = attribute(element, "continue-list")
        if not earlier and attribute(element, "continue-numbering") == "true":
            earlier = style
        counter = (self._counters.get(earlier) if earlier else None) or Counter()
        self._counters[style] = self._counters[attribute(element, "id")] = counter
        return counter

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


def _is_numbered(item: etree._Element) -> bool:
    """Whether an item of a list counts: it is no header, and begins with text of its own."""
    first = next((local(block) for block in item), "")
    return local(item) == "list-item" and first != "list"


def _levels(style: etree._Element) -> dict[int, Level]:
    """The levels of a list's or the outline's style, from 0."""
    levels: dict[int, Level] = {}
    for element in style:
        depth, start, shown = (attribute(element, name, "1") for name in ("level", "start-value", "display-levels"))
        if not all(value.isdigit() and len(value) < 7 for value in (depth, start, shown)):
            continue
        number = ".".join(f"%{n}" for n in range(max(1, int(depth) - int(shown) + 1), int(depth) + 1))
        prefix = attribute(element, "num-prefix")
        # Of a list that says nothing about it, a number ends with a full stop: else it would look like the text's.
        suffix = attribute(element, "num-suffix", "" if prefix or "outline" in local(element) else ".")
        levels[int(depth) - 1] = Level(
            style=attribute(element, "num-format", "" if "outline" in local(element) else "1"),
            shown=f"{prefix}{number}{suffix}",
            first=int(start),
            bullet="number" not in local(element) and "outline" not in local(element),
        )
    return levels
