"""The essays as JSON's values: the list of them, one of them, a passage, and the link to a quotation."""

from __future__ import annotations

from index.protocol import Index
from qa.answer import Place
from qa.quotations.links.permalink import LONGEST_QUOTATION, permalink
from qa.typed import EssayJSON, EssaysJSON, PassageJSON, PieceJSON, PlaceJSON, SpanJSON, StandingJSON
from source.document import Document, Passage, Span
from source.errors import NoDocument

# So many essays are listed at a time.
MOST_LISTED = 1000


def essays(index: Index, start: int = 0, most: int = MOST_LISTED) -> EssaysJSON:
    """`most` essays of the index, from number `start` (0-based) on, in the order of the library."""
    return {
        "index": index.name,
        "count": len(index.entries),
        "start": start,
        "essays": [
            {
                "document": one.name,
                "title": one.title,
                "author": one.author,
                "date": one.date,
                "language": one.language,
                "paragraphs": one.passages,
                "sha256": one.sha256,
            }
            for one in index.entries[start : start + most]
        ],
    }


def essay(index: Index, name: str) -> EssayJSON:
    """A whole essay: its text, where what stands in it, and whether its file still says so. Raises NoDocument."""
    document = index.document(name)
    return {
        "document": document.name,
        "title": document.title,
        "author": document.author,
        "date": document.date,
        "language": document.language,
        "sha256": document.sha256,
        "text": document.text,
        "headings": [{"level": one.level, "title": one.title, **_span(one)} for one in document.headings],
        "passages": [
            {
                "paragraph": one.number,
                "heading": one.heading,
                "line": one.line,
                "sentences": [_span(sentence) for sentence in one.sentences],
                **_span(one),
            }
            for one in document.passages
        ],
        "furniture": [{"reason": str(one.reason), **_span(one)} for one in document.furniture],
        **_standing(index, name, 0, len(document.text)),
    }


def passage(index: Index, name: str, number: int) -> PassageJSON:
    """Passage ¶ `number` (1-based) of an essay, and whether its file still says so.

    Raises NoDocument if there is none.
    """
    document = index.document(name)
    if not 1 <= number <= len(document.passages):
        raise NoDocument(f"{name} ¶ {number}", lambda: [f"{name} ¶ {len(document.passages)}"])
    one = document.passages[number - 1]
    place = _place(document, one)
    return {
        **place.json(),
        "text": document.text[one.start : one.end],
        "sentences": [_span(sentence) for sentence in one.sentences],
        "link": link(document, one.start, one.end),
        **_standing(index, name, one.start, one.end),
    }


def piece(index: Index, name: str, start: int, length: int) -> PieceJSON:
    """`length` characters of an essay from `start` on, and whether its file still says so. Raises NoDocument."""
    document = index.document(name)
    text = document.text[start : start + length]
    return {
        "document": name,
        "title": document.title,
        "author": document.author,
        "date": document.date,
        "start": start,
        "end": start + len(text),
        "length": len(document.text),
        "text": text,
        **_standing(index, name, start, start + len(text)),
    }


def doubt(index: Index, name: str) -> str:
    """A sentence on why a whole essay may no longer say what the index says; "" if it does. Raises NoDocument."""
    said = _standing(index, name, 0, len(index.document(name).text))
    return said["unchecked"] or (f"{said['stale']}; this is what it said then." if said["stale"] else "")


def linked(index: Index, place: PlaceJSON) -> str:
    """The permalink of what stands at a place, "" where it can have none."""
    try:
        return link(index.document(place["document"]), place["start"], place["end"])
    except NoDocument:
        return ""


def link(document: Document, start: int, end: int) -> str:
    """The permalink of `text[start:end]`, "" where that is too long or nothing."""
    return permalink(document, start, end).address if 0 < end - start <= LONGEST_QUOTATION else ""


def _place(document: Document, one: Passage) -> Place:
    where = (one.heading, one.number, one.line, one.start, one.end, document.locator(one.start))
    return Place(document.name, document.title, *where)


def _standing(index: Index, name: str, start: int, end: int) -> StandingJSON:
    return {"stale": index.standing(name, start, end).reason, "unchecked": index.unchecked}


def _span(span: Span) -> SpanJSON:
    return {"start": span.start, "end": span.end}
