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
