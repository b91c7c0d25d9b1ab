"""How sure an answer is: whether the essays speak of it at all, and whether the first quote answers.

Two logistic regressions over evidence that means the same for 60 passages and for 100,000: their
product, scaled, is the calibrated probability that the first quote answers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from index.words import lexical
from qa.answer import Status
from qa.ranking.logistic import Logistic, model
from qa.ranking.scoring import Match, Passage, Question, content_weights, strength

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
    question: Question, best: Passage, match: Match, scores: Sequence[float], candidates: Sequence[Passage], mean: float
) -> dict[str, float]:
    """What speaks for the first quote, by name of the feature.

    `scores` are the order scores of all `candidates`, falling; `mean` is the question's cosine with the
    mean of all passages.
    """
    weights = content_weights(question)
    power = strength(match.sentences) @ weights
    at = int(np.argmax(power))
    present = {stem(word) for word in lexical.words(f"{best.stored.context} {best.stored.text}")}
    literal = np.asarray([_share([stem(part) in present for part in lexical.words(word)]) for word in question.words])
    start, end = best.sentences[at]
    negative = bool(_NEGATION.search(question.text))
    numbers = [word for word in lexical.words(question.text) if word[0].isdigit()]
    return {
        "sentence": float(power[at]),  # how well one sentence matches the content words
        "cosine": max(passage.cosine for passage in candidates),
        "mean": mean,
        "literal": float(weights @ literal),  # share of the content words that are literally there
        "margin": float(scores[0] - scores[min(1, len(scores) - 1)]),
        "lead": float(scores[0] - scores[min(4, len(scores) - 1)]),
        "scattered": float((match.passage - match.sentences[at]) @ weights),  # matched, but in other sentences
        "negative": float(negative),
        "negated": float(negative and not _NEGATION.search(best.stored.text[start:end])),
        "number_missing": float(sum(stem(number) not in present for number in numbers)),
    }


@dataclass(frozen=True, slots=True)
class Judgement:
    """`topic`: the probability that the essays speak of it; `answers`: that the first quote answers."""

    topic: float
    answers: float
    status: Status


NOTHING = Judgement(0.0, 0.0, "none")


def judged(question: Question, values: Mapping[str, float]) -> Judgement:
    """The judgement on `evidence`. A question of stop words only asks for nothing that can be found."""
    if all(word in lexical.STOP_WORDS for word in question.words if word):
        return NOTHING
    fitted = fitted_model()
    topic = fitted.topic.probability(values)
    both = min(max(topic * fitted.answer.probability(values), 1e-6), 1 - 1e-6)
    answers = 1 / (1 + math.exp(-(fitted.scale * math.log(both / (1 - both)) + fitted.shift)))
    if topic < fitted.none_below:
        return Judgement(topic, answers, "none")
    # Nothing is found without one word in common.
    found = answers >= fitted.found_from and values["literal"] > 0
    return Judgement(topic, answers, "found" if found else "related")


def _share(held: Sequence[bool]) -> float:
    return sum(held) / len(held) if held else 0.0


def stem(word: str) -> str:
    """`word` without a common English ending: enough to see that it is literally there."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@cache
def fitted_model() -> Model:
    """The model in `qa/ranking/models/confidence.json`."""
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
