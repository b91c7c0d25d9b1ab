"""Any sentence-transformers model as an Encoder, run by torch."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.encoder import CORES, Encoded, Spans, Vectors, token_rarity, unit
from index.encoding.letters import read_letters
from index.words.folding import fold
from source.errors import UserError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

_SHORTEST_WINDOW, _LONGEST_WINDOW = 16, 4096  # tokens
_LONGEST_REASON = 200  # characters
_ANEW = "fetch it anew, or choose another."


class SentenceTransformerEncoder:
    """A sentence-transformers model, by name or path.

    Safe to use from many threads; nothing is fetched from outside. A prompt that the model wants
    before questions or passages, by its own configuration, is put there and read with them.
    """

    def __init__(self, model: str) -> None:
        """Load `model` from this machine. Raises UserError if it is not there or cannot be used."""
        folder = _folder(model)
        _check_files(model, folder)
        try:
            self._load(model, folder)
            (read,) = self.encode(["A sentence."])
        except UserError:
            raise
        except Exception as error:  # whatever a file of the model, which may be damaged, makes the libraries raise
            reason = next(iter(str(error).strip().splitlines()), type(error).__name__)[:_LONGEST_REASON]
            raise UserError(
                f"The model {model!r} cannot be used: {reason}; fetch it anew, or choose another."
            ) from error
        if not (np.isfinite(read.vector).all() and np.isfinite(read.tokens).all()):
            raise UserError(f"The model {model!r} gives no numbers; {_ANEW}")

    def _load(self, model: str, folder: str) -> None:
        network = _loaded(folder)
        self.model = model
        self.fingerprint = _digest(network)
        self._network = network
        self._lock = threading.Lock()  # tokenizers keep state while they truncate
        dimension = network.get_embedding_dimension()
        if dimension is None or not network.tokenizer.is_fast:
            raise UserError(f"The model {model} gives no token offsets; choose one with a fast tokenizer.")
        self.dimension = int(dimension)
        self.window = min(int(network.max_seq_length or 512), _LONGEST_WINDOW)
        if self.window < _SHORTEST_WINDOW:
            raise UserError(f"The model {model} reads {self.window} tokens at a time; choose one that reads more.")
        read_letters(network.tokenizer.backend_tokenizer)
        vocabulary = network.tokenizer.get_vocab()
        self._rarity = token_rarity(max(vocabulary.values()) + 1, vocabulary.get("the"))
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
            torch.set_num_threads(1 if len(texts) == 1 else CORES)
            spans = self._network.tokenizer(
                shown, truncation=True, max_length=self.window, return_offsets_mapping=True
            )["offset_mapping"]
            read = self._network.encode(shown, output_value=None, show_progress_bar=False)
        return [
            self._encoded(one, np.asarray(span, np.int32), len(prompt)) for one, span in zip(read, spans, strict=True)
        ]

    def _encoded(self, read: Mapping[str, torch.Tensor], spans: Spans, prompt: int) -> Encoded:
        vector, tokens = (_array(read[name]) for name in ("sentence_embedding", "token_embeddings"))
        ids = read["input_ids"].cpu().numpy()[: len(spans)]
        own = (spans[:, 1] > spans[:, 0]) & (spans[:, 0] >= prompt)
        return Encoded(
            unit(vector),
            unit(tokens[: len(spans)][own]),
            (spans[own] - prompt).astype(np.int32),
            self._rarity[ids[own]],
        )

    def token_spans(self, text: str) -> Spans:
        """The characters of every token of `text`; see `Encoder.token_spans`."""
        with self._lock:
            found = self._network.tokenizer(
                fold(text), truncation=False, add_special_tokens=False, return_offsets_mapping=True, verbose=False
            )["offset_mapping"]
        return np.asarray(found, np.int32).reshape(-1, 2)


def _array(values: torch.Tensor) -> Vectors:
    """`values`, wherever they lie and however exact they are, as an array of floats."""
    return np.asarray(values.detach().float().cpu().numpy(), np.float32)


def _loaded(folder: str) -> SentenceTransformer:
    """The model in a folder; of its own code, should it bring any, nothing is run."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    return SentenceTransformer(folder, local_files_only=True, trust_remote_code=False)


def _folder(model: str) -> str:
    """The folder of a model on this machine: given a name, sentence-transformers itself would ask outside as well.

    Raises UserError if it is not here.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        if Path(model).exists():
            return model
        if "/" not in model:
            with contextlib.suppress(LocalEntryNotFoundError):
                return str(snapshot_download(f"sentence-transformers/{model}", local_files_only=True))
        return str(snapshot_download(model, local_files_only=True))
    except (OSError, ValueError) as error:
        raise UserError(
            f"There is no sentence-transformers model {model!r} on this machine; give a folder, "
            f"or fetch it first with: hf download {model}"
        ) from error


def _check_files(model: str, folder: str) -> None:
    """See that there are only files and folders below `folder`: what reads a model would wait for a pipe for ever.

    Links are followed, as models that were fetched consist of them. Raises UserError.
    """
    try:
        model.encode()  # it stands in the manifest of what is made with it
    except UnicodeEncodeError as error:
        raise UserError(f"The model {model!r} cannot be used: its name is not UTF-8; rename it.") from error
    seen: set[str] = set()
    for where, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(where)
        folders[:] = [] if real in seen else folders
        seen.add(real)
        for path in (Path(where, name) for name in names):
            if path.exists() and not path.is_file():
                kind = f"{path.name!r} is no file but a pipe, socket or device"
                raise UserError(f"The model {model!r} cannot be used: {kind}; {_ANEW}")


def _digest(network: SentenceTransformer) -> str:
    """SHA-256 over the names and values of a model's weights."""
    digest = hashlib.sha256()
    for name, weight in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(weight.detach().cpu().contiguous().view(-1).numpy().tobytes())
    return digest.hexdigest()
