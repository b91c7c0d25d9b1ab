"""A question → candidate passages → their order → an Answer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from index.encoding.encoder import Encoder, Vectors
from index.protocol import Hit, Index, Stored
from index.words import lexical
from qa.answer import STATUS, Answer, Pair, Place, Quote, Receipt, Status, Verdict
from qa.ranking.confidence import NOTHING, Judgement, evidence, judged
from qa.ranking.marks import features, marks
from qa.ranking.scoring import (
    DEFAULT,
    Match,
    Passage,
    Question,
    Settings,
    covering_order,
    matches,
    order_scores,
    read_passage,
    read_question,
    same,
    word_weights,
)
from source.document import Span
from source.errors import UserError
from source.proof import Moved, Standing

# So many passages of each kind, nearest by vector and best by words, are looked at closely.
CANDIDATES = 30
# A later quote of a found answer is worth at most this much less than the first. Whoever asks for so
# many quotes wants a list, and gets it whole, each passage by its own score.
KEEP, LIST_FROM = 0.105, 11
# With fewer passages than this, the mean of all vectors says nothing of the corpus.
FEWEST_FOR_MEAN = 20
# The longest question that is read; what is beyond is not looked at.
LONGEST_QUESTION = 2000

_VERDICTS: Mapping[Status, Verdict] = {"found": "answers", "related": "close", "none": "none"}

# The place of a passage among the hits of each retriever, from 1; 0 where it is not among them.
Ranks = tuple[tuple[str, int], ...]
Slice = tuple[str, int, int]  # a document's name, start and end


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer: its number, how it matches, its score and its rank in each retriever."""

    number: int
    passage: Passage
    match: Match
    score: float
    ranks: Ranks


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was read: the weights of its tokens, its literal phrases and its pooled vector beside it."""

    read: Question
    weights: Vectors
    phrases: tuple[str, ...]
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to answer a question with.

    `ranked` are the candidates in the order in which they are quoted, `worth` what each is worth
    at its place; `values` is the evidence for the first.
    """

    question: Question
    weights: Vectors
    phrases: tuple[str, ...]
    ranked: tuple[Candidate, ...]
    worth: tuple[float, ...]
    values: Mapping[str, float]
    judgement: Judgement


class Retriever:
    """Answers questions from an index. Safe to use from many threads."""

    def __init__(self, index: Index, encoder: Encoder, settings: Settings = DEFAULT) -> None:
        if encoder.fingerprint != index.model_sha256:
            raise UserError(
                f"The index was built with other weights of the model {index.model}; rebuild it with: quoth index"
            )
        self.index = index
        self._encoder = encoder
        self._settings = settings

    def answer(self, question: str, k: int = 5, documents: Collection[str] | None = None) -> Answer:
        """The answer to `question` with up to `k` quotes, from `documents` only if any are named."""
        question = checked(question, k)
        k = min(k, max(self.index.statistics.passages, LIST_FROM))  # more there is not, however large a number is
        asked = self._asked(question)
        candidates = self._candidates(asked, max(k, CANDIDATES), documents)
        look = self._look(asked, candidates, k)
        verdict = _verdict(look)
        unchecked = self.index.unchecked
        standing = cache(lambda where: self.index.standing(*where))
        groups, withheld = self._groups(_kept(look, verdict, k), k, standing)
        if look.ranked and standing(_at(look.ranked[0])).reason:
            # The judgement was on what cannot be quoted: what still stands is judged as if there were no more.
            look = self._look(asked, [one for one in candidates if not standing(_at(one)).reason], k)
            verdict = "none" if verdict == "none" else _after_withholding(_verdict(look))
            groups, _ = self._groups(_kept(look, verdict, k), k, standing)
        quotes = tuple(self._quote(look, group, standing(_at(group[0])).moved) for group in groups)
        documents_quoted = sorted({(quote.document.name, quote.document.sha256) for quote in quotes})
        receipt = Receipt(self.index.name, self.index.model, self.index.model_sha256, tuple(documents_quoted))
        reasons = tuple(dict.fromkeys(withheld))
        return Answer(question, verdict, look.judgement.answers, quotes, receipt, reasons, len(withheld), unchecked)

    def marked(self, question: str) -> list[Span]:
        """The sentences of all passages that answer, in order, whatever says the same; [] if none does.

        The index is small, that of one text: every passage of it is looked at. Raises BadQuestion if
        the question is empty.
        """
        asked = self._asked(checked(question, 1))
        look = self._look(asked, self._candidates(asked, max(self.index.statistics.passages, 1), None), LIST_FROM - 1)
        if _verdict(look) == "none":
            return []
        kept = look.ranked if look.phrases else _worthy(look)
        return sorted((span for one in kept for span in self._marks(look, one)), key=lambda span: span.start)

    def look(self, question: str, k: int = 5, documents: Collection[str] | None = None) -> Look:
        """What there is to answer `question` with, before anything is quoted."""
        asked = self._asked(question)
        return self._look(asked, self._candidates(asked, max(k, CANDIDATES), documents), k)

    def _look(self, asked: Asked, candidates: Sequence[Candidate], k: int) -> Look:
        read, weights, phrases, vector = asked.read, asked.weights, asked.phrases, asked.vector
        scores = np.asarray([candidate.score for candidate in candidates], np.float32)
        found, passages = [one.match for one in candidates], [one.passage for one in candidates]
        few = k if k < LIST_FROM else 0
        order, worth = covering_order(weights, found, passages, scores, few, self._settings)
        ranked = tuple(candidates[i] for i in order)
        if not ranked:
            return Look(read, weights, phrases, (), (), {}, NOTHING)
        statistics = self.index.statistics
        mean = float(statistics.mean @ vector) if statistics.passages >= FEWEST_FOR_MEAN else 0.0
        best = ranked[0]
        values = evidence(read, best.passage, best.match, sorted(scores.tolist(), reverse=True), passages, mean)
        return Look(read, weights, phrases, ranked, tuple(worth), values, judged(read, values))

    def _asked(self, question: str) -> Asked:
        bare = lexical.folded(question).replace('"', " ")
        encoded = self._encoder.encode([bare], question=True)[0]
        read = read_question(bare, encoded, self.index.project(encoded.tokens))
        frequencies = self.index.frequencies(sorted({word for word in read.words if word}))
        weights = word_weights(read, frequencies, self.index.statistics.passages)
        return Asked(read, weights, lexical.phrases(question), encoded.vector)

    def _candidates(self, asked: Asked, k: int, documents: Collection[str] | None) -> list[Candidate]:
        """Passages that may answer, in the order of the index."""
        question, phrases, vector = asked.read, asked.phrases, asked.vector
        nearest: list[Hit] = []
        words: list[str] = []
        if phrases:
            lists = {"phrase": self.index.containing(phrases, k, documents)}
        else:
            nearest = self.index.nearest(vector, k, documents)
            words = lexical.content_words(question.text)
            lists = {"meaning": nearest, "words": self.index.matching(words, k, documents)}
        ranks = {name: {hit.passage: i for i, hit in enumerate(hits, 1)} for name, hits in lists.items()}
        numbers = sorted({hit.passage for hits in lists.values() for hit in hits})
        cosines = self.index.vectors(numbers) @ vector
        nearer = {hit.passage: hit.score for hit in nearest}
        bm25 = self.index.word_scores(words, numbers)
        stored, tokens = self.index.passages(numbers), self.index.tokens(numbers)
        passages = [
            read_passage(one, read, nearer.get(n, float(cosine)), score)
            for n, one, read, cosine, score in zip(numbers, stored, tokens, cosines, bm25, strict=True)
        ]
        found = matches(question, passages, self._settings)
        scores = order_scores(question, asked.weights, found, passages, self.index.statistics.passages, self._settings)
        return [
            Candidate(
                n, passage, match, float(score), tuple((name, places.get(n, 0)) for name, places in ranks.items())
            )
            for n, passage, match, score in zip(numbers, passages, found, scores, strict=True)
        ]

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
                    withheld.append(f"A quotation is withheld: {reason}; rebuild the index with: quoth index")
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
            why=_pairs(look.question, look.weights, first.passage),
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
            marked = marks(rows) if self._settings.marking else [int(np.argmax(rows[:, 0]))]
        places = stored.passage.sentences
        return tuple(Span(places[i].start, places[i].end) for i in marked)

    def _place(self, stored: Stored) -> Place:
        p = stored.passage
        locator = self.index.document(stored.document).locator(p.start)
        return Place(stored.document, stored.title, p.heading, p.number, p.line, p.start, p.end, locator)


def _at(candidate: Candidate) -> Slice:
    stored = candidate.passage.stored
    return stored.document, stored.passage.start, stored.passage.end


def _verdict(look: Look) -> Verdict:
    """What holds a phrase literally is what was asked for."""
    return "answers" if look.phrases and look.ranked else _VERDICTS[look.judgement.status]


def _after_withholding(verdict: Verdict) -> Verdict:
    """The verdict where what would have come first is withheld, and what is left was found to be `verdict`."""
    return verdict if STATUS[verdict] == "found" else "withheld"


def _kept(look: Look, verdict: Verdict, k: int) -> tuple[Candidate, ...]:
    """The candidates that are worth quoting."""
    if STATUS[verdict] != "found" or k >= LIST_FROM or look.phrases:
        return look.ranked
    return _worthy(look)


def _worthy(look: Look) -> tuple[Candidate, ...]:
    """The candidates that are not worth clearly less than the first."""
    return tuple(one for one, worth in zip(look.ranked, look.worth, strict=True) if worth >= look.worth[0] - KEEP)


def holding(stored: Stored, phrases: Sequence[str]) -> list[int]:
    """The numbers of the sentences that hold any of `phrases`, or a part of one."""
    spans = [span for phrase in phrases for span in lexical.holds(stored.text, phrase)]
    start = stored.passage.start
    return [
        i
        for i, sentence in enumerate(stored.passage.sentences)
        if any(first < sentence.end - start and last > sentence.start - start for first, last in spans)
    ]


def _pairs(question: Question, weights: Vectors, passage: Passage) -> tuple[Pair, ...]:
    """Each word of the question beside the word of the passage that matched it best."""
    own = np.flatnonzero(passage.tokens.spans[:, 1] > 0)
    if not len(own):
        return ()
    cosines = question.vectors @ passage.tokens.vectors[own].T
    best = cosines.argmax(1)
    largest = cosines[np.arange(len(best)), best].tolist()
    spans = passage.tokens.spans[own[best]].tolist()
    start, text = passage.stored.passage.start, passage.stored.text
    bounds = [word.span() for word in lexical.WORD.finditer(lexical.folded(text))]
    asked = lexical.WORD.findall(question.text)
    starts = [start for start, _ in bounds]
    asked_tokens: list[list[int]] = [[] for _ in asked]
    for token, number in enumerate(question.word.tolist()):
        if number >= 0:
            asked_tokens[number].append(token)
    pairs = []
    for number, tokens in enumerate(asked_tokens):
        if not tokens:
            continue
        at = max(tokens, key=largest.__getitem__)
        first, last = spans[at]
        word = bisect_right(starts, first) - 1
        if word >= 0 and first < bounds[word][1]:
            first, last = bounds[word]
        weight = sum(float(weights[token]) for token in tokens)
        pairs.append(Pair(asked[number], text[first:last], start + first, start + last, max(0.0, largest[at]), weight))
    return tuple(pairs)


def checked(question: str, k: int) -> str:
    """`question` without white space around it, clipped to a length that can be read.

    Raises ValueError if it is empty or `k` is less than 1.
    """
    if not question.strip():
        raise ValueError("The question is empty; ask something.")
    if k < 1:
        raise ValueError(f"k is {k}; ask for at least 1 quote.")
    return question.strip()[:LONGEST_QUESTION]
