"""The styles and lists of a Word document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from source.formats.archive import attribute, child, local
from source.formats.numbering import Counter, Level
from source.formats.word.elements import children, is_on

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_DEEPEST = 100  # styles, each based on the next: every paragraph goes through them
_FORMATS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I", "decimalZero": "01"}


@dataclass(slots=True)
class _Style:
    """A paragraph style; what it does not say itself, the one it is `based` on says."""

    name: str
    based: str
    outline: int | None
    list_id: str
    level: str
    bold: bool
    bold_head: bool


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
                level=attribute(child(style, "pPr", "numPr", "ilvl"), "val"),
                bold=is_on(child(style, "rPr", "b")),
                bold_head=any(
                    local(one) == "tblStylePr"
                    and attribute(one, "type") == "firstRow"
                    and is_on(child(one, "rPr", "b"))
                    for one in style
                ),
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
        list_id, level = attribute(child(numbered, "numId"), "val"), attribute(child(numbered, "ilvl"), "val")
        styles = list(self._ancestry(style))
        list_id = list_id or next((one.list_id for one in styles if one.list_id), "")
        level = level or next((one.level for one in styles if one.level), "0")
        return list_id, min(int(level), 8) if level.isdigit() and len(level) < 4 else 0

    def bold(self, style: str) -> bool:
        """Whether text of this style is bold."""
        return any(one.bold for one in self._ancestry(style))

    def head_row(self, table: etree._Element) -> bool:
        """Whether the first row of a table is set apart by the table's style."""
        properties = child(table, "tblPr")
        style, look = attribute(child(properties, "tblStyle"), "val"), child(properties, "tblLook")
        on = attribute(look, "firstRow") or str(int(attribute(look, "val", "0") or "0", 16) >> 5 & 1)
        return on in ("1", "true", "on") and any(one.bold_head for one in self._ancestry(style))

    def _ancestry(self, style: str) -> Iterator[_Style]:
        """A style and those it is based on, as far as anybody means; a circle of styles is gone round once."""
        seen: set[str] = set()
        while style in self._styles and style not in seen and len(seen) < _DEEPEST:
            seen.add(style)
            yield self._styles[style]
            style = self._styles[style].based


class Numbering:
    """The lists of a document: how each level is numbered, and the counts so far."""

    def __init__(self, part: etree._Element | None) -> None:
        self._abstract: dict[str, str] = {}  # list → the numbering it shares with others
        self._levels: dict[str, dict[int, Level]] = {}
        self._overrides: dict[str, dict[int, int]] = {}  # list → level → the number its first item has
        self._counters: dict[str, Counter] = {}
        kinds = {attribute(one, "abstractNumId"): one for one in children(part) if local(one) == "abstractNum"}
        for one in children(part):
            if local(one) != "num":
                continue
            list_id, kind = attribute(one, "numId"), attribute(child(one, "abstractNumId"), "val")
            overrides = [change for change in one if local(change) == "lvlOverride"]
            levels = [*children(kinds.get(kind)), *(level for change in overrides for level in change)]
            self._abstract[list_id] = kind
            self._levels[list_id] = dict(filter(None, map(_level, levels)))
            starts = ((attribute(o, "ilvl"), attribute(child(o, "startOverride"), "val")) for o in overrides)
            self._overrides[list_id] = {
                int(level): int(start) for level, start in starts if _is_number(level) and _is_number(start)
            }

    def marker(self, list_id: str, level: int) -> str:
        """The marker of the next item of a list; lists that share a numbering go on with each other's."""
        counter = self._counters.setdefault(self._abstract.get(list_id, list_id), Counter())
        for at, start in self._overrides.pop(list_id, {}).items():
            counter.set_next(at, start)
        return counter.marker(level, self._levels.get(list_id, {}))


def _level(element: etree._Element) -> tuple[int, Level] | None:
    depth, start = attribute(element, "ilvl"), attribute(child(element, "start"), "val", "1")
    if local(element) != "lvl" or not _is_number(depth):
        return None
    form = attribute(child(element, "numFmt"), "val", "decimal")
    legal = element.find("./{*}isLgl") is not None
    return int(depth), Level(
        style="" if form == "none" else _FORMATS.get(form, "1"),
        shown=attribute(child(element, "lvlText"), "val"),
        first=int(start) if _is_number(start) else 1,
        restarts=attribute(child(element, "lvlRestart"), "val", "1") != "0",
        bullet=form == "bullet",
        legal=legal,
    )


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 7
