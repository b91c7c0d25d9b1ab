"""A question → candidate passages → their order, and the evidence that the first of them answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from index.encoding.encoder import Encoder, Vectors
from index.protocol import Hit, Index
from index.words import lexical
from qa.ranking.confidence import NOTHING, Model, judged
from qa.ranking.evidence import Evidence, matched, missing, read
from qa.ranking.look import Asked, Candidate, Look
from qa.ranking.reader import Reader, readings, with_readings
from qa.ranking.scoring import (
    Settings,
    covering_order,
    matches,
    order_scores,
    read_passage,
    read_question,
    word_weights,
)

# So many passages of each kind, nearest by vector and best by words, are looked at closely.
CANDIDATES = 30
# With fewer passages than this, the mean of all vectors says nothing of the corpus.
FEWEST_FOR_MEAN = 20


class Ranker:
    """Ranks the passages of an index; without a `reader` none is read. Safe to use from many threads."""

    def __init__(self, index: Index, encoder: Encoder, settings: Settings, reader: Reader | None) -> None:
        self._index = index
        self._encoder = encoder
        self._settings = settings
        self._reader = reader
        self._confidence = Model.fitted(encoder.fingerprint, reader.fingerprint if reader else None)

    @property
    def is_calibrated(self) -> bool:
        """Whether its probabilities were fitted with this encoder and this reader."""
        return self._confidence is not None

    def asked(self, question: str) -> Asked:
        """The question as the model and the index read it."""
        bare = lexical.folded(question).replace('"', " ")
        encoded = self._encoder.encode([bare], question=True)[0]
        read = read_question(bare, encoded, self._index.projection.project(encoded.tokens))
        frequencies = self._index.frequencies(sorted({word for word in read.words if word}))
        weights = word_weights(read, frequencies, self._index.statistics.passages)
        return Asked(read, weights, lexical.phrases(question), encoded.vector, frequencies)

    def candidates(self, asked: Asked, k: int, documents: Collection[str] | None) -> list[Candidate]:
        """The first `k` passages of each kind that may answer, in the order of the index; only of `documents`, if any.

        Raises NoDocument if there is none of a name.
        """
        question, phrases, vector = asked.read, asked.phrases, asked.vector
        nearest: list[Hit] = []
        words: list[str] = []
        if phrases:
            lists = {"phrase": self._index.containing(phrases, k, documents)}
        else:
            nearest = self._index.nearest(vector, k, documents)
            words = lexical.content_words(question.text)
            lists = {"meaning": nearest, "words": self._index.matching(words, k, documents)}
        ranks = {name: {hit.passage: i for i, hit in enumerate(hits, 1)} for name, hits in lists.items()}
        numbers = sorted({hit.passage for hits in lists.values() for hit in hits})
        cosines = self._index.vectors(numbers) @ vector
        nearer = {hit.passage: hit.score for hit in nearest}
        bm25 = self._index.word_scores(words, numbers)
        stored, tokens = self._index.passages(numbers), self._index.tokens(numbers)
        passages = [
            read_passage(one, read, nearer.get(n, float(cosine)), score)
            for n, one, read, cosine, score in zip(numbers, stored, tokens, cosines, bm25, strict=True)
        ]
        found = matches(question, passages, self._settings)
        scores = order_scores(question, asked.weights, found, passages, self._index.statistics.passages, self._settings)
        places = [tuple((name, own.get(n, 0)) for name, own in ranks.items()) for n in numbers]
        return [
            Candidate(n, passage, match, score, place, score)
            for n, passage, match, score, place in zip(numbers, passages, found, scores.tolist(), places, strict=True)
        ]

    def look(self, asked: Asked, candidates: Sequence[Candidate], k: int, *, listed: bool) -> Look:
        """The candidates in the order in which `k` of them are quoted, each by itself if `listed`."""
        weights, phrases = asked.weights, asked.phrases
        first = np.asarray([candidate.first for candidate in candidates], np.float32)
        candidates = self._read(asked, candidates, first)
        settings = self._settings
        scores = with_readings(first, [one.reading for one in candidates], settings.logit, settings.logit_later)
        candidates = [replace(one, score=float(score)) for one, score in zip(candidates, scores, strict=True)]
        found, passages = [one.match for one in candidates], [one.passage for one in candidates]
        order, worth = covering_order(weights, found, passages, scores, 0 if listed else k, settings)
        ranked = tuple(candidates[i] for i in order)
        if not ranked:
            return Look(asked.read, weights, phrases, (), (), None, NOTHING)
        evidence = self._evidence(asked, ranked, sorted(first.tolist(), reverse=True))
        judgement = judged(asked.read, evidence, self._confidence)
        return Look(asked.read, weights, phrases, ranked, tuple(worth), evidence, judgement)

    def _read(self, asked: Asked, candidates: Sequence[Candidate], scores: Vectors) -> list[Candidate]:
        """The candidates, the best of them with what the reader says of them."""
        if self._reader is None:
            return list(candidates)
        question, corpus = asked.read.text, self._index.statistics.passages
        stored = [one.passage.stored for one in candidates]
        found = readings(self._reader, question, asked.frequencies, corpus, stored, scores)
        return [replace(one, reading=reading) for one, reading in zip(candidates, found, strict=True)]

    def _evidence(self, asked: Asked, ranked: Sequence[Candidate], scores: Sequence[float]) -> Evidence:
        """The evidence for the first of `ranked`; `scores` are those before any was read, falling."""
        best, passages = ranked[0], [one.passage for one in ranked]
        statistics = self._index.statistics
        mean = float(statistics.mean @ asked.vector) if statistics.passages >= FEWEST_FOR_MEAN else 0.0
        all_read = [one.reading for one in ranked if one.reading is not None]
        return Evidence(
            matched(asked.read, best.passage, best.match, scores, passages, mean),
            missing(asked.read, asked.frequencies, best.passage, best.match),
            read(asked.read, best.passage, best.reading, all_read) if best.reading is not None else None,
        )
