"""A quotation as it is cited: its words, its essay, and where in it they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qa.answer import Place
from qa.quotations.citations.metadata import Item, item_of
from qa.quotations.links.permalink import LONGEST_QUOTATION, Permalink, permalink
from source.document import Document, Lines, Span

_PAGE = re.compile(r"(page|chapter) ([^\s:]+)")


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in an essay a quotation stands, as CSL says it: `label` is "page", "chapter", "paragraph" or "line"."""

    label: str
    value: str

    def __str__(self) -> str:
        return f"¶ {self.value}" if self.label == "paragraph" else f"{self.label} {self.value}"


@dataclass(frozen=True, slots=True)
class Cited:
    """A quotation, letter for letter, with what is known of its essay; `note` is what its reader wrote to it."""

    text: str
    place: Place
    item: Item
    link: Permalink
    locator: Locator
    note: str = ""


def cited(document: Document, span: Span, items: Mapping[str, Item], note: str = "") -> Cited:
    """What is to be said of `text[start:end]` of a document; `items` are those of `metadata.csl.json`.

    Raises UserError if it is too long to be a quotation.
    """
    passage = next((one for one in document.passages if one.start <= span.start < one.end), None)
    line = Lines(document.text).number(span.start)
    where = (passage.heading if passage else "", passage.number if passage else 0, line, span.start, span.end)
    place = Place(document.name, document.title, *where, document.locator(span.start))
    link = permalink(document, span.start, min(span.end, span.start + LONGEST_QUOTATION))
    item = item_of(document, items)
    return Cited(document.text[span.start : span.end], place, item, link, locator(document, span, place), note)


def locator(document: Document, span: Span, place: Place) -> Locator:
    """The page or pages; else the chapter, the paragraph or the line."""
    first = _PAGE.match(place.locator)
    if first is None:
        return Locator("paragraph", str(place.paragraph)) if place.paragraph else Locator("line", str(place.line))
    last = _PAGE.match(document.locator(max(span.end - 1, span.start)))
    if first[1] == "page" and last is not None and last[2] != first[2]:
        return Locator("page", f"{first[2]}–{last[2]}")
    return Locator(first[1], first[2])
