"""The terminal: an answer as lines."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from qa.answer import About, Answer, Quote, Verdict
from source.document import Span

_VERDICT: Mapping[Verdict, str] = {
    "answers": "",
    "may_answer": "These passages may answer.",
    "close": "Nothing answers outright; these passages come closest.",
    "none": "The essays do not say.",
    "withheld": "What would answer is withheld: its essay no longer says what was indexed.",
}
_MARGIN = "  "
_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# What would move the cursor, change colours or turn the line around is shown as a sign of its own.
_CONTROLS = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) != "\t"},
    **dict.fromkeys((*range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD),
}
_CONTROLS_IN_TEXT = {code: sign for code, sign in _CONTROLS.items() if chr(code) not in _BREAKS}


def visible(line: str) -> str:
    """`line` as one line that a terminal only shows."""
    return line.translate(_CONTROLS)


def as_text(answer: Answer, width: int, *, colour: bool) -> str:
    """The answer in lines of at most `width` characters where it can be broken.

    The marked sentences stand in colour, or between ▸ and ◂. With the status "none" nothing is quoted.
    """
    parts = [_VERDICT[answer.verdict]] if _VERDICT[answer.verdict] else []
    parts += [answer.unchecked] if answer.unchecked else []
    parts += ["\n".join(_wrapped(_known(one), width, "") for one in answer.about)] if answer.about else []
    if answer.status != "none":
        parts += [_quote(quote, width, ("\x1b[1;33m", "\x1b[0m") if colour else ("▸", "◂")) for quote in answer]
    return "\n\n".join(parts)


def _known(one: About) -> str:
    """What is known of an essay, which it is, and where that was read."""
    return visible(f"{one.what}: {one.value} — {one.place.title} ({one.place.document}), {one.read}")


def _quote(quote: Quote, width: int, signs: tuple[str, str]) -> str:
    """A quote, wrapped, and where it stands."""
    whole, at, text = quote.document.text, quote.start, ""
    for span in _joined(quote):
        before, marked = whole[at : span.start], whole[span.start : span.end]
        text += f"{before.translate(_CONTROLS_IN_TEXT)}{signs[0]}{marked.translate(_CONTROLS_IN_TEXT)}{signs[1]}"
        at = span.end
    text += whole[at : quote.end].translate(_CONTROLS_IN_TEXT)
    now = f" (now on line {quote.moved.line})" if quote.moved else ""
    places = [visible(f"— {quote.place}{now}"), *(visible(f"also {place}") for place in quote.also)]
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
