"""A library of any size from the text of question sets, and an encoder that needs not read it all.

Up to `REAL` passages they are the sets' own paragraphs, used again with their sentences in another
order where they are too few, and the real encoder reads them. Beyond, a passage is two sentences
that stand near each other in a set (about 40 tokens); the real encoder reads each sentence once,
and a passage's tokens are those of its sentences, its pooled vector the sum of theirs, both with
a little noise: vectors around real ones.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from index.encoding.encoder import Encoded, Encoder, Spans, unit
from source.document import Document
from source.library import read_library

SETS = ("squad", "squad-more", "cranfield", "hotpot")
REAL = 10_000
ESSAY = 200  # passages of a synthetic essay
# Of the pooled vector and of a token's: with it a passage's nearest neighbour is as near as in the sets.
NOISE, TOKEN_NOISE = 0.3, 0.15
_LEAD = len("Essay 000000. ")


def write_library(folder: Path, bench: Path, passages: int) -> None:
    """Write essays of at least `passages` passages into `folder`."""
    folder.mkdir(parents=True)
    essays = _real(bench) if passages <= REAL else _synthetic(sentences(bench), passages)
    count = 0
    for i, paragraphs in enumerate(essays):
        if count >= passages:
            return
        (folder / f"{i:06d}.txt").write_text(f"Essay {i:06d}\n\n" + "\n\n".join(paragraphs) + "\n", encoding="utf-8")
        count += len(paragraphs)


def _documents(bench: Path) -> Iterator[Document]:
    for name in SETS:
        for document in read_library(bench / name / "documents"):
            if isinstance(document, Document):
                yield document


def _real(bench: Path) -> Iterator[list[str]]:
    """The paragraphs of the sets, then again and again with the sentences of each in another order."""
    documents = list(_documents(bench))
    for turn in itertools.count():
        for document in documents:
            paragraphs = [[document.text[s.start : s.end] for s in p.sentences] for p in document.passages]
            for paragraph in paragraphs if turn else []:
                random.Random(turn).shuffle(paragraph)
            yield [" ".join(" ".join(sentence.split()) for sentence in paragraph) for paragraph in paragraphs]


def sentences(bench: Path) -> list[str]:
    """The sentences of the sets that are neither very short nor very long, each once, in order."""
    found = (d.text[s.start : s.end] for d in _documents(bench) for p in d.passages for s in p.sentences)
    return list(dict.fromkeys(" ".join(one.split()) for one in found if 40 <= len(one) <= 220))


def _synthetic(bank: Sequence[str], passages: int) -> Iterator[list[str]]:
    """Essays whose passages are two sentences each; no passage is written twice."""
    n = len(bank)
    for start in range(0, passages, ESSAY):
        numbers = range(start, min(start + ESSAY, passages))
        yield [f"{bank[i % n]} {bank[(i + 1 + i // n) % n]}" for i in numbers]


class RecordedEncoder:
    """Implements `Encoder`: what was read once is read from `folder`, where it is kept as 16-bit floats."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self.model, self.fingerprint = encoder.model, encoder.fingerprint
        self.dimension, self.window = encoder.dimension, encoder.window
        folder.mkdir(parents=True, exist_ok=True)
        self._keys, self._data = folder / "keys.jsonl", folder / "data.bin"
        self._at: dict[str, tuple[int, int]] = {}  # place and number of tokens of each text
        if self._keys.exists():
            for line in self._keys.read_text().splitlines():
                key, offset, tokens = json.loads(line)
                self._at[key] = offset, tokens

    def token_spans(self, text: str) -> Spans:
        return self._encoder.token_spans(text)

    def encode(self, texts: Sequence[str], *, question: bool = False) -> list[Encoded]:
        if question:
            return self._encoder.encode(texts, question=True)
        keys = [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in texts]
        missing = [i for i, key in enumerate(keys) if key not in self._at]
        self._record([keys[i] for i in missing], self._encoder.encode([texts[i] for i in missing]))
        with self._data.open("rb") as file:
            return [self._read(file, *self._at[key]) for key in keys]

    def _record(self, keys: Sequence[str], read: Sequence[Encoded]) -> None:
        with self._data.open("ab") as data, self._keys.open("a") as names:
            for key, one in zip(keys, read, strict=True):
                self._at[key] = data.tell(), len(one.tokens)
                data.write(one.vector.astype(np.float16).tobytes() + one.tokens.astype(np.float16).tobytes())
                data.write(one.spans.astype(np.int32).tobytes() + one.rarity.astype(np.float32).tobytes())
                names.write(json.dumps([key, *self._at[key]]) + "\n")

    def _read(self, file: BinaryIO, offset: int, tokens: int) -> Encoded:
        file.seek(offset)
        d = self.dimension
        vectors = np.frombuffer(file.read(2 * d * (tokens + 1)), np.float16).astype(np.float32).reshape(-1, d)
        spans = np.frombuffer(file.read(8 * tokens), np.int32).reshape(-1, 2)
        return Encoded(vectors[0], vectors[1:], spans, np.frombuffer(file.read(4 * tokens), np.float32))


class SyntheticEncoder:
    """Implements `Encoder` for the passages of `_synthetic`: vectors around those of real sentences."""

    def __init__(self, encoder: Encoder, bank: Sequence[str], folder: Path) -> None:
        self._encoder = encoder
        self.model, self.fingerprint = encoder.model, encoder.fingerprint
        self.dimension, self.window = encoder.dimension, encoder.window
        recorded = RecordedEncoder(encoder, folder)
        self._bank: dict[str, Encoded] = {}
        for start in range(0, len(bank), 256):
            part = bank[start : start + 256]
            read = recorded.encode(part)
            small = (Encoded(e.vector, e.tokens.astype(np.float16), e.spans, e.rarity) for e in read)  # type: ignore[arg-type]
            self._bank.update(zip(part, small, strict=True))
        noise = np.random.default_rng(0).standard_normal((4096, self.dimension)).astype(np.float32)
        self._noise = unit(noise)

    def encode(self, texts: Sequence[str], *, question: bool = False) -> list[Encoded]:
        if question:
            return self._encoder.encode(texts, question=True)
        return [self._encode(text) for text in texts]

    def token_spans(self, text: str) -> Spans:
        if len(text) <= _LEAD:
            return np.asarray([(0, len(text))] if text else [], np.int32).reshape(-1, 2)
        return self._spans(text, *parts) if (parts := self._parts(text)) else self._encoder.token_spans(text)

    def _parts(self, text: str) -> tuple[Encoded, Encoded] | None:
        """The two sentences of a passage; None for the few that the library reads as something else."""
        at = text.find(" ")
        while at > 0:
            one, other = self._bank.get(text[:at]), self._bank.get(text[at + 1 :])
            if one is not None and other is not None:
                return one, other
            at = text.find(" ", at + 1)
        return None

    def _spans(self, text: str, one: Encoded, other: Encoded) -> Spans:
        return np.concatenate([one.spans, other.spans + self._second(text, other)])

    def _second(self, text: str, other: Encoded) -> int:
        """Where the second sentence starts: the spans of a sentence end with it."""
        return len(text) - int(other.spans[-1, 1])

    def _encode(self, text: str) -> Encoded:
        body = text[_LEAD:]
        parts = self._parts(body)
        if parts is None:
            return self._encoder.encode([text])[0]
        one, other = parts
        seed = int.from_bytes(hashlib.blake2b(body.encode(), digest_size=6).digest(), "little")
        tokens = np.concatenate([one.tokens, other.tokens]).astype(np.float32)
        places = (seed + np.arange(len(tokens)) * 2_654_435_761) % len(self._noise)
        share = len(one.tokens) / max(len(tokens), 1)
        pooled = share * one.vector + (1 - share) * other.vector
        away = unit(self._noise[seed % 4096] + self._noise[seed // 4096 % 4096])
        return Encoded(
            unit(unit(pooled) + NOISE * away),
            unit(tokens + TOKEN_NOISE * self._noise[places]),
            self._spans(body, one, other) + _LEAD,
            np.concatenate([one.rarity, other.rarity]),
        )
