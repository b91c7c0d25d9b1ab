"""Which documents a generation holds, in the order of the library, and which number each passage has in it.

Whatever else a table holds, half written or left behind, is in no directory and so is never given out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.milvus.packing import Damaged, packed_data, unpacked_data
from index.numbers import PassageNumber

# The serial numbers of a build end alike, and differ from those of a build that was thought to be dead: they are
# counted in steps. A document has one, its passages those that follow.
STEP = 16


class Directory:
    """The documents with these `serials`, which have so many passages each, shape (documents,) both."""

    def __init__(self, serials: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
        self.serials = serials
        self.counts = counts
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        self._sorted = np.argsort(serials)

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return int(self._starts[-1])

    def packed(self) -> str:
        """The directory as text."""
        return packed_data(np.concatenate([self.serials, self.counts]).astype("<i8").tobytes())

    @classmethod
    def unpacked(cls, text: str) -> Directory:
        """The directory that `packed` made `text` of. Raises Damaged."""
        try:
            values = np.frombuffer(unpacked_data(text), "<i8").reshape(2, -1)
        except ValueError as error:
            raise Damaged(str(error)) from error
        return cls(values[0], values[1])

    def __contains__(self, document: int) -> bool:
        return self._place(document) is not None

    def _place(self, document: int) -> int | None:
        """Where a document stands in the library."""
        at = int(np.searchsorted(self.serials, document, sorter=self._sorted))
        if at == len(self.serials) or self.serials[self._sorted[at]] != document:
            return None
        return int(self._sorted[at])

    def number(self, document: int, passage: int) -> PassageNumber | None:
        """The number of a passage, given its own and its document's serial; None if it is not of this generation."""
        at = self._place(document)
        place = (passage - document) // STEP - 1
        if at is None or not 0 <= place < self.counts[at] or passage % STEP != document % STEP:
            return None
        return PassageNumber(int(self._starts[at]) + place)

    def passages_of(self, numbers: Sequence[PassageNumber]) -> list[int]:
        """The serials of the passages with these numbers."""
        wanted = np.asarray(numbers, np.int64)
        at = np.searchsorted(self._starts, wanted, "right") - 1
        found: list[int] = (self.serials[at] + STEP * (wanted - self._starts[at] + 1)).tolist()
        return found
