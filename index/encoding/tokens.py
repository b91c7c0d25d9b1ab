"""Token vectors as they are kept: projected by PCA, as int8.

A token's unit vector is projected to at most 128 dimensions and each dimension is stored as a
signed byte with a scale of its own. The projection is the first principal components, not
centred, so that inner products (cosines) are kept as well as that many numbers can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoding.arrays import Bytes, load_arrays
from index.encoding.encoder import Encoder, Vectors, unit

DIMENSIONS = 128
# Share of the values that the int8 scale holds without clipping.
_UNCLIPPED = 0.9995


@dataclass(frozen=True, slots=True)
class Projection:
    """`components` (d, p), nearly orthonormal columns, and the `scale` (p,) that makes a projected value an int8."""

    components: Vectors
    scale: Vectors

    @classmethod
    def fit(cls, tokens: Vectors, dimensions: int = DIMENSIONS) -> Projection:
        """The projection that keeps most of `tokens` (n, d)."""
        dimensions = min(dimensions, tokens.shape[1])
        _, vectors = np.linalg.eigh((tokens.T @ tokens).astype(np.float64))
        return cls.scaled(np.ascontiguousarray(vectors[:, ::-1][:, :dimensions], np.float32), tokens)

    @classmethod
    def scaled(cls, components: Vectors, tokens: Vectors) -> Projection:
        """The projection to `components` (d, p) that holds most of `tokens` (n, d) without clipping."""
        dimensions = components.shape[1]
        values = np.abs(unit(tokens @ components))
        largest = np.quantile(values, _UNCLIPPED, axis=0) if len(values) else np.ones(dimensions)
        kept = components.astype(np.float16).astype(np.float32)  # as `save` writes them
        return cls(kept, np.maximum(largest / 127, 1e-6).astype(np.float32))

    @classmethod
    def open(cls, path: Path) -> Projection:
        """Read what `save` wrote."""
        arrays = load_arrays(path)
        return cls(arrays["components"].astype(np.float32), arrays["scale"].astype(np.float32))

    def save(self, path: Path) -> None:
        """Write the projection as a NumPy archive without pickles."""
        np.savez(path, components=self.components.astype(np.float16), scale=self.scale)

    def equals(self, other: Projection) -> bool:
        """Whether both give the same numbers."""
        return np.array_equal(self.components, other.components) and np.array_equal(self.scale, other.scale)

    def project(self, tokens: Vectors) -> Vectors:
        """Unit vectors (n, p) of `tokens` (n, d)."""
        return unit(tokens @ self.components)

    def pack(self, tokens: Vectors) -> NDArray[np.int8]:
        """`tokens` (n, d) as bytes (n, p)."""
        return np.asarray(np.clip(np.rint(self.project(tokens) / self.scale), -127, 127), np.int8)

    def unpack(self, packed: NDArray[np.int8]) -> Vectors:
        """Vectors (n, p) of bytes (n, p): unit vectors but for their rounding."""
        return np.multiply(packed, self.scale, dtype=np.float32)


def shipped_projection(model_sha256: str) -> Projection | None:
    """The projection that comes with Quoth for the model with these weights, if there is one."""
    path = Path(__file__).parent / "projections" / f"{model_sha256[:16]}.npz"
    return Projection.open(path) if path.exists() else None


def record(dimensions: int) -> np.dtype[np.void]:
    """A token as it lies in the file: span in the passage (0, 0 for title and headings) and vector."""
    return np.dtype([("span", "<u2", (2,)), ("vector", "i1", (dimensions,))])


def packed_tokens(projection: Projection, tokens: Vectors, spans: NDArray[np.int32]) -> Bytes:
    """`tokens` (n, d) with their `spans` (n, 2) as they lie in the file, shape (n, bytes)."""
    rows = np.zeros(len(tokens), record(len(projection.scale)))
    rows["span"] = np.maximum(spans, 0)
    rows["vector"] = projection.pack(tokens)
    return rows.view(np.uint8).reshape(len(tokens), -1)


def unpacked_tokens(projection: Projection, rows: Bytes) -> tuple[Vectors, NDArray[np.int32]]:
    """The vectors (n, p) and spans (n, 2) that `packed_tokens` made `rows` (n, bytes) of."""
    tokens = np.ascontiguousarray(rows).view(record(len(projection.scale)))[:, 0]
    return projection.unpack(tokens["vector"]), tokens["span"].astype(np.int32)


def projection_of(encoder: Encoder, tokens: Sequence[Vectors]) -> Projection:
    """The shipped projection of a model, or one that is fitted to the tokens (n, d) of passages."""
    shipped = shipped_projection(encoder.fingerprint)
    return shipped or Projection.fit(np.concatenate([np.zeros((0, encoder.dimension), np.float32), *tokens]))
