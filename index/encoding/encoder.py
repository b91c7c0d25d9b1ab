"""Text → unit vectors: the Encoder protocol, and how passages of any length are read by it.

One forward pass gives three readings of a text: its pooled vector, the vectors of its tokens, and
which characters each token stands for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Spans = NDArray[np.int32]

# The model that reads where none is named, the one that it was trained on from; both read English only.
DEFAULT_MODEL, PUBLISHED_MODEL = "quoth-minilm", "all-MiniLM-L6-v2"
ENGLISH = frozenset({DEFAULT_MODEL, PUBLISHED_MODEL})
# As many threads compute as there are cores for this process, or as OMP_NUM_THREADS allows.
_OWN = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_ALLOWED = os.environ.get("OMP_NUM_THREADS", "")
CORES = min(_OWN, int(_ALLOWED)) if _ALLOWED.isdecimal() and int(_ALLOWED) else _OWN
# The number of "the" in BERT's uncased vocabulary, and what brings log ranks to the scale of an IDF.
_FIRST_RANKED, _RARITY_SCALE = 1996, 0.8
# Of a passage's window at most this share goes to its title and headings.
_CONTEXT_SHARE = 4
# Neighbouring windows of a long passage share this part of their tokens.
_OVERLAP_SHARE = 4


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the model read in one text.

    `vector` is the pooled unit vector, shape (dimension,). `tokens` are the unit vectors of its
    tokens, shape (n, dimension), without the model's special ones. `spans` are the characters
    each token stands for, shape (n, 2): start and end in the text. `rarity`, shape (n,), is how
    rare each token is in the language at large, on the scale of an inverse document frequency.
    """

    vector: Vectors
    tokens: Vectors
    spans: Spans
    rarity: Vectors


class Encoder(Protocol):
    """What turns text into vectors. `window` is the most tokens one text may have."""

    @property
    def model(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def window(self) -> int: ...

    def encode(self, texts: Sequence[str], *, question: bool = False) -> list[Encoded]:
        """Read `texts`, each at most `window` tokens long; what is longer is not read to its end."""
        ...

    def token_spans(self, text: str) -> Spans:
        """The characters of every token of `text`, however long it is, shape (n, 2)."""
        ...


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """What the model read in a passage.

    `vectors` holds a pooled unit vector for each window, shape (windows, dimension); `tokens` and
    `spans` are as in `Encoded`, with offsets in the passage and (-1, -1) for title and headings.
    `unread` counts the tokens of the passage that no window held; it is 0 unless something is wrong.
    """

    vectors: Vectors
    tokens: Vectors
    spans: Spans
    unread: int


def encode_passages(encoder: Encoder, passages: Sequence[tuple[str, str]]) -> list[EncodedPassage]:
    """Encode passages, each given as (title and headings, text).

    A passage longer than the model's window is read in overlapping windows; of a token that
    stands in two, the vector is kept that has more context. No text is left unread.
    """
    pieces: list[tuple[int, str, int]] = []  # passage, context, start of the window in the passage
    texts: list[str] = []
    totals: list[int] = []
    for i, (context, text) in enumerate(passages):
        # The model's own tokens stand at both ends.
        lead, found, total = windows(encoder.token_spans, encoder.window - 2, context, text)
        totals.append(total)
        for start, end in found:
            pieces.append((i, lead, start))
            texts.append(lead + text[start:end])
    read: list[list[Encoded]] = [[] for _ in passages]
    for (i, lead, start), encoded in zip(pieces, encoder.encode(texts), strict=True):
        inside = encoded.spans[:, 0] >= len(lead)
        spans = np.where(inside[:, None], encoded.spans - len(lead) + start, -1).astype(np.int32)
        read[i].append(Encoded(encoded.vector, encoded.tokens, spans, encoded.rarity))
    return [_joined(one, total) for one, total in zip(read, totals, strict=True)]


def windows(
    token_spans: Callable[[str], Spans], room: int, context: str, text: str
) -> tuple[str, list[tuple[int, int]], int]:
    """The context that goes before each window, the windows as character ranges of `text`, its tokens' number.

    `token_spans` gives the characters of every token of a text; `room` is for how many tokens a window has room.
    """
    spans = token_spans(text)
    lead = f"{context}. " if context else ""
    used = token_spans(lead)
    if len(used) + len(spans) > room and len(used) > room // _CONTEXT_SHARE:
        lead = lead[: used[room // _CONTEXT_SHARE - 1, 1]] + ". "
        used = token_spans(lead)
    room -= len(used)
    if len(spans) <= room:
        return lead, [(0, len(text))], len(spans)
    found: list[tuple[int, int]] = []
    first = 0
    while first + room < len(spans):
        last = _word_start(text, spans, first + room, first + room // 2)
        found.append((int(spans[first, 0]), int(spans[last - 1, 1])))
        first = _word_start(text, spans, last - room // _OVERLAP_SHARE, first + 1)
    found.append((int(spans[first, 0]), len(text)))
    return lead, found, len(spans)


def _word_start(text: str, spans: Spans, token: int, lowest: int) -> int:
    """The last token at or before `token`, but not before `lowest`, that begins a word."""
    for i in range(token, lowest, -1):
        if spans[i, 0] > spans[i - 1, 1] or text[spans[i, 0] - 1].isspace():
            return i
    return max(token, lowest)


def _joined(windows: list[Encoded], total: int) -> EncodedPassage:
    """The windows of one passage as one; where two overlap, each gives the half that is nearer to it."""
    tokens, spans, begin = [], [], -1
    for window, following in zip(windows, [*windows[1:], None], strict=True):
        end = np.iinfo(np.int32).max
        if following is not None:
            starts = following.spans[following.spans[:, 0] >= 0, 0]
            middle = (int(starts[0]) + int(window.spans[-1, 1])) // 2
            end = int(starts[min(np.searchsorted(starts, middle), len(starts) - 1)])
        own = (window.spans[:, 0] >= begin) & (window.spans[:, 0] < end)
        tokens.append(window.tokens[own])
        spans.append(window.spans[own])
        begin = end
    read = np.concatenate(spans)
    unread = max(0, total - int((read[:, 0] >= 0).sum()))
    return EncodedPassage(np.stack([window.vector for window in windows]), np.concatenate(tokens), read, unread)


def token_rarity(tokens: int, the: int | None) -> Vectors:
    """How rare each of a vocabulary's `tokens` is, by its number, given the number of "the".

    In BERT's uncased vocabulary, which is ordered by frequency, the log of its rank (it correlates
    .76 with the inverse document frequency of real passages); else all alike.
    """
    ranks = np.arange(tokens, dtype=np.float32) - _FIRST_RANKED
    if the != _FIRST_RANKED:
        ranks[:] = 5000
    return np.asarray(_RARITY_SCALE * np.log(np.maximum(ranks + 1, 1)), np.float32)


def unit(vectors: Vectors) -> Vectors:
    """`vectors` scaled to length 1 along the last axis; a vector of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)
