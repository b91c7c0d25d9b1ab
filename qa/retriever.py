"""A question → candidate passages → their order → an Answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from index import lexical
from index.encoder import Encoder, Vectors
from index.protocol import Hit, Index, Stored, Tokens
from qa.answer import Answer, Pair, Place, Quote, Receipt, Status
from qa.scoring import QuestionTokens, max_sim, question_words, similarities, weighted
from source.document import Span
from source.errors import UserError

# So many passages of each kind, nearest by vector and best by words, are looked at closely.
CANDIDATES = 30
# Passages whose pooled vectors are at least this close say the same.
SAME = 0.93
# From these scores on an answer is called found, and related.
FOUND, RELATED = 0.62, 0.5
# The longest question that is read; what is beyond is not looked at.
LONGEST_QUESTION = 2000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, and the evidence for it."""

    number: int
    stored: Stored
    tokens: Tokens
    cosines: Vectors
    score: float
    ranks: tuple[tuple[str, int], ...]


class Retriever:
    """Answers questions from an index. Safe to use from many threads."""

    def __init__(self, index: Index, encoder: Encoder) -> None:
        if encoder.fingerprint != index.model_sha256:
            raise UserError(
                f"The index was built with other weights of the model {index.model}; rebuild it with: quoth index"
            )
        self.index = index
        self._encoder = encoder

    def answer(self, question: str, k: int = 5, documents: Collection[str] | None = None) -> Answer:
        """The answer to `question` with up to `k` quotes, from `documents` only if any are named."""
        question = checked(question, k)
        phrases = lexical.phrases(question)
        tokens, vector = self._read(question)
        found = self._candidates(question, phrases, vector, max(k, CANDIDATES), documents)
        ranked = sorted((self._candidate(tokens, *one) for one in found), key=lambda c: (-c.score, c.number))
        status, confidence = self._status(ranked)
        quotes, withheld = self._quotes(tokens, phrases, ranked, k)
        documents_quoted = {quote.document.name: quote.document.sha256 for quote in quotes}
        receipt = Receipt(
            self.index.name, self.index.model, self.index.model_sha256, tuple(sorted(documents_quoted.items()))
        )
        return Answer(question, status if quotes else "none", confidence, quotes, receipt, withheld)

    def _read(self, question: str) -> tuple[QuestionTokens, Vectors]:
        bare = lexical.folded(question).replace('"', " ")
        encoded = self._encoder.encode([bare], question=True)[0]
        words = question_words(bare, encoded)
        frequencies = self.index.frequencies(sorted({word for word in words if word}))
        projected = self.index.project(encoded.tokens)
        return weighted(encoded, projected, words, frequencies, self.index.statistics.passages), encoded.vector

    def _candidates(
        self, question: str, phrases: Sequence[str], vector: Vectors, k: int, documents: Collection[str] | None
    ) -> list[tuple[int, tuple[tuple[str, int], ...]]]:
        """Passages that may answer, by number, with their rank in each retriever."""
        if phrases:
            lists = {"phrase": self.index.containing(phrases, k, documents)}
        else:
            lists = {
                "meaning": self.index.nearest(vector, k, documents),
                "words": self.index.matching(lexical.content_words(question), k, documents),
            }
        places: dict[int, dict[str, int]] = {}
        for name, hits in lists.items():
            for place, hit in enumerate(hits, 1):
                places.setdefault(hit.passage, {})[name] = place
        return [(number, tuple((name, places[number].get(name, 0)) for name in lists)) for number in sorted(places)]

    def _candidate(self, question: QuestionTokens, number: int, ranks: tuple[tuple[str, int], ...]) -> Candidate:
        tokens = self.index.tokens(number)
        cosines = similarities(question, tokens.vectors)
        stored = self.index.passages([number])[0]
        return Candidate(number, stored, tokens, cosines, max_sim(question, cosines), ranks)

    def _status(self, ranked: Sequence[Candidate]) -> tuple[Status, float]:
        best = ranked[0].score if ranked else 0.0
        return ("found" if best >= FOUND else "related" if best >= RELATED else "none"), best

    def _quotes(
        self, question: QuestionTokens, phrases: Sequence[str], ranked: Sequence[Candidate], k: int
    ) -> tuple[tuple[Quote, ...], tuple[str, ...]]:
        """Up to `k` quotes, those that say the same folded under the best, and why others are withheld."""
        withheld: list[str] = []
        groups: list[list[Candidate]] = []
        vectors = self.index.vectors([candidate.number for candidate in ranked])
        heads: list[int] = []
        for i, candidate in enumerate(ranked):
            place = candidate.stored.passage
            if reason := self.index.changed(candidate.stored.document, place.start, place.end):
                if len(groups) < k:
                    withheld.append(f"A quotation is withheld: {reason}; rebuild the index with: quoth index")
                continue
            same = [j for j, head in enumerate(heads) if float(vectors[i] @ vectors[head]) >= SAME]
            if same:
                groups[same[0]].append(candidate)
            elif len(groups) < k:
                groups.append([candidate])
                heads.append(i)
        quotes = tuple(self._quote(question, phrases, group[0], group[1:]) for group in groups)
        return quotes, tuple(dict.fromkeys(withheld))

    def _quote(
        self, question: QuestionTokens, phrases: Sequence[str], best: Candidate, also: Sequence[Candidate]
    ) -> Quote:
        document = self.index.document(best.stored.document)
        place = _place(best.stored)
        return Quote(
            document=document,
            text=document.text[place.start : place.end],
            title=place.title,
            heading=place.heading,
            paragraph=place.paragraph,
            line=place.line,
            start=place.start,
            end=place.end,
            score=best.score,
            highlights=_marks(question, phrases, best),
            also=tuple(_place(one.stored) for one in also),
            why=(),
            ranks=best.ranks,
        )


def _marks(question: QuestionTokens, phrases: Sequence[str], candidate: Candidate) -> tuple[Span, ...]:
    sentences = candidate.stored.passage.sentences
    start = candidate.stored.passage.start
    if phrases:
        spans = [(a + start, b + start) for phrase in phrases for a, b in lexical.holds(candidate.stored.text, phrase)]
        return tuple(Span(s.start, s.end) for s in sentences if any(a < s.end and b > s.start for a, b in spans))
    scores = [
        max_sim(question, candidate.cosines[:, inside])
        for inside in (_tokens_inside(candidate.tokens, s.start - start, s.end - start) for s in sentences)
    ]
    best = sentences[int(np.argmax(scores))]
    return (Span(best.start, best.end),)


def _tokens_inside(tokens: Tokens, start: int, end: int) -> slice:
    own = np.flatnonzero((tokens.spans[:, 1] > start) & (tokens.spans[:, 0] < end) & (tokens.spans[:, 1] > 0))
    return slice(int(own[0]), int(own[-1]) + 1) if len(own) else slice(0, 0)


def _place(stored: Stored) -> Place:
    p = stored.passage
    return Place(stored.document, stored.title, p.heading, p.number, p.line, p.start, p.end)


def checked(question: str, k: int) -> str:
    """`question` without white space around it, clipped to a length that can be read.

    Raises ValueError if it is empty or `k` is less than 1.
    """
    if not question.strip():
        raise ValueError("The question is empty; ask something.")
    if k < 1:
        raise ValueError(f"k is {k}; ask for at least 1 quote.")
    return question.strip()[:LONGEST_QUESTION]


__all__ = ["Hit", "Pair", "Retriever", "checked"]
