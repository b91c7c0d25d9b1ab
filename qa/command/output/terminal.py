"""The terminal: an answer as lines."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from qa.answer import Answer, Fact, Quote, Verdict
from source.document import Span

VERDICT: Mapping[Verdict, str] = {
    "answers": "",
    "may_answer": "These passages may answer.",
    "close": "Nothing answers outright; these passages come closest.",
    "none": "The essays do not say.",
    "withheld": "What would answer is withheld: its essay no longer says what was indexed.",
}
NEAREST = "What stands nearest:"
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


def visible_text(text: str) -> str:
    """`text`, lines and all, so that a terminal only shows it."""
    return text.translate(_CONTROLS_IN_TEXT)


def as_text(
    answer: Answer, width: int | None, *, colour: bool, marks: bool = True, nearest: bool = False, ranks: bool = False
) -> str:
    """The answer in lines of at most `width` characters where it can be broken.

    The marked sentences stand in colour, or between ▸ and ◂. Where `width` is None no line is broken or indented, and
    a quotation is all that it is, letter for letter. With the status "none" nothing is quoted, or what stands
    `nearest`. With `ranks`, what put each quote at its place.
    """
    parts = [VERDICT[answer.verdict]] if VERDICT[answer.verdict] else []
    parts += [answer.unchecked] if answer.unchecked else []
    parts += ["\n".join(_wrapped(_known(one), width, "") for one in answer.about)] if answer.about else []
    signs = (("\x1b[1;33m", "\x1b[0m") if colour else ("▸", "◂")) if marks else ("", "")
    if answer.status == "none" and nearest and answer.quotes:
        parts.append(NEAREST)
        signs = ("", "")  # nothing in them answers
    if answer.status != "none" or nearest:
        parts += [_quote(quote, width, signs, ranks=ranks) for quote in answer.quotes]
    return "\n\n".join(parts)


def _known(one: Fact) -> str:
    """What is known of an essay, which it is, and where that was read."""
    return visible(f"{one.what}: {one.value} — {one.place.title} ({one.place.document}), {one.read}")


def _quote(quote: Quote, width: int | None, signs: tuple[str, str], *, ranks: bool) -> str:
    """A quote, wrapped to a terminal of this width, and where it stands."""
    whole, at, text = quote.document.text, quote.start, ""
    for span in _joined(quote) if any(signs) else ():
        text += (
            f"{_safe(whole[at : span.start], width)}{signs[0]}{_safe(whole[span.start : span.end], width)}{signs[1]}"
        )
        at = span.end
    text += _safe(whole[at : quote.end], width)
    now = f" (now on line {quote.moved.line})" if quote.moved else ""
    notes = [visible(f"— {quote.place}{now}"), *(visible(f"also {place}") for place in quote.also)]
    if ranks:
        notes.append(", ".join([f"score {quote.score:.4f}", *(f"{name}: {rank or '—'}" for name, rank in quote.ranks)]))
    if width is None:
        return "\n".join([text, *notes])
    lines = [_wrapped(line, width, _MARGIN) for line in text.splitlines() if line.strip()]
    return "\n".join(lines + [_wrapped(note, width, _MARGIN * 2) for note in notes])


def _safe(text: str, width: int | None) -> str:
    """A part of a quotation as it may be shown: on a terminal it must not move the cursor."""
    return text if width is None else visible_text(text)


def _joined(quote: Quote) -> list[Span]:
    """The marked sentences, those that follow each other as one."""
    spans: list[Span] = []
    for span in quote.highlights:
        if spans and not quote.document.text[spans[-1].end : span.start].strip():
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    return spans


def _wrapped(line: str, width: int | None, margin: str) -> str:
    if width is None:
        return line
    return textwrap.fill(line, width, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)
