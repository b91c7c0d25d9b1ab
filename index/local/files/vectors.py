"""The pooled vectors of passages: files of 16-bit floats, and FAISS to search them.

Up to `vector_lists.EXACT_UP_TO` vectors are all compared with the question. Of more, FAISS's inverted
lists over bytes give the likely ones, and those are compared exactly.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np

from index.encoding.arrays import Bytes
from index.encoding.encoder import Vectors
from index.encoding.vectors import unpacked_vectors
from index.local.files.order import Numbers, Order, runs
from index.local.files.shared_rows import SharedRows
from index.local.files.vector_lists import AT_A_TIME, WINDOWS, windows
from index.numbers import PassageNumber
from index.protocol import Hit

# So many times as many vectors are compared exactly as are wanted.
_COMPARED = 3

# FAISS divides a search among threads that OpenMP keeps, and a forked child does not have them: it would wait
# for them for ever. There one thread does all.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: faiss.omp_set_num_threads(1))


class PassageVectors:
    """The pooled vectors of all passages, in the order of the library; a long passage has several, one a window.

    `starts` (passages + 1,) is the first vector of each passage, and the number of all.
    """

    def __init__(self, rows: SharedRows, order: Order, lists: Path | None = None) -> None:
        self.rows = rows
        self._order = order
        self._dimension = rows.size // 2
        counts = np.diff(rows.places[order.slots])[:, 0]
        self.starts: Numbers = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        self._places, _ = windows(rows, order.slots)
        self._lists = lists is not None
        # Read, not mapped: a mapped file that is cut would end the process.
        self._index = faiss.read_index(str(lists)) if lists is not None else self._scan(rows.at(self._places))

    def __len__(self) -> int:
        return int(self.starts[-1])

    def nearest(self, vector: Vectors, k: int, among: Numbers | None = None) -> list[Hit]:
        """The `k` passages nearest to `vector` by cosine, best first; ties by number.

        `among` limits the search to these passages.
        """
        limited = None if among is None else self._of(np.unique(among))
        total = len(self) if limited is None else len(limited)
        wanted = min(k, total)
        while wanted:  # several windows of one passage may stand among the nearest
            scores, found = self._search(vector, wanted, limited)
            best: dict[PassageNumber, float] = {}
            owners = np.searchsorted(self.starts, found, "right") - 1
            for owner, score in zip(owners.tolist(), scores.tolist(), strict=True):
                best[owner] = max(best.get(owner, score), score)
            if len(best) >= k or len(found) < wanted or wanted == total:
                return [Hit(*hit) for hit in sorted(best.items(), key=lambda hit: (-hit[1], hit[0]))[:k]]
            wanted = min(2 * wanted, total)
        return []

    def _of(self, passages: Numbers) -> Numbers:
        """All vectors of these passages."""
        first = self.starts[passages]
        return runs(first, self.starts[passages + 1] - first)

    def _search(self, vector: Vectors, k: int, among: Numbers | None) -> tuple[Vectors, Numbers]:
        """The `k` best of all vectors, or of `among`: scores and numbers."""
        if among is not None:
            return self._best_of(vector, k, among)
        if not self._lists:
            return _found(self._index, vector, k)
        _, names = _found(self._index, vector, _COMPARED * k)
        likely = self.starts[self._order.numbers[names // WINDOWS]] + names % WINDOWS
        return self._best_of(vector, k, np.sort(likely))

    def _best_of(self, vector: Vectors, k: int, among: Numbers) -> tuple[Vectors, Numbers]:
        scores, found = np.zeros(0, np.float32), np.zeros(0, np.int64)
        for start in range(0, len(among), AT_A_TIME):
            part = among[start : start + AT_A_TIME]
            values, places = _found(self._scan(self.rows.at(self._places[part])), vector, k)
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
        return unpacked_vectors(self.rows.at(self._places[self.starts[np.asarray(passages, np.int64)]]))


def _found(index: faiss.Index, vector: Vectors, k: int) -> tuple[Vectors, Numbers]:
    """The `k` best vectors of `index`, fewer if it holds or finds fewer: scores and places."""
    scores, places = index.search(np.ascontiguousarray(vector[None, :], np.float32), k)
    found = places[0] >= 0
    return scores[0][found], places[0][found]
