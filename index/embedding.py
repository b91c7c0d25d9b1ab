"""The vectors of a new generation: what the last one had is taken over, the model reads the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.encoding.encoder import Encoder, encode_passages
from index.encoding.projection import Projection, shipped_projection
from index.encoding.tokens import packed_tokens, projection_of
from index.encoding.vectors import packed_vectors
from index.generation import Generation, Packed, Progress
from index.protocol import Index

# Passages that are sorted by length and then read so many at a time: enough to make batches of like
# length, few enough to hold and to show progress.
_WINDOW, _BATCH = 1024, 64
# A projection of a model that comes without one is fitted to at most so many passages.
_FITTED_PASSAGES = 2048


def embed(
    new: Generation, passages: int, encoder: Encoder, progress: Progress, beside: Index | None = None
) -> tuple[int, int]:
    """Give `new` the vectors of all its passages; how many the model read, and could not read whole.

    Where none are taken over, they are projected as those of the index `beside` are, if it is of the same model.
    """
    projection = begun(new, passages, encoder, beside)
    embedded = truncated = 0
    progress(0, passages)
    for start in range(0, passages, _WINDOW):
        end = min(start + _WINDOW, passages)
        missing = new.missing(start, end)
        done = end - len(missing)
        fresh: dict[int, Packed] = {}
        for batch in _batches(missing, new.texts(missing)):
            read, unread = packed_passages(encoder, projection, [text for _, text in batch])
            fresh.update((number, one) for (number, _), one in zip(batch, read, strict=True))
            truncated += unread
            progress(done + len(fresh), passages)
        new.store(start, end, fresh)
        embedded += len(missing)
        if not missing:
            progress(done, passages)
    return embedded, truncated


def begun(new: Generation, passages: int, encoder: Encoder, beside: Index | None = None) -> Projection:
    """Begin to store vectors; what token vectors are projected with."""
    same = beside.projection if beside and beside.model_sha256 == encoder.fingerprint else None
    projection = new.projection or same or _projection(encoder, new, passages)
    new.begin(projection)
    return projection


def packed_passages(
    encoder: Encoder, projection: Projection, texts: Sequence[tuple[str, str]]
) -> tuple[list[Packed], int]:
    """Passages, each given as (title and headings, text), as the model reads them; how many it could not read whole."""
    read = encode_passages(encoder, texts)
    packed = [Packed(packed_vectors(one.vectors), packed_tokens(projection, one.tokens, one.spans)) for one in read]
    return packed, sum(one.unread > 0 for one in read)


def _batches(numbers: Sequence[int], texts: Sequence[tuple[str, str]]) -> Iterator[list[tuple[int, tuple[str, str]]]]:
    """Passages of like length together."""
    ordered = sorted(zip(numbers, texts, strict=True), key=lambda passage: len(passage[1][0]) + len(passage[1][1]))
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _projection(encoder: Encoder, new: Generation, passages: int) -> Projection:
    """The model's own projection, or one that is fitted to an even sample of the passages."""
    if shipped := shipped_projection(encoder.fingerprint):
        return shipped
    texts = new.texts(range(0, passages, max(1, passages // _FITTED_PASSAGES)))
    return projection_of(encoder, [passage.tokens for passage in encode_passages(encoder, texts)])
