"""all-MiniLM-L6-v2's network, run by ONNX Runtime straight from its weights.

The network's graph (`graphs/`, drawn by tests/benchmarks/make_graph.py) holds no weights: they
are handed over from the official file, whose SHA-256 is checked, and from files of layers that
were trained on from it. So there is no exported copy that could be stale or damaged, and neither
torch nor transformers is loaded to answer a question.

The matrices are multiplied in whole numbers (dynamic quantisation, Jacob et al., 2018, a scale for
each column). The scale of what they are multiplied with is taken over one run, so texts are read
one in a run: a text has the same vectors whatever is read beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from tokenizers import Encoding, Tokenizer

from index.encoding.encoder import CORES, PUBLISHED_MODEL, Encoded, Spans, Vectors, token_rarity, unit
from index.encoding.letters import read_letters
from index.encoding.pinned import published_folder, published_weights
from index.words.folding import fold

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

GRAPH = Path(__file__).parent / "graphs" / f"{PUBLISHED_MODEL}.onnx"
LAYERS = 6
WINDOW = 256  # tokens, as the model's sentence_bert_config.json says
# The largest whole number in each matrix. Processors without VNNI add pairs of products in 16 bits; with
# these next to all sums fit (with 127 in "output" and "widen", cosines with the model's own fall from .997 to .985).
_LARGEST = {"attention": 127, "output": 90, "widen": 90, "narrow": 127}


class MiniLM:
    """The network with some layers as an `Encoder`. Safe to use from many threads."""

    window = WINDOW

    def __init__(self, model: str, fingerprint: str, layers: Mapping[str, Vectors]) -> None:
        """`layers` are all but the embeddings of words, places and kinds, by their published names; `fingerprint` is
        the SHA-256 of the file they are from. Raises UserError if the official weights are missing or others."""
        self.model, self.fingerprint = model, fingerprint
        weights = graph_weights({**published_embeddings(), **layers})
        self.dimension = weights["words"].shape[1]
        self._session = session(weights)
        self._whole = tokenizer()
        self._windowed = Tokenizer.from_str(self._whole.to_str())
        self._windowed.enable_truncation(WINDOW)
        self._rarity = rarity()

    def encode(self, texts: Sequence[str], *, question: bool = False) -> list[Encoded]:  # noqa: ARG002 (no prompts)
        """Read `texts`, as many at a time as there are cores; see `Encoder.encode`."""
        read = self._windowed.encode_batch([fold(text) for text in texts])
        if len(read) < 2:
            return [self._encoded(one) for one in read]
        with ThreadPoolExecutor(CORES) as threads:
            return list(threads.map(self._encoded, read))

    def _encoded(self, read: Encoding) -> Encoded:
        ids = np.asarray(read.ids, np.int32)
        places = np.arange(len(ids), dtype=np.int32)
        vectors = np.asarray(self._session.run(None, {"ids": ids[None], "positions": places})[0], np.float32)[0]
        spans = np.asarray(read.offsets, np.int32)
        own = spans[:, 1] > spans[:, 0]  # the model's own tokens stand for no characters
        return Encoded(unit(vectors.mean(0)), unit(vectors[own]), spans[own], self._rarity[ids[own]])

    def token_spans(self, text: str) -> Spans:
        """The characters of every token of `text`; see `Encoder.token_spans`."""
        return np.asarray(self._whole.encode(fold(text), add_special_tokens=False).offsets, np.int32).reshape(-1, 2)


@cache
def tokenizer() -> Tokenizer:
    """The model's tokenizer, which cuts and pads nothing and reads ligatures as their letters; not to be changed."""
    found = Tokenizer.from_file(str(published_folder() / "tokenizer.json"))
    read_letters(found)
    found.no_padding()
    found.no_truncation()
    return found


@cache
def rarity() -> Vectors:
    """How rare each token of the vocabulary is; see `token_rarity`."""
    return token_rarity(tokenizer().get_vocab_size(), tokenizer().token_to_id("the"))


@cache
def published_embeddings() -> Mapping[str, Vectors]:
    """The embeddings of words, places and kinds, by their published names; held once for all that read with them.

    Raises UserError if the weights are missing or not the official ones.
    """
    return _published(_SHARED.__contains__)


def published_layers() -> Mapping[str, Vectors]:
    """All other weights, by their published names. Raises UserError as `published_embeddings`."""
    return _published(lambda name: name not in _SHARED)


def _published(wanted: Callable[[str], bool]) -> dict[str, Vectors]:
    with safe_open(_official(), "numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys() if wanted(name)}  # noqa: SIM118 (no mapping)


@cache
def _official() -> Path:
    return published_weights().checked()


def session(weights: Mapping[str, NDArray[np.generic]]) -> InferenceSession:
    """The network with its weights. A run keeps one core busy; many may run at a time."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    # The graph is fused as it is drawn.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(weight) for weight in weights.values()]
    options.add_external_initializers(list(weights), values)
    return onnxruntime.InferenceSession(GRAPH, options, providers=["CPUExecutionProvider"])


def graph_weights(published: Mapping[str, Vectors]) -> dict[str, NDArray[np.generic]]:
    """The weights under the names of the graph, and in its shapes: matrices take their input first,
    those of query, key and value are one; each is in whole numbers, with the scale of its columns."""
    embeddings = {name: published[f"embeddings.{name}.weight"] for name in _EMBEDDINGS}
    weights: dict[str, NDArray[np.generic]] = {
        "words": embeddings["word_embeddings"],
        "places": embeddings["position_embeddings"] + embeddings["token_type_embeddings"][0],
        "embedding_gain": published["embeddings.LayerNorm.weight"],
        "embedding_shift": published["embeddings.LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        path = f"encoder.layer.{layer}"
        for name, places in _DENSE.items():
            matrix = np.concatenate([published[f"{path}.{place}.weight"] for place in places])
            scale = np.abs(matrix).max(1, keepdims=True) / _LARGEST[name]
            weights[f"{name}_{layer}"] = np.ascontiguousarray(np.rint(matrix / scale).astype(np.int8).T)
            weights[f"{name}_{layer}_scale"] = scale[:, 0]
            weights[f"{name}_{layer}_bias"] = np.concatenate([published[f"{path}.{place}.bias"] for place in places])
        for name, place in _NORMS.items():
            weights[f"{name}_{layer}_gain"] = published[f"{path}.{place}.weight"]
            weights[f"{name}_{layer}_shift"] = published[f"{path}.{place}.bias"]
    return weights


_EMBEDDINGS = ("word_embeddings", "position_embeddings", "token_type_embeddings")
_SHARED = frozenset(f"embeddings.{name}.weight" for name in _EMBEDDINGS)
_DENSE = {
    "attention": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "output": ("attention.output.dense",),
    "widen": ("intermediate.dense",),
    "narrow": ("output.dense",),
}
_NORMS = {"attended": "attention.output.LayerNorm", "layer": "output.LayerNorm"}
