"""What is computed from all pooled vectors: their sum, and FAISS's inverted lists where they are many."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoding.arrays import load_arrays
from index.encoding.vectors import unpacked_vectors
from index.local.files.names import APPROXIMATE, STATISTICS
from index.local.files.order import Numbers, Order, runs
from index.local.files.shared_rows import SharedRows

# To compare one question with so many vectors takes about 5 ms on one core.
EXACT_UP_TO = 150_000
# So many lists are searched, or this share of them if that is more.
_PROBED, _PROBED_SHARE = 128, 1 / 24
# Vectors a list, and vectors a list that its place is learned from.
_LIST, _LEARNED_FROM = 256, 48
_ROUNDS = 8
# Lists are learned anew where the vectors have become so many times as many, or as few, as they were learned for.
_OUTGROWN = 1.5
# In the lists a vector is called by its slot, times this, and the number of its window.
WINDOWS = 1 << 16
AT_A_TIME = 1 << 15


@dataclass(frozen=True, slots=True)
class Lying:
    """The vectors of a snapshot in `folder`, and where they lie."""

    folder: Path
    rows: SharedRows
    order: Order


def write_computed(new: Lying, last: Lying | None, exact_up_to: int = EXACT_UP_TO) -> None:
    """Write what is computed from all vectors; what stays of the `last` snapshot, if it is given, lies where it lay."""
    if last is None:
        total = _sum_of(new.rows, new.order.slots)
    else:
        added, gone = _difference(new, last)
        total = load_arrays(last.folder / STATISTICS)["sum"] - _sum_of(last.rows, gone) + _sum_of(new.rows, added)
    count = len(windows(new.rows, new.order.slots)[0])
    np.savez(new.folder / STATISTICS, sum=total, mean=np.asarray(total / max(count, 1), np.float32))
    if count <= exact_up_to:
        return
    path = new.folder / APPROXIMATE
    if last is None or not (last.folder / APPROXIMATE).exists() or not change_lists(new, last, path):
        write_lists(new.rows, new.order.slots, path)


def _difference(new: Lying, last: Lying) -> tuple[Numbers, Numbers]:
    """The slots of what was added, and of what is gone."""
    slots = len(last.order.numbers)
    gone = (last.order.numbers >= 0) & (new.order.numbers[:slots] < 0)
    return new.order.slots[new.order.slots >= slots], np.flatnonzero(gone)


def _sum_of(rows: SharedRows, slots: Numbers) -> NDArray[np.float64]:
    """The sum (d,) of all vectors of the passages that lie there.

    It is exact, and so the same in any order: 16-bit floats up to 1 are multiples of 2**-24, and the sum of 2**29 of
    them has no more digits than a 64-bit float.
    """
    total = np.zeros(rows.size // 2)
    places, _ = windows(rows, slots)
    for start in range(0, len(places), AT_A_TIME):
        total += unpacked_vectors(rows.at(places[start : start + AT_A_TIME])).sum(0, dtype=np.float64)
    return total


def write_lists(rows: SharedRows, slots: Numbers, path: Path) -> None:
    """Write the inverted lists of the passages that lie there; the same vectors give the same lists."""
    places, _ = windows(rows, slots)
    n, d = len(places), rows.size // 2
    lists = max(1, n // _LIST)
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(d), d, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT, False
    )
    index.cp.niter, index.cp.max_points_per_centroid = _ROUNDS, _LEARNED_FROM
    index.train(unpacked_vectors(rows.at(places[:: max(1, n // (lists * _LEARNED_FROM))])))
    index.nprobe = max(_PROBED, round(lists * _PROBED_SHARE))
    _add(index, rows, slots)
    _write(index, path)


def change_lists(new: Lying, last: Lying, path: Path) -> bool:
    """Write the lists of the `last` snapshot without what is gone and with what was added.

    False, and nothing is written, if they are to be learned anew.
    """
    added, gone = _difference(new, last)
    index = cast(faiss.IndexIVF, faiss.read_index(str(last.folder / APPROXIMATE)))
    index.remove_ids(faiss.IDSelectorBatch(windows(last.rows, gone)[1]))
    _add(index, new.rows, added)
    if not 1 / _OUTGROWN <= index.ntotal / (index.nlist * _LIST) <= _OUTGROWN:
        return False
    _write(index, path)
    return True


def windows(rows: SharedRows, slots: Numbers) -> tuple[Numbers, Numbers]:
    """Of each vector of the passages that lie there, in order: its row, and its name in the lists."""
    first, last = rows.places[slots].T
    return runs(first, last - first), runs(slots * WINDOWS, last - first)


def _add(index: faiss.IndexIVF, rows: SharedRows, slots: Numbers) -> None:
    places, names = windows(rows, slots)
    for start in range(0, len(places), AT_A_TIME):
        part = slice(start, start + AT_A_TIME)
        index.add_with_ids(unpacked_vectors(rows.at(places[part])), names[part])


def _write(index: faiss.Index, path: Path) -> None:
    with path.open("wb") as file:  # what faiss itself could not write at a file's end it leaves out silently
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
