"""Proof that a source still says what was indexed: asked whenever a passage is quoted, verified or exported."""

from __future__ import annotations

import contextlib
import datetime
import os
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path

from source.document import Document, Lines, Span
from source.errors import UnreadableFile
from source.files import SourceFile
from source.library import source_file
from source.reading import read_data
from source.selection import ALL, Selection


@dataclass(frozen=True, slots=True)
class Moved(Span):
    """Where a text stands in its source now that it has moved; `line` is the 1-based line on which it starts."""

    line: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a passage stands in its source: `reason` says why it may not be quoted, "" if it may.

    `moved` is where it stands now, None where it stands as it was indexed.
    """

    reason: str = ""
    moved: Moved | None = None


STANDS = Standing()


@dataclass(frozen=True, slots=True)
class Sources:
    """The `selection` of the library `folder` that an index was built from, and when (ISO 8601)."""

    folder: Path
    built: str
    selection: Selection = ALL

    @property
    def unchecked(self) -> str:
        """A sentence that says that the essays cannot be read now; "" if they can."""
        return "" if is_readable(self.folder) else out_of_reach(self.built)

    def standing(
        self, name: str, start: int, end: int, file_sha256: Callable[[], str], indexed: Callable[[], Document]
    ) -> Standing:
        """See `standing`. Where the whole library is out of reach nothing is known to have changed."""
        if not is_readable(self.folder):
            return STANDS
        return standing(self.folder, name, file_sha256(), start, end, indexed, self.selection)


def is_readable(folder: Path) -> bool:
    """Whether there is anything at `folder`, a library or one file, that may be looked into."""
    try:
        return os.access(folder, os.R_OK | (os.X_OK if folder.is_dir() else 0))
    except OSError:
        return False


def out_of_reach(built: str) -> str:
    """The sentence that says that the essays cannot be read, and when they said what is quoted (ISO 8601)."""
    with contextlib.suppress(ValueError):
        day = f"{datetime.datetime.fromisoformat(built):%d %B %Y}".lstrip("0")
        return f"The essays themselves cannot be read; this is what they said on {day}."
    return "The essays themselves cannot be read; this is what they said when they were indexed."


def standing(
    folder: Path,
    name: str,
    file_sha256: str,
    start: int,
    end: int,
    indexed: Callable[[], Document],
    selection: Selection = ALL,
) -> Standing:
    """How `text[start:end]` of the document `name` stands in the library `folder` now.

    A file that still has the SHA-256 it was indexed with says the same; `indexed` gives the document where it has not.
    """
    try:
        file = source_file(folder, name, selection)
        state = file.state()
        if _digest(file, *state) == file_sha256:
            return STANDS
        now = _document(file, name, *state)
    except (OSError, UnreadableFile):
        return Standing(f"{name} can no longer be read")
    return standing_in(now, indexed(), start, end)


def standing_in(now: Document, indexed: Document, start: int, end: int) -> Standing:
    """How `text[start:end]` of a document as it was `indexed` stands in what it is now.

    It must begin and end there with whole sentences: inside another sentence it would mean something else. What
    stands at another place has moved if that is the only one.
    """
    text = indexed.text[start:end]
    if now.text[start:end] == text:
        if _edges(indexed, start, end) <= _edges(now, start, end):
            return STANDS
    elif text and (first := now.text.find(text)) >= 0 and now.text.find(text, first + 1) < 0:
        last = first + len(text)
        if len(_edges(now, first, last)) == 2:
            return Standing(moved=Moved(first, last, Lines(now.text).number(first)))
    return Standing(f"{indexed.name} has changed since it was indexed")


def _edges(document: Document, start: int, end: int) -> set[str]:
    """With which of its ends `text[start:end]` of `document` begins or ends a sentence."""
    first = bisect_left(document.passages, start, key=lambda passage: passage.end)
    near = takewhile(lambda passage: passage.start <= end, islice(document.passages, first, None))
    sentences = [sentence for passage in near for sentence in passage.sentences]
    begins, ends = any(one.start == start for one in sentences), any(one.end == end for one in sentences)
    return {edge for edge, whole in (("start", begins), ("end", ends)) if whole}


@lru_cache(maxsize=4096)
def _digest(file: SourceFile, *_state: int) -> str:
    """SHA-256 of a source file as it is now; computed again when its state changes."""
    return file.sha256()


@lru_cache(maxsize=64)
def _document(file: SourceFile, name: str, *_state: int) -> Document:
    """The document in a source file as it is now; read again when its state changes."""
    return read_data(file.data(), name)
