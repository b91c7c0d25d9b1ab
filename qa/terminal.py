"""An answer as lines for the terminal."""

from __future__ import annotations

import textwrap

from qa.answer import Answer, Quote
from source.document import Span

_STATUS = {
    "found": "",
    "related": "Nothing answers outright; these passages come closest.",
    "none": "The essays do not say.",
}
_MARGIN = "  "


def shown(answer: Answer, width: int, *, colour: bool) -> str:
    """The answer in lines of at most `width` characters where it can be broken.

    The marked sentences stand in colour, or between ▸ and ◂. With the status "none" nothing is quoted.
    """
    parts = [_STATUS[answer.status]] if _STATUS[answer.status] else []
    if answer.status != "none":
        parts += [_quote(quote, width, ("\x1b[1;33m", "\x1b[0m") if colour else ("▸", "◂")) for quote in answer]
    return "\n\n".join(parts)


def _quote(quote: Quote, width: int, signs: tuple[str, str]) -> str:
    """A quote, wrapped, and where it stands."""
    text, at = "", quote.start
    for span in _joined(quote):
        text += quote.document.text[at : span.start] + signs[0] + quote.document.text[span.start : span.end] + signs[1]
        at = span.end
    text += quote.document.text[at : quote.end]
    places = [f"— {quote.place}", *(f"also {place}" for place in quote.also)]
    lines = [_wrapped(line, width, _MARGIN) for line in text.splitlines() if line.strip()]
    return "\n".join(lines + [_wrapped(place, width, _MARGIN * 2) for place in places])


def _joined(quote: Quote) -> list[Span]:
    """The marked sentences, those that follow each other as one."""
    spans: list[Span] = []
    for span in quote.highlights:
        if spans and not quote.document.text[spans[-1].end : span.start].strip():
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    return spans


def _wrapped(line: str, width: int, margin: str) -> str:
    return textwrap.fill(line, width, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)
