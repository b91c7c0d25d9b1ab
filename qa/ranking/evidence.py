"""What speaks for and against the first quote: numbers that mean the same for 60 passages and for 100,000."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from index.words import lexical
from index.words.irregular import IRREGULAR
from index.words.stems import without_accents
from qa.ranking.marks import answer_type_missing, handed_on
from qa.ranking.reader import UNREAD, Reading
from qa.ranking.scoring import Match, Question, TokenizedPassage, content_weights, strength

_NEGATION = re.compile(
    r"\b(?:not|never|no|without|except|nor|neither|unable|fail(?:ed)?|least|lack|isn|wasn|didn|doesn|aren|weren|don)\b",
    re.IGNORECASE,
)
_ENDINGS = ("ing", "edly", "ed", "ies", "es", "s", "ly")
# From this cosine on, a word of the passage is a near partner of one of the question.
NEAR = 0.6
# A word that begins with a capital within a sentence.
_NAME = re.compile(r"(?<=[\w,;:'’)] )[^\W\d_]*[A-Z][^\W_]*")


@dataclass(frozen=True, slots=True)
class Matched:
    """What late interaction and words say of the first quote.

    `sentence` is how well one sentence matches the content words, `literal` the share of these that are literally
    there, `scattered` what is matched in other sentences only; `cosine` is the nearest candidate's, `mean` that with
    the mean of all passages; `margin` and `lead` are how far the score is above the second's and the fifth's;
    `negative` and `negated` tell whether the question negates and the sentence does not; `number_missing` counts the
    question's numbers that are not there.
    """

    sentence: float
    cosine: float
    mean: float
    literal: float
    margin: float
    lead: float
    scattered: float
    negative: float
    negated: float
    number_missing: float


@dataclass(frozen=True, slots=True)
class Missing:
    """What the question asks for and the first quote does not hold.

    `absent` is the weight of the words without a near partner, `unknown` of those that stand nowhere in the corpus
    besides; `name_missing` counts the names that are not there; `weakest` is the least match of any content word.
    """

    absent: float
    unknown: float
    name_missing: float
    weakest: float


@dataclass(frozen=True, slots=True)
class Read:
    """What the reader says of the first quote.

    `logit` is that it answers; `logit_better` is by how much another passage that was read is likelier to,
    `logit_second` the second best of all, `logit_mean` the mean of the best five; `logit_sentence` is the likeliest
    sentence's and `logit_word` its likeliest word's. `type_missing` tells that this sentence has no time, number or
    reason where one is asked for, `asks` that it asks itself.
    """

    logit: float
    logit_better: float
    logit_second: float
    logit_mean: float
    logit_sentence: float
    logit_word: float
    type_missing: float
    asks: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against the first quote; `read` is None where no reader has read it."""

    matched: Matched
    missing: Missing
    read: Read | None = None

    def named(self) -> dict[str, float]:
        """All of it by name, as the fitted numbers name it."""
        return asdict(self.matched) | asdict(self.missing) | (asdict(self.read) if self.read else {})


def matched(
    question: Question,
    best: TokenizedPassage,
    match: Match,
    scores: Sequence[float],
    candidates: Sequence[TokenizedPassage],
    mean: float,
) -> Matched:
    """What late interaction and words say of the first quote.

    `scores` are the order scores of all `candidates`, falling; `mean` is the question's cosine with the
    mean of all passages.
    """
    weights = content_weights(question)
    power = strength(match.sentences) @ weights
    at = int(np.argmax(power))
    present = _present(best)
    literal = np.asarray([_share(word, present) for word in question.words])
    start, end = best.sentences[at]
    negative = bool(_NEGATION.search(question.text))
    numbers = [word for word in lexical.words(question.text) if word[0].isdigit()]
    return Matched(
        sentence=float(power[at]),
        cosine=max(passage.cosine for passage in candidates),
        mean=mean,
        literal=float(weights @ literal),
        margin=float(scores[0] - scores[min(1, len(scores) - 1)]),
        lead=float(scores[0] - scores[min(4, len(scores) - 1)]),
        scattered=float((match.passage - match.sentences[at]) @ weights),
        negative=float(negative),
        negated=float(negative and not _NEGATION.search(best.stored.text[start:end])),
        number_missing=float(sum(_form(number) not in present for number in numbers)),
    )


def missing(question: Question, frequencies: Mapping[str, int], best: TokenizedPassage, match: Match) -> Missing:
    """What the question asks for and the first quote does not hold.

    `frequencies` tells in how many passages of the corpus each of the question's words stands.
    """
    weights = content_weights(question)
    present = _present(best)
    names = {name.lower() for name in _NAME.findall(question.text)} - lexical.STOP_WORDS
    absent = unknown = name_missing = 0.0
    weakest = 1.0
    for number in range(int(question.word.max(initial=-1)) + 1):
        tokens = np.flatnonzero(question.word == number)
        word = question.words[tokens[0]] if len(tokens) else ""
        weight = float(weights[tokens].sum())
        if not word or word in lexical.STOP_WORDS:
            continue
        held = _share(word, present) == 1.0
        near = 1.0 if held else float(match.passage[tokens].mean())
        weakest = min(weakest, near)
        if near < NEAR:
            absent += weight
            unknown += weight if not frequencies.get(word) else 0.0
        name_missing += float(not held and word in names)
    return Missing(absent, unknown, name_missing, weakest)


def read(question: Question, best: TokenizedPassage, own: Reading, readings: Sequence[Reading]) -> Read:
    """What the reader says of the first quote; `readings` are those of all that were read."""
    asking = [one.asks for one in best.stored.passage.sentences]
    sentences = handed_on(own.sentences.tolist(), asking, UNREAD)
    at = int(np.argmax(sentences))
    start, end = best.sentences[at]
    sentence = best.stored.text[start:end]
    inside = own.words[(own.spans[:, 0] >= start) & (own.spans[:, 1] <= end)]
    logits = sorted((one.answers for one in readings), reverse=True)
    return Read(
        logit=own.answers,
        logit_better=logits[0] - own.answers,
        logit_second=logits[min(1, len(logits) - 1)],
        logit_mean=float(np.mean(logits[:5])),
        logit_sentence=sentences[at],
        logit_word=float(inside.max(initial=-8.0)),
        type_missing=float(answer_type_missing(question.text, sentence)),
        asks=float(asking[at]),
    )


def _present(best: TokenizedPassage) -> set[str]:
    return {_form(word) for word in lexical.words(f"{best.stored.context} {best.stored.text}")}


def _share(word: str, present: Collection[str]) -> float:
    """The share of the parts of `word` (two of "twin-engined") of which a form is `present`; 0 where it has none."""
    held = [_form(part) in present for part in lexical.words(word)]
    return sum(held) / len(held) if held else 0.0


def _form(word: str) -> str:
    """What `word` has in common with its other forms, irregular ones and those typed without accents among them."""
    bare = without_accents(word)
    return without_ending(IRREGULAR.get(bare, bare))


def without_ending(word: str) -> str:
    """`word` without a common English ending: enough to see that it is literally there."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
