"""FAISS over the pooled vectors of passages: exact inner product of unit vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.protocol import Hit


class PassageVectors:
    """The pooled vectors of all passages; a long passage has several, one a window."""

    def __init__(self, vectors: faiss.Index, owners: NDArray[np.int64]) -> None:
        self._vectors = vectors
        self._owners = owners  # passage of each vector, ascending

    @classmethod
    def open(cls, vectors: Path, owners: Path) -> PassageVectors:
        """Open the files that `write` made."""
        return cls(faiss.read_index(str(vectors)), np.load(owners))

    @staticmethod
    def write(dimension: int, parts: Sequence[Vectors], owners: Sequence[int], to: Path, owners_to: Path) -> None:
        """Write vectors (each part of shape (n, dimension)) and the passage each belongs to."""
        index = faiss.IndexFlatIP(dimension)
        for part in parts:
            index.add(np.ascontiguousarray(part, np.float32))
        faiss.write_index(index, str(to))
        np.save(owners_to, np.asarray(owners, np.int64))

    def nearest(self, vector: Vectors, k: int, among: NDArray[np.int64] | None = None) -> list[Hit]:
        """The `k` passages nearest to `vector` by cosine, best first; ties by number.

        `among` limits the search to these passages.
        """
        total, parameters = len(self._owners), None
        if among is not None:
            rows = np.flatnonzero(np.isin(self._owners, among))
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))  # type: ignore[call-arg]
            total = len(rows)
        if not total:
            return []
        best: dict[int, float] = {}
        wanted = k
        while True:  # several windows of one passage may stand among the nearest
            wanted = min(wanted, total)
            scores, rows = self._vectors.search(vector[None, :], wanted, params=parameters)
            for row, score in zip(rows[0], scores[0], strict=True):
                if row >= 0:
                    best.setdefault(int(self._owners[row]), float(score))
            if len(best) >= k or wanted == total:
                ordered = sorted(best.items(), key=lambda hit: (-hit[1], hit[0]))
                return [Hit(*hit) for hit in ordered[:k]]
            wanted *= 2

    def first(self, passages: Sequence[int]) -> Vectors:
        """The vector of the first window of each passage, shape (len(passages), d)."""
        rows = np.searchsorted(self._owners, np.asarray(passages, np.int64))
        if not len(rows):
            return np.zeros((0, self._vectors.d), np.float32)
        return np.asarray(self._vectors.reconstruct_batch(rows), np.float32)

    def of(self, passage: int) -> Vectors:
        """All vectors of a passage, shape (windows, d)."""
        first, last = np.searchsorted(self._owners, [passage, passage + 1])
        return np.asarray(self._vectors.reconstruct_n(int(first), int(last - first)), np.float32)

    def moments(self) -> tuple[Vectors, Vectors]:
        """Mean (d,) and covariance (d, d) of the vectors."""
        d, n = self._vectors.d, self._vectors.ntotal
        total, square = np.zeros(d), np.zeros((d, d))
        for start in range(0, n, 8192):
            part = self._vectors.reconstruct_n(start, min(8192, n - start)).astype(np.float64)
            total += part.sum(0)
            square += part.T @ part
        mean = total / max(n, 1)
        return mean.astype(np.float32), (square / max(n, 1) - np.outer(mean, mean)).astype(np.float32)
