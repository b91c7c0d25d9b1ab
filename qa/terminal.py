"""An answer as lines for the terminal."""

from __future__ import annotations

import textwrap

from qa.answer import Answer, Quote

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
    for span in quote.highlights:
        text += quote.document.text[at : span.start] + signs[0] + quote.document.text[span.start : span.end] + signs[1]
        at = span.end
    text += quote.document.text[at : quote.end]
    wrapped = (
        textwrap.fill(line, width, initial_indent=_MARGIN, subsequent_indent=_MARGIN, break_on_hyphens=False)
        for line in text.splitlines()
        if line.strip()
    )
    also = [f"{_MARGIN * 2}also {place}" for place in quote.also]
    return "\n".join([*wrapped, f"{_MARGIN * 2}— {quote.place}", *also])
