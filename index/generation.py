"""What a build asks of the place where an index is built: the seam for other indexes; `index.protocol` is the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

from index.encoding.arrays import Bytes
from index.encoding.encoder import Encoder
from index.encoding.projection import Projection
from index.protocol import Index
from index.report import Contents
from source.document import Document
from source.library import Skipped
from source.selection import ALL, Selection

Progress = Callable[[int, int], None]  # passages embedded so far, of how many


class Packed(NamedTuple):
    """The pooled vectors of a passage and its tokens, as `index.encoding` packs them: shape (n, bytes) each."""

    vectors: Bytes
    tokens: Bytes


class Generation(Protocol):
    """A generation while it is built: first its texts, in the order of the library, then its vectors, then `publish`.

    What it can take over from the generation before it does not ask for again. Passages are numbered from 0.
    """

    @property
    def before(self) -> Mapping[str, str]:
        """SHA-256 of the text of each document of the generation before, by its name."""
        ...

    @property
    def known(self) -> Mapping[str, str]:
        """SHA-256 of the file of each document that may be kept, if its file still has it, by its name."""
        ...

    def add(self, document: Document) -> None:
        """The next document, which is new or has changed."""
        ...

    def keep(self, name: str) -> Sequence[Skipped]:
        """The next document, which is one of `known`; what could not be read of it when it was added."""
        ...

    def contents(self) -> Contents:
        """What was added and kept: asked when that is all, and before anything below."""
        ...

    @property
    def projection(self) -> Projection | None:
        """What the token vectors that are taken over were projected with; None if none are."""
        ...

    def begin(self, projection: Projection) -> None:
        """Store token vectors as this projection makes them; before the first `store`."""
        ...

    def missing(self, start: int, end: int) -> list[int]:
        """Which of the passages `start` to `end` (excluded) have no vectors to take over."""
        ...

    def texts(self, numbers: Iterable[int]) -> list[tuple[str, str]]:
        """The passages with these numbers as (title and headings, text)."""
        ...

    def store(self, start: int, end: int, fresh: Mapping[int, Packed]) -> None:
        """The vectors of the passages `start` to `end` (excluded), which follow those stored before.

        `fresh` are those of the `missing`; the others are taken over.
        """
        ...

    def publish(self, truncated: int, skipped: Sequence[Skipped]) -> Index:
        """Make all of it what is asked, at once, and open it.

        `truncated` passages could not be read whole, `skipped` is what was left out.
        """
        ...


class Sink(Protocol):
    """Where an index is built: takes a new generation, whole or not at all."""

    def generation(
        self, folder: Path, encoder: Encoder, *, chosen: bool | None, selection: Selection = ALL
    ) -> AbstractContextManager[Generation]:
        """A new generation of the `selection` of essays in `folder`.

        If it is left before it was published nothing changes.
        For `chosen` see `index.build.build`. Raises UserError if none can be taken.
        """
        ...
