"""Which sentences of a passage answer: a small logistic regression over how each matches the question."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from index.encoding.encoder import Vectors
from index.words import lexical
from qa.ranking.logistic import Logistic, model
from qa.ranking.scoring import Match, Question, strength

FEATURES = ("match", "lead", "focus", "type_missing", "new_words", "behind")

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|hundred|thousand"
    "|million|billion|half|third|quarter|several|once|twice"
)
# What asks for a kind of answer, and what a sentence must hold to be of that kind.
_KINDS = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(answers, re.IGNORECASE))
    for asks, answers in (
        (  # when
            r"\bwhen\b|\b(?:what|which)\s+(?:\w+\s+)?(?:years?|dates?|day|month|decade|century)\b",
            rf"\b1\d{{3}}s?\b|\b20\d\ds?\b|\b\d+(?:st|nd|rd|th)\b|\bcentur|\b(?:{_MONTHS})\b",
        ),
        (  # how many
            (
                r"\bhow\s+(?:many|much|old|long|far|large|big|high|tall|often|fast|deep|wide|heavy)\b"
                r"|\bwhat\s+(?:\w+\s+)?(?:percent|percentage|number|amount|age|population|proportion|fraction|share)\b"
            ),
            rf"\d|\b(?:{_NUMBERS})\b",
        ),
        (  # why
            r"\bwhy\b|\bwhat\s+(?:\w+\s+)?(?:reasons?|causes?|caused)\b",
            (
                r"\b(?:because|due to|since|as a result|so that|in order to|owing to|therefore|reasons?|cause[sd]?"
                r"|leads?|led|thus|hence|to (?:avoid|prevent)|resulting)\b"
            ),
        ),
    )
)


def answer_type_missing(question: str, sentence: str) -> bool:
    """Whether the question asks when, how many or why, and the sentence has nothing of the kind."""
    return any(asks.search(question) and not answers.search(sentence) for asks, answers in _KINDS)


def features(
    question: Question, weights: Vectors, match: Match, text: str, sentences: Sequence[tuple[int, int]], behind: float
) -> Vectors:
    """What speaks for each sentence, shape (s, len(FEATURES)).

    `sentences` are characters of `text`; `behind` is by how much the passage's order score is
    below the best one's.
    """
    scores = (strength(match.sentences) @ weights).tolist()
    focus = match.focus - match.focus.max(initial=0)  # the best of the passage has 0
    first, second = sorted(scores, reverse=True)[:2] if len(scores) > 1 else (0.0, 0.0)
    known = set(question.words) | lexical.STOP_WORDS
    rows = []
    for score, focused, (start, end) in zip(scores, focus.tolist(), sentences, strict=True):
        lead = score - (second if score == first else first) if len(scores) > 1 else 0.0
        new = sum(word not in known for word in lexical.words(text[start:end]))
        missing = answer_type_missing(question.text, text[start:end])
        rows.append([score, lead, focused, missing, math.log1p(new), behind])
    return np.asarray(rows, np.float32).reshape(-1, len(FEATURES))


def marks(rows: Vectors) -> list[int]:
    """The numbers of the sentences to mark, from their `features`: the likeliest, and any not far behind it."""
    fitted, enough, share = _model()
    chances = fitted.probabilities(rows)
    best = int(np.argmax(chances))
    return [i for i, c in enumerate(chances) if i == best or (c >= enough and c >= share * chances[best])]


@cache
def _model() -> tuple[Logistic, float, float]:
    values = model("marks")
    return Logistic.read(values["marks"]), float(values["enough"]), float(values["share"])
