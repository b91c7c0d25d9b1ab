"""The styles and lists of a Word document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from source.formats.archive import attribute, child, local
from source.formats.word.elements import children, is_on
from source.structure.draft import BULLET, numeral

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_FORMATS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}


@dataclass(slots=True)
class _Style:
    """A paragraph style; what it does not say itself, the one it is `based` on says."""

    name: str
    based: str
    outline: int | None
    list_id: str
    bold: bool


class Styles:
    """The paragraph styles of a document, and what they make of a paragraph."""

    def __init__(self, part: etree._Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        for style in children(part):
            if local(style) != "style":
                continue
            outline = attribute(child(style, "pPr", "outlineLvl"), "val")
            self._styles[attribute(style, "styleId")] = _Style(
                name=attribute(child(style, "name"), "val"),
                based=attribute(child(style, "basedOn"), "val"),
                outline=int(outline) if outline.isdigit() and len(outline) < 3 else None,
                list_id=attribute(child(style, "pPr", "numPr", "numId"), "val"),
                bold=is_on(child(style, "rPr", "b")),
            )

    def name(self, style: str) -> str:
        """The name that the style with this id is known by."""
        return self._styles[style].name if style in self._styles else style

    def heading(self, properties: etree._Element | None, style: str) -> int | None:
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

    def list_item(self, properties: etree._Element | None, style: str) -> tuple[str, int]:
        """The list that a paragraph belongs to, "" if to none, and the level in it."""
        numbered = child(properties, "numPr")
        list_id, level = attribute(child(numbered, "numId"), "val"), attribute(child(numbered, "ilvl"), "val", "0")
        if not list_id:
            list_id = next((one.list_id for one in self._ancestry(style) if one.list_id), "")
        return list_id, min(int(level), 8) if level.isdigit() and len(level) < 4 else 0

    def bold(self, style: str) -> bool:
        """Whether text of this style is bold."""
        return any(one.bold for one in self._ancestry(style))

    def _ancestry(self, style: str) -> Iterator[_Style]:
        """A style and those it is based on; a circle of styles is gone round once."""
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = self._styles[style].based


class Numbering:
    """The lists of a document: how each level is numbered, and the counts so far."""

    def __init__(self, part: etree._Element | None) -> None:
        # (list, level) → format, its text, first number
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        abstract = {attribute(one, "abstractNumId"): one for one in children(part) if local(one) == "abstractNum"}
        for one in children(part):
            if local(one) != "num":
                continue
            levels = list(children(abstract.get(attribute(child(one, "abstractNumId"), "val"))))
            levels += [level for override in one for level in override if local(level) == "lvl"]
            for level in levels:
                depth, start = attribute(level, "ilvl"), attribute(child(level, "start"), "val", "1")
                if local(level) == "lvl" and depth.isdigit() and len(depth) < 3:
                    style, text = attribute(child(level, "numFmt"), "val"), attribute(child(level, "lvlText"), "val")
                    first = int(start) if start.isdigit() and len(start) < 7 else 1
                    self._levels[attribute(one, "numId"), int(depth)] = (style, text, first)

    def marker(self, list_id: str, level: int) -> str:
        """The marker of the next item of a list."""
        style, text, start = self._levels.get((list_id, level), ("bullet", "", 1))
        if style in ("bullet", "none"):
            return BULLET
        self._counts[list_id, level] = self._counts.get((list_id, level), start - 1) + 1
        for deeper in [key for key in self._counts if key[0] == list_id and key[1] > level]:
            del self._counts[deeper]

        def number(found: re.Match[str]) -> str:
            above = int(found[1]) - 1
            form, _, first = self._levels.get((list_id, above), ("decimal", "", 1))
            return numeral(self._counts.get((list_id, above), first), _FORMATS.get(form, "1"))

        return re.sub(r"%([1-9])", number, text) or numeral(self._counts[list_id, level], _FORMATS.get(style, "1"))
