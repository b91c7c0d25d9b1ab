"""How sure an answer is: whether the essays speak of it at all, and whether the first quote answers.

Two logistic regressions over the evidence: their product, scaled, is the calibrated probability that the
first quote answers. Thresholds turn it into a verdict. They hold for the encoder and the reader that they
were fitted with; for others there is a rule instead, which never says that a passage answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from index.words import lexical
from qa.answer import Verdict
from qa.ranking.evidence import Evidence
from qa.ranking.fitted import Logistic, fit
from qa.ranking.marks import asks_when
from qa.ranking.scoring import Question

# Where so much of the question's words stands nowhere, and nothing near it in the passage, nothing is said to answer.
_MOST_UNKNOWN = 0.5
# Without fitted numbers: a word of the question is near from this strength of the best sentence on, and a
# passage may answer that holds so much of the question's words, or that the reader takes for an answer.
_SHARED, _HELD = 0.3, 0.5


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted parts: topic, answer, the scale of their product, and the thresholds.

    `none_below` is of the topic's probability, the others of the confidence; without a reader there is
    no `answers_from`.
    """

    topic: Logistic
    answer: Logistic
    scale: float
    shift: float
    none_below: float
    may_answer_from: float
    answers_from: float | None

    @classmethod
    def fitted(cls, encoder: str, reader: str | None) -> Model | None:
        """The model fitted with these weights, if there is one."""
        values = fit("confidence", encoder, reader)
        if values is None:
            return None
        scale, shift = values["scaling"]
        thresholds = (values["none_below"], values["may_answer_from"], values["answers_from"])
        return cls(Logistic.read(values["topic"]), Logistic.read(values["answer"]), scale, shift, *thresholds)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`topic`: the probability that the essays speak of it; `answers`: that the first quote answers.

    Both are None where nothing was fitted.
    """

    topic: float | None
    answers: float | None
    verdict: Verdict


NOTHING = Judgement(0.0, 0.0, "none")


def judged(question: Question, found: Evidence, fitted: Model | None) -> Judgement:
    """The judgement on the evidence. A question of stop words only asks for nothing that can be found."""
    if all(word in lexical.STOP_WORDS for word in question.words if word):
        return NOTHING
    if fitted is None:
        return Judgement(None, None, _ruled(found))
    values = found.named()
    topic = fitted.topic.probability(values)
    both = min(max(topic * fitted.answer.probability(values), 1e-6), 1 - 1e-6)
    answers = 1 / (1 + math.exp(-(fitted.scale * math.log(both / (1 - both)) + fitted.shift)))
    return Judgement(topic, answers, verdict(question.text, topic, answers, found, fitted))


def verdict(question: str, topic: float, answers: float, found: Evidence, fitted: Model) -> Verdict:
    """The verdict on these probabilities, by the thresholds and by what rules "answers" out."""
    if topic < fitted.none_below:
        return "none"
    if found.matched.literal > 0:  # nothing answers without one word in common
        if fitted.answers_from is not None and answers >= fitted.answers_from and can_answer(question, found):
            return "answers"
        if answers >= fitted.may_answer_from:
            return "may_answer"
    return "close"


def can_answer(question: str, found: Evidence) -> bool:
    """Whether a passage with this evidence can be said to answer at all, however likely it looks.

    No question is an answer, nothing without a time tells when, and of what stands nowhere in the essays nothing
    is said: of "What tanks did the hugenots supply?" the reader sees only that tanks were supplied.
    """
    if found.missing.unknown >= _MOST_UNKNOWN:
        return False
    return found.read is None or not (found.read.asks or (found.read.type_missing and asks_when(question)))


def _ruled(found: Evidence) -> Verdict:
    """The verdict where nothing was fitted: at most that the passage may answer."""
    if found.matched.literal == 0 and found.matched.sentence < _SHARED:
        return "none"
    likely = found.read.logit > 0 if found.read else found.matched.literal >= _HELD
    return "may_answer" if likely else "close"
