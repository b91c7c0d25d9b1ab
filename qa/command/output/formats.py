"""An answer as Markdown, and rows of a table in the forms that they are printed in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from qa.answer import Answer, Quote
from qa.command.output.terminal import NEAREST, VERDICT
from qa.quotations.markdown import block, escaped_markdown, keeps_lines, plain

Row = Mapping[str, object]
# What a cell begins with that spreadsheets take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS = (
    *("id", "question", "verdict", "confidence", "document", "title", "heading", "locator", "paragraph", "line"),
    *("start", "end", "score", "text", "marked", "error"),
)


def as_markdown(answer: Answer, *, marks: bool, nearest: bool) -> str:
    """The answer as Markdown that shows each quotation letter for letter."""
    parts = [f"## {plain(answer.question)}\n"]
    parts += [f"{said}\n" for said in (VERDICT[answer.verdict], plain(answer.unchecked)) if said]
    parts += [f"{plain(f'{one.what}: {one.value} — {one.place.title}')}\n" for one in answer.about]
    answered = answer.status != "none"
    if not answered and nearest and answer.quotes:
        parts.append(f"{NEAREST}\n")
    for quote in answer.quotes if answered or nearest else ():
        where = f"{quote.place} ({quote.document.name}, {quote.start}–{quote.end})"
        marked = _marked(quote) if marks and answered and not keeps_lines(quote.text) else None
        parts.append(block(quote.text, where, marked))
    return "\n".join(parts)


def _marked(quote: Quote) -> str:
    """The text of a quote with its marks, escaped so that Markdown shows it as it is."""
    text, at, parts = quote.document.text, quote.start, []
    for span in quote.highlights:
        parts += [
            escaped_markdown(text[at : span.start]),
            f"<mark>{escaped_markdown(text[span.start : span.end])}</mark>",
        ]
        at = span.end
    return "".join([*parts, escaped_markdown(text[at : quote.end])])


def rows(answer: Answer, *, nearest: bool, known: object = None) -> Iterator[Row]:
    """A row for each quote of the answer to the question `known` by an id; one row without a quote if it has none."""
    confidence = None if answer.confidence is None else round(answer.confidence, 4)
    head = {"id": known, "question": answer.question, "verdict": answer.verdict, "confidence": confidence}
    quotes = answer.quotes if nearest or answer.status != "none" else ()
    for quote in quotes:
        values = {name: value for name, value in quote.json().items() if name in COLUMNS}
        yield {**head, **values, "marked": "\n".join(quote.marked)}
    if not quotes:
        yield head


def markdown_table(found: Iterable[Row], columns: Sequence[str]) -> str:
    """Rows as a table in Markdown, each cell on one line."""
    cells = ([plain(" ".join(str(row.get(name, "")).split())) for name in columns] for row in found)
    return "\n".join(f"| {' | '.join(line)} |" for line in (columns, ["---"] * len(columns), *cells))


def table(found: Iterable[Row], columns: Iterable[str], *, head: bool = True) -> str:
    """Rows as CSV (RFC 4180, lines end with a line feed), without the last line's end; of a row, `columns` alone.

    A text that a spreadsheet would calculate has an apostrophe before it, as OWASP advises (CSV injection): essays and
    questions may come from anybody. Numbers are left as they are.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), extrasaction="ignore", lineterminator="\n")
    if head:
        writer.writeheader()
    writer.writerows({name: _no_formula(value) for name, value in row.items()} for row in found)
    return out.getvalue().removesuffix("\n")


def _no_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
