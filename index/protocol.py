"""What the retriever asks of an index, and nothing more: the seam for other stores."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoding.encoder import Vectors
from source.document import Document, Passage


class Hit(NamedTuple):
    """A passage, by its number in the index, and its score; higher is better."""

    passage: int
    score: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is known of the corpus as a whole.

    `mean` and `covariance` are those of the pooled vectors, shapes (d,) and (d, d): the cosines
    of a question q with all passages have mean q·mean and variance q·covariance·q.
    """

    passages: int
    mean: Vectors
    covariance: Vectors


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage as the index keeps it: its document's name and title beside it."""

    document: str
    title: str
    passage: Passage
    text: str
    context: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a passage: vectors (n, p) in the projection's space, of length 1 but for their
    rounding, and spans (n, 2).

    Spans count characters of the passage's text; tokens of title and headings have empty spans.
    """

    vectors: Vectors
    spans: NDArray[np.int32]


class Index(Protocol):
    """A searchable set of documents; safe to use from many threads."""

    @property
    def model(self) -> str: ...
    @property
    def model_sha256(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def statistics(self) -> Statistics: ...

    def nearest(self, vector: Vectors, k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """The `k` passages whose pooled vectors are nearest to `vector` (d,), by cosine."""
        ...

    def matching(
        self, words: Sequence[str], k: int, documents: Collection[str] | None = None, also: Collection[int] = ()
    ) -> list[Hit]:
        """The `k` best passages by BM25 that hold any of `words`, in title and headings too, then those of `also`.

        The scores are shares of the most that BM25 could be for these words, between 0 and 1. `also`
        are numbers of passages of `documents`.
        """
        ...

    def containing(self, phrases: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """Up to `k` passages whose text holds every one of `phrases` literally."""
        ...

    def frequencies(self, words: Sequence[str]) -> Mapping[str, int]:
        """In how many passages each of `words` stands."""
        ...

    def passages(self, numbers: Sequence[int]) -> list[Stored]:
        """The passages with these numbers, in this order."""
        ...

    def tokens(self, numbers: Sequence[int]) -> list[Tokens]:
        """The token vectors of each of these passages, in this order."""
        ...

    def project(self, tokens: Vectors) -> Vectors:
        """Token vectors (n, d) of a question, brought into the space of `tokens`."""
        ...

    def vectors(self, numbers: Sequence[int]) -> Vectors:
        """The first pooled vector of each of these passages, shape (len(numbers), d)."""
        ...

    def document(self, name: str) -> Document:
        """A whole document. Raises UserError if there is none of that name."""
        ...

    def changed(self, name: str, start: int, end: int) -> str:
        """Why `text[start:end]` of a document can no longer be quoted, or "" if it can."""
        ...
