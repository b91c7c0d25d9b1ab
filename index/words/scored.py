"""BM25 of passages whose terms are at hand, of which `stems` and `lexical` make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.words import bm25, lexical
from index.words.stems import indexed


class Terms(NamedTuple):
    """The terms of a passage's title and headings, and of its text, in order."""

    context: list[str]
    text: list[str]

    @classmethod
    def of(cls, context: str, text: str, language: str) -> Terms:
        """The terms of title and headings, and of a text, in this language."""
        return cls(indexed(lexical.words(context), language), indexed(lexical.words(text), language))


@dataclass(frozen=True, slots=True)
class Rarities:
    """How rare each of the `terms` of a question is among passages that have `mean` terms."""

    terms: Mapping[str, float]
    mean: float

    @classmethod
    def among(cls, passages: int, length: int, counts: Mapping[str, int]) -> Rarities:
        """The rarities of terms in so many `passages` of so many terms together, of which `counts` hold each."""
        rare = {term: bm25.rarity(passages, count) for term, count in counts.items() if count}
        return cls(rare, length / max(passages, 1) or 1.0)

    def scores(self, texts: Sequence[Terms]) -> NDArray[np.float64]:
        """The BM25 of each text as a share of the most that it could be for these terms, between 0 and 1."""
        scores = np.zeros(len(texts))
        norms = norms_of(texts, self.mean)
        for term, rarity in self.terms.items():
            counts = [bm25.CONTEXT_WEIGHT * one.context.count(term) + one.text.count(term) for one in texts]
            scores += bm25.scores(rarity, np.asarray(counts, np.float32), norms)
        return scores / (bm25.most(sum(self.terms.values())) or 1.0)


def norms_of(texts: Sequence[Terms], mean: float) -> NDArray[np.float32]:
    """See `bm25.norms_of`."""
    return bm25.norms_of(np.asarray([len(one.context) + len(one.text) for one in texts], np.uint32), mean)


def occurrences(form: Sequence[str], text: Sequence[str]) -> int:
    """How often the terms of a phrase stand in a text, in this order and together."""
    length = len(form)
    wanted = list(form)
    return sum(list(text[at : at + length]) == wanted for at in range(len(text) - length + 1)) if length else 0
