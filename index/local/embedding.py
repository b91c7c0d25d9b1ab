"""The vectors of a new snapshot: what the last one had is taken over, the model reads the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoding.arrays import Bytes
from index.encoding.encoder import Encoder, encode_passages
from index.encoding.tokens import Projection, packed_tokens, projection_of, shipped_projection
from index.local.files.names import PROJECTION, VECTORS
from index.local.files.rows import RowWriter
from index.local.files.token_files import TokenWriter
from index.local.files.vectors import packed_vectors
from index.local.reuse import LastSnapshot
from index.local.writing import Writer
from index.protocol import Progress

# Passages that are sorted by length and then read so many at a time: enough to make batches of like
# length, few enough to hold and to show progress.
_WINDOW, _BATCH = 1024, 64
# A projection of a model that comes without one is fitted to at most so many passages.
_FITTED_PASSAGES = 2048


def embed(work: Path, writer: Writer, last: LastSnapshot, encoder: Encoder, progress: Progress) -> tuple[int, int]:
    """Write the vectors of all passages; how many the model read, and could not read whole."""
    old = last.vectors
    projection = old.projection if old else _projection(encoder, writer)
    projection.save(work / PROJECTION)
    known = _known(writer, last)
    embedded = truncated = 0
    progress(0, writer.passages)
    with (
        RowWriter(work / VECTORS, 2 * encoder.dimension) as vectors,
        TokenWriter(work, projection, old.token_files if old else None, known) as tokens,
    ):
        for start in range(0, writer.passages, _WINDOW):
            numbers = known[start : start + _WINDOW].tolist()
            new = [start + i for i, number in enumerate(numbers) if number < 0]
            done = start + len(numbers) - len(new)
            fresh: dict[int, tuple[Bytes, Bytes]] = {}
            for batch in _batches(new, writer.texts(new)):
                read = encode_passages(encoder, [text for _, text in batch])
                for (number, _), one in zip(batch, read, strict=True):
                    fresh[number] = packed_vectors(one.vectors), packed_tokens(projection, one.tokens, one.spans)
                truncated += sum(one.unread > 0 for one in read)
                progress(done + len(fresh), writer.passages)
            for first, behind, at in _runs(numbers):
                if first < 0:
                    vectors.add(fresh[start + at][0])
                    tokens.add(start + at, fresh[start + at][1])
                elif old is not None:
                    vectors.copy(old.rows, first, behind)
                    tokens.keep(start + at, start + at + behind - first)
            embedded += len(new)
            if not new:
                progress(done, writer.passages)
    return embedded, truncated


def _known(writer: Writer, last: LastSnapshot) -> NDArray[np.int64]:
    """The number of each passage in the last snapshot, -1 where its vectors are to be made."""
    known = writer.origins if last.vectors else np.full(writer.passages, -1)
    added = np.flatnonzero(known < 0)
    for start in range(0, len(added), _WINDOW):
        part = added[start : start + _WINDOW]
        known[part] = last.numbers(writer.keys(part.tolist()))
    return known


def _batches(numbers: Sequence[int], texts: Sequence[tuple[str, str]]) -> Iterator[list[tuple[int, tuple[str, str]]]]:
    """Passages of like length together."""
    ordered = sorted(zip(numbers, texts, strict=True), key=lambda passage: len(passage[1][0]) + len(passage[1][1]))
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Runs of neighbours in the last snapshot, as (first, last + 1, place of the first); what is new stands alone."""
    at = 0
    while at < len(numbers):
        end = at + 1
        while numbers[at] >= 0 and end < len(numbers) and numbers[end] == numbers[end - 1] + 1:
            end += 1
        yield numbers[at], numbers[at] + end - at, at
        at = end


def _projection(encoder: Encoder, writer: Writer) -> Projection:
    """The model's own projection, or one that is fitted to an even sample of the passages."""
    if shipped := shipped_projection(encoder.fingerprint):
        return shipped
    texts = writer.texts(range(0, writer.passages, max(1, writer.passages // _FITTED_PASSAGES)))
    return projection_of(encoder, [passage.tokens for passage in encode_passages(encoder, texts)])
