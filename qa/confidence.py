"""How sure an answer is: whether the essays speak of it at all, and whether the first quote answers.

Two logistic regressions over evidence that means the same for 60 passages and for 100,000: their
product, scaled, is the calibrated probability that the first quote answers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from index import lexical
from qa.answer import Status
from qa.logistic import Logistic, model
from qa.scoring import POWER, Match, Passage, Question, content_weights

_NEGATION = re.compile(
    r"\b(?:not|never|no|without|except|nor|neither|unable|fail(?:ed)?|least|lack|isn|wasn|didn|doesn|aren|weren|don)\b",
    re.IGNORECASE,
)
_ENDINGS = ("ing", "edly", "ed", "ies", "es", "s", "ly")


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted parts: topic, answer, the scale of their product, and the two thresholds."""

    topic: Logistic
    answer: Logistic
    scale: float
    shift: float
    none_below: float
    found_from: float


def evidence(
    question: Question, best: Passage, match: Match, scores: Sequence[float], largest_cosine: float
) -> dict[str, float]:
    """What speaks for the first quote, by name of the feature.

    `scores` are the order scores of all candidates, falling; `largest_cosine` is the largest
    pooled cosine of any.
    """
    weights = content_weights(question)
    power = match.sentences**POWER @ weights
    at = int(np.argmax(power))
    inside = question.word >= 0
    present = {stem(word) for word in lexical.words(f"{best.stored.context} {best.stored.text}")}
    total: dict[int, float] = {}
    in_passage: dict[int, float] = {}
    in_sentence: dict[int, float] = {}
    name: dict[int, str] = {}
    for i in np.flatnonzero(weights > 1e-4):
        word, weight = int(question.word[i]), float(weights[i])
        name[word] = question.words[i]
        total[word] = total.get(word, 0.0) + weight
        in_passage[word] = in_passage.get(word, 0.0) + weight * float(match.passage[i])
        in_sentence[word] = in_sentence.get(word, 0.0) + weight * float(match.sentences[at, i])
    literal = {word for word in total if stem(name[word]) in present}
    start, end = best.sentences[at]
    negated = bool(_NEGATION.search(question.text)) and not _NEGATION.search(best.stored.text[start:end])
    numbers = [word for word in lexical.words(question.text) if word[0].isdigit()]
    return {
        "sentence": float(power[at]),
        "plain": float(match.sentences[:, inside].mean(1).max()) if inside.any() else 0.0,
        "cosine": largest_cosine,
        "literal": sum(total[word] for word in literal),
        "unmatched": sum(total[word] - in_passage[word] for word in total if word not in literal),
        "weakest": min((in_sentence[word] / total[word] for word in total), default=0.0),
        "lead": float(scores[0] - scores[min(4, len(scores) - 1)]),
        "words": math.log1p(len(total)),
        "negated": float(negated),
        "number_missing": float(sum(stem(number) not in present for number in numbers)),
    }


def confidence(values: dict[str, float]) -> float:
    """The calibrated probability that the first quote answers, from `evidence`."""
    fitted = fitted_model()
    both = fitted.topic.probability(values) * fitted.answer.probability(values)
    both = min(max(both, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(fitted.scale * math.log(both / (1 - both)) + fitted.shift)))


def status(values: dict[str, float], probability: float) -> Status:
    """Found, related or none: whether the first quote answers, and whether the essays speak of it."""
    fitted = fitted_model()
    if fitted.topic.probability(values) < fitted.none_below:
        return "none"
    return "found" if probability >= fitted.found_from else "related"


def stem(word: str) -> str:
    """`word` without a common English ending: enough to see that it is literally there."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@cache
def fitted_model() -> Model:
    """The model in `qa/models/confidence.json`."""
    values = model("confidence")
    scale, shift = values["scaling"]
    return Model(
        Logistic.read(values["topic"]),
        Logistic.read(values["answer"]),
        float(scale),
        float(shift),
        float(values["none_below"]),
        float(values["found_from"]),
    )
