"""A question → the passages that answer, ranked → an Answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache

import numpy as np

from index.encoding.encoder import Encoder, Vectors
from index.protocol import Index, Stored
from index.words import lexical
from qa.about.answering import Meant, meant_by
from qa.answer import STATUS, Answer, Place, Quote, Receipt, Verdict, withheld_because
from qa.asked import LIST_FROM, Mode, checked, is_list
from qa.ranking.look import Candidate, Look, quotable, worthy
from qa.ranking.marks import Marker, features, holding, reading_features, with_introduced
from qa.ranking.pairs import pairs
from qa.ranking.ranker import CANDIDATES, Ranker
from qa.ranking.reader import Reader
from qa.ranking.scoring import DEFAULT, Settings, same
from qa.ranking.sharing import asked_terms, held_terms, is_bare_name
from source.document import Span
from source.errors import OtherModel
from source.proof import Moved, Standing

Slice = tuple[str, int, int]  # a document's name, start and end


class Retriever:
    """Answers questions from an index; without a `reader` nothing is said to answer. Safe to use from many threads."""

    def __init__(
        self, index: Index, encoder: Encoder, settings: Settings = DEFAULT, reader: Reader | None = None
    ) -> None:
        if encoder.fingerprint != index.model_sha256:
            raise OtherModel(
                f"The index was built with other weights of the model {index.model}; rebuild it: {index.about.rebuild}"
            )
        self.index = index
        self._settings = settings
        self._ranker = Ranker(index, encoder, settings, reader)
        weights = (encoder.fingerprint, reader.fingerprint if reader else None)
        self._read_marks, self._unread_marks = Marker.fitted(*weights), Marker.fitted(encoder.fingerprint, None)

    def answer(
        self, question: str, k: int = 5, documents: Collection[str] | None = None, mode: Mode | None = None
    ) -> Answer:
        """The answer to `question` with up to `k` quotes, from `documents` only if any are named.

        Without a `mode`, whoever asks for more than ten wants a list.
        """
        question = checked(question, k, mode, documents)
        listed = is_list(k, mode)
        meant = meant_by(question, self.index, documents)
        if meant and (known := meant.answer(question, k, self.index)) is not None:
            return known
        k = min(k, max(self.index.statistics.passages, LIST_FROM))  # more there is not, however large a number is
        asked = self._ranker.asked(question)
        candidates = self._ranker.candidates(asked, max(k, CANDIDATES), documents)
        look = self._ranker.look(asked, candidates, k, listed=listed)
        verdict = _verdict(look, meant)
        unchecked = self.index.unchecked
        standing = cache(lambda where: self.index.standing(*where))
        groups, withheld = self._groups(look.ranked if listed else quotable(look, verdict), k, standing)
        if look.ranked and standing(_at(look.ranked[0])).reason:
            # The judgement was on what cannot be quoted: what still stands is judged as if there were no more.
            still = [one for one in candidates if not standing(_at(one)).reason]
            look = self._ranker.look(asked, still, k, listed=listed)
            verdict = "none" if verdict == "none" else _after_withholding(_verdict(look, meant))
            groups, _ = self._groups(look.ranked if listed else quotable(look, verdict), k, standing)
        quotes = tuple(self._quote(look, group, standing(_at(group[0])).moved) for group in groups)
        documents_quoted = sorted({(quote.document.name, quote.document.sha256) for quote in quotes})
        receipt = Receipt(self.index.name, self.index.model, self.index.model_sha256, tuple(documents_quoted))
        reasons = tuple(dict.fromkeys(withheld))
        return Answer(question, verdict, look.judgement.answers, quotes, receipt, reasons, len(withheld), unchecked)

    @property
    def is_calibrated(self) -> bool:
        """Whether its probabilities were fitted with this encoder and this reader."""
        return self._ranker.is_calibrated

    def marked(self, question: str) -> list[Span]:
        """The sentences of all passages that answer, in order, whatever says the same; [] if none does.

        The index is small, that of one text: every passage of it is looked at. Raises BadQuestion if
        the question is empty.
        """
        asked = self._ranker.asked(checked(question, 1))
        candidates = self._ranker.candidates(asked, max(self.index.statistics.passages, 1), None)
        look = self._ranker.look(asked, candidates, LIST_FROM - 1, listed=False)
        if STATUS[_verdict(look)] != "found":
            return []
        answering = look.ranked if look.phrases else worthy(look)
        return sorted((span for one in answering for span in self._marks(look, one)), key=lambda span: span.start)

    def pieces(self, word: str) -> int:
        """How many tokens the model makes of `word`: of one that it knows, one."""
        return int(np.count_nonzero(self._ranker.asked(word).read.word >= 0))

    def look(
        self, question: str, k: int = 5, documents: Collection[str] | None = None, mode: Mode | None = None
    ) -> Look:
        """What there is to answer `question` with, before anything is quoted."""
        asked = self._ranker.asked(question)
        return self._ranker.look(
            asked, self._ranker.candidates(asked, max(k, CANDIDATES), documents), k, listed=is_list(k, mode)
        )

    def _groups(
        self, ranked: Sequence[Candidate], k: int, standing: Callable[[Slice], Standing]
    ) -> tuple[list[list[Candidate]], list[str]]:
        """Up to `k` groups of passages that say the same, the best first, and why each of the others is withheld."""
        withheld: list[str] = []
        groups: list[list[int]] = []
        vectors = self.index.vectors([candidate.number for candidate in ranked])
        cosines = (vectors @ vectors.T).tolist()
        for i, candidate in enumerate(ranked):
            alike = (
                group for group in groups if same(ranked[group[0]].passage, candidate.passage, cosines[group[0]][i])
            )
            group = next(alike, None)
            if group is None and len(groups) == k:
                continue
            if reason := standing(_at(candidate)).reason:
                if len(groups) < k:
                    withheld.append(withheld_because(reason))
            elif group is not None:
                group.append(i)
            else:
                groups.append([i])
        return [[ranked[i] for i in group] for group in groups], withheld

    def _quote(self, look: Look, group: Sequence[Candidate], moved: Moved | None) -> Quote:
        """The first of `group` as a quote, which may have `moved`, the others as places that say the same."""
        first = group[0]
        stored = first.passage.stored
        document = self.index.document(stored.document)
        place = self._place(stored)
        return Quote(
            document=document,
            text=document.text[place.start : place.end],
            title=place.title,
            heading=place.heading,
            paragraph=place.paragraph,
            line=place.line,
            start=place.start,
            end=place.end,
            score=first.score,
            highlights=self._marks(look, first),
            also=tuple(self._place(other.passage.stored) for other in group[1:]),
            why=pairs(look.question, look.weights, first.passage),
            ranks=first.ranks,
            moved=moved,
        )

    def _marks(self, look: Look, candidate: Candidate) -> tuple[Span, ...]:
        """The sentences of a candidate that answer, never none."""
        stored = candidate.passage.stored
        marked = holding(stored, look.phrases)
        if not marked:
            behind = max(one.score for one in look.ranked) - candidate.score
            sentences = candidate.passage.sentences
            rows = features(look.question, look.weights, candidate.match, stored.text, sentences, behind)
            marked = with_introduced(self._likeliest(candidate, rows), stored)
        places = stored.passage.sentences
        return tuple(Span(places[i].start, places[i].end) for i in marked)

    def _likeliest(self, candidate: Candidate, rows: Vectors) -> list[int]:
        """The numbers of the sentences to mark, from their features."""
        if not self._settings.marking:
            return [int(np.argmax(rows[:, 0]))]
        asking = [one.asks for one in candidate.passage.stored.passage.sentences]
        if candidate.reading is None:
            return self._unread_marks.chosen(rows, asking)
        read = reading_features(candidate.reading, candidate.passage.sentences)
        return self._read_marks.chosen(np.hstack([rows, read]), asking)

    def _place(self, stored: Stored) -> Place:
        p = stored.passage
        locator = self.index.document(stored.document).locator(p.start)
        return Place(stored.document, stored.title, p.heading, p.number, p.line, p.start, p.end, locator)


def _at(candidate: Candidate) -> Slice:
    stored = candidate.passage.stored
    return stored.document, stored.passage.start, stored.passage.end


def _verdict(look: Look, meant: Meant | None = None) -> Verdict:
    """The judgement's; who asks for nothing but a phrase has what holds it, and what holds it is never denied.

    What stands under a title does not say who wrote the essay that is `meant`.
    """
    if meant and look.ranked and not meant.said_in(look.ranked[0].passage.stored.text):
        return "none"
    if not look.phrases or not look.ranked:
        return _at_least_named(look)
    quoted = {word for phrase in look.phrases for word in lexical.words(phrase)}
    if quoted.issuperset(lexical.content_words(look.question.text)):
        return "answers"
    return "close" if look.judgement.verdict == "none" else look.judgement.verdict


def _at_least_named(look: Look) -> Verdict:
    """The judgement's verdict; a bare name that stands in the first passage is found there."""
    verdict, asked = look.judgement.verdict, look.question.text
    if not look.ranked or STATUS[verdict] == "found" or not is_bare_name(asked):
        return verdict
    return "may_answer" if asked_terms(asked) <= held_terms(look.ranked[0].passage.stored.text) else verdict


def _after_withholding(verdict: Verdict) -> Verdict:
    """The verdict where what would have come first is withheld, and what is left was found to be `verdict`."""
    return verdict if STATUS[verdict] == "found" else "withheld"
