"""Answers and reports as HTML for notebooks: text that is escaped, without style, script or address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qa.markup.escaping import Markup, undirected
from source.document import Span


def quotation(text: str, place: Span, marks: Iterable[Span], where: str) -> Markup:
    """`text[place.start:place.end]` with the sentences `marks` in <mark>, and where it stands."""
    parts: list[str] = []
    at = place.start
    for mark in marks:
        marked = Markup("<mark>{}</mark>").format(_shown(text[mark.start : mark.end]))
        parts += [_shown(text[at : mark.start]), marked]
        at = mark.end
    parts.append(_shown(text[at : place.end]))
    return Markup(
        '<blockquote><p dir="auto" style="white-space: pre-line">{}</p><footer>— <cite>{}</cite></footer></blockquote>'
    ).format(Markup("").join(parts), _shown(where))


def answer(question: str, verdict: str, said: Iterable[str], quotes: Iterable[Markup]) -> Markup:
    """A question, its verdict, what else is to be said, and `quotes`."""
    return Markup("<div><p><b>{}</b> {}</p>{}{}</div>").format(
        _shown(question), verdict.replace("_", " "), _notes(said), Markup("").join(quotes)
    )


def report(counted: str, said: Iterable[str], rows: Iterable[Sequence[str]]) -> Markup:
    """What was counted, what else is to be said, and a table of the quotations."""
    cells = (Markup("").join(Markup('<td dir="auto">{}</td>').format(_shown(cell)) for cell in row) for row in rows)
    table = Markup("").join(Markup("<tr>{}</tr>").format(row) for row in cells)
    return Markup("<div>{}<table>{}</table></div>").format(_notes((counted, *said)), table)


def _notes(said: Iterable[str]) -> Markup:
    return Markup("").join(Markup("<p>{}</p>").format(_shown(one)) for one in said)


def _shown(text: str) -> str:
    """`text` as it is to be shown: its lines are, whatever ends them."""
    return undirected(text).replace("\r\n", "\n").replace("\r", "\n")
