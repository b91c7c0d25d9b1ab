"""The pooled vectors of passages: a flat file of 16-bit floats, and FAISS to search it.

Up to `EXACT_UP_TO` vectors are all compared with the question. Of more, FAISS's inverted lists
over bytes give the likely ones, and those are compared exactly.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoding.arrays import Bytes, load_array
from index.encoding.encoder import Vectors
from index.encoding.vectors import unpacked_vectors
from index.local.files.checksums import CheckedFile
from index.local.files.names import APPROXIMATE, VECTOR_STARTS
from index.local.files.rows import Rows
from index.numbers import PassageNumber
from index.protocol import Hit

# To compare one question with so many vectors takes about 5 ms on one core.
EXACT_UP_TO = 150_000
# So many lists are searched, or this share of them if that is more; so many times as many vectors are compared
# exactly as are wanted.
_PROBED, _PROBED_SHARE, _COMPARED = 128, 1 / 24, 3
# Vectors a list, and vectors a list that its place is learned from.
_LIST, _LEARNED_FROM = 256, 48
_ROUNDS = 8
_AT_A_TIME = 1 << 15

Numbers = NDArray[np.int64]

# FAISS divides a search among threads that OpenMP keeps, and a forked child does not have them: it would wait
# for them for ever. There one thread does all.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: faiss.omp_set_num_threads(1))


class PassageVectors:
    """The pooled vectors of all passages; a long passage has several, one a window."""

    def __init__(self, rows: Rows, index: faiss.Index | None) -> None:
        self._rows = rows
        self._dimension = rows.size // 2
        self._approximate = index is not None
        self._index = index if index is not None else self._scan(rows.between(0, len(rows)))

    @classmethod
    def open(cls, folder: Path, file: CheckedFile, dimension: int) -> PassageVectors:
        """Open the vectors in `folder`, of which `file` is vectors.bin."""
        rows = Rows(file, load_array(folder / VECTOR_STARTS), 2 * dimension)
        path = folder / APPROXIMATE
        # Read, not mapped: a mapped file that is cut would end the process.
        return cls(rows, faiss.read_index(str(path)) if path.exists() else None)

    @property
    def rows(self) -> Rows:
        """The vectors as they lie in the file."""
        return self._rows

    def nearest(self, vector: Vectors, k: int, among: Numbers | None = None) -> list[Hit]:
        """The `k` passages nearest to `vector` by cosine, best first; ties by number.

        `among` limits the search to these passages.
        """
        rows = None if among is None else self._rows.numbers(np.unique(among))
        total = len(self._rows) if rows is None else len(rows)
        wanted = min(k, total)
        while wanted:  # several windows of one passage may stand among the nearest
            scores, found = self._search(vector, wanted, rows)
            best: dict[PassageNumber, float] = {}
            for owner, score in zip(self._rows.owners(found).tolist(), scores.tolist(), strict=True):
                best[owner] = max(best.get(owner, score), score)
            if len(best) >= k or len(found) < wanted or wanted == total:
                return [Hit(*hit) for hit in sorted(best.items(), key=lambda hit: (-hit[1], hit[0]))[:k]]
            wanted = min(2 * wanted, total)
        return []

    def _search(self, vector: Vectors, k: int, rows: Numbers | None) -> tuple[Vectors, Numbers]:
        """The `k` best of all vectors, or of `rows`: scores and rows."""
        if rows is not None:
            return self._best_of(vector, k, rows)
        if not self._approximate:
            return _found(self._index, vector, k)
        _, likely = _found(self._index, vector, _COMPARED * k)
        return self._best_of(vector, k, np.sort(likely))

    def _best_of(self, vector: Vectors, k: int, rows: Numbers) -> tuple[Vectors, Numbers]:
        scores, found = np.zeros(0, np.float32), np.zeros(0, np.int64)
        for start in range(0, len(rows), _AT_A_TIME):
            part = rows[start : start + _AT_A_TIME]
            values, places = _found(self._scan(self._rows.at(part)), vector, k)
            scores, found = np.concatenate([scores, values]), np.concatenate([found, part[places]])
            best = np.argsort(-scores, kind="stable")[:k]
            scores, found = scores[best], found[best]
        return scores, found

    def _scan(self, codes: Bytes) -> faiss.Index:
        """What compares each of the vectors `codes` (n, 2d) exactly."""
        index = faiss.IndexScalarQuantizer(self._dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        index.is_trained = True
        if len(codes):
            index.add_sa_codes(codes)
        return index

    def first(self, passages: Sequence[PassageNumber]) -> Vectors:
        """The vector of the first window of each passage, shape (len(passages), d)."""
        return unpacked_vectors(self._rows.at(self._rows.starts[np.asarray(passages, np.int64)]))


def mean_of(rows: Rows) -> Vectors:
    """The mean (d,) of the vectors."""
    n, total = len(rows), np.zeros(rows.size // 2)
    for start in range(0, n, _AT_A_TIME):
        total += unpacked_vectors(rows.between(start, min(start + _AT_A_TIME, n))).sum(0, dtype=np.float64)
    return np.asarray(total / max(n, 1), np.float32)


def write_approximate(rows: Rows, path: Path) -> None:
    """Write the inverted lists of all vectors; the same vectors give the same lists."""
    n, d = len(rows), rows.size // 2
    lists = max(1, n // _LIST)
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(d), d, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT, False
    )
    index.cp.niter, index.cp.max_points_per_centroid = _ROUNDS, _LEARNED_FROM
    step = max(1, n // (lists * _LEARNED_FROM))
    index.train(unpacked_vectors(rows.at(np.arange(0, n, step))))
    for start in range(0, n, _AT_A_TIME):
        index.add(unpacked_vectors(rows.between(start, min(start + _AT_A_TIME, n))))
    index.nprobe = max(_PROBED, round(lists * _PROBED_SHARE))
    with path.open("wb") as file:  # what faiss itself could not write at a file's end it leaves out silently
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]


def _found(index: faiss.Index, vector: Vectors, k: int) -> tuple[Vectors, Numbers]:
    """The `k` best vectors of `index`, fewer if it holds or finds fewer: scores and places."""
    scores, places = index.search(np.ascontiguousarray(vector[None, :], np.float32), k)
    found = places[0] >= 0
    return scores[0][found], places[0][found]
