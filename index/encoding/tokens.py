"""Tokens of a passage as they are kept: rows of a packed vector and of a byte that tells the token's place.

The first rows hold the mean of the passage's tokens. A token's byte tells how many characters after the token before
it it begins, and how long it is; where a byte is too small for that, the row before it holds its place. A token of
title and headings has no place.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.encoding.arrays import Bytes
from index.encoding.encoder import Encoder, Spans, Vectors
from index.encoding.projection import Projection, shipped_projection

# What a token's byte says: that it has no place; that the row holds the place of the next token instead; or how many
# of a few gaps, and which of the lengths, from 1 on.
_NOWHERE, _PLACE, _GAPS, _LENGTHS = 0, 255, 3, 84
_SPAN = np.dtype(("<u4", (2,)))


def row_size(projection: Projection) -> int:
    """How many bytes a row has."""
    return max(projection.size, _SPAN.itemsize) + 1


def packed_tokens(projection: Projection, tokens: Vectors, spans: Spans) -> Bytes:
    """The `tokens` (n, d) of a passage with their `spans` (n, 2), below 0 where there are none, as rows (m, bytes)."""
    if not len(tokens):
        return np.zeros((0, row_size(projection)), np.uint8)
    mean, packed = projection.pack(tokens)
    first = _mean_rows(projection)
    codes = _codes(spans)
    apart = codes == _PLACE
    at = first + np.arange(len(tokens)) + np.cumsum(apart)  # the row of each token
    rows = np.zeros((int(at[-1]) + 1, row_size(projection)), np.uint8)
    rows[:first, :-1].flat[: len(mean)] = mean
    rows[at, : projection.size] = packed
    rows[at, -1] = np.where(apart, _NOWHERE, codes)
    rows[at[apart] - 1, : _SPAN.itemsize] = spans[apart].astype("<u4").view(np.uint8)
    rows[at[apart] - 1, -1] = _PLACE
    return rows


def _mean_rows(projection: Projection) -> int:
    return -(-len(projection.scale) // (row_size(projection) - 1))


def _codes(spans: Spans) -> NDArray[np.int64]:
    """The byte (n,) of each token; _PLACE where it has none."""
    placed = spans[:, 1] > 0
    start, end = spans[placed].astype(np.int64).T
    gap, length = start - np.append(0, end[:-1])[: len(end)], end - start
    fits = (gap >= 0) & (gap < _GAPS) & (length >= 1) & (length <= _LENGTHS)
    codes = np.full(len(spans), _NOWHERE)
    codes[placed] = np.where(fits, gap * _LENGTHS + length, _PLACE)
    return codes


def unpacked_tokens(
    projection: Projection, rows: Bytes, ends: Sequence[int] | NDArray[np.int64]
) -> list[tuple[Vectors, Spans]]:
    """The vectors (n, p) and spans (n, 2) of each of the passages whose `rows` end at `ends`.

    They are as `packed_tokens` was given them, but for rounding; a token that has no span has (0, 0).
    """
    bounds = np.append(0, ends).astype(np.int64)
    some = bounds[:-1] < bounds[1:]  # have tokens
    begins, behind = bounds[:-1][some], bounds[1:][some]
    means = begins[:, None] + np.arange(_mean_rows(projection))
    apart = rows[:, -1] == _PLACE
    held = ~apart
    held[means] = False
    before = np.append(0, np.cumsum(held))  # how many tokens stand before each row
    common = rows[means, :-1].reshape(len(begins), means.shape[1] * (rows.shape[1] - 1))
    vectors = projection.unpack(rows[held, : projection.size], common, before[behind])
    spans = _spans(rows[held, -1], before[begins], before[:-1][apart], rows[apart, : _SPAN.itemsize])
    return [(vectors[start:end], spans[start:end]) for start, end in pairwise(before[bounds].tolist())]


def unpacked_passages(projection: Projection, passages: Sequence[Bytes]) -> list[tuple[Vectors, Spans]]:
    """As `unpacked_tokens`, of passages each of which has rows of its own."""
    rows = np.concatenate([np.zeros((0, row_size(projection)), np.uint8), *passages])
    return unpacked_tokens(projection, rows, np.cumsum([len(one) for one in passages], dtype=np.int64))


def _spans(codes: Bytes, first: NDArray[np.int64], apart: NDArray[np.int64], places: Bytes) -> Spans:
    """The spans (n, 2) of tokens by their `codes` (n,).

    `first` are the first tokens of passages, `apart` those whose `places` (len(apart), bytes) are given.
    """
    known = np.ascontiguousarray(places).view("<u4").astype(np.int64).reshape(-1, 2)
    gap, less = np.divmod(codes.astype(np.int64) - 1, _LENGTHS)
    length = np.where(codes == _NOWHERE, 0, less + 1)
    passed = np.cumsum(np.where(codes == _NOWHERE, 0, gap + length))
    # Where the place is known by itself, `offset` is what it lies behind what was passed; it holds until the next.
    anchor, offset = np.zeros(len(codes), np.int64), np.zeros(len(codes), np.int64)
    offset[first] = -np.append(0, passed)[first]
    offset[apart] = known[:, 1] - passed[apart]
    length[apart] = known[:, 1] - known[:, 0]
    anchor[first], anchor[apart] = first, apart
    end = passed + offset[np.maximum.accumulate(anchor)]
    placed = codes != _NOWHERE
    placed[apart] = True
    return np.where(placed[:, None], np.stack([end - length, end], 1), 0).astype(np.int32)


def projection_of(encoder: Encoder, passages: Sequence[Vectors]) -> Projection:
    """The shipped projection of a model, or one that is fitted to the tokens (n, d) of passages."""
    shipped = shipped_projection(encoder.fingerprint)
    return shipped or Projection.fit([np.zeros((0, encoder.dimension), np.float32), *passages])
