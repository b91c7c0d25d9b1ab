"""Late interaction: how well the words of a question find partners in a passage.

Each token of the question takes the most similar token of the passage (MaxSim, after Khattab and
Zaharia, "ColBERT", 2020); the sum is weighted by how rare the question's words are. A cosine below
0 counts as 0 and is squared before it is summed: the tokens of a model that was not trained for late
interaction are all somewhat alike, so half-matches must count for little. All scores lie between 0 and
1 and mean the same for any size of corpus.

MaxSim asks whether the question's words find partners; in a long sentence more do by chance. So the
best sentence's focus counts beside it: how near its own words are to any of the question's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoding.encoder import Encoded, Vectors
from index.protocol import Stored, Tokens
from index.words import lexical
from qa.ranking.fitted import model

_WEIGHTS, _WORDS, _SAME = (model("order")[part] for part in ("weights", "words", "same"))
# A model that has most words only in pieces cannot read the language: there BM25 counts beside it, as a share
# of the best candidate's.
FOREIGN_WORDS, SPLIT_FROM, SPLIT_TO = (float(_WORDS[name]) for name in ("foreign", "split_from", "split_to"))
# Passages say the same from this cosine of their pooled vectors, and of their tokens, on.
SAME_COSINE, SAME_TOKENS = float(_SAME["cosine"]), float(_SAME["tokens"])
# The corpus' own word counts get half the say when it has this many passages: in the weights of words, and in BM25.
GENERAL_PASSAGES, BM25_PASSAGES = (int(_WORDS[name]) for name in ("general_passages", "bm25_passages"))

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Settings:
    """What counts how much in the order of passages.

    `match` is the whole passage's match, `sentence` its best sentence's, `focus` that sentence's, `cosine`
    that of the pooled vectors, `words` BM25 in a large corpus; `coverage` is what a later quote from
    another essay gains by matching what the earlier ones do not; `logit` is what the reader's logit
    counts for in the choice of the first, `logit_later` in the order of the others. Without `headings`
    the title's and headings' tokens match nothing, without `marking` only the best matching sentence is
    marked.
    """

    match: float = _WEIGHTS["match"]
    sentence: float = _WEIGHTS["sentence"]
    focus: float = _WEIGHTS["focus"]
    cosine: float = _WEIGHTS["cosine"]
    words: float = _WEIGHTS["words"]
    coverage: float = _WEIGHTS["coverage"]
    logit: float = _WEIGHTS["logit"]
    logit_later: float = _WEIGHTS["logit_later"]
    headings: bool = True
    marking: bool = True


DEFAULT = Settings()


@dataclass(frozen=True, slots=True)
class Question:
    """A question's tokens, in the space of the index's token vectors.

    `vectors` (n, p) are unit vectors, `spans` (n, 2) characters of `text`, `rarity` (n,) how rare
    each token is in general. `words` names the word each token is part of ("" for punctuation),
    `word` (n,) numbers it, -1 for punctuation.
    """

    text: str
    vectors: Vectors
    spans: NDArray[np.int32]
    rarity: Vectors
    words: tuple[str, ...]
    word: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class TokenizedPassage:
    """A candidate: its text and tokens, the sentence each token is in (m,), -1 for title and headings.

    `cosine` is that of the pooled vectors, `bm25` a share of the most it could be, 0 where no word matches.
    """

    stored: Stored
    tokens: Tokens
    sentence: NDArray[np.int32]
    cosine: float
    bm25: float

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """The sentences as characters of the passage's text."""
        start = self.stored.passage.start
        return [(s.start - start, s.end - start) for s in self.stored.passage.sentences]


@dataclass(frozen=True, slots=True)
class Match:
    """The best cosine of each question token in each sentence (s, n) and in the whole passage (n,).

    The title's and headings' matches are in both: a word of the title is no one sentence's merit.
    `focus` (s,) is the mean, over a sentence's own tokens, of their best cosine with any of the question's.
    """

    sentences: Vectors
    passage: Vectors
    focus: Vectors


def read_question(text: str, encoded: Encoded, projected: Vectors) -> Question:
    """The question `text` as `encoded`, with its token vectors brought into the index's space."""
    found = list(lexical.WORD.finditer(lexical.folded(text)))
    ends = np.asarray([word.end() for word in found], np.int64)
    number = np.full(len(encoded.spans), -1, np.int32)
    for i, (start, _) in enumerate(encoded.spans):
        at = int(np.searchsorted(ends, start, "right"))
        if at < len(found) and found[at].start() <= start:
            number[i] = at
    words = tuple(lexical.plain(found[i].group()) if i >= 0 else "" for i in number)
    return Question(text, projected, encoded.spans, encoded.rarity, words, number)


def read_passage(stored: Stored, tokens: Tokens, cosine: float, bm25: float) -> TokenizedPassage:
    """A passage of the index as a candidate."""
    starts = np.asarray([s.start - stored.passage.start for s in stored.passage.sentences], np.int64)
    sentence = np.searchsorted(starts, tokens.spans[:, 0], "right") - 1
    context = tokens.spans[:, 1] == 0
    return TokenizedPassage(
        stored, tokens, np.where(context, -1, np.maximum(sentence, 0)).astype(np.int32), cosine, bm25
    )


def word_weights(question: Question, frequencies: Mapping[str, int], passages: int) -> Vectors:
    """Weights (n,) that sum to 1: inverse document frequency, with general rarity while the corpus is small."""
    general = GENERAL_PASSAGES / (GENERAL_PASSAGES + passages)
    counts = np.asarray([frequencies.get(word, 0) for word in question.words], np.float64)
    idf = np.log(1 + (passages - counts + 0.5) / (counts + 0.5))
    return _shared(question, (1 - general) * idf + general * _general_rarity(question))


def content_weights(question: Question) -> Vectors:
    """Weights (n,) that sum to 1 and are the same for every corpus: general rarity, without stop words."""
    content = np.asarray([bool(word) and word not in lexical.STOP_WORDS for word in question.words])
    return _shared(question, _general_rarity(question) * (content if content.any() else 1.0))


def _general_rarity(question: Question) -> NDArray[np.float64]:
    """How rare each token's word is in the language, shape (n,): the rarity of its rarest piece."""
    rarest = np.zeros(int(question.word.max(initial=-1)) + 1)
    inside = question.word >= 0
    np.maximum.at(rarest, question.word[inside], question.rarity[inside])
    rarity = np.zeros(len(question.word))
    rarity[inside] = rarest[question.word[inside]]
    return rarity


def _shared(question: Question, rarity: NDArray[np.float64]) -> Vectors:
    """Weights that sum to 1: each word's rarity, shared among its pieces; punctuation has none."""
    inside = question.word >= 0
    weights = np.where(inside, np.maximum(rarity, 1e-6), 0.0)
    weights[inside] /= np.bincount(question.word[inside], minlength=1)[question.word[inside]]
    total = weights.sum()
    return (weights / total if total else np.full(len(weights), 1 / max(len(weights), 1))).astype(np.float32)


def matches(question: Question, passages: Sequence[TokenizedPassage], settings: Settings = DEFAULT) -> list[Match]:
    """MaxSim of a question with each sentence of each candidate, in one matrix product."""
    if not passages:
        return []
    asked = np.ascontiguousarray(question.vectors.T)
    cosines = np.concatenate([passage.tokens.vectors @ asked for passage in passages])
    # All sentences of all candidates in one array; before those of each stands its title and headings.
    rows = np.cumsum([0, *(len(passage.stored.passage.sentences) + 1 for passage in passages)])
    row = np.concatenate([passage.sentence + first + 1 for passage, first in zip(passages, rows, strict=False)])
    best = np.zeros((rows[-1], len(question.vectors)), np.float32)
    if len(row):
        runs = np.flatnonzero(np.diff(row, prepend=-1))  # tokens of one sentence
        np.maximum.at(best, row[runs], np.maximum.reduceat(cosines, runs))
    tokens = np.maximum(np.bincount(row, minlength=rows[-1]), 1)
    focus = (np.bincount(row, cosines.max(1, initial=0), rows[-1]) / tokens).astype(np.float32)
    found = []
    for first, last in zip(rows[:-1].tolist(), rows[1:].tolist(), strict=True):
        sentences = np.maximum(best[first + 1 : last], best[first]) if settings.headings else best[first + 1 : last]
        found.append(Match(sentences, sentences.max(0), focus[first + 1 : last]))
    return found


def strength(cosines: Vectors) -> Vectors:
    """What matches are worth: their square, which parts the close from the loose."""
    return cosines * cosines


def words_weights(question: Question, passages: int, settings: Settings) -> tuple[float, float]:
    """What BM25 counts for, and what it counts for beside that where the model cannot read the language.

    The first grows with the number of `passages` of the corpus, the second with the share of the
    question's words that the model has only in pieces.
    """
    pieces = np.bincount(question.word[question.word >= 0])
    split = float((pieces[pieces > 0] > 1).mean()) if pieces.any() else 0.0
    foreign = min(max((split - SPLIT_FROM) / (SPLIT_TO - SPLIT_FROM), 0.0), 1.0)
    return settings.words * passages / (passages + BM25_PASSAGES), FOREIGN_WORDS * foreign


def order_scores(
    question: Question,
    weights: Vectors,
    found: Sequence[Match],
    passages: Sequence[TokenizedPassage],
    corpus: int,
    settings: Settings = DEFAULT,
) -> Vectors:
    """The score (candidates,) of each of `passages`, between 0 and 1; higher is better.

    `corpus` counts all passages there are.
    """
    best_bm25 = max((passage.bm25 for passage in passages), default=0.0)
    words, foreign = words_weights(question, corpus, settings) if best_bm25 else (0.0, 0.0)
    bm25 = words + foreign / (best_bm25 or 1.0)
    scores = []
    for match, passage in zip(found, passages, strict=True):
        sentences = strength(match.sentences) @ weights
        best = int(np.argmax(sentences))
        scores.append(
            settings.match * float(strength(match.passage) @ weights)
            + settings.sentence * float(sentences[best])
            + settings.focus * float(match.focus[best])
            + settings.cosine * max(passage.cosine, 0.0)
            + bm25 * passage.bm25
        )
    total = settings.match + settings.sentence + settings.focus + settings.cosine + words + foreign
    return np.asarray(scores, np.float32) / np.float32(total or 1.0)


def covering_order(
    weights: Vectors,
    found: Sequence[Match],
    passages: Sequence[TokenizedPassage],
    scores: Vectors,
    k: int,
    settings: Settings = DEFAULT,
) -> tuple[list[int], list[float]]:
    """The candidates in the order in which they are quoted, and what each of the first `k` is worth there.

    The first is the best; each of the next gains by matching words that those before do not, unless its
    essay is quoted already: its paragraphs often match by what their essay is about; what another essay
    adds, it alone adds. What comes after `k` follows by its score.
    """
    left = [int(i) for i in np.argsort(-scores, kind="stable")]
    if not left:
        return [], []
    strengths = np.stack([strength(match.passage) for match in found])
    essays = np.asarray([passage.stored.document for passage in passages])
    gain = np.full(len(passages), settings.coverage, np.float32)
    covered = np.zeros(len(weights), np.float32)
    chosen: list[int] = []
    worth: list[float] = []
    value = scores[left]
    while left and len(chosen) < k:
        best = int(np.argmax(value))
        worth.append(float(value[best]))
        chosen.append(left.pop(best))
        covered = np.maximum(covered, strengths[chosen[-1]])
        gain[essays == essays[chosen[-1]]] = 0
        value = scores[left] + gain[left] * (np.maximum(strengths[left] - covered, 0) @ weights)
    return chosen + left, worth + [float(scores[i]) for i in left]


def same(first: TokenizedPassage, second: TokenizedPassage, cosine: float) -> bool:
    """Whether two passages say the same: alike as wholes and word by word, and with the same numbers.

    `cosine` is that of their pooled vectors.
    """
    if cosine < SAME_COSINE:
        return False
    numbers = [set(_NUMBER.findall(one.stored.text)) for one in (first, second)]
    return numbers[0] == numbers[1] and _likeness(first, second) >= SAME_TOKENS


def _likeness(first: TokenizedPassage, second: TokenizedPassage) -> float:
    """The mean best cosine of two passages' own tokens, the smaller of both directions."""
    one, other = (passage.tokens.vectors[passage.sentence >= 0] for passage in (first, second))
    if not len(one) or not len(other):
        return 0.0
    cosines = one @ other.T
    return float(min(cosines.max(0).mean(), cosines.max(1).mean()))
