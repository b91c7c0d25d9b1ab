"""Checksums: of whole files, and of the blocks of large ones, which are checked as they are read.

Nobody forges an index, so a fast hash (XXH3) serves: it is limited by the disk, where SHA-256
would need seconds for each gigabyte whenever an index is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from source.errors import UserError

Blocks = NDArray[np.uint64]

# What is read at random is checked in blocks of so many bytes: large enough that their checksums
# take little room, small enough that to check one costs less than to fetch it from a disk.
BLOCK = 1 << 16
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
    """A memory-mapped file that gives out no byte before its block was found as it was written.

    `blocks` are the checksums of its blocks, None if the whole file has been checked already;
    `damaged` is what to say of a block that is not as it was written. Raises UserError if the
    file is shorter or longer than it was.
    """

    def __init__(self, path: Path, blocks: Blocks | None = None, damaged: str = "") -> None:
        size = path.stat().st_size
        # A view: slices of np.memmap itself are slow to make.
        self._bytes = np.memmap(path, np.uint8, "r").view(np.ndarray) if size else np.zeros(0, np.uint8)
        self._blocks = blocks
        self._damaged = damaged
        self._checked = np.zeros(0 if blocks is None else len(blocks), np.bool_)
        if blocks is not None:
            if len(blocks) != -(-size // BLOCK):
                raise UserError(damaged)
            self.read(max(0, size - 1), size)  # a file that was cut within its last block

    def __len__(self) -> int:
        return len(self._bytes)

    def read(self, start: int, end: int) -> NDArray[np.uint8]:
        """The bytes `start` to `end` (excluded). Raises UserError if they are damaged."""
        if self._blocks is not None and end > start:
            first, last = start // BLOCK, (end - 1) // BLOCK + 1
            if not self._checked[first:last].all():
                self._check(self._blocks, first, last)
        return self._bytes[start:end]

    def gather(self, numbers: NDArray[np.int64], size: int) -> NDArray[np.uint8]:
        """The rows of `size` bytes with these numbers, in this order, shape (len(numbers), size). Raises UserError."""
        if self._blocks is not None and len(numbers):
            first, last = numbers * size // BLOCK, ((numbers + 1) * size - 1) // BLOCK
            for i in np.unique(np.concatenate([np.arange(a, b + 1) for a, b in np.unique([first, last], axis=1).T])):
                self.read(int(i) * BLOCK, min((int(i) + 1) * BLOCK, len(self)))
        return self._bytes[: len(self) // size * size].reshape(-1, size)[numbers]

    def _check(self, blocks: Blocks, first: int, last: int) -> None:
        for i in range(first, last):
            if xxhash.xxh3_64_intdigest(self._bytes[i * BLOCK : (i + 1) * BLOCK].data) != int(blocks[i]):
                raise UserError(self._damaged)
            self._checked[i] = True
