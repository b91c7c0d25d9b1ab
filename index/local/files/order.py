"""The order of the library: where each of its documents and passages lies in the files of a snapshot.

What a rebuild takes over stays where it is, so that only what has changed is written. So each passage has a
slot in the files, which it keeps, and a number, which follows the order of the library and is what others know.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.encoding.arrays import load_array
from index.numbers import DocumentNumber, PassageNumber, Slot

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Order:
    """`table` (documents, 3): number, first slot and passages of each document, in the order of the library.

    `slots` (passages,) is where each passage lies, `numbers` (slots,) the number of the passage that lies there, -1
    where there is none any more; it is `straight` if all passages lie in the order of the library.
    """

    table: Numbers
    slots: Numbers
    numbers: Numbers
    straight: bool

    @classmethod
    def of(cls, table: Numbers, slots: int) -> Self:
        """The order in a `table` of documents, in files of so many `slots`."""
        lies = runs(table[:, 1], table[:, 2])
        numbers = np.full(slots, -1, np.int64)
        numbers[lies] = np.arange(len(lies))
        return cls(table, lies, numbers, straight=len(lies) == slots and bool((np.diff(lies) > 0).all()))

    @classmethod
    def open(cls, path: Path, slots: int) -> Self:
        """Read what `save` wrote. Raises ValueError or IndexError if it is of other files."""
        return cls.of(load_array(path).reshape(-1, 3), slots)

    def save(self, path: Path) -> None:
        """Write the table."""
        np.save(path, self.table)

    @property
    def documents(self) -> list[DocumentNumber]:
        """The numbers of the documents, in the order of the library."""
        return [DocumentNumber(number) for number in self.table[:, 0].tolist()]

    def by_document(self) -> Numbers:
        """The rows of the table (documents, 3) by the numbers of the documents; of numbers that none has, zeros."""
        found = np.zeros((int(self.table[:, 0].max(initial=-1)) + 1, 3), np.int64)
        found[self.table[:, 0]] = self.table
        return found

    def at(self, numbers: Sequence[PassageNumber]) -> list[Slot]:
        """Where each of these passages lies."""
        return [Slot(slot) for slot in self.slots[np.asarray(numbers, np.int64)].tolist()]

    def of_documents(self, documents: Collection[DocumentNumber]) -> Numbers:
        """The numbers of the passages of these documents."""
        behind = np.cumsum(self.table[:, 2])
        wanted = np.isin(self.table[:, 0], list(documents))
        counts = self.table[wanted, 2]
        return runs(behind[wanted] - counts, counts)

    def number(self, slot: Slot) -> PassageNumber:
        """The number of the passage that lies there."""
        return PassageNumber(int(self.numbers[slot]))


def runs(first: Numbers, counts: Numbers) -> Numbers:
    """For each of `first` so many numbers as `counts` says, from it on."""
    inside = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray(np.repeat(first, counts) + inside, np.int64)
