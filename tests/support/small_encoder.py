"""A small deterministic encoder: every word has a vector of its own, drawn from its letters."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from index.encoding.encoder import Encoded, Spans, unit
from index.words.folding import fold


class SmallEncoder:
    """Implements `index.encoding.encoder.Encoder` without a model; words are tokens, alike only if equal."""

    model = "small"
    fingerprint = "0" * 64
    dimension = 32

    def __init__(self, window: int = 64) -> None:
        self.window = window
        self.texts_read = 0

    def encode(self, texts: Sequence[str], *, question: bool = False) -> list[Encoded]:
        self.texts_read += len(texts)
        return [self._encode(text) for text in texts]

    def token_spans(self, text: str) -> Spans:
        return np.asarray([found.span() for found in re.finditer(r"\w+|[^\w\s]", text)], np.int32).reshape(-1, 2)

    def _encode(self, text: str) -> Encoded:
        spans = self.token_spans(text)[: self.window - 2]
        tokens = [_vector(fold(text[start:end]).lower(), self.dimension) for start, end in spans]
        vectors = np.stack(tokens) if tokens else np.zeros((0, self.dimension), np.float32)
        pooled = vectors.mean(0) if tokens else _vector("", self.dimension)
        return Encoded(unit(pooled), vectors, spans, np.full(len(spans), 5, np.float32))


def _vector(word: str, dimension: int) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
    return unit(np.random.default_rng(seed).standard_normal(dimension).astype(np.float32))


class ShippedEncoder(SmallEncoder):
    """Has the vectors' length and the weights' name of the default model, and so its fixed projection."""

    dimension = 384
    fingerprint = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class PieceEncoder(SmallEncoder):
    """Reads words in pieces of up to three letters, as the default model reads those it does not know."""

    def token_spans(self, text: str) -> Spans:
        return np.asarray([found.span() for found in re.finditer(r"\w{1,3}|[^\w\s]", text)], np.int32).reshape(-1, 2)


class PlaceEncoder(SmallEncoder):
    """A token's vector tells the window it was read in: how many tokens stood before it, and how many behind it."""

    def _encode(self, text: str) -> Encoded:
        spans = self.token_spans(text)[: self.window - 2]
        tokens = np.zeros((len(spans), self.dimension), np.float32)
        tokens[:, 0], tokens[:, 1] = np.arange(len(spans)), np.arange(len(spans))[::-1]
        return Encoded(_vector(text, self.dimension), tokens, spans, np.full(len(spans), 5, np.float32))


class ShortSightedEncoder(SmallEncoder):
    """Says that it reads `window` tokens, and reads fewer."""

    def encode(self, texts: Sequence[str], *, question: bool = False) -> list[Encoded]:
        return [self._short(one) for one in super().encode(texts, question=question)]

    def _short(self, one: Encoded) -> Encoded:
        kept = slice(0, self.window // 2)
        return Encoded(one.vector, one.tokens[kept], one.spans[kept], one.rarity[kept])
