"""A conversation as Markdown or JSON, every quotation checked against its source as it is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from qa.answer import Quote
from qa.conversation import Turn
from qa.page.desk import Reply
from qa.page.html.card import citation
from qa.page.html.cards import CLOSEST, answered, turn_status
from qa.page.html.rendering import taken
from qa.quotations.markdown import block, escaped_markdown, keeps_lines, plain
from source.document import Span
from source.proof import Sources

# Says why a quotation may not be written; "" if its source says the same, letter for letter.
Check = Callable[[Quote], str]


def against(sources: Callable[[str], Sources]) -> Check:
    """A check of quotations against the files of the essays, as they are now; `sources` are those of an essay."""

    def check(quote: Quote) -> str:
        document, start, end = quote.document, quote.start, quote.end
        if document.text[start:end] != quote.text:
            return "it is not what the index holds"
        of_it = sources(document.name)
        return of_it.standing(document.name, start, end, lambda: document.file_sha256, lambda: document).reason

    return check


def as_of_now(turns: Sequence[Reply], unchecked: str) -> list[Reply]:
    """The turns, of which each says whether its essays can be read now (`unchecked`), not when it was asked."""
    return [replace(turn, answer=replace(turn.answer, unchecked=unchecked)) for turn in turns]


def as_json(turns: Sequence[Turn], check: Check) -> str:
    """The conversation as JSON; a quotation that fails its check is left out, and said so."""
    return json.dumps({"turns": [_turn(turn, check) for turn in turns]}, ensure_ascii=False, indent=2) + "\n"


def _turn(turn: Turn, check: Check) -> dict[str, object]:
    answer = turn.answer.json()
    reasons = [check(quote) for quote in turn.answer.quotes]
    answer["quotes"] = [quote.json() for quote, reason in zip(turn.answer.quotes, reasons, strict=True) if not reason]
    answer["withheld"] = [
        *turn.answer.withheld,
        *(f"A quotation is withheld: {reason}" for reason in reasons if reason),
    ]
    said = {"said": turn_status(turn), "why": _why(turn), "answered": answered(turn)}
    return {"asked": turn.asked, "understood": turn.understood, "kind": turn.kind, **said, **answer}


def as_markdown(turns: Sequence[Turn], check: Check) -> str:
    """The conversation as Markdown that shows every quotation letter for letter.

    A quotation that fails its check is left out, and said so.
    """
    parts = ["# Questions and quotations\n"]
    for turn in turns:
        parts.append(f"## {plain(turn.asked)}\n")
        if turn.understood != turn.asked:
            parts.append(f"Understood as: {plain(turn.understood)}\n")
        parts.append(f"**{plain(turn_status(turn))}.**{f' {plain(_why(turn))}' if _why(turn) else ''}\n")
        if turn.answer.quotes and not answered(turn):
            parts.append(f"### {CLOSEST}\n")
        for quote in turn.answer.quotes:
            reason = check(quote)
            shown = quote if answered(turn) else replace(quote, highlights=())
            parts.append(f"A quotation is withheld: {plain(reason)}.\n" if reason else _quotation(shown))
        parts += [f"{plain(reason)}\n" for reason in (*turn.answer.withheld, turn.answer.unchecked) if reason]
    return "\n".join(parts)


def _why(turn: Turn) -> str:
    return turn.reason.why if isinstance(turn, Reply) and turn.reason else ""


def _quotation(quote: Quote) -> str:
    where = f"{citation(quote)} ({quote.document.name}, {quote.start}–{quote.end})"
    text = taken(quote.document, Span(quote.start, quote.end), source=True)
    return block(text, where, None if keeps_lines(text) else _marked(quote))


def _marked(quote: Quote) -> str:
    """The text of a quote with its marks, escaped so that Markdown shows it as it is."""
    parts, at = [], quote.start
    for span in sorted(quote.highlights, key=lambda s: s.start):
        before, inside = (taken(quote.document, one, source=True) for one in (Span(at, span.start), span))
        parts += [escaped_markdown(before), f"<mark>{escaped_markdown(inside)}</mark>"]
        at = span.end
    parts.append(escaped_markdown(taken(quote.document, Span(at, quote.end), source=True)))
    return "".join(parts)
