"""What reads a question and a passage together: whether, and with which sentences and words, the passage answers.

Late interaction sees that words match, not that a question is answered; a reader sees both in one sequence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoding.encoder import Vectors
from index.protocol import Stored
from qa.ranking.fitted import model

_READING = model("order")["reading"]
# So many passages are read first, and so many at most: on to these where none so far is `CONVINCED`, a logit.
FIRST, MOST, CONVINCED = int(_READING["first"]), int(_READING["most"]), float(_READING["convinced"])

# The logit of a sentence that no window holds.
UNREAD = -20.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader says of one passage, in logits.

    `answers` is that the passage answers; `sentences` (s,) that each of its sentences does; `words` (t,)
    that each token is part of the answer, `spans` (t, 2) the tokens' characters in the passage's text.
    """

    answers: float
    sentences: Vectors
    words: Vectors
    spans: NDArray[np.int32]


class Reader(Protocol):
    """What reads a question together with passages. Safe to use from many threads."""

    @property
    def fingerprint(self) -> str: ...

    def read(
        self, question: str, frequencies: Mapping[str, int], corpus: int, passages: Sequence[Stored]
    ) -> list[Reading]:
        """Read `question` with each of `passages`; a passage reads the same whatever is read beside it.

        `frequencies` tells in how many of the `corpus` passages each word of the question stands.
        """
        ...


def readings(
    reader: Reader,
    question: str,
    frequencies: Mapping[str, int],
    corpus: int,
    passages: Sequence[Stored],
    scores: Vectors,
) -> list[Reading | None]:
    """What `reader` says of the best of `passages` by their `scores`, None of the others.

    How many are read depends on the question and the passages only: the same question is answered alike
    whatever else the machine does.
    """
    order = [int(i) for i in np.argsort(-scores, kind="stable")[:MOST]]
    found: list[Reading | None] = [None] * len(passages)
    best = UNREAD
    for part in (order[:FIRST], order[FIRST:]):
        if best >= CONVINCED:
            break
        read = reader.read(question, frequencies, corpus, [passages[i] for i in part])
        for i, one in zip(part, read, strict=True):
            found[i], best = one, max(best, one.answers)
    return found


def with_readings(scores: Vectors, found: Sequence[Reading | None], first: float, later: float) -> Vectors:
    """The scores (n,), with the logits of what was read beside them.

    Which comes first is decided with the weight `first` of the logit: it gets the highest score there is. The
    others lose `later` for each unit by which they are less likely to answer than the likeliest; what was not
    read loses what the least likely of those read does, so that it comes after them.
    """
    logits = [one.answers for one in found if one is not None]
    if not logits:
        return scores
    least = min(logits)
    behind = np.asarray([max(logits) - (least if one is None else one.answers) for one in found], np.float32)
    best = int(np.argmax(scores - np.float32(first) * behind))
    ordered = np.asarray(scores - np.float32(later) * behind, np.float32)
    ordered[best] = scores.max()
    return ordered
