"""A quotation as it is cited: its words, its essay, and where in it they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qa.answer import Place
from qa.quotations.citations.metadata import Item, item_of
from qa.quotations.kept import Kept
from qa.quotations.links.permalink import LONGEST_QUOTATION, Permalink, permalink
from source.document import Document, Lines, Span

_PAGE = re.compile(r"(page|chapter) ([^\s:]+)")


@dataclass(frozen=True, slots=True)
class CSLLocator:
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
    locator: CSLLocator
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


def kept_as_cited(kept: Kept, items: Mapping[str, Item], warning: str = "") -> Cited:
    """A quotation that was kept, as it was; a `warning` goes with its note."""
    place = kept.place
    essay = _Essay(place.document, place.title, kept.author, kept.date)
    link = Permalink(place.document, place.start, place.end, kept.text)
    note = " ".join(part for part in (kept.note, warning) if part.strip())
    return Cited(kept.text, place, item_of(essay, items), link, _of_place(place), note)


@dataclass(frozen=True, slots=True)
class _Essay:
    """What a kept quotation says of its essay."""

    name: str
    title: str
    author: str
    date: str


def locator(document: Document, span: Span, place: Place) -> CSLLocator:
    """The page or pages; else the chapter, the paragraph or the line."""
    first = _of_place(place)
    last = _PAGE.match(document.locator(max(span.end - 1, span.start)))
    if first.label == "page" and last is not None and last[2] != first.value:
        return CSLLocator("page", f"{first.value}–{last[2]}")
    return first


def _of_place(place: Place) -> CSLLocator:
    if found := _PAGE.match(place.locator):
        return CSLLocator(found[1], found[2])
    return CSLLocator("paragraph", str(place.paragraph)) if place.paragraph else CSLLocator("line", str(place.line))
