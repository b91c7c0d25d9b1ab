"""The paragraphs, lists and tables of an RTF file, as they are read, for a Draft."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from source.formats.notes import superscript
from source.structure.extracted.draft import BULLET, Draft

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class Paragraph:
    """The paragraph being read; its properties last until they are reset."""

    text: list[str] = field(default_factory=list)
    marker: list[str] = field(default_factory=list)
    style: int = 0
    outline: int | None = None
    list_id: int = 0
    level: int = 0
    in_table: bool = False
    plain: bool = False  # whether anything in it is not bold
    initial: bool = False  # whether it is the large first letter of the next


class Blocks:
    """Gathers text into paragraphs and table rows, and hands them to a Draft.

    `styles` are the names and outline levels of the paragraph styles by their number; `paragraph` is
    the one being read, `head` whether the row being read is said to be a table's head.
    """

    def __init__(self, draft: Draft) -> None:
        self.styles: dict[int, tuple[str, int | None]] = {}
        self.paragraph = Paragraph()
        self.head = False
        self._draft = draft
        self._group = 0
        self._list_id = 0
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._heads = 0
        self._initial = ""

    def write(self, text: str, *, bold: bool, raised: bool) -> None:
        """Add text to the paragraph."""
        pieces = self.paragraph.text
        pieces.append(superscript("".join(pieces[-3:]), text) if raised else text)
        self.paragraph.plain |= not bold and not text.isspace()

    def reset(self) -> None:
        """Forget the paragraph's properties; its text stays."""
        held = self.paragraph
        self.paragraph = Paragraph(held.text, held.marker, plain=held.plain)

    def end_cell(self) -> None:
        """What was read is a cell of a table."""
        self._cells.append("".join(self.paragraph.text).strip())
        self.paragraph.text, self.paragraph.marker, self.paragraph.plain = [], [], False

    def end_row(self) -> None:
        """The cells read are a row."""
        self._heads += self.head and self._heads == len(self._rows)
        self._rows.append(self._cells)
        self._cells, self.head = [], False

    def end_paragraph(self) -> None:
        """What was read is a paragraph; the next one has its properties. Within a cell it is a line."""
        held = self.paragraph
        if held.in_table:
            held.text.append("\n")
            return
        self.paragraph = replace(held, text=[], marker=[], plain=False)
        self._hand_over(held)

    def finish(self) -> None:
        """Hand over what is left at the end of the file."""
        if any(self._cells):
            self.end_row()
        self._hand_over(replace(self.paragraph, initial=False))
        self._end_table()

    def _hand_over(self, held: Paragraph) -> None:
        text = self._initial + _SURROGATES.sub("\ufffd", "".join(held.text))
        self._initial = text if held.initial else ""
        if held.initial:
            return
        if not text.strip():
            self._draft.paragraph("")
            return
        self._end_table()
        level = self._level(held)
        marker = "".join(held.marker).strip()
        if not held.level and held.list_id != self._list_id:
            self._group, self._list_id = 0, held.list_id
        self._group = (self._group or self._draft.new_group()) if marker and level is None else 0
        if level is not None:
            number = marker if any(c.isalnum() for c in marker) else ""
            self._draft.heading(f"{number} {text}", level)
        elif marker:
            shown = marker if any(c.isalnum() for c in marker) and len(marker) > 1 else BULLET
            self._draft.item(text, shown, min(max(held.level, 0), 8), self._group)
        else:
            self._draft.paragraph(text, strong=not held.plain)

    def _level(self, held: Paragraph) -> int | None:
        """The level of a heading: by its own outline level, its style's name or its style's level."""
        name, outline = self.styles.get(held.style, ("", None))
        if name.lower() == "title":
            return 0
        if found := _HEADING.fullmatch(name):
            return int(found[1])
        level = held.outline if held.outline is not None else outline
        return level + 1 if level is not None and 0 <= level < 9 else None

    def _end_table(self) -> None:
        if self._rows:
            self._draft.table(self._rows, self._heads)
        self._rows, self._heads = [], 0
