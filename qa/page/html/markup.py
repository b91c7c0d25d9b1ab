"""Text → HTML: escaping, marking, addresses.

Everything that comes from an essay or a reader is escaped here, and only here, so that an essay
that holds markup is shown as the text it is. What stands between the tags of a quotation is the
quotation, letter for letter.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote as quoted

from qa.answer import Place
from source.document import Span

# Characters that turn the direction of what follows them; each is shown by its number and kept to itself.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    """`text` as HTML that shows exactly it; also for attributes."""
    return html.escape(text, quote=True).replace("\r", "&#13;")


def shown(text: str) -> str:
    """`text` as HTML between tags; characters that turn the direction of writing cannot reach beyond themselves."""
    return _DIRECTIONS.sub(
        lambda found: f'<span class="control" data-code="U+{ord(found[0]):04X}">{found[0]}</span>', escaped(text)
    )


def counted(count: int, noun: str) -> str:
    """`1 passage`, `2 passages`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def marked(text: str, place: Span, marks: Iterable[Span], words: Iterable[Span] = (), first: int = 0) -> str:
    """`text[place.start:place.end]` as HTML with the sentences `marks` in <mark> and `words` underlined.

    Spans are offsets in `text`; what lies outside `place` is left out. With `first`, the marks get
    the ids m`first`, m`first + 1` and so on.
    """
    parts, words = [], _inside(words, place)
    for at, (piece, is_mark) in enumerate(_pieces(place, joined(text, _inside(marks, place)))):
        inner = "".join(
            f'<span class="paired">{shown(text[part.start : part.end])}</span>'
            if is_word
            else shown(text[part.start : part.end])
            for part, is_word in _pieces(piece, _inside(words, piece))
        )
        name = f' id="m{first + at // 2}"' if first else ""
        parts.append(f"<mark{name}>{inner}</mark>" if is_mark else inner)
    return "".join(parts)


def _inside(spans: Iterable[Span], place: Span) -> list[Span]:
    """The parts of `spans` that lie in `place`, in order, those that touch or overlap as one."""
    clipped = sorted((max(s.start, place.start), min(s.end, place.end)) for s in spans)
    whole: list[Span] = []
    for start, end in clipped:
        if start >= end:
            continue
        if whole and start <= whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(end, whole[-1].end))
        else:
            whole.append(Span(start, end))
    return whole


def joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """`spans` (in order, apart) with those as one between which only white space stands: they are seen as one mark."""
    whole: list[Span] = []
    for span in spans:
        if whole and not text[whole[-1].end : span.start].strip():
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return whole


def _pieces(place: Span, chosen: Sequence[Span]) -> list[tuple[Span, bool]]:
    """`place` cut at `chosen`: pieces that are not chosen at even places (perhaps empty), chosen ones at odd."""
    pieces, at = [], place.start
    for span in chosen:
        pieces += [(Span(at, span.start), False), (span, True)]
        at = span.end
    return [*pieces, (Span(at, place.end), False)]


def address(place: Place, spans: Iterable[Span], desk: str = "") -> str:
    """The address of a passage in its whole essay, with the sentences `spans` marked.

    `desk` names a reader's own essays.
    """
    marks = ",".join(f"{span.start}-{span.end}" for span in spans)
    own = f"&in={quoted(desk, safe='')}" if desk else ""
    at = f"#p{place.paragraph}" if place.paragraph else ""
    return f"/essay/{quoted(place.document, safe='/')}?s={marks}{own}{at}"
