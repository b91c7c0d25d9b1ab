"""A whole essay as HTML, with passages numbered and the sentences that answer marked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from index.protocol import Entry
from qa.answer import Place
from qa.page.html.marking import address, counted, escaped, joined, marked, shown
from qa.page.html.reading import layers_of, reading_of
from qa.quotations.markdown import keeps_lines
from source.document import Document, Furniture, Heading, Passage, Reason, Span

STATIC = Path(__file__).parents[1] / "static"
# An address may mark so many sentences; what is beyond is not looked at.
_MOST_MARKS = 200
_SPAN = re.compile(r"(\d{1,12})-(\d{1,12})")
# Without JavaScript so many essays are listed.
_MOST_LISTED = 500
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


def essay(document: Document, marks: Marks, own: str, doubt: str = "") -> str:
    """`document` whole: its headings, numbered passages and, muted, its furniture.

    `own` is its address, `doubt` a sentence on why its file may say something else now.
    """
    count = end = 0
    parts: list[str] = []
    head = _head(document) + _note(marks, doubt)
    headed = False
    for block in sorted((*document.headings, *document.passages, *document.furniture), key=lambda b: (b.start, b.end)):
        if isinstance(block, Passage):
            inside = [s for s in marks.spans if s.start < block.end and s.end > block.start]
            parts.append(_passage(document, block, inside, count + 1, own))
            count += len(joined(document.text, inside))
            end = block.end
        elif isinstance(block, Heading):
            level = min(block.level, _DEEPEST) + 1
            parts.append(f'<h{level} dir="auto">{shown(block.title)}</h{level}>')
            if block.level == 0 and not count and not headed:
                parts.append(head)
                headed = True
        elif block.start >= end:  # what stands inside a passage was shown with it
            front = isinstance(block, Furniture) and block.reason is Reason.FRONT_MATTER
            kind = "furniture front" if front else "furniture"
            parts.append(f'<p class="{kind}" dir="auto">{shown(document.text[block.start : block.end])}</p>')
    return (
        f'<article class="essay" data-document="{escaped(document.name)}" lang="{escaped(document.language)}" '
        f'dir="{"rtl" if document.language in _FROM_THE_RIGHT else "ltr"}" '
        f'aria-label="{escaped(document.title)}">'
        f"{'' if headed else f'<h1>{shown(document.title)}</h1>{head}'}{_marks(count)}{''.join(parts)}</article>"
    )


def _passage(document: Document, passage: Passage, marks: Sequence[Span], first: int, own: str) -> str:
    text = document.text[passage.start : passage.end]
    read = reading_of(document, passage)
    layers = layers_of(document, passage, read)
    kind = "rows" if read.rows else "lines" if keeps_lines(text) else "prose"
    number = passage.number
    return (
        f'<div class="passage{" answers" if marks else ""}" id="p{number}">'
        f'<a class="number" href="{escaped(own)}#p{number}" aria-label="Paragraph {number}">{number}</a>'
        f'<div class="words {kind}" dir="auto" data-start="{passage.start}">'
        f"{marked(document.text, passage, marks, first=first, layers=layers, cells=read.rows)}</div></div>"
    )


def _head(document: Document) -> str:
    by = " · ".join(shown(part) for part in (document.author, document.date) if part)
    about = f"{by} · " if by else ""
    return f'<p class="byline">{about}{counted(len(document.passages), "paragraph")} · {shown(document.name)}</p>'


def _note(marks: Marks, doubt: str) -> str:
    said = [doubt] if doubt else []
    if marks.stale:
        said.append("The essay has changed since it was quoted here, so that not every mark can be shown.")
    return "".join(f'<p class="notice">{shown(one)}</p>' for one in said)


def _marks(count: int) -> str:
    if not count:
        return ""
    links = "".join(f'<a href="#m{i}">{i}</a>' for i in range(1, count + 1))
    return f'<nav class="marks" aria-label="Marks">Marked: {links}</nav>'


def essay_page(document: Document, marks: Marks, own: str, doubt: str = "") -> str:
    """The stand-alone page of an essay: works without JavaScript, in a tab of its own, on paper."""
    return template("essay.html").substitute(title=escaped(document.title), essay=essay(document, marks, own, doubt))


def missing_page(title: str, message: str) -> str:
    """The page that stands where there is no essay."""
    said = f'<h1>{escaped(title)}</h1><p>{escaped(message)}</p><p><a href="/">To the essays and the questions</a></p>'
    return template("essay.html").substitute(
        title=escaped(title), essay=f'<section class="essay missing">{said}</section>'
    )


def plain_page(entries: Sequence[Entry]) -> str:
    """What stands in the page for who has no JavaScript: what is needed, and the essays to be read without it."""
    items = "".join(
        f'<li><a href="{escaped(address(Place(one.name, "", "", 0, 1, 0, 0), []))}" dir="auto">'
        f"{shown(one.title or one.name)}</a></li>"
        for one in entries[:_MOST_LISTED]
    )
    more = len(entries) - _MOST_LISTED
    rest = f"<p>and {counted(more, 'essay')} more</p>" if more > 0 else ""
    return (
        '<noscript><div class="plain"><h1>Quoth</h1><p>To ask, this page needs JavaScript, which is switched off in '
        f"this browser. The essays can be read without it:</p><ul>{items}</ul>{rest}</div></noscript>"
    )


def template(name: str) -> Template:
    """The markup in the file `name`, with places to fill."""
    return Template((STATIC / name).read_text(encoding="utf-8"))
