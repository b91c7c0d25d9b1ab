"""Late interaction: how well the words of a question find partners in a passage.

Each token of the question takes the most similar token of the passage (MaxSim, after Khattab and
Zaharia, "ColBERT", 2020); the sum is weighted by how rare the question's words are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import lexical
from index.encoder import Encoded, Vectors

# Words like "what" and "the" keep this share of their weight.
_STOP_WORD_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class QuestionTokens:
    """The tokens of a question that count: unit vectors (n, p), weights (n,) that sum to 1, words."""

    vectors: Vectors
    weights: Vectors
    words: tuple[str, ...]
    spans: NDArray[np.int32]


def question_words(question: str, encoded: Encoded) -> list[str]:
    """The word of the question that each token is part of, small and folded; "" for punctuation."""
    bounds = [(found.start(), found.end()) for found in lexical.WORD.finditer(lexical.folded(question))]
    words = lexical.words(question)
    of_token = []
    for start, _ in encoded.spans:
        at = next((i for i, (first, last) in enumerate(bounds) if first <= start < last), None)
        of_token.append("" if at is None else words[at])
    return of_token


def weighted(
    encoded: Encoded, vectors: Vectors, words: list[str], frequencies: Mapping[str, int], passages: int
) -> QuestionTokens:
    """A question's tokens with weights: inverse document frequency, shared among a word's pieces."""
    pieces = {word: words.count(word) for word in set(words)}
    weights = np.asarray(
        [
            math.log(1 + (passages + 1) / (frequencies.get(word, 0) + 0.5))
            * (_STOP_WORD_SHARE if word in lexical.STOP_WORDS else 1.0)
            / pieces[word]
            if word
            else 0.0
            for word in words
        ],
        np.float32,
    )
    total = float(weights.sum())
    if not total:
        weights, total = np.ones(len(words), np.float32), max(len(words), 1)
    return QuestionTokens(vectors, weights / np.float32(total), tuple(words), encoded.spans)


def similarities(question: QuestionTokens, tokens: Vectors) -> Vectors:
    """Cosines of the question's tokens with a passage's, shape (n, m)."""
    return np.asarray(question.vectors @ tokens.T, np.float32)


def max_sim(question: QuestionTokens, cosines: Vectors) -> float:
    """The weighted mean over the question's tokens of their best cosine in `cosines` (n, m)."""
    return float(question.weights @ cosines.max(1)) if cosines.shape[1] else 0.0
