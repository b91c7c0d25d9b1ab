"""A model's name → its Encoder, loaded once."""

from __future__ import annotations

import os
import threading

from index.encoding.encoder import DEFAULT_MODEL, Encoder

_LOCK = threading.Lock()
_LOADED: dict[str, Encoder] = {}


def load_encoder(model: str = DEFAULT_MODEL) -> Encoder:
    """The encoder `model`: the default one, or any sentence-transformers model by name or path.

    The default model runs in ONNX Runtime, without torch. A model by name is looked for on this
    machine only; fetch it once with `hf download NAME`. One thread loads while others wait. Raises
    UserError if there is no such model.
    """
    with _LOCK:
        if model not in _LOADED:
            _LOADED[model] = _load(model)
        return _LOADED[model]


def _load(model: str) -> Encoder:
    if model == DEFAULT_MODEL:
        from index.encoding.default_model import DefaultEncoder

        return DefaultEncoder()
    from index.encoding.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(model)


def _free_lock() -> None:
    """In a forked child nobody is left who could give the lock back."""
    global _LOCK  # noqa: PLW0603
    _LOCK = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_free_lock)
