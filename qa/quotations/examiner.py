"""A quotation → what is to be said of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.words import lexical
from qa.answer import Place
from qa.quotations.difference import LONGEST, differences
from qa.quotations.drafts.citation import Target, Titles
from qa.quotations.drafts.draft import Quotation
from qa.quotations.nearest import ALTERED, nearest
from qa.quotations.normal import Normal, normal, parts
from qa.quotations.report import Finding, Verdict
from qa.quotations.search import Library, Occurrence, Piece, forms, occurrences
from qa.quotations.stitched import put_together
from source.document import Document, Span
from source.errors import NoDocument

# Of the places where a quotation stands, so many are named.
_MOST_PLACES = 5
# A heading is no longer than so many characters; it is looked for above so many passages that share its words.
_LONGEST_HEADING, _HEADED = 120, 5


class Examiner:
    """Tells quotations against one library; `documents` are those that a quotation must be from, if it is said.

    Raises NoDocument if the library holds one of them not.
    """

    def __init__(self, library: Library, documents: Collection[str] | None = None) -> None:
        self._library = library
        entries = library.index.entries
        self._titles = Titles(entries)
        names = [entry.name for entry in entries]
        for name in sorted(set(documents or ()).difference(names)):
            raise NoDocument(name, lambda: names)  # may be told when the index is closed again
        self._expected = frozenset(documents or ())

    def finding(self, quotation: Quotation) -> Finding:
        """What is to be said of a quotation, with the place that it stands at, or comes nearest to."""
        cited = self._titles.cited(quotation.citation) if quotation.citation else Target()
        named = cited.documents or self._expected
        cited = Target(named, cited.paragraphs, cited.lines, cited.pages, cited.chapter)
        found = occurrences(self._library, quotation.text, named) if named else []
        if not any(self._fits(one, cited) for one in found):
            known = {_where(one) for one in found}
            most = None if cited.only_places else _MOST_PLACES
            found += [one for one in occurrences(self._library, quotation.text, most=most) if _where(one) not in known]
        if found:
            return self._standing(quotation, cited, found)
        if (title := self._titles_heading(quotation)) is not None:
            return title
        return self._departing(quotation, named)

    def is_title(self, quotation: Quotation) -> bool:
        """Whether a quotation is the title of an essay rather than its words."""
        return not quotation.block and self._titles.is_title(quotation.text)

    def _fits(self, found: Occurrence, cited: Target) -> bool:
        place = self._place(found.region.document, found.pieces[0], found.span)
        return cited.fits(place, self._line(place.document, found.span.end - 1))

    def _standing(self, quotation: Quotation, cited: Target, found: Sequence[Occurrence]) -> Finding:
        """What stands in the library: as it is quoted or but for its form, where the draft says or elsewhere."""
        fitting = [one for one in found if self._fits(one, cited)]
        best = sorted(fitting or found, key=lambda one: not one.verbatim)
        verdict: Verdict = "verbatim" if best[0].verbatim else "formal"
        if not fitting:
            verdict = "misplaced"
        kept = [one for one in best if one.verbatim == best[0].verbatim][:_MOST_PLACES]
        places = [self._place(one.region.document, one.pieces[0], one.span) for one in kept]
        return Finding(quotation, verdict, tuple(places), self._texts(places))

    def _titles_heading(self, quotation: Quotation) -> Finding | None:
        """A heading that is quoted: it is the essay's own, although no passage."""
        words = parts(normal(quotation.text))
        if len(words) != 1 or len(quotation.text) > _LONGEST_HEADING:
            return None
        hits = self._library.index.matching(lexical.content_words(quotation.text), _HEADED)
        for stored in self._library.index.passages([hit.passage for hit in hits]):
            document = self._library.index.document(stored.document)
            for heading in document.headings:
                inside = parts(normal(heading.title))
                if len(inside) == 1 and inside[0].tokens == words[0].tokens:
                    passage = next((one for one in document.passages if one.start >= heading.end), stored.passage)
                    line = self._line(document.name, heading.start)
                    where = (passage.heading, passage.number, line, heading.start, heading.end)
                    place = Place(document.name, document.title, *where, document.locator(heading.start))
                    verdict: Verdict = "verbatim" if heading.title == quotation.text.strip() else "formal"
                    return Finding(quotation, verdict, (place,), (document.text[heading.start : heading.end],))
        return None

    def _departing(self, quotation: Quotation, named: Collection[str]) -> Finding:
        """What stands nowhere as it is quoted."""
        whole = forms(quotation.text)[-1]
        pieces = put_together(self._library, whole)
        if pieces:
            places = [self._place(one.region.document, one, one.span) for one in pieces]
            return Finding(quotation, "stitched", tuple(places), self._texts(places))
        quoted = _core(whole)
        found = nearest(self._library, quoted, named or None)
        if (found is None or found[1] < ALTERED) and named:
            found = nearest(self._library, quoted)
        if found is None or found[1] < ALTERED:
            return Finding(quotation, "absent")
        piece, _ = found
        place = self._place(piece.region.document, piece, piece.span)
        original = piece.region.form.cut(piece.first, piece.last)
        shown = differences(quoted, original) if len(quoted) <= LONGEST else ()
        return Finding(quotation, "altered", (place,), self._texts([place]), shown)

    def _place(self, document: Document, piece: Piece, span: Span) -> Place:
        passage = piece.passage
        line = self._line(document.name, span.start)
        where = (passage.heading, passage.number, line, span.start, span.end)
        return Place(document.name, document.title, *where, document.locator(span.start))

    def _line(self, name: str, offset: int) -> int:
        return self._library.lines(name).number(offset)

    def _texts(self, places: Sequence[Place]) -> tuple[str, ...]:
        return tuple(self._library.index.document(place.document).text[place.start : place.end] for place in places)


def _where(found: Occurrence) -> tuple[str, Span]:
    return found.region.document.name, found.span


def _core(whole: Normal) -> Normal:
    """A quotation without the marks and stops at its edges."""
    found = parts(whole)
    first = whole.starts.index(found[0].starts[0])
    return whole.cut(first, whole.ends.index(found[-1].ends[-1]) + 1)
