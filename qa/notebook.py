"""Answers and reports as HTML for notebooks: text that is escaped, without style, script or address."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from source.document import Span

# Characters that turn the direction of what follows them.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def quotation(text: str, place: Span, marks: Iterable[Span], where: str) -> str:
    """`text[place.start:place.end]` with the sentences `marks` in <mark>, and where it stands."""
    parts, at = [], place.start
    for mark in marks:
        parts += [_shown(text[at : mark.start]), f"<mark>{_shown(text[mark.start : mark.end])}</mark>"]
        at = mark.end
    parts.append(_shown(text[at : place.end]))
    quoted = f'<p dir="auto" style="white-space: pre-line">{"".join(parts)}</p>'
    return f"<blockquote>{quoted}<footer>— <cite>{_shown(where)}</cite></footer></blockquote>"


def answer(question: str, verdict: str, said: Iterable[str], quotes: Iterable[str]) -> str:
    """A question, its verdict, what else is to be said, and `quotes`, which are HTML."""
    notes = "".join(f"<p>{_shown(one)}</p>" for one in said)
    return f"<div><p><b>{_shown(question)}</b> {verdict.replace('_', ' ')}</p>{notes}{''.join(quotes)}</div>"


def report(counted: str, said: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """What was counted, what else is to be said, and a table of the quotations."""
    notes = "".join(f"<p>{_shown(one)}</p>" for one in (counted, *said))
    cells = ("".join(f'<td dir="auto">{_shown(cell)}</td>' for cell in row) for row in rows)
    return f"<div>{notes}<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table></div>"


def _shown(text: str) -> str:
    return html.escape(_DIRECTIONS.sub("\ufffd", text))
