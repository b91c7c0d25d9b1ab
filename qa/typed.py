"""What the JSON of answers and reports holds: the same on the command line, over HTTP and over MCP.

From `typing_extensions`, as the models of the HTTP interface are made of them, which Python 3.11's own cannot be.
"""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from qa.verdicts import Change, Finding, Known, Status, Verdict


class SpanJSON(TypedDict):
    """Characters `start` (included) to `end` (excluded) of a document's text."""

    start: int
    end: int


class MovedJSON(SpanJSON):
    """Where a passage stands in its file now."""

    line: int


class PlaceJSON(SpanJSON):
    """Where a passage stands; `paragraph` is 0 for a line that is no passage, `locator` a page or chapter."""

    document: str
    title: str
    heading: str
    paragraph: int
    line: int
    locator: str


class QuoteJSON(PlaceJSON):
    """A passage, letter for letter; `highlights` are the sentences that answer, `marked` what they say."""

    text: str
    score: float
    highlights: list[SpanJSON]
    marked: list[str]
    inserted: list[SpanJSON]
    also: list[PlaceJSON]
    moved: MovedJSON | None


class AboutJSON(PlaceJSON):
    """Something known of an essay itself, and where that was read."""

    what: Known
    value: str
    read: str


class ReceiptJSON(TypedDict):
    """What an answer was made from: `documents` maps each quoted document to its text's SHA-256."""

    index: str
    model: str
    model_sha256: str
    documents: dict[str, str]


class AnswerJSON(TypedDict):
    """The answer to a question; of the status "none" the quotes are only what stands nearest."""

    question: str
    status: Status
    verdict: Verdict
    confidence: float | None
    quotes: list[QuoteJSON]
    about: list[AboutJSON]
    withheld: list[str]
    withheld_count: int
    unchecked: str
    receipt: ReceiptJSON


class DifferenceJSON(TypedDict):
    """Words that a quotation and what it quotes have in common, or in which they differ."""

    kind: Change
    quoted: str
    original: str


class OriginalJSON(PlaceJSON):
    """A place and what the essay says there."""

    text: str


class FindingJSON(SpanJSON):
    """What is to be said of a quotation, which stands from `start` to `end` of the draft."""

    verdict: Finding
    quotation: str
    line: int
    citation: str
    places: list[OriginalJSON]
    differences: list[DifferenceJSON]


class ReportJSON(TypedDict):
    """What is to be said of the quotations of a draft, in its order."""

    draft: str
    index: str
    counts: dict[Finding, int]
    unclosed: list[int]
    stale: list[str]
    unchecked: str
    quotations: list[FindingJSON]


class EntryJSON(TypedDict):
    """An essay in a list; `sha256` is that of its text."""

    document: str
    title: str
    author: str
    date: str
    language: str
    paragraphs: int
    sha256: str


class EssaysJSON(TypedDict):
    """Some essays of an index, from number `start` on of `count`."""

    index: str
    count: int
    start: int
    essays: list[EntryJSON]


class HeadingJSON(SpanJSON):
    """A heading; `level` is 0 for the title, 1 for a section."""

    level: int
    title: str


class ParagraphJSON(SpanJSON):
    """A passage of an essay whose text stands beside it."""

    paragraph: int
    heading: str
    line: int
    sentences: list[SpanJSON]


class FurnitureJSON(SpanJSON):
    """Text that is no part of the argument, and why."""

    reason: str


class StandingJSON(TypedDict):
    """How a text of an essay stands in its file now.

    `stale` says that the file no longer says so, "" if it does; `unchecked` that no file can be read now.
    """

    stale: str
    unchecked: str


class EssayJSON(StandingJSON):
    """A whole essay: offsets count characters of its `text`."""

    document: str
    title: str
    author: str
    date: str
    language: str
    sha256: str
    text: str
    headings: list[HeadingJSON]
    passages: list[ParagraphJSON]
    furniture: list[FurnitureJSON]


class PassageJSON(PlaceJSON, StandingJSON):
    """A passage, letter for letter."""

    text: str
    sentences: list[SpanJSON]
    link: str


class LinkedQuoteJSON(QuoteJSON):
    """A quote and its permalink."""

    link: str


class LinkedAnswerJSON(TypedDict):
    """An answer whose quotes have permalinks; of the status "none" they are only what stands nearest."""

    question: str
    status: Status
    verdict: Verdict
    confidence: float | None
    quotes: list[LinkedQuoteJSON]
    about: list[AboutJSON]
    withheld: list[str]
    withheld_count: int
    unchecked: str
    receipt: ReceiptJSON


class PieceJSON(SpanJSON, StandingJSON):
    """A part of an essay, of `length` characters in all."""

    document: str
    title: str
    author: str
    date: str
    length: int
    text: str


class HealthJSON(TypedDict):
    """That Quoth answers, and from what."""

    status: Literal["ok"]
    version: str
    index: str
    documents: int
    passages: int


class ErrorJSON(TypedDict):
    """Why there is no answer: a word that programs know, and a sentence for people."""

    error: str
    detail: str
