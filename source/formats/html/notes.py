"""Footnotes of HTML: the links that lead to them, and notes that stand beside their text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from source.formats.archive import attribute, local
from source.formats.notes import MARK

_BESIDE = frozenset(
    "sidenote marginnote margin-note margin_note marginalia sidenote-content footnote-inline inline-footnote "
    "footnotetext footnote-text".split()
)
# What the links to notes are called, and lead to.
_NOTE_LINK = re.compile(
    r"(?:foot|end)note|noteref|cite_note|sdfootnote|(?:^|[\s#_-])(?:_?ftn|fn)(?:ref|t)?[\d:_-]|#note-?\d"
)
_NOTES = frozenset("footnote endnote".split())  # holds either a note's mark or all of its words


def stands_beside(element: etree._Element) -> bool:
    """Whether an element is a note that stands in the text or beside it."""
    if local(element) not in ("span", "small", "aside"):
        return False
    classes = (element.get("class") or "").split()
    if _BESIDE.isdisjoint(classes) and _NOTES.isdisjoint(classes):
        return False
    words = "".join(map(str, element.itertext())).split()
    return not _BESIDE.isdisjoint(classes) or (len(words) > 1 and element.find(".//{*}a") is None)


def note_targets(root: etree._Element) -> dict[str, str]:
    """The footnotes that marks in the text lead to: id → mark."""
    targets: dict[str, str] = {}
    for (_, anchor), mark in note_links(root):
        targets.setdefault(anchor, mark)
    return targets


def note_links(root: etree._Element) -> Iterator[tuple[tuple[str, str], str]]:
    """The links that are marks of footnotes: the file and the id that each leads to, and the mark."""
    for link in root.iter("{*}a"):
        if mark := link_mark(link):
            file, _, anchor = (link.get("href") or "").rpartition("#")
            yield (file, anchor), mark


def noted(element: etree._Element, notes: Mapping[str, str]) -> str:
    """The mark of the footnote that a block is: by its id, or that of the link it begins with; "" of other blocks."""
    first = element[0] if len(element) and not (element.text or "").strip() else None
    named = first is not None and local(first) == "a"
    own = notes.get(element.get("id") or "") or ""
    return own or (notes.get(first.get("id") or first.get("name") or "") or "" if first is not None and named else "")


def link_mark(link: etree._Element) -> str:
    """The mark of a footnote if `link` is one: a raised number or sign that leads to another place."""
    if "#" not in (link.get("href") or ""):
        return ""
    around = link.getparent()
    raised = around is not None and local(around) == "sup"
    raised = raised or (len(link) == 1 and local(link[0]) == "sup" and not (link.text or "").strip())
    kind = f"{link.get('role') or ''} {attribute(link, 'type')} {link.get('class') or ''} {link.get('href')}"
    first = around is not None and link.getprevious() is None and not (around.text or "").strip()
    if not raised and (first or not _NOTE_LINK.search(kind)):  # what begins a paragraph is the number of the note
        return ""
    found = MARK.fullmatch("".join(map(str, link.itertext())).strip())
    return found[1] if found else ""
