"""A snapshot while it is built: see `index.generation.Generation`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from index.encoding.arrays import load_arrays
from index.encoding.encoder import Encoder
from index.encoding.projection import Projection
from index.encoding.tokens import row_size
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
    TOKENS,
    VECTORS,
    shared_kind,
)
from index.local.files.order import Numbers
from index.local.files.shared_rows import SharedRows, SharedRowWriter
from index.local.files.vector_lists import Lying, write_computed
from index.local.location import CHOSEN
from index.local.manifest import FORMAT, Manifest
from index.local.removal import BUILDING
from index.local.reuse import LastSnapshot
from index.local.snapshot import Snapshot
from index.local.texts import TextWriter
from index.manifest import head
from index.numbers import PassageNumber, Slot
from index.protocol import Index
from index.report import Contents
from source.document import Document
from source.library import Skipped
from source.selection import ALL, Selection

# The keys of so many passages are looked up in the last snapshot at a time.
_LOOKED_UP = 1024


class LocalGeneration:
    """The snapshot of the essays in `folder` that is written to the folder `work`.

    `complete` makes it current, given the names of the files that it has with the last one in common. `last` is the
    snapshot that may be taken over from, `chosen` whether somebody chose the encoder.
    """

    def __init__(
        self,
        work: Path,
        last: Snapshot | None,
        folder: Path,
        encoder: Encoder,
        complete: Callable[[Path, Collection[str]], Index],
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
        self._writer = TextWriter(work, self._last.texts)
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
        self._texts = writer.finish()
        return Contents(
            **writer.counts,
            decoded=tuple(writer.decoded()),
            left_out=tuple(writer.left_out()),
            languages=tuple(writer.languages()),
        )

    @property
    def projection(self) -> Projection | None:
        """See `Generation.projection`."""
        return self._last.vectors.projection if self._last.vectors else None

    def begin(self, projection: Projection) -> None:
        """See `Generation.begin`."""
        projection.save(self._work / PROJECTION)
        self._vectors = self._rows(VECTORS, 2 * self._encoder.dimension)
        self._tokens = self._rows(TOKENS, row_size(projection))

    def _rows(self, kind: str, size: int) -> SharedRowWriter:
        last = self._last.rows.get(kind)
        return self._open.enter_context(
            SharedRowWriter(self._work, kind, size, last, self._origins, self._texts.order.slots)
        )

    def missing(self, start: int, end: int) -> list[int]:
        """See `Generation.missing`."""
        return [start + i for i in np.flatnonzero(self._origins[self._slots(start, end)] < 0).tolist()]

    def _slots(self, start: int, end: int) -> Numbers:
        return self._texts.order.slots[start:end]

    @cached_property
    def _origins(self) -> Numbers:
        """Where each passage lay in the last snapshot, by its slot; -1 where its vectors are to be made."""
        known = self._texts.origins.copy() if self._last.vectors else np.full_like(self._texts.origins, -1)
        slots = self._texts.order.slots
        added = slots[known[slots] < 0]
        for start in range(0, len(added), _LOOKED_UP):
            part = added[start : start + _LOOKED_UP]
            known[part] = self._last.slots(self._writer.keys(part.tolist()))
        return known

    def texts(self, numbers: Iterable[int]) -> list[tuple[str, str]]:
        """See `Generation.texts`."""
        return self._writer.texts(self._texts.order.at([PassageNumber(number) for number in numbers]))

    def store(self, start: int, end: int, fresh: Mapping[int, Packed]) -> None:
        """See `Generation.store`."""
        slots = self._slots(start, end)
        for number, packed in sorted(fresh.items()):
            slot = Slot(int(slots[number - start]))
            self._vectors.add(slot, packed.vectors)
            self._tokens.add(slot, packed.tokens)
        for rows in (self._vectors, self._tokens):
            rows.keep(slots[self._origins[slots] >= 0])

    def publish(self, truncated: int, skipped: Sequence[Skipped]) -> Index:
        """See `Generation.publish`."""
        counts = {**self._writer.counts, "truncated": truncated}
        self._open.close()
        self._search_files()
        self._manifest(counts, skipped).write(self._work / MANIFEST)
        shared = [path.name for path in self._work.iterdir() if _shared(path, self._last.vectors)]
        del self._last, self._writer, self._vectors, self._tokens  # the last snapshot may be removed now
        complete = self._complete(self._work, shared)
        self.published = True
        return complete

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def _search_files(self) -> None:
        """What is computed from all vectors, and the checksums of blocks."""
        work, last, order = self._work, self._last.vectors, self._texts.order
        written = sorted(path for path in work.glob(f"*{BLOCKED}"))
        files = {path.name: CheckedFile(path) for path in written if shared_kind(path.name) == VECTORS}
        rows = SharedRows(work, VECTORS, files, 2 * self._encoder.dimension)
        for name in (BLOCKS, STATISTICS, APPROXIMATE):  # they are read once more, long after they were checked
            if last and name in last.manifest.files:
                last.check(name)
        before = Lying(last.folder, last.rows, last.order) if last and self._texts.stays else None
        write_computed(Lying(work, rows, order), before)
        known = load_arrays(last.folder / BLOCKS) if last else {}
        blocks: dict[str, Any] = {  # Any: savez has an option, too
            path.name: known[path.name] if _shared(path, last) else block_checksums(path) for path in written
        }
        np.savez(work / BLOCKS, **blocks)

    def _manifest(self, counts: Mapping[str, int], skipped: Sequence[Skipped]) -> Manifest:
        paths = sorted(path for path in self._work.iterdir() if path.name != MARKER)
        return Manifest(
            format=FORMAT,
            **head(self._folder, self._encoder, self._selection, full_text=schema.TOKENIZER, **{CHOSEN: self._chosen}),
            counts=counts,
            skipped=[[skip.name, skip.reason] for skip in skipped],
            files={path.name: _checksum(path, self._last.vectors) for path in paths},
        )


def _checksum(path: Path, last: Snapshot | None) -> str:
    return last.manifest.files[path.name] if last and _shared(path, last) else checksum(path)


def _shared(path: Path, last: Snapshot | None) -> bool:
    """Whether a file is one with that of the last snapshot, which was checked when it was opened."""
    return bool(last and (last.folder / path.name).exists() and path.samefile(last.folder / path.name))
