"""Token vectors as they are kept: projected by PCA, four bits a dimension.

A token's unit vector is projected to at most 128 dimensions and each dimension is stored as one of
16 steps of its own width, two to a byte. The projection is the first principal components, not
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
# The steps of a dimension, and the widths that are tried for them, as shares of its standard deviation; at .335 the
# squared error is least where values are spread normally (Max, 1960, "Quantizing for minimum distortion").
_LOWEST, _HIGHEST = -8, 7
_WIDTHS = np.linspace(0.25, 0.6, 15, dtype=np.float32)
# They are tried with so many tokens.
_TRIED = 20_000


@dataclass(frozen=True, slots=True)
class Projection:
    """`components` (d, p), nearly orthonormal columns, and the `scale` (p,): how wide a step of each dimension is."""

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
        """The projection to `components` (d, p) whose steps keep `tokens` (n, d) best."""
        kept = components.astype(np.float16).astype(np.float32)  # as `save` writes them
        values = unit(tokens[:: max(1, len(tokens) // _TRIED)] @ components)
        spread = np.sqrt((values**2).mean(0)) if len(values) else np.ones(components.shape[1])
        widths = np.maximum(np.outer(_WIDTHS, spread), 1e-6).astype(np.float32)
        errors = [((_steps(values, width) * width - values) ** 2).sum(0) for width in widths]
        return cls(kept, np.take_along_axis(widths, np.argmin(errors, 0)[None], 0)[0])

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

    @property
    def size(self) -> int:
        """How many bytes a packed vector takes."""
        return -(-len(self.scale) // 2)

    def pack(self, tokens: Vectors) -> Bytes:
        """`tokens` (n, d) as bytes (n, size): in their lower halves the first dimensions, in their upper the others."""
        steps = _steps(self.project(tokens), self.scale).astype(np.int8).view(np.uint8)
        packed = steps[:, : self.size] & 0x0F
        others = steps[:, self.size :]
        packed[:, : others.shape[1]] |= others << 4
        return np.asarray(packed, np.uint8)

    def unpack(self, packed: Bytes) -> Vectors:
        """Vectors (n, p) of bytes (n, size): unit vectors but for their rounding."""
        steps = np.empty((len(packed), len(self.scale)), np.int8)  # times 16: the sign stands in the highest bit
        np.left_shift(packed, 4, out=steps[:, : self.size].view(np.uint8))
        np.bitwise_and(packed[:, : len(self.scale) - self.size], 0xF0, out=steps[:, self.size :].view(np.uint8))
        return np.asarray(np.multiply(steps, self.scale / 16, dtype=np.float32))


def _steps(values: Vectors, scale: Vectors) -> Vectors:
    """The steps (n, p) that are nearest to values (n, p)."""
    return np.asarray(np.clip(np.rint(values / scale), _LOWEST, _HIGHEST))


def shipped_projection(model_sha256: str) -> Projection | None:
    """The projection that comes with Quoth for the model with these weights, if there is one."""
    path = Path(__file__).parent / "projections" / f"{model_sha256[:16]}.npz"
    return Projection.open(path) if path.exists() else None


def record(projection: Projection) -> np.dtype[np.void]:
    """A token as it lies in the file: span in the passage (0, 0 for title and headings) and packed vector."""
    return np.dtype([("span", "<u2", (2,)), ("vector", "u1", (projection.size,))])


def packed_tokens(projection: Projection, tokens: Vectors, spans: NDArray[np.int32]) -> Bytes:
    """`tokens` (n, d) with their `spans` (n, 2) as they lie in the file, shape (n, bytes)."""
    rows = np.zeros(len(tokens), record(projection))
    rows["span"] = np.maximum(spans, 0)
    rows["vector"] = projection.pack(tokens)
    return rows.view(np.uint8).reshape(len(tokens), -1)


def unpacked_tokens(projection: Projection, rows: Bytes) -> tuple[Vectors, NDArray[np.int32]]:
    """The vectors (n, p) and spans (n, 2) that `packed_tokens` made `rows` (n, bytes) of."""
    tokens = np.ascontiguousarray(rows).view(record(projection))[:, 0]
    return projection.unpack(tokens["vector"]), tokens["span"].astype(np.int32)


def projection_of(encoder: Encoder, tokens: Sequence[Vectors]) -> Projection:
    """The shipped projection of a model, or one that is fitted to the tokens (n, d) of passages."""
    shipped = shipped_projection(encoder.fingerprint)
    return shipped or Projection.fit(np.concatenate([np.zeros((0, encoder.dimension), np.float32), *tokens]))
