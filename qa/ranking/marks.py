"""Which sentences of a passage answer: a small logistic regression over how each matches the question.

Where a reader has read the passage, what it says of each sentence is told beside.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from index.encoding.encoder import Vectors
from index.protocol import Stored
from index.words import lexical
from qa.ranking.fitted import Logistic, fit, model
from qa.ranking.reader import Reading
from qa.ranking.scoring import Match, Question, strength
from source.text.questions import asks

FEATURES = ("match", "lead", "focus", "type_missing", "new_words", "behind", "previous", "pronoun", "asks")
READ = ("logit", "logit_behind", "logit_word")
# What a sentence begins with that speaks of what the one before it named.
_PRONOUN = re.compile(r"\W*(?:he|she|it|they|his|her|its|their|this|these|that|those|such|there)\b", re.IGNORECASE)
# The logit of a sentence, and of a word, counts down to here: what is less likely is out of the question.
_LEAST = -8.0

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


def asks_when(question: str) -> bool:
    """Whether the question asks for a time."""
    return bool(_KINDS[0][0].search(question))


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
    rows: list[list[float]] = []
    for i, (score, focused, (start, end)) in enumerate(zip(scores, focus.tolist(), sentences, strict=True)):
        sentence = text[start:end]
        lead = score - (second if score == first else first) if len(scores) > 1 else 0.0
        new = sum(word not in known for word in lexical.words(sentence))
        missing = answer_type_missing(question.text, sentence)
        previous = max(scores[i - 1] - score, 0.0) if i else 0.0
        continues = bool(_PRONOUN.match(sentence))
        rows.append([score, lead, focused, missing, math.log1p(new), behind, previous, continues, asks(sentence)])
    return np.asarray(rows, np.float32).reshape(-1, len(FEATURES))


def handed_on(values: Sequence[float], asking: Sequence[bool], least: float) -> list[float]:
    """What speaks for each sentence; a question of the text has `least`, and hands its own on to what answers it.

    That is the sentence behind it. Where there are questions only, each keeps its own.
    """
    if all(asking):
        return list(values)
    found: list[float] = []
    held = least
    for value, question in zip(values, asking, strict=True):
        found.append(least if question else max(value, held))
        held = max(value, held) if question else least
    return found


def reading_features(reading: Reading, sentences: Sequence[tuple[int, int]]) -> Vectors:
    """What a reader says of each sentence, shape (s, len(READ))."""
    logits = np.maximum(reading.sentences, _LEAST)
    rows = []
    for i, (start, end) in enumerate(sentences):
        inside = (reading.spans[:, 0] >= start) & (reading.spans[:, 1] <= end)
        rows.append([logits[i], logits[i] - logits.max(), max(reading.words[inside].max(initial=_LEAST), _LEAST)])
    return np.asarray(rows, np.float32).reshape(-1, len(READ))


def holding(stored: Stored, phrases: Sequence[str]) -> list[int]:
    """The numbers of the sentences that hold any of `phrases`, or a part of one."""
    spans = [span for phrase in phrases for span in lexical.holds(stored.text, phrase)]
    start = stored.passage.start
    return [
        i
        for i, sentence in enumerate(stored.passage.sentences)
        if any(first < sentence.end - start and last > sentence.start - start for first, last in spans)
    ]


def with_introduced(marked: Sequence[int], stored: Stored) -> list[int]:
    """`marked`, the likeliest first, in their order, with what a marked sentence introduces by a colon.

    That is the next sentence; where that stands on a line of its own, those on the lines behind it, and in a list all.
    Of what a less likely sentence introduces, parts may be marked already: then they are what is meant.
    """
    found = set(marked)
    for i in marked:
        if stored.text[: stored.passage.sentences[i].end - stored.passage.start].endswith((":", "：")):
            introduced = _introduced(i, stored)
            if i == marked[0] or not found.intersection(introduced):
                found.update(introduced)
    return sorted(found)


def _introduced(number: int, stored: Stored) -> range:
    """The numbers of the sentences that sentence `number` introduces."""
    sentences, start = stored.passage.sentences, stored.passage.start
    behind = sentences[number + 1 :]
    gaps = [stored.text[a.end - start : b.start - start] for a, b in zip(sentences[number:], behind, strict=False)]
    if gaps and not gaps[0].strip():
        lines = takewhile(lambda gap: "\n" in gap, gaps[1:])
        return range(number + 1, number + 2 + len(list(lines)))
    return range(number + 1, len(sentences))


@dataclass(frozen=True, slots=True)
class Marker:
    """Marks the likeliest sentence, and any that is likely `enough` and not less than `share` of it."""

    chances: Logistic
    enough: float
    share: float

    @classmethod
    def fitted(cls, encoder: str, reader: str | None) -> Marker:
        """Those fitted with these weights; those of the model that comes first in the file for any other encoder."""
        values = fit("marks", encoder, reader)
        if values is None:
            values = next(one for one in model("marks")["fits"] if (one["reader_sha256"] is None) == (reader is None))
        return cls(Logistic.read(values["marks"]), float(values["enough"]), float(values["share"]))

    def chosen(self, rows: Vectors, asking: Sequence[bool]) -> list[int]:
        """The numbers of the sentences to mark, the likeliest first, from their features.

        `asking` tells which of them ask, and so never answer.
        """
        chances = handed_on(self.chances.probabilities(rows).tolist(), asking, 0.0)
        best = int(np.argmax(chances))
        least = max(self.enough, self.share * chances[best])
        return [best, *(i for i, chance in enumerate(chances) if i != best and chance >= least)]
