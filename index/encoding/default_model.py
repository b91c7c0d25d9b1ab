"""The models that come with Quoth: quoth-minilm, the default one, and all-MiniLM-L6-v2, of which it was trained."""

from __future__ import annotations

from index.encoding.encoder import DEFAULT_MODEL, PUBLISHED_MODEL
from index.encoding.minilm import MiniLM, published_layers
from index.encoding.pinned import PUBLISHED_SHA256, TUNED_WEIGHTS


class DefaultEncoder(MiniLM):
    """quoth-minilm: all-MiniLM-L6-v2, its layers tuned for late interaction (tests/benchmarks/train_encoder.py)."""

    fingerprint = TUNED_WEIGHTS.sha256

    def __init__(self) -> None:
        """Load the model. Raises UserError if its weights are missing or not those that ship with Quoth."""
        super().__init__(DEFAULT_MODEL, TUNED_WEIGHTS.sha256, TUNED_WEIGHTS.tensors())


class PublishedEncoder(MiniLM):
    """all-MiniLM-L6-v2 as it was published."""

    fingerprint = PUBLISHED_SHA256

    def __init__(self) -> None:
        """Load the model. Raises UserError if its weights are missing or not the official ones."""
        super().__init__(PUBLISHED_MODEL, PUBLISHED_SHA256, published_layers())
