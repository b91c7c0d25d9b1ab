"""The quotations that answer, as passages with what is known of them in plain values, as frameworks keep it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from index.protocol import Index
from qa.answer import Answer, Quote
from qa.programs.reading import link
from qa.retrieve import retrieve

Value = str | int | float | list[str] | None
Metadata = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Found:
    """A quotation: `name` is the same whenever this passage is found, `score` higher where it is better."""

    name: str
    text: str
    score: float
    metadata: Metadata


def found(
    question: str,
    k: int = 5,
    *,
    index: Path | str | Index | None = None,
    documents: Collection[str] | None = None,
    nearest: bool = False,
    reader: bool = True,
) -> list[Found]:
    """Up to `k` quotations that answer; none if the essays do not say, unless what stands `nearest` is wanted.

    For the others see `qa.retrieve.retrieve`, also for what is raised.
    """
    answer = retrieve(question, k=k, index=index, documents=documents, reader=reader)
    quotes = answer.quotes if answer or nearest else ()
    return [_found(quote, answer) for quote in quotes]


def _found(quote: Quote, answer: Answer) -> Found:
    document = quote.document
    metadata: Metadata = {
        "document": document.name,
        "title": quote.title,
        "author": document.author,
        "date": document.date,
        "heading": quote.heading,
        "paragraph": quote.paragraph,
        "line": quote.line,
        "start": quote.start,
        "end": quote.end,
        "page": quote.place.locator,
        "link": link(document, quote.start, quote.end),
        "marked": list(quote.marked),
        "verdict": answer.verdict,
        "confidence": answer.confidence,
        "score": quote.score,
    }
    return Found(f"{document.name}#{quote.start}-{quote.end}", quote.text, quote.score, metadata)
