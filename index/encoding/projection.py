"""Token vectors in fewer dimensions and few bits: projected by PCA, three bits a dimension.

A token's unit vector is projected to at most 128 dimensions: the first principal components, not centred, so that
inner products (cosines) are kept as well as that many numbers can, and rotated at random, so that each dimension
tells as much as any other. Of what a token has beside the mean of its passage's tokens each dimension is kept as one
of 8 steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoding.arrays import Bytes, load_arrays
from index.encoding.encoder import Vectors, unit

DIMENSIONS = 128
_STEPS = 8
# The middle of the steps lies between two of them.
_MIDDLE = (_STEPS - 1) / 2
# The widths of a step that are tried, as shares of a dimension's standard deviation; where values are spread normally,
# the squared error is least at .586 (Max, 1960, "Quantizing for minimum distortion").
_WIDTHS = np.linspace(0.4, 0.9, 21, dtype=np.float32)
# They are tried with so many tokens, and none is less than this share of a unit vector's deviation: where there are few
# tokens, or all are alike, others may come.
_TRIED, _LEAST = 20_000, 0.4
# What the bytes that hold the lower bits of four steps, and the highest of eight, are as a byte for each.
_BITS = np.arange(256, dtype=np.uint8)[:, None]
_LOWER = (_BITS >> np.arange(0, 8, 2, dtype=np.uint8) & 3).view(np.uint32)[:, 0]
_HIGHEST = ((_BITS >> np.arange(8, dtype=np.uint8) & 1) << 2).view(np.uint64)[:, 0]
# A mean is kept in steps of this width, 127 each way; what it lacks by that, the tokens keep.
_MEAN_STEP = np.float32(1 / 127)


@dataclass(frozen=True, slots=True)
class Projection:
    """How token vectors of d dimensions become such of p, and these bytes.

    `components` (d, p) are nearly orthonormal columns, `scale` (p,) is how wide a step of each dimension is. What is
    kept of a token beside the mean is multiplied by `gain`, as the nearest steps are shorter than what they stand for.
    """

    components: Vectors
    scale: Vectors
    gain: float

    @classmethod
    def fit(cls, passages: Sequence[Vectors], dimensions: int = DIMENSIONS) -> Projection:
        """The projection that keeps most of the tokens (n, d) of some passages."""
        tokens = np.concatenate(passages)
        _, vectors = np.linalg.eigh((tokens.T @ tokens).astype(np.float64))
        first = vectors[:, ::-1][:, : min(dimensions, tokens.shape[1])]
        return cls.scaled(np.ascontiguousarray(first, np.float32), passages)

    @classmethod
    def scaled(cls, components: Vectors, passages: Sequence[Vectors]) -> Projection:
        """The projection to `components` (d, p), rotated, whose steps keep the tokens (n, d) of some passages best."""
        rotated = (components @ _rotation(components.shape[1])).astype(np.float16).astype(np.float32)  # as it is saved
        scale = np.ones(components.shape[1], np.float32)
        plain = cls(rotated, scale, 1.0)
        some = [one for one in passages[:: max(1, sum(map(len, passages)) // _TRIED)] if len(one)]
        if not some:
            return plain
        values = [plain.project(one) for one in some]
        means = np.concatenate([np.broadcast_to(_mean(one) * _MEAN_STEP, one.shape) for one in values])
        exact = np.concatenate(values)
        beside = exact - means
        tried = np.maximum(np.outer(_WIDTHS, beside.std(0)), _LEAST / np.sqrt(len(scale))).astype(np.float32)
        errors = [((_kept(_steps(beside, one), one) - beside) ** 2).sum(0) for one in tried]
        scale = np.take_along_axis(tried, np.argmin(errors, 0)[None], 0)[0]
        kept = _kept(_steps(beside, scale), scale)
        along = float((kept * beside).sum())  # a step has the sign of what it stands for
        return cls(rotated, scale, max(1.0, float((beside**2).sum()) / along) if along else 1.0)

    @classmethod
    def open(cls, path: Path) -> Projection:
        """Read what `save` wrote."""
        arrays = load_arrays(path)
        return cls(arrays["components"].astype(np.float32), arrays["scale"].astype(np.float32), float(arrays["gain"]))

    def save(self, path: Path) -> None:
        """Write the projection as a NumPy archive without pickles."""
        np.savez(path, components=self.components.astype(np.float16), scale=self.scale, gain=np.float64(self.gain))

    def equals(self, other: Projection) -> bool:
        """Whether both give the same numbers."""
        same = np.array_equal(self.components, other.components) and np.array_equal(self.scale, other.scale)
        return same and self.gain == other.gain

    def project(self, tokens: Vectors) -> Vectors:
        """Unit vectors (n, p) of `tokens` (n, d)."""
        return unit(tokens @ self.components)

    @property
    def size(self) -> int:
        """How many bytes a packed vector takes."""
        return 3 * self._eighth

    @property
    def _eighth(self) -> int:
        return -(-len(self.scale) // 8)

    def pack(self, tokens: Vectors) -> tuple[Bytes, Bytes]:
        """The mean (p,) of the `tokens` (n, d) of a passage, and what each has beside it (n, size), as bytes.

        Of the steps the lower two bits lie four to a byte, and behind them the highest eight to a byte.
        """
        values = self.project(tokens)
        mean = _mean(values)
        steps = np.zeros((len(tokens), 8 * self._eighth), np.uint8)
        steps[:, : len(self.scale)] = _steps(values - mean * _MEAN_STEP, self.scale)
        lower = np.bitwise_or.reduce([(steps[:, i::4] & 3) << 2 * i for i in range(4)])
        return mean.view(np.uint8), np.concatenate([lower, np.packbits(steps >> 2, axis=1, bitorder="little")], axis=1)

    def unpack(self, packed: Bytes, means: Bytes, ends: NDArray[np.int64]) -> Vectors:
        """The vectors (n, p) that `pack` made bytes (n, size) of, but for rounding: unit vectors on the mean.

        They are of passages which end at `ends` (m,) and have these `means`, the first of the bytes (m, p or more).
        """
        lower, highest = packed[:, : -self._eighth], packed[:, -self._eighth :]
        steps = np.take(_LOWER, lower).view(np.uint8)
        steps |= np.take(_HIGHEST, highest).view(np.uint8)
        vectors = steps[:, : len(self.scale)].astype(np.float32)
        width = self.scale * np.float32(self.gain)
        vectors *= width
        first = means[:, : len(self.scale)].view(np.int8) * _MEAN_STEP - np.float32(_MIDDLE) * width
        for own, (start, end) in zip(first, pairwise([0, *ends.tolist()]), strict=True):
            vectors[start:end] += own
        return vectors


def _mean(values: Vectors) -> NDArray[np.int8]:
    """The mean (p,) of vectors (n, p), in steps."""
    return np.asarray(np.rint(values.mean(0) / _MEAN_STEP), np.int8)


def _steps(values: Vectors, scale: Vectors) -> Vectors:
    """The steps (n, p), from 0, that are nearest to values (n, p)."""
    return np.asarray(np.rint(values / scale + _MIDDLE).clip(0, _STEPS - 1))


def _kept(steps: Vectors, scale: Vectors) -> Vectors:
    """The values (n, p) that steps (n, p) stand for."""
    return np.asarray((steps - np.float32(_MIDDLE)) * scale)


def _rotation(dimensions: int) -> Vectors:
    """A rotation (p, p) at random, always the same."""
    turned, signs = np.linalg.qr(np.random.default_rng(0).standard_normal((dimensions, dimensions)))
    return np.asarray(turned * np.sign(np.diag(signs)), np.float32)


def shipped_projection(model_sha256: str) -> Projection | None:
    """The projection that comes with Quoth for the model with these weights, if there is one."""
    path = Path(__file__).parent / "projections" / f"{model_sha256[:16]}.npz"
    return Projection.open(path) if path.exists() else None
