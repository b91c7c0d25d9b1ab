"""Why a passage was found: each word of the question beside the word of the passage that matched it best."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from index.encoding.encoder import Vectors
from index.words import lexical
from qa.answer import Pair
from qa.ranking.scoring import Question, TokenizedPassage


def pairs(question: Question, weights: Vectors, passage: TokenizedPassage) -> tuple[Pair, ...]:
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
    found = []
    for number, tokens in enumerate(asked_tokens):
        if not tokens:
            continue
        at = max(tokens, key=largest.__getitem__)
        first, last = spans[at]
        word = bisect_right(starts, first) - 1
        if word >= 0 and first < bounds[word][1]:
            first, last = bounds[word]
        weight = sum(float(weights[token]) for token in tokens)
        found.append(Pair(asked[number], text[first:last], start + first, start + last, max(0.0, largest[at]), weight))
    return tuple(found)
