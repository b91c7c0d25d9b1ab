"""A snapshot while it is built: see `index.generation.Generation`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.encoding.arrays import load_array, load_arrays
from index.encoding.encoder import Encoder
from index.encoding.tokens import Projection
from index.generation import Packed
from index.local.files import schema
from index.local.files.checksums import CheckedFile, block_checksums, checksum
from index.local.files.names import (
    APPROXIMATE,
    BLOCKED,
    BLOCKS,
    MANIFEST,
    MARKER,
    PROJECTION,
    STATISTICS,
    TEXT,
    VECTOR_STARTS,
    VECTORS,
)
from index.local.files.rows import Rows, RowWriter
from index.local.files.token_files import TokenWriter
from index.local.files.vectors import EXACT_UP_TO, mean_of, write_approximate
from index.local.location import CHOSEN
from index.local.manifest import FORMAT, Manifest
from index.local.removal import BUILDING
from index.local.reuse import LastSnapshot
from index.local.snapshot import Snapshot
from index.local.writing import TextWriter
from index.manifest import head
from index.protocol import Index
from index.report import Contents
from source.document import Document
from source.library import Skipped
from source.selection import ALL, Selection

# The keys of so many passages are looked up in the last snapshot at a time.
_LOOKED_UP = 1024


class LocalGeneration:
    """The snapshot of the essays in `folder` that is written to the folder `work`; `complete` makes it current.

    `last` is the snapshot that may be taken over from, `chosen` whether somebody chose the encoder.
    """

    def __init__(
        self,
        work: Path,
        last: Snapshot | None,
        folder: Path,
        encoder: Encoder,
        complete: Callable[[Path], Index],
        *,
        chosen: bool,
        selection: Selection = ALL,
    ) -> None:
        self._selection = selection
        self._work, self._folder, self._encoder, self._chosen = work, folder, encoder, chosen
        self._complete = complete
        self._last = LastSnapshot(last, encoder)
        self._files, self._unread = self._last.files, self._last.unread
        self.before: Mapping[str, str] = self._last.before
        self.known: Mapping[str, str] = {name: digest for name, (_, digest) in self._files.items()}
        self.name = work.name.removeprefix(BUILDING)
        self.published = False
        self._writer = TextWriter(work / TEXT, self._last.texts)
        self._open = ExitStack()
        self._open.callback(self._writer.close)

    def add(self, document: Document) -> None:
        """See `Generation.add`."""
        self._writer.add(document)

    def keep(self, name: str) -> Sequence[Skipped]:
        """See `Generation.keep`."""
        self._writer.keep(self._files[name][0])
        return self._unread.get(name, ())

    def contents(self) -> Contents:
        """See `Generation.contents`."""
        writer = self._writer
        writer.finish()
        return Contents(
            **self._counts,
            decoded=tuple(writer.decoded()),
            left_out=tuple(writer.left_out()),
            languages=tuple(writer.languages()),
        )

    @property
    def _counts(self) -> dict[str, int]:
        writer = self._writer
        return {"documents": writer.documents, "passages": writer.passages, "sentences": writer.sentences}

    @property
    def projection(self) -> Projection | None:
        """See `Generation.projection`."""
        return self._last.vectors.projection if self._last.vectors else None

    def begin(self, projection: Projection) -> None:
        """See `Generation.begin`."""
        projection.save(self._work / PROJECTION)
        old = self._last.vectors
        self._vectors = self._open.enter_context(RowWriter(self._work / VECTORS, 2 * self._encoder.dimension))
        tokens = TokenWriter(self._work, projection, old.token_files if old else None, self._origins)
        self._tokens = self._open.enter_context(tokens)

    def missing(self, start: int, end: int) -> list[int]:
        """See `Generation.missing`."""
        return [start + i for i in np.flatnonzero(self._origins[start:end] < 0).tolist()]

    @cached_property
    def _origins(self) -> NDArray[np.int64]:
        """The number of each passage in the last snapshot, -1 where its vectors are to be made."""
        known = self._writer.origins if self._last.vectors else np.full(self._writer.passages, -1)
        added = np.flatnonzero(known < 0)
        for start in range(0, len(added), _LOOKED_UP):
            part = added[start : start + _LOOKED_UP]
            known[part] = self._last.numbers(self._writer.keys(part.tolist()))
        return known

    def texts(self, numbers: Iterable[int]) -> list[tuple[str, str]]:
        """See `Generation.texts`."""
        return self._writer.texts(numbers)

    def store(self, start: int, end: int, fresh: Mapping[int, Packed]) -> None:
        """See `Generation.store`."""
        for first, behind, at in _runs(self._origins[start:end].tolist()):
            if first < 0:
                self._vectors.add(fresh[start + at].vectors)
                self._tokens.add(start + at, fresh[start + at].tokens)
            elif self._last.vectors is not None:
                self._vectors.copy(self._last.vectors.rows, first, behind)
                self._tokens.keep(start + at, start + at + behind - first)

    def publish(self, truncated: int, skipped: Sequence[Skipped]) -> Index:
        """See `Generation.publish`."""
        counts = {**self._counts, "truncated": truncated}
        self._open.close()
        _search_files(self._work, self._encoder.dimension, self._last.vectors)
        self._manifest(counts, skipped).write(self._work / MANIFEST)
        del self._last, self._writer, self._vectors, self._tokens  # the last snapshot may be removed now
        complete = self._complete(self._work)
        self.published = True
        return complete

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def _manifest(self, counts: Mapping[str, int], skipped: Sequence[Skipped]) -> Manifest:
        paths = sorted(path for path in self._work.iterdir() if path.name != MARKER)
        return Manifest(
            format=FORMAT,
            **head(self._folder, self._encoder, self._selection, full_text=schema.TOKENIZER, **{CHOSEN: self._chosen}),
            counts=counts,
            skipped=[[skip.name, skip.reason] for skip in skipped],
            files={path.name: _checksum(path, self._last.vectors) for path in paths},
        )


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Runs of neighbours in the last snapshot, as (first, last + 1, place of the first); what is new stands alone."""
    at = 0
    while at < len(numbers):
        end = at + 1
        while numbers[at] >= 0 and end < len(numbers) and numbers[end] == numbers[end - 1] + 1:
            end += 1
        yield numbers[at], numbers[at] + end - at, at
        at = end


def _search_files(work: Path, dimension: int, last: Snapshot | None) -> None:
    """What is computed from all vectors, and the checksums of blocks."""
    rows = Rows(CheckedFile(work / VECTORS), load_array(work / VECTOR_STARTS), 2 * dimension)
    np.savez(work / STATISTICS, mean=mean_of(rows))
    if len(rows) > EXACT_UP_TO:
        write_approximate(rows, work / APPROXIMATE)
    known = load_arrays(last.folder / BLOCKS) if last else {}
    blocks: dict[str, Any] = {  # Any: savez has an option, too
        path.name: known[path.name] if _shared(path, last) else block_checksums(path)
        for path in sorted(work.glob(f"*{BLOCKED}"))
    }
    np.savez(work / BLOCKS, **blocks)


def _checksum(path: Path, last: Snapshot | None) -> str:
    return last.manifest.files[path.name] if last and _shared(path, last) else checksum(path)


def _shared(path: Path, last: Snapshot | None) -> bool:
    """Whether a file is one with that of the last snapshot, which was checked when it was opened."""
    return bool(last and (last.folder / path.name).exists() and path.samefile(last.folder / path.name))
