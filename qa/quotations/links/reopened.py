"""What has become of a quotation that was linked or kept: unchanged, moved, altered or gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from index.protocol import Index
from qa.answer import Place
from qa.quotations.difference import LONGEST, Difference, differences
from qa.quotations.links.permalink import Essays, Opened, Permalink
from qa.quotations.nearest import ALTERED, beside, nearest
from qa.quotations.normal import Normal, is_word, normal
from qa.quotations.search import Library, Piece, Region, occurrences
from source.document import Document, Lines, Span
from source.errors import NoDocument, UnreadableFile
from source.library import source_file
from source.proof import is_readable
from source.reading import read_source

# Of a document's passages, those that share most words with the quotation are laid beside it.
_COMPARED = 4
# Of the places where the same words stand, so many are compared.
_MOST_PLACES = 1000


def as_indexed(index: Index) -> Essays:
    """The essays as the index has them."""

    def document(name: str) -> Document | None:
        try:
            return index.document(name)
        except NoDocument:
            return None

    return document


def as_today(index: Index) -> Essays:
    """The essays as their files are now; as the index has those whose library cannot be read."""
    indexed = as_indexed(index)

    @lru_cache(maxsize=64)
    def document(name: str) -> Document | None:
        known = indexed(name)
        if known is None:
            return None  # a name from outside leads to no file that is not an essay
        sources = index.sources(name)
        if sources.folder == Path() or not is_readable(sources.folder):
            return known
        file = source_file(sources.folder, name, sources.selection)
        if file.sha256() == known.file_sha256:
            return known
        try:
            return read_source(file, name)
        except (OSError, UnreadableFile):
            return None

    return document


def reopened(link: Permalink, essays: Essays, library: Library) -> Opened:
    """What has become of the quotation of a permalink, in its document or, where it is not there, in any other."""
    document = essays(link.document)
    if document is not None:
        if document.text[link.start : link.end] == link.exact:
            return _standing(document, Span(link.start, link.end), link)
        if (place := _found_again(document, link)) is not None:
            return _standing(document, place, link)
    elsewhere = _elsewhere(link, essays, library)
    if elsewhere is not None:
        return elsewhere
    quoted = normal(link.exact)
    if not len(quoted):
        return Opened("gone")
    found = _altered(document, quoted) if document is not None else nearest(library, quoted)
    if found is None or found[1] < ALTERED:
        return Opened("gone")
    piece, _ = found
    now = essays(piece.region.document.name)
    if now is None or now.text != piece.region.document.text:
        return Opened("gone")
    original = piece.region.form.cut(piece.first, piece.last)
    shown = differences(quoted, original)
    text = original.raw(0, len(original))
    if all(one.kind == "same" for one in shown):  # signs that the normal form does not tell apart
        shown = (Difference("changed", link.exact, text),)
    return Opened("altered", _place(now, piece.span), text, shown)


def _standing(document: Document, span: Span, link: Permalink) -> Opened:
    unmoved = (document.name, span.start) == (link.document, link.start)
    return Opened("unchanged" if unmoved else "moved", _place(document, span), link.exact)


def _found_again(document: Document, link: Permalink) -> Span | None:
    """Where a document says the words now: of several places that which is most like the old one, then nearest."""
    places = _places(document.text, link.exact)
    best = max(places, key=lambda at: (_likeness(document.text, at, link), -abs(at - link.start)), default=None)
    return None if best is None else Span(best, best + len(link.exact))


def _places(text: str, exact: str) -> Iterator[int]:
    """Where `text` says `exact`, not in the middle of words."""
    at = text.find(exact)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        end = at + len(exact)
        inside = text[at - 1 : at].isalnum() and exact[0].isalnum()
        if not inside and not (text[end : end + 1].isalnum() and exact[-1].isalnum()):
            yield at
        at = text.find(exact, at + 1)


def _likeness(text: str, at: int, link: Permalink) -> int:
    """How many characters before and behind a place are those that stood around the quotation."""
    end = at + len(link.exact)
    return _alike(reversed(text[max(at - len(link.prefix), 0) : at]), reversed(link.prefix)) + _alike(
        text[end : end + len(link.suffix)], link.suffix
    )


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """How many characters two texts have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _elsewhere(link: Permalink, essays: Essays, library: Library) -> Opened | None:
    """The words, letter for letter, in another document."""
    for one in occurrences(library, link.exact):
        name = one.region.document.name
        now = essays(name) if one.verbatim and name != link.document else None
        if now is not None and (place := _found_again(now, link)) is not None:
            return _standing(now, place, link)
    return None


def _altered(document: Document, quoted: Normal) -> tuple[Piece, float] | None:
    """The words of a document that come nearest to the quotation, and the share that is the same."""
    wanted = set(filter(is_word, quoted.tokens))
    forms = [normal(document.text, one.start, one.end) for one in document.passages]
    shared = [len(wanted & set(form.tokens)) for form in forms]
    best = sorted(range(len(forms)), key=lambda i: -shared[i])[:_COMPARED]
    found = []
    for i in best:
        pair = forms[i : i + 2]
        whole = Normal(
            document.text,
            tuple(token for form in pair for token in form.tokens),
            tuple(start for form in pair for start in form.starts),
            tuple(end for form in pair for end in form.ends),
        )
        firsts = [0, *(len(form) for form in pair[:1])][: len(pair)]
        compared = beside(quoted.cut(0, LONGEST), Region(document, document.passages[i : i + 2], whole, firsts))
        if compared is not None:
            found.append(compared)
    return max(found, key=lambda one: one[1], default=None)


def _place(document: Document, span: Span) -> Place:
    holders = (one for one in document.passages if one.start <= span.start < one.end)
    passage = next(holders, None)
    line = Lines(document.text).number(span.start)
    where = (passage.heading if passage else "", passage.number if passage else 0, line, span.start, span.end)
    return Place(document.name, document.title, *where, document.locator(span.start))
