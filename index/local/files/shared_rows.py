"""Rows of one size, some for each passage, in files that snapshots share: vectors and tokens.

What a rebuild embeds goes to a file of its own. Of the files of the last snapshot those that are
large and mostly still needed are linked, not copied: nothing in them changes, and they are on the
disk already. What is needed of the others is copied into the new file, so there are never many.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from index.encoding.arrays import Bytes, load_array
from index.local.files.checksums import CheckedFile
from index.local.files.names import BLOCKED, shared_name
from index.numbers import Slot

Numbers = NDArray[np.int64]

# A file is linked that holds this share of all rows at least, if this share of its own is still needed.
_LARGE, _NEEDED = 1 / 16, 3 / 4


class SharedRows:
    """The rows of `size` bytes of each passage, in files that are read here and there.

    `files` are those of the snapshot in `folder` whose names `shared_name` gives for `kind`; in the order of their
    names they are as one. `places` (slots, 2) holds the first row of each passage and the row behind its last,
    `starts` the first row of each file and the number of all rows.
    """

    def __init__(self, folder: Path, kind: str, files: Mapping[str, CheckedFile], size: int) -> None:
        self.folder = folder
        self.names = sorted(files)
        self.size = size
        self.places: Numbers = load_array(folder / f"{kind}.npy")
        self._files = [files[name] for name in self.names]
        self.starts = np.cumsum([0, *(len(file) // size for file in self._files)])
        self._begins, self._ends = self.starts[:-1].tolist(), self.starts[1:].tolist()

    def files_of(self, slots: Numbers) -> Numbers:
        """The number of the file that the rows of each of these passages lie in."""
        return self._file(self.places[slots, 0])

    def needed(self, slots: Numbers) -> Numbers:
        """How many rows of each file these passages have."""
        counts = self.places[slots, 1] - self.places[slots, 0]
        return np.bincount(self.files_of(slots), counts, len(self.names)).astype(np.int64)[: len(self.names)]

    def of(self, slot: Slot) -> Bytes:
        """The rows of a passage, shape (n, size). Raises UserError if they are damaged."""
        return self.of_all([slot])[0]

    def of_all(self, slots: Sequence[Slot] | Numbers) -> tuple[Bytes, Numbers]:
        """The rows of these passages one after another, shape (n, size), and where those of each end.

        Raises UserError if they are damaged.
        """
        first, last = self.places[slots].reshape(-1, 2).T
        ends = np.cumsum(last - first)
        return self._filled(first, ends), ends

    def at(self, rows: Numbers) -> Bytes:
        """These rows, in this order, shape (len(rows), size). Raises UserError if they are damaged."""
        parted = np.diff(rows, prepend=-2) != 1
        parted[1:] |= np.diff(self._file(rows)) != 0
        starts = np.flatnonzero(parted)
        return self._filled(rows[starts], np.append(starts[1:], len(rows)) if len(rows) else starts)

    def _filled(self, first: Numbers, ends: Numbers) -> Bytes:
        """Runs of rows one after another: where each begins, and where it ends in what is given out."""
        found = np.empty((int(ends[-1]) if len(ends) else 0, self.size), np.uint8)
        buffer = found.reshape(-1).data
        parts: dict[int, list[tuple[int, memoryview]]] = defaultdict(list)
        start = 0
        for row, end in zip(first.tolist(), ends.tolist(), strict=True):
            if end > start:
                number = bisect_right(self._ends, row)
                place = (row - self._begins[number]) * self.size
                parts[number].append((place, buffer[start * self.size : end * self.size]))
            start = end
        for number, wanted in parts.items():
            self._files[number].fill(wanted)
        return found

    def _file(self, rows: Numbers) -> Numbers:
        return np.asarray(np.searchsorted(self.starts[1:], rows, "right"), np.int64)


class SharedRowWriter:
    """Gives a new snapshot in `folder` the rows of its passages: new ones, and those of the `last` snapshot.

    `known` holds for each slot the one where its passage lay in the last snapshot, -1 if it is new; `lying` are the
    slots in which passages lie. Every new passage is to be added, every known one to be kept.
    """

    def __init__(
        self, folder: Path, kind: str, size: int, last: SharedRows | None, known: Numbers, lying: Numbers
    ) -> None:
        self._folder, self._kind, self._size = folder, kind, size
        self._last = last
        self._known = known
        self._places = np.zeros((len(known), 2), np.int64)
        self._placed = np.zeros(len(known), np.bool_)
        self._rows = 0
        newest = self._link(last, lying[known[lying] >= 0]) if last else 0
        self._file = (folder / shared_name(kind, newest + 1)).open("wb", buffering=1 << 20)

    def __enter__(self) -> SharedRowWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._file.close()
        if error is None:
            np.save(self._folder / f"{self._kind}.npy", self._places)

    def _link(self, last: SharedRows, kept: Numbers) -> int:
        """Link the files of the last snapshot that are worth it; the number of the newest."""
        before = self._known[kept]
        files = last.files_of(before)
        needed = last.needed(np.unique(before))
        newest = 0
        for number, name in enumerate(last.names):
            rows = int(last.starts[number + 1] - last.starts[number])
            if rows < _LARGE * needed.sum() or needed[number] < _NEEDED * rows:
                continue
            try:
                os.link(last.folder / name, self._folder / name)
            except OSError:  # this file system has no links
                continue
            inside = kept[files == number]
            self._places[inside] = last.places[self._known[inside]] + (self._rows - int(last.starts[number]))
            self._placed[inside] = True
            self._rows += rows
            newest = int(name.removeprefix(f"{self._kind}-").removesuffix(BLOCKED))
        return newest

    def add(self, slot: Slot, rows: Bytes) -> None:
        """Write the rows of the passage that lies there, an array of as many bytes."""
        self._file.write(np.ascontiguousarray(rows).data)
        end = self._rows + rows.nbytes // self._size
        self._places[slot] = self._rows, end
        self._rows = end

    def keep(self, slots: Numbers) -> None:
        """Take over the rows of the passages that lie in these slots (n,), all known."""
        if self._last is None:
            return
        copied = slots[~self._placed[slots]]
        rows, ends = self._last.of_all(self._known[copied])
        self._file.write(rows.data)
        ends += self._rows
        self._places[copied] = np.stack([np.concatenate([[self._rows], ends])[:-1], ends], 1)
        self._rows += len(rows)
