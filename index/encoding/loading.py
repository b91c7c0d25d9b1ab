"""A model's name → its Encoder, loaded once."""

from __future__ import annotations

from index.encoding.encoder import DEFAULT_MODEL, PUBLISHED_MODEL, Encoder
from index.once import Once


def load_encoder(model: str = DEFAULT_MODEL) -> Encoder:
    """The encoder `model`: one that comes with Quoth, or any sentence-transformers model by name or path.

    Those that come with Quoth (quoth-minilm, all-MiniLM-L6-v2) run in ONNX Runtime, without torch. Another by name is
    looked for on this machine only; fetch it once with `hf download NAME`. One thread loads while others wait.
    Raises UserError if there is no such model.
    """
    return ENCODERS(model)


def _load(model: str) -> Encoder:
    if model == DEFAULT_MODEL:
        from index.encoding.default_model import DefaultEncoder

        return DefaultEncoder()
    if model == PUBLISHED_MODEL:
        from index.encoding.default_model import PublishedEncoder

        return PublishedEncoder()
    from index.encoding.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(model)


ENCODERS: Once[Encoder] = Once(_load)
