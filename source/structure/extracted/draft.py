"""Extracted parts → one canonical text with its blocks: what all formats without plain text share.

A reader of such a format hands over headings, paragraphs, items and rows in their order; a Draft
writes them one below the other and knows where each stands, so that no text is searched for again.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from source.document import Document, Locator, Reason, Span
from source.structure.blocks import Block, Kind
from source.structure.extracted.inserted import inserted, marked
from source.structure.extracted.parts import Part, leveled, part_of, with_contents, with_headings, with_title
from source.structure.extracted.rows import row_texts
from source.structure.extracted.stanzas import with_stanzas
from source.structure.lines import ends_sentence
from source.structure.passages import structured
from source.text.breaks import BULLETS
from source.text.letters import is_drawn

BULLET = "•"
_BULLETS = f"·{BULLETS}"
LONGEST_SHOWN = 1000  # characters of a table or of definitions that are a passage with what introduces them
_CLOSED = ".:;!?,…。！？：；，"
_MOST_LETTERS = 5
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MARK_SPACES = re.compile(r"[ \t]*\n[ \t]*")
# What word processors and converters write where nobody has given a title or a name.
_NO_TITLE = re.compile(
    r"(?:microsoft word\s*-.*|(?:document|dokument|untitled|unbenannt|unknown|title|titel|new page|index|home"
    r"|sans titre|sin título|noname)[ _-]*\d*|.*\.(?:docx?|odt|rtf|html?|pdf|txt|dotx?|tmp"
    r"|exe|indd|qxd|wpd|tex|dvi|ps|pages)|about:.*|(?:https?|file|blob|data):\S*)",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:user|admin|administrator|owner|author|unknown|anonymous|root|windows user|microsoft office user"
    r"|python-docx|default|calibre|benutzer|un-?named)[ _-]*\d*",
    re.IGNORECASE,
)


class Draft:
    """The parts of a document, in order; `document` makes the Document of them."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._gaps: set[int] = set()  # the parts that stand below an empty paragraph
        self._asides: list[Part] = []
        self._notes: list[str] = []
        self._locators: list[tuple[int, str]] = []
        self._groups = 0
        self._quotations: set[int] = set()

    def __len__(self) -> int:
        return len(self._parts)

    @property
    def texts(self) -> list[str]:
        """The text of each part so far, with marks where it was inserted."""
        return [marked(part.text, part.inserted) for part in self._parts]

    def new_group(self, *, quotation: bool = False) -> int:
        """A number for parts that are to be quoted together: a list, a `quotation` that is set apart."""
        self._groups += 1
        if quotation:
            self._quotations.add(self._groups)
        return self._groups

    def heading(self, text: str, level: int) -> None:
        """A heading; `level` is 0 for the title, 1 for the highest in use."""
        if words := " ".join(text.split()):
            self.end_section()
            self._parts.append(part_of(words, Kind.HEADING, level))

    @property
    def introduces(self) -> bool:
        """Whether what was written last ends with a colon."""
        return bool(self._parts) and self._parts[-1].kind is Kind.TEXT and self._parts[-1].text[-1] in ":："

    def paragraph(
        self, text: str, group: int = 0, *, strong: bool = False, close: bool = False, plain: bool = False
    ) -> None:
        """A paragraph; its line breaks are kept, without the white space around them.

        One that is `strong` throughout may be meant as a heading, a `plain` one is none. One that is `close` goes on
        with the line above it, which is of its group; an empty one parts the stanzas of verse.
        """
        words = _MARK_SPACES.sub("\n", text).strip()
        if words and (group or not is_drawn(words)):
            kind = Kind.LIST if words[0] in _BULLETS and not group else Kind.TEXT  # an item that was typed as one
            part = part_of(words, kind, group=group, strong=strong, plain=plain)
            self._parts.append(replace(part, close=close and not ends_sentence(self._parts[-1].text)))
        elif words:
            self.furniture(text, Reason.RULE)
        else:
            self._gaps.add(len(self._parts))

    def item(self, text: str, marker: str, depth: int, group: int) -> None:
        """An item of a list, at `depth` 0 or deeper, behind its `marker`."""
        if words := _MARK_SPACES.sub("\n", text).strip():
            self._parts.append(part_of("  " * depth + (f"{marker} " if marker else "") + words, Kind.LIST, group=group))

    def furniture(self, text: str, reason: Reason) -> None:
        """Text that is kept but is no part of the essay, and why."""
        if words := _MARK_SPACES.sub("\n", text).strip():
            self._parts.append(part_of(words, Kind.FURNITURE, reason=reason))

    def aside(self, text: str, reason: Reason) -> None:
        """As `furniture`, at the end of the document: what stands around the text, or would interrupt it."""
        if words := _MARK_SPACES.sub("\n", text).strip():
            self._asides.append(part_of(words, Kind.FURNITURE, reason=reason))

    def table(self, rows: Sequence[Sequence[str]], headers: int = 0, caption: str = "") -> None:
        """A table, each row a passage that names its columns: "Year: 1950; Tanks: 258".

        The first `headers` rows are the table's head; with 0 the first is taken if what stands under it shows it
        to be one. Rows that a colon introduces are quoted with it, unless they are many. A table's name heads nothing.
        """
        above, texts = row_texts(rows, headers)
        group = self.new_group() if self.introduces and sum(map(len, texts)) <= LONGEST_SHOWN else 0
        lines = filter(None, [caption, *above, *texts])
        self._parts += [part_of(text, Kind.TEXT, group=group, plain=True) for text in lines]

    def note(self, mark: str, text: str) -> None:
        """A footnote: a passage of its own at the end of the section its mark stands in."""
        if words := _MARK_SPACES.sub("\n", text).strip():
            self._notes.append(f"{inserted('[')}{mark}{inserted(']')} {words}" if mark else words)

    def end_section(self) -> None:
        """Write the footnotes held back so far."""
        for note in self._notes:
            self.paragraph(note)
        self._notes.clear()

    def locator(self, label: str) -> None:
        """What comes next stands at `label` of the original."""
        self.end_section()
        self._locators.append((len(self._parts), label))

    def document(
        self, name: str, extractor: str, *, title: str = "", author: str = "", date: str = "", trusted: bool = False
    ) -> Document:
        """The Document of all parts.

        A heading above all others at the top of the text is its title, rather than what the
        metadata say, unless those are `trusted`.
        """
        self.end_section()
        title, author = " ".join(title.split()), " ".join(author.split())
        title = "" if _NO_TITLE.fullmatch(title) else title
        lines = with_stanzas(with_contents(self._parts), self._gaps, self.new_group)
        parts = with_title(with_headings(lines), title)
        parts, title = leveled(parts, title, trusted=trusted)
        parts += self._asides
        text, starts, blocks = _joined(parts)
        places = tuple(Locator(starts[part], label) for part, label in self._locators if part < len(starts))
        author = "" if _NO_AUTHOR.fullmatch(author) else author
        own = tuple(
            Span(at + span.start, at + span.end)
            for part, at in zip(parts, starts, strict=True)
            for span in part.inserted
        )
        quoted = tuple(_quoted(parts, starts, self._quotations))
        when = " ".join(date.split())
        document = Document(
            name, text, title, author, when, locators=places, inserted=own, extractor=extractor, quotations=quoted
        )
        return structured(document, blocks)


def _quoted(parts: Sequence[Part], starts: Sequence[int], groups: Collection[int]) -> Iterator[Span]:
    """Where the parts of each of these groups stand."""
    for group, members in groupby(zip(parts, starts, strict=True), key=lambda one: one[0].group):
        if group in groups:
            places = [(at, at + len(part.text)) for part, at in members]
            yield Span(places[0][0], places[-1][1])


def numeral(number: int, style: str) -> str:
    """A list's number in `style`: "1", "01", "a", "A", "i" or "I"."""
    if style in ("a", "A") and 0 < number <= 26 * _MOST_LETTERS:
        # After z comes aa, as word processors have it.
        return chr(ord(style) + (number - 1) % 26) * (1 + (number - 1) // 26)
    if style in ("i", "I") and 0 < number < 4000:
        roman = ""
        for value, letters in _ROMAN:
            roman += letters * (number // value)
            number %= value
        return roman if style == "i" else roman.upper()
    return f"{number:02}" if style == "01" else str(number)


def extractor(package: str = "") -> str:
    """The name and version of what takes the text out: a library, if one does, and this program's use of it."""
    own = f"quoth {importlib.metadata.version('quoth')}"
    return f"{package} {importlib.metadata.version(package)}, {own}" if package else own


def _joined(parts: Sequence[Part]) -> tuple[str, list[int], list[Block]]:
    """The canonical text, where each part starts in it, and its blocks."""
    pieces: list[str] = []
    starts: list[int] = []
    blocks: list[Block] = []
    at = 0
    last: Part | None = None
    for part in parts:
        gap = _gap(last, part) if last is not None else ""
        start = at + len(gap)
        end = start + len(part.text)
        pieces += [gap, part.text]
        starts.append(start)
        if last is not None and _belongs(last, part):
            blocks[-1] = replace(blocks[-1], end=end, kind=Kind.LIST if part.kind is Kind.LIST else blocks[-1].kind)
        else:
            # An item of a deeper level may come first: the block begins with its marker.
            first = start + len(part.text) - len(part.text.lstrip())
            title = part.text if part.kind is Kind.HEADING else ""
            blocks.append(Block(first, end, part.kind, part.level, title, part.reason))
        at, last = end, part
    return "".join(pieces), starts, blocks


def _belongs(last: Part, part: Part) -> bool:
    """Whether `part` is quoted together with the one before: of one group, or introduced by it."""
    if part.group and part.group == last.group:
        return True
    return bool(part.group) and last.kind is Kind.TEXT and last.text[-1] in ":："


def _gap(last: Part, part: Part) -> str:
    """What stands between two parts: items follow each other closely where their end can be seen."""
    if part.close and part.group == last.group:
        return "\n"
    if last.kind is part.kind is Kind.LIST and part.group == last.group:
        return "\n" if last.text[-1] in _CLOSED or part.text.lstrip().startswith(BULLET) else "\n\n"
    return "\n\n"
