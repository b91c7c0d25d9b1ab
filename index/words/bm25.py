"""BM25 (Robertson and others, 1994), with the constants and the inverse document frequency of SQLite's FTS5."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

# Words of the title and headings count this much of a word in the text.
CONTEXT_WEIGHT = 0.5
# The weight of a term that stands nearly everywhere.
_LEAST = 1e-6
_K1, _B = 1.2, 0.75


def norms_of(lengths: NDArray[np.uint32], mean: float) -> NDArray[np.float32]:
    """What the lengths (n,) of some passages take from a term's count in each, if the `mean` is that of all."""
    return (_K1 * (1 - _B + _B * lengths / (mean or 1.0))).astype(np.float32)


def rarity(passages: int, holding: int) -> float:
    """The inverse document frequency of a term that stands in `holding` of `passages`."""
    return max(math.log((passages - holding + 0.5) / (holding + 0.5)), _LEAST)


def scores(weight: float, counts: NDArray[np.float32], norms: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a term of this rarity is worth in passages that hold it so often, given the `norms` of these passages."""
    return np.asarray((_K1 + 1) * weight * counts / (counts + norms), np.float32)


def most(weights: float) -> float:
    """The most that terms whose rarities sum to `weights` could be worth in a passage."""
    return (_K1 + 1) * weights
