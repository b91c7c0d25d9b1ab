"""Checksums: of whole files, and of the blocks of large ones, which are checked as they are read.

Nobody forges an index, so a fast hash (XXH3) serves: it is limited by the disk, where SHA-256
would need seconds for each gigabyte whenever an index is opened.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from io import FileIO
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from source.errors import DamagedIndex, UserError
from source.files import regular

Blocks = NDArray[np.uint64]

# What is read at random is checked in blocks of so many bytes: large enough that their checksums
# take little room, small enough that to check one costs less than to fetch it from a disk.
BLOCK = 1 << 16
CLOSED = "This index was closed; open it again."
_READ = 1 << 22  # bytes read at a time


def checksum(path: Path) -> str:
    """XXH3 (128 bits) of a file, as hexadecimal digits."""
    digest = xxhash.xxh3_128()
    for part in _parts(path):
        digest.update(part)
    return digest.hexdigest()


def block_checksums(path: Path) -> Blocks:
    """XXH3 (64 bits) of each block of a file."""
    found = [
        xxhash.xxh3_64_intdigest(part[start : start + BLOCK])
        for part in _parts(path)
        for start in range(0, len(part), BLOCK)
    ]
    return np.asarray(found, np.uint64)


def _parts(path: Path) -> Iterator[memoryview]:
    """The bytes of a file, in order; each part is only valid until the next."""
    regular(path)
    buffer = memoryview(bytearray(_READ))
    with path.open("rb", buffering=0) as file:
        while True:
            filled = 0
            while filled < _READ and (count := file.readinto(buffer[filled:])):
                filled += count
            if not filled:
                return
            yield buffer[:filled]


class CheckedFile:
    """A file that is read here and there and gives out no byte before its block was found as it was written.

    `blocks` are the checksums of its blocks, None if it is never checked; `checked` says that the
    whole file has been already, which holds until somebody writes to it. `damaged` is what to say of
    a block that is not as it was written. It is read, not mapped: what was read is not kept in the
    process's memory, and a file that is cut while it is in use is noticed, where a mapped one would
    end the process. Raises DamagedIndex if the file is shorter or longer than it was.
    """

    def __init__(self, path: Path, blocks: Blocks | None = None, damaged: str = "", *, checked: bool = False) -> None:
        self._file = FileIO(path)
        self.close = weakref.finalize(self, self._file.close)
        self._written = self._time_of_writing()
        self._size = path.stat().st_size
        self._blocks = blocks
        self._damaged = damaged or f"The file {str(path)!r} is shorter than it was."
        self._checked = np.full(0 if blocks is None else len(blocks), checked, np.bool_)
        if blocks is not None:
            if len(blocks) != -(-self._size // BLOCK):
                raise DamagedIndex(damaged)
            self.read(max(0, self._size - 1), self._size)  # a file that was cut within its last block

    def __len__(self) -> int:
        return self._size

    def read(self, start: int, end: int) -> NDArray[np.uint8]:
        """The bytes `start` to `end` (excluded); raises as `fill`."""
        found = np.empty(end - start, np.uint8)
        self.fill([(start, found.data)])
        return found

    def fill(self, parts: Sequence[tuple[int, memoryview]]) -> None:
        """Fill each buffer with the bytes of the file from a place on, given as (place, buffer).

        Raises DamagedIndex if they are damaged, UserError if the index was closed, which may be meanwhile.
        """
        try:
            if self._blocks is not None:
                self._as_written(self._blocks, parts)
            for start, into in parts:
                self._read(start, into)
        except (ValueError, OSError) as error:
            if self.close.alive:
                raise
            raise UserError(CLOSED) from error

    def _as_written(self, blocks: Blocks, parts: Sequence[tuple[int, memoryview]]) -> None:
        """Raise DamagedIndex unless the blocks that hold these parts are as they were written."""
        written = self._time_of_writing()
        if written != self._written:
            self._checked, self._written = np.zeros(len(blocks), np.bool_), written
        if self._checked.all():
            return
        for start, into in parts:
            first, last = start // BLOCK, (start + len(into) - 1) // BLOCK + 1
            if into and not self._checked[first:last].all():
                self._check(blocks, first, last)

    def _time_of_writing(self) -> int:
        return os.fstat(self._file.fileno()).st_mtime_ns

    def _read(self, start: int, into: memoryview) -> None:
        while into:
            count = _read_at(self._file, start, into)
            if not count:
                raise DamagedIndex(self._damaged)
            into, start = into[count:], start + count

    def _check(self, blocks: Blocks, first: int, last: int) -> None:
        checked = self._checked  # another, where the file is written to meanwhile
        for i in range(first, last):
            block = memoryview(bytearray(min(BLOCK, self._size - i * BLOCK)))
            self._read(i * BLOCK, block)
            if xxhash.xxh3_64_intdigest(block) != int(blocks[i]):
                raise DamagedIndex(self._damaged)
            checked[i] = True


if hasattr(os, "preadv"):

    def _read_at(file: FileIO, start: int, into: memoryview) -> int:
        """Read bytes from `start` on; how many. The file's own place, shared with forked processes, is left alone."""
        return os.preadv(file.fileno(), [into], start)

else:  # no process is forked there
    _READING = threading.Lock()

    def _read_at(file: FileIO, start: int, into: memoryview) -> int:
        """Read bytes from `start` on; how many."""
        with _READING:
            file.seek(start)
            return file.readinto(into)
