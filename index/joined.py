"""An index beside another, asked as if both were one: a reader's own essays, say, beside a collection of many servers.

What a score takes from the corpus is taken from both together: word counts, lengths and mean vectors add up, and each
proposes passages by its own, which are scored by those of both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import TypeVar

import numpy as np

from index.encoding.encoder import Vectors
from index.numbers import PassageNumber
from index.protocol import About, Closing, Counts, Entry, Hit, Index, Statistics, Stored, Tokens
from index.words import stems
from index.words.scored import Rarities, Terms
from source.document import Document
from source.errors import OtherModel
from source.proof import Sources, Standing

# So many times as many passages as are wanted are proposed by their words: counted over both, their order is another.
_TIMES = 2

_Read = TypeVar("_Read")


class JoinedIndex(Closing):
    """The documents of `own`, and behind them those of `library`, as one `Index`, open as long as both are.

    Of two documents of one name that of the library is meant. Raises OtherModel if one was not built as the other.
    """

    def __init__(self, own: Index, library: Index) -> None:
        if own.model_sha256 != library.model_sha256 or not own.projection.equals(library.projection):
            raise OtherModel(
                f"The index at {own.about.address!r} was built with other weights than the one beside it; rebuild it: "
                f"{own.about.rebuild}"
            )
        self._own, self._library = self.of = own, library
        self._first = own.statistics.passages  # of the library's passages
        self.name = f"{own.name}+{library.name}"
        self.model, self.model_sha256 = library.model, library.model_sha256
        self.projection = library.projection
        self.statistics = _sum(own.statistics, library.statistics)
        theirs = library.entries
        names = {entry.name for entry in theirs}
        mine = [entry for entry in own.entries if entry.name not in names]
        self.entries: Sequence[Entry] = [*mine, *theirs]
        self._names = {entry.name for entry in mine}
        self._hides = len(mine) < len(own.entries)

    @property
    def about(self) -> About:
        """See `Index.about`: it lies where the library does, and so it is rebuilt."""
        own, library = self._own.about, self._library.about
        counts = map(sum, zip(dataclasses.astuple(own.counts), dataclasses.astuple(library.counts), strict=True))
        return dataclasses.replace(
            library, counts=Counts(*counts), skipped=(*own.skipped, *library.skipped), size=own.size + library.size
        )

    def document(self, name: str) -> Document:
        """See `Index.document`."""
        return self._of(name).document(name)

    def nearest(self, vector: Vectors, k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.nearest`."""
        return _best(_all(self._hits(documents, lambda index, among: index.nearest(vector, k, among))), k)

    def matching(self, words: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.matching`."""
        proposed = _all(self._hits(documents, lambda index, among: index.matching(words, _TIMES * k, among)))
        numbers = [hit.passage for hit in proposed]
        scored = zip(numbers, self.word_scores(words, numbers), strict=True)
        return _best((Hit(*one) for one in scored), k)

    def word_scores(self, words: Sequence[str], numbers: Sequence[PassageNumber]) -> list[float]:
        """See `Index.word_scores`."""
        counts = self.term_counts(stems.terms(words, self.statistics.languages))
        rarities = Rarities.among(self.statistics.passages, self.statistics.terms, counts)
        return [float(score) for score in rarities.scores(self.terms(numbers))]

    def containing(self, phrases: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.containing`; the first of each stand beside each other: their scores are of two corpora."""
        found = self._hits(documents, lambda index, among: index.containing(phrases, k, among))
        ranked = (hit for pair in zip_longest(*found) for hit in pair if hit)
        return [Hit(hit.passage, 1 / rank) for rank, hit in enumerate(ranked, 1)][:k]

    def following(self, words: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[PassageNumber]:
        """See `Index.following`."""

        def hits(index: Index, among: Collection[str] | None) -> list[Hit]:
            return [Hit(number, 0.0) for number in index.following(words, k, among)]

        return [hit.passage for hit in _all(self._hits(documents, hits))][:k]

    def frequencies(self, words: Sequence[str]) -> Mapping[str, int]:
        """See `Index.frequencies`."""
        own, library = self._own.frequencies(words), self._library.frequencies(words)
        return {word: own[word] + library[word] for word in words}

    def term_counts(self, terms: Sequence[str]) -> Mapping[str, int]:
        """See `Index.term_counts`."""
        own, library = self._own.term_counts(terms), self._library.term_counts(terms)
        return {term: own[term] + library[term] for term in terms}

    def terms(self, numbers: Sequence[PassageNumber]) -> list[Terms]:
        """See `Index.terms`."""
        return self._read(numbers, lambda index, some: index.terms(some))

    def passages(self, numbers: Sequence[PassageNumber]) -> list[Stored]:
        """See `Index.passages`."""
        return self._read(numbers, lambda index, some: index.passages(some))

    def tokens(self, numbers: Sequence[PassageNumber]) -> list[Tokens]:
        """See `Index.tokens`."""
        return self._read(numbers, lambda index, some: index.tokens(some))

    def vectors(self, numbers: Sequence[PassageNumber]) -> Vectors:
        """See `Index.vectors`."""
        read = self._read(numbers, lambda index, some: list(index.vectors(some)))
        return np.stack(read) if read else np.zeros((0, len(self.statistics.mean)), np.float32)

    @property
    def unchecked(self) -> str:
        """See `Index.unchecked`."""
        return self._library.unchecked or self._own.unchecked

    def sources(self, name: str) -> Sources:
        """See `Index.sources`."""
        return self._of(name).sources(name)

    def standing(self, name: str, start: int, end: int) -> Standing:
        """See `Index.standing`."""
        return self._of(name).standing(name, start, end)

    def close(self) -> None:
        """See `Index.close`: both are closed by who opened them."""

    def _of(self, name: str) -> Index:
        """The index that has the document `name`, if there is one."""
        return self._own if name in self._names else self._library

    def _hits(
        self, documents: Collection[str] | None, ask: Callable[[Index, Collection[str] | None], Sequence[Hit]]
    ) -> tuple[list[Hit], list[Hit]]:
        """What each index finds, under the numbers that its passages have here."""
        mine: Collection[str] | None = self._names if self._hides else None
        theirs: Collection[str] | None = None
        if documents is not None:
            mine = [name for name in documents if name in self._names]
            theirs = [name for name in documents if name not in self._names]
        found = ask(self._library, theirs)
        return list(ask(self._own, mine)), [Hit(PassageNumber(self._first + hit.passage), hit.score) for hit in found]

    def _read(
        self, numbers: Sequence[PassageNumber], read: Callable[[Index, list[PassageNumber]], Sequence[_Read]]
    ) -> list[_Read]:
        """What is read of passages, each from the index that has it, in this order."""
        mine = [number for number in numbers if number < self._first]
        theirs = [number for number in numbers if number >= self._first]
        found = dict(zip(mine, read(self._own, mine), strict=True))
        of_theirs = read(self._library, [PassageNumber(number - self._first) for number in theirs])
        found.update(zip(theirs, of_theirs, strict=True))
        return [found[number] for number in numbers]


def _sum(one: Statistics, other: Statistics) -> Statistics:
    """What is known of two corpora together."""
    vectors = one.vectors + other.vectors
    mean = (one.vectors * one.mean.astype(np.float64) + other.vectors * other.mean) / max(vectors, 1)
    languages = tuple(sorted({*one.languages, *other.languages}))
    return Statistics(
        one.passages + other.passages, vectors, mean.astype(np.float32), one.terms + other.terms, languages
    )


def _all(found: tuple[list[Hit], list[Hit]]) -> list[Hit]:
    return [*found[0], *found[1]]


def _best(hits: Iterable[Hit], k: int) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage))[:k]
