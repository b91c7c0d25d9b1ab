"""Pooled vectors as they are kept: 16-bit floats."""

from __future__ import annotations

import numpy as np

from index.encoding.arrays import Bytes
from index.encoding.encoder import Vectors


def packed_vectors(vectors: Vectors) -> Bytes:
    """Vectors (n, d) as they are kept, shape (n, 2d)."""
    return np.ascontiguousarray(vectors, np.float16).view(np.uint8)


def unpacked_vectors(rows: Bytes) -> Vectors:
    """The vectors (n, d) that `packed_vectors` made `rows` (n, 2d) of."""
    return np.ascontiguousarray(rows).view(np.float16).astype(np.float32)
