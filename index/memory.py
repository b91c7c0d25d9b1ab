"""An index of a text at hand: documents that are embedded and searched in memory, for as long as they are asked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoding.encoder import Encoder, Vectors, encode_passages
from index.encoding.tokens import packed_tokens, projection_of, unpacked_passages
from index.numbers import PassageNumber
from index.protocol import About, Closing, Counts, Entry, Hit, Statistics, Stored, Tokens
from index.words import bm25, lexical
from index.words.scored import Rarities, Terms, norms_of, occurrences
from index.words.stems import stems, terms
from source.document import Document, Passage
from source.errors import NoDocument
from source.proof import STANDS, Sources, Standing

_Scores = NDArray[np.float64]


class MemoryIndex(Closing):
    """`documents` as an `Index`: what is asked of it is answered as by an index on disk of the same documents."""

    def __init__(self, documents: Sequence[Document], encoder: Encoder) -> None:
        self._documents = {document.name: document for document in documents}
        self._languages = tuple(sorted({document.language for document in documents}))
        self._stored = [_stored(document, passage) for document in documents for passage in document.passages]
        self._owners = np.asarray([one.document for one in self._stored])
        self._count_words(documents)
        read = encode_passages(encoder, [(one.context, one.text) for one in self._stored])
        self.projection = projection_of(encoder, [one.tokens for one in read])
        self._tokens = [packed_tokens(self.projection, one.tokens, one.spans) for one in read]
        self._starts = np.cumsum([0, *(len(one.vectors) for one in read)])
        vectors = [np.zeros((0, encoder.dimension), np.float32), *(one.vectors for one in read)]
        self._vectors = np.concatenate(vectors).astype(np.float16).astype(np.float32)
        mean = self._vectors.sum(0, dtype=np.float64) / max(len(self._vectors), 1)
        length = sum(len(one.context) + len(one.text) for one in self._terms)
        self.statistics = Statistics(
            len(self._stored), len(self._vectors), mean.astype(np.float32), length, self._languages
        )
        self.name = hashlib.blake2b("".join(one.sha256 for one in documents).encode(), digest_size=8).hexdigest()
        self.model = encoder.model
        self.model_sha256 = encoder.fingerprint
        self._truncated = sum(one.unread > 0 for one in read)

    def _count_words(self, documents: Sequence[Document]) -> None:
        self._frequencies: Counter[str] = Counter()
        self._terms: list[Terms] = []
        languages = (document.language for document in documents for _ in document.passages)
        for one, language in zip(self._stored, languages, strict=True):
            self._frequencies.update({*lexical.words(one.context), *lexical.words(one.text)})
            self._terms.append(Terms.of(one.context, one.text, language))

    @property
    def about(self) -> About:
        """See `Index.about`: it lies nowhere, and nothing rebuilds it."""
        sentences = sum(len(one.passage.sentences) for one in self._stored)
        counts = Counts(len(self._documents), len(self._stored), sentences, self._truncated)
        return About("", Path(), self.model, "", counts, (), "", 0)

    @property
    def entries(self) -> list[Entry]:
        """See `Index.entries`."""
        return [
            Entry(one.name, one.title, one.author, one.date, len(one.passages), one.sha256, one.language)
            for one in self._documents.values()
        ]

    def document(self, name: str) -> Document:
        """See `Index.document`."""
        if name not in self._documents:
            raise NoDocument(name, lambda: list(self._documents))
        return self._documents[name]

    def nearest(self, vector: Vectors, k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.nearest`: a passage is as near as its nearest window."""
        cosines = np.full(len(self._stored), -np.inf, np.float32)
        owners = np.repeat(np.arange(len(self._stored)), np.diff(self._starts))
        np.maximum.at(cosines, owners, self._vectors @ vector)
        return self._best(cosines, np.flatnonzero(self._among(documents)), k)

    def matching(self, words: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.matching`."""
        scores = self._word_scores(words)
        return self._best(scores, np.flatnonzero((scores > 0) & self._among(documents)), k)

    def word_scores(self, words: Sequence[str], numbers: Sequence[PassageNumber]) -> list[float]:
        """See `Index.word_scores`."""
        return [float(score) for score in self._word_scores(words)[np.asarray(numbers, np.int64)]]

    def containing(self, phrases: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.containing`: the best by BM25 of the phrases' stems."""
        forms = dict.fromkeys(
            tuple(stems(lexical.words(phrase), language)) for phrase in phrases for language in self._languages
        )
        scores = np.zeros(len(self._stored))
        norms = norms_of(self._terms, self._rarities({}).mean)
        for form in forms:
            counts = np.asarray([occurrences(form, text) for _, text in self._terms], np.float32)
            rarity = bm25.rarity(len(self._stored), int(np.count_nonzero(counts)))
            scores += bm25.scores(rarity, counts, norms)
        literal = [all(lexical.holds(one.text, phrase) for phrase in phrases) for one in self._stored]
        return self._best(scores, np.flatnonzero(np.asarray(literal, np.bool_) & self._among(documents)), k)

    def following(self, words: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[PassageNumber]:
        """See `Index.following`."""
        forms = [stems(words, language) for language in self._languages] if words else []
        among = self._among(documents)
        held = (
            PassageNumber(number)
            for number, (_, text) in enumerate(self._terms)
            if among[number] and any(occurrences(form, text) for form in forms)
        )
        return list(islice(held, k))

    def frequencies(self, words: Sequence[str]) -> Mapping[str, int]:
        """See `Index.frequencies`."""
        return {word: self._frequencies[word] for word in words}

    def term_counts(self, terms: Sequence[str]) -> Mapping[str, int]:
        """See `Index.term_counts`."""
        return {term: sum(term in one.context or term in one.text for one in self._terms) for term in terms}

    def terms(self, numbers: Sequence[PassageNumber]) -> list[Terms]:
        """See `Index.terms`."""
        return [self._terms[number] for number in numbers]

    def passages(self, numbers: Sequence[PassageNumber]) -> list[Stored]:
        """See `Index.passages`."""
        return [self._stored[number] for number in numbers]

    def tokens(self, numbers: Sequence[PassageNumber]) -> list[Tokens]:
        """See `Index.tokens`."""
        return [Tokens(*one) for one in unpacked_passages(self.projection, [self._tokens[n] for n in numbers])]

    def vectors(self, numbers: Sequence[PassageNumber]) -> Vectors:
        """See `Index.vectors`."""
        return np.asarray(self._vectors[self._starts[np.asarray(numbers, np.int64)]])

    @property
    def unchecked(self) -> str:
        """See `Index.unchecked`: the text at hand is the source."""
        return ""

    def sources(self, name: str) -> Sources:  # noqa: ARG002 (the text at hand is the source)
        """See `Index.sources`."""
        return Sources(Path(), "")

    def standing(self, name: str, start: int, end: int) -> Standing:  # noqa: ARG002 (as above)
        """See `Index.standing`."""
        return STANDS

    def close(self) -> None:
        """See `Index.close`: there is nothing to let go of."""

    def _among(self, documents: Collection[str] | None) -> NDArray[np.bool_]:
        """Which passages are of `documents`."""
        if documents is None:
            return np.ones(len(self._stored), np.bool_)
        names = [self.document(name).name for name in sorted(documents)]
        return np.isin(self._owners, names) if names else np.zeros(len(self._stored), np.bool_)

    def _word_scores(self, words: Sequence[str]) -> _Scores:
        """What BM25 makes of each passage, as a share of the most it could."""
        return self._rarities(self.term_counts(terms(words, self._languages))).scores(self._terms)

    def _rarities(self, counts: Mapping[str, int]) -> Rarities:
        return Rarities.among(len(self._stored), self.statistics.terms, counts)

    def _best(self, scores: NDArray[np.floating], numbers: NDArray[np.intp], k: int) -> list[Hit]:
        best = numbers[np.argsort(-scores[numbers], kind="stable")[:k]]
        return [Hit(number, float(scores[number])) for number in best.tolist()]


def _stored(document: Document, passage: Passage) -> Stored:
    text = document.text[passage.start : passage.end]
    return Stored(document.name, document.title, passage, text, document.context(passage))
