"""What the JSON of answers and reports holds: the same on the command line, over HTTP and over MCP.

From `typing_extensions`, as the models of the HTTP interface are made of them, which Python 3.11's own cannot be.
"""

from __future__ import annotations

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
