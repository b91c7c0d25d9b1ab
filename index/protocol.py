"""What the retriever, the page and the commands ask of an index, and nothing more: the seam for other indexes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.encoding.encoder import Vectors
from index.encoding.projection import Projection
from index.numbers import PassageNumber
from index.words.scored import Terms
from source.document import Document, Passage
from source.library import Skipped
from source.proof import Sources, Standing
from source.selection import ALL, Selection


class Hit(NamedTuple):
    """A passage, by its number in the index, and its score; higher is better."""

    passage: PassageNumber
    score: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is known of the corpus as a whole.

    `mean` is that of the `vectors` (of each window of each passage), shape (d,): the cosines of a question q with all
    of them have mean q·mean. The passages have so many `terms` together, in the `languages` of their documents.
    """

    passages: int
    vectors: int
    mean: Vectors
    terms: int
    languages: tuple[str, ...]


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


class Entry(NamedTuple):
    """A document without its text: what a list of essays shows; `sha256` is that of its text."""

    name: str
    title: str
    author: str
    date: str
    passages: int
    sha256: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What an index holds; `truncated` counts the passages of which the model could not read every token."""

    documents: int
    passages: int
    sentences: int
    truncated: int


@dataclass(frozen=True, slots=True)
class About:
    """What an index says of itself.

    `address` is where it lies, `source` the folder or file its essays were read from, `built` when (ISO
    8601), `skipped` what was left out, `rebuild` the command that builds it anew, `size` its bytes; `selection` says
    which files of the source are meant.
    """

    address: str
    source: Path
    model: str
    built: str
    counts: Counts
    skipped: tuple[Skipped, ...]
    rebuild: str
    size: int
    selection: Selection = ALL

    @property
    def essays(self) -> str:
        """The folders and files that the essays were read from, and the patterns, as somebody may read them."""
        return self.selection.told(self.source)


@dataclass(frozen=True, slots=True)
class Origin:
    """What an index was built from: the folder of its essays, and the model, `chosen` if somebody asked for it.

    "" is what is not known. `selection` says which files of the folder are meant.
    """

    source: str
    model: str
    chosen: bool
    selection: Selection = ALL

    @property
    def places(self) -> list[str]:
        """The folders and files that were named, none if that is not known."""
        return list(map(str, self.selection.places(Path(self.source)))) if self.source else []

    @property
    def essays(self) -> str:
        """As `About.essays`."""
        return self.selection.told(Path(self.source)) if self.source else ""


class Closing:
    """A context manager that is closed at its end; who inherits from it has a `close`."""

    def close(self) -> None:
        """Let go of all that is held."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Index(Protocol):
    """One generation of a searchable set of documents; safe to use from many threads.

    All that is asked of one `Index` belongs together, however often the index is rebuilt meanwhile:
    whoever answers a question asks one `Index` from beginning to end. `name` is the generation's.
    """

    @property
    def name(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def model_sha256(self) -> str: ...
    @property
    def statistics(self) -> Statistics: ...

    @property
    def about(self) -> About:
        """What the index says of itself."""
        ...

    @property
    def entries(self) -> Sequence[Entry]:
        """All documents, in the order of the library."""
        ...

    def document(self, name: str) -> Document:
        """A whole document. Raises NoDocument if there is none of that name."""
        ...

    def nearest(self, vector: Vectors, k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """The `k` passages whose pooled vectors are nearest to `vector` (d,), by cosine; ties by number.

        Only those of `documents`, if they are given. Raises NoDocument if there is none of a name.
        """
        ...

    def matching(self, words: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """The `k` best passages by BM25 that hold any of `words`, in title and headings too; ties by number.

        The scores are shares of the most that BM25 could be for these words, between 0 and 1. Raises
        NoDocument as `nearest` does.
        """
        ...

    def word_scores(self, words: Sequence[str], numbers: Sequence[PassageNumber]) -> list[float]:
        """What `matching` would score each of these passages, in this order; 0 where no word matches."""
        ...

    def containing(self, phrases: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """Up to `k` passages whose text holds every one of `phrases` literally. Raises NoDocument as `nearest` does."""
        ...

    def following(self, words: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[PassageNumber]:
        """The first `k` passages, by number, in whose text `words` follow each other, whatever signs stand between.

        A superset of the literal: stems count as their words. Raises NoDocument as `nearest` does.
        """
        ...

    def frequencies(self, words: Sequence[str]) -> Mapping[str, int]:
        """In how many passages each of `words` stands."""
        ...

    def term_counts(self, terms: Sequence[str]) -> Mapping[str, int]:
        """In how many passages each of `terms` stands, which are as `index.words.stems` makes them."""
        ...

    def terms(self, numbers: Sequence[PassageNumber]) -> list[Terms]:
        """The terms of each of these passages, in this order."""
        ...

    def passages(self, numbers: Sequence[PassageNumber]) -> list[Stored]:
        """The passages with these numbers, in this order."""
        ...

    def tokens(self, numbers: Sequence[PassageNumber]) -> list[Tokens]:
        """The token vectors of each of these passages, in this order."""
        ...

    @property
    def projection(self) -> Projection:
        """What brings token vectors (n, d) of a question into the space of `tokens`."""
        ...

    def vectors(self, numbers: Sequence[PassageNumber]) -> Vectors:
        """The first pooled vector of each of these passages, shape (len(numbers), d)."""
        ...

    @property
    def unchecked(self) -> str:
        """A sentence that says that the sources themselves cannot be read now; "" if they can."""
        ...

    def sources(self, name: str) -> Sources:
        """Where the document `name` was read."""
        ...

    def standing(self, name: str, start: int, end: int) -> Standing:
        """How `text[start:end]` of a document stands in its source now."""
        ...

    def close(self) -> None:
        """Let go of files and connections; nothing can be asked after that."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
