"""A whole essay as HTML, with passages numbered and the sentences that answer marked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.markup.escaping import Markup, shown
from qa.page.html.marking import counted, joined, marked
from qa.page.html.rendering import layers_of, rendering_of
from qa.quotations.markdown import keeps_lines
from source.document import Document, Furniture, Heading, Passage, Reason, Span

STATIC = Path(__file__).parents[1] / "static"
# An address may mark so many sentences; what is beyond is not looked at.
_MOST_MARKS = 200
_SPAN = re.compile(r"(\d{1,12})-(\d{1,12})")
# Languages that are written from the right to the left.
_FROM_THE_RIGHT = frozenset("ar arc ckb dv fa he ks ku ps sd ug ur yi".split())
# Headings below this level look alike.
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Marks:
    """The sentences an address asks to mark; `stale` if some are no sentences of the essay (any more)."""

    spans: tuple[Span, ...]
    stale: bool


def marks_of(document: Document, wanted: str) -> Marks:
    """The sentences of `document` that `wanted` ("START-END,START-END") names.

    Only whole sentences are marked: an address that was made before the essay changed would
    otherwise mark what nobody meant.
    """
    asked = [Span(int(a), int(b)) for a, b in _SPAN.findall(wanted)[:_MOST_MARKS]]
    starts = [s.start for passage in document.passages for s in passage.sentences]
    ends = [s.end for passage in document.passages for s in passage.sentences]
    good = tuple(s for s in asked if s.start < s.end and _holds(starts, s.start) and _holds(ends, s.end))
    return Marks(tuple(sorted(good, key=lambda s: s.start)), stale=len(good) < len(asked) or bool(wanted and not asked))


def _holds(ordered: Sequence[int], value: int) -> bool:
    at = bisect_left(ordered, value)
    return at < len(ordered) and ordered[at] == value


def essay(document: Document, marks: Marks, own: str, doubt: str = "") -> Markup:
    """`document` whole: its headings, numbered passages and, muted, its furniture.

    `own` is its address, `doubt` a sentence on why its file may say something else now.
    """
    count = end = 0
    parts: list[Markup] = []
    head = _head(document) + _note(marks, doubt)
    headed = False
    for block in sorted((*document.headings, *document.passages, *document.furniture), key=lambda b: (b.start, b.end)):
        if isinstance(block, Passage):
            inside = [s for s in marks.spans if s.start < block.end and s.end > block.start]
            parts.append(_passage(document, block, inside, count + 1, own))
            count += len(joined(document.text, inside))
            end = block.end
        elif isinstance(block, Heading):
            parts.append(_heading(block))
            if block.level == 0 and not count and not headed:
                parts.append(head)
                headed = True
        elif block.start >= end:  # what stands inside a passage was shown with it
            parts.append(_furniture(document, block))
    titled = "" if headed else Markup("<h1>{}</h1>{}").format(shown(document.title), head)
    return Markup(
        '<article class="essay" data-document="{}" lang="{}" dir="{}" aria-label="{}">{}{}{}</article>'
    ).format(
        document.name,
        document.language,
        "rtl" if document.language in _FROM_THE_RIGHT else "ltr",
        document.title,
        titled,
        _marks(count),
        Markup("").join(parts),
    )


def _heading(heading: Heading) -> Markup:
    level = min(heading.level, _DEEPEST) + 1
    return Markup('<h{level} dir="auto">{}</h{level}>').format(shown(heading.title), level=level)


def _furniture(document: Document, span: Span) -> Markup:
    front = isinstance(span, Furniture) and span.reason is Reason.FRONT_MATTER
    return Markup('<p class="furniture{}" dir="auto">{}</p>').format(
        " front" if front else "", shown(document.text[span.start : span.end])
    )


def _passage(document: Document, passage: Passage, marks: Sequence[Span], first: int, own: str) -> Markup:
    rendered = rendering_of(document, passage)
    lines = "lines" if keeps_lines(document.text[passage.start : passage.end]) else "prose"
    layers = layers_of(document, passage, rendered)
    return Markup(
        '<div class="passage{}" id="p{number}">'
        '<a class="number" href="{}#p{number}" aria-label="Paragraph {number}">{number}</a>'
        '<div class="words {}" dir="auto" data-start="{}">{}</div></div>'
    ).format(
        " answers" if marks else "",
        own,
        "rows" if rendered.rows else lines,
        passage.start,
        marked(document.text, passage, marks, first=first, layers=layers, cells=rendered.rows),
        number=passage.number,
    )


def _head(document: Document) -> Markup:
    by = [shown(part) for part in (document.author, document.date) if part]
    about = [*by, counted(len(document.passages), "paragraph"), shown(document.name)]
    return Markup('<p class="byline">{}</p>').format(Markup(" · ").join(about))


def _note(marks: Marks, doubt: str) -> Markup:
    said = [doubt] if doubt else []
    if marks.stale:
        said.append("The essay has changed since it was quoted here, so that not every mark can be shown.")
    return Markup("").join(Markup('<p class="notice">{}</p>').format(shown(one)) for one in said)


def _marks(count: int) -> Markup:
    links = Markup("").join(Markup('<a href="#m{i}">{i}</a>').format(i=i) for i in range(1, count + 1))
    return Markup('<nav class="marks" aria-label="Marks">Marked: {}</nav>').format(links) if links else links


def essay_page(document: Document, marks: Marks, own: str, doubt: str = "") -> Markup:
    """The stand-alone page of an essay: works without JavaScript, in a tab of its own, on paper."""
    return template("essay.html").format(title=document.title, essay=essay(document, marks, own, doubt))


def missing_page(title: str, message: str) -> Markup:
    """The page that stands where there is no essay."""
    said = Markup(
        '<section class="essay missing"><h1>{}</h1><p>{}</p>'
        '<p><a href="/">To the essays and the questions</a></p></section>'
    )
    return template("essay.html").format(title=title, essay=said.format(title, message))


def template(name: str) -> Markup:
    """What stands in the file `name`, with places to fill."""
    return Markup((STATIC / name).read_text(encoding="utf-8"))  # noqa: S704 (a file of ours)
