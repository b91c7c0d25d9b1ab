"""Lists of rows of one size in a flat file: written as they come, read list by list."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from index.encoding.arrays import Bytes
from index.local.files.checksums import CheckedFile

_COPIED = 1 << 24  # bytes copied at a time


class Rows:
    """The rows of all lists, of `size` bytes each; `starts` is the first row of each list, and the number of all."""

    def __init__(self, file: CheckedFile, starts: NDArray[np.int64], size: int) -> None:
        self._file = file
        self.starts = starts
        self.size = size

    def __len__(self) -> int:
        return int(self.starts[-1])

    def of(self, number: int) -> Bytes:
        """The rows of a list, shape (n, size)."""
        return self.between(int(self.starts[number]), int(self.starts[number + 1]))

    def between(self, first: int, last: int) -> Bytes:
        """The rows `first` to `last` (excluded), shape (last - first, size)."""
        return self._file.read(first * self.size, last * self.size).reshape(-1, self.size)


class RowWriter:
    """Writes the rows of one list after another to `path`, and where each starts beside it (.npy)."""

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._size = size
        self._starts = [np.zeros(1, np.int64)]
        self._rows = 0

    def __enter__(self) -> RowWriter:
        self._file = self._path.open("wb", buffering=1 << 20)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._file.close()
        if error is None:
            np.save(self._path.with_suffix(".npy"), np.concatenate(self._starts))

    def add(self, rows: Bytes) -> None:
        """Write the rows of the next list, an array of as many bytes."""
        self._file.write(np.ascontiguousarray(rows).data)
        self._rows += rows.nbytes // self._size
        self._starts.append(np.asarray([self._rows], np.int64))

    def copy(self, rows: Rows, first: int, last: int) -> None:
        """Write the lists `first` to `last` (excluded) of another file as the next ones."""
        begin, end = int(rows.starts[first]), int(rows.starts[last])
        step = max(1, _COPIED // self._size)
        for start in range(begin, end, step):
            self._file.write(rows.between(start, min(start + step, end)).data)
        self._starts.append(rows.starts[first + 1 : last + 1] + (self._rows - begin))
        self._rows += end - begin
