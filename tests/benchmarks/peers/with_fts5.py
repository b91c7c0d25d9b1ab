"""A script of an afternoon: SQLite's FTS5 and sentence-transformers, joined by reciprocal rank fusion.

The texts in an FTS5 table (`porter unicode61`), the unit vectors of `SentenceTransformer.encode` in a .npy file. A
question is asked of both: its words, any of them, ranked by FTS5's BM25, and its vector's product with all others in
NumPy; the best 50 of each are joined by the sum of 1 / (60 + rank), as in the paper that proposed it. Nothing finds
out what changed: the changed paragraph is named, its row and its vector are replaced.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from pathlib import Path

import numpy as np
from peers.texts import read_paragraphs
from sentence_transformers import SentenceTransformer

_RANKED = 50
_SMOOTHING = 60


class Peer:
    def __init__(self, model: Path) -> None:
        self.folder = model

    def load(self) -> None:
        self.model = SentenceTransformer(str(self.folder))

    def build(self, documents: Path, index: Path, vectors: Path | None) -> None:
        paragraphs = read_paragraphs(documents)
        embedded = np.load(vectors) if vectors else self._vectors([text for _, text in paragraphs])
        np.save(index / "vectors.npy", embedded)
        with sqlite3.connect(index / "texts.db") as texts:
            texts.execute("CREATE VIRTUAL TABLE texts USING fts5(place UNINDEXED, text, tokenize='porter unicode61')")
            texts.executemany("INSERT INTO texts(place, text) VALUES (?, ?)", paragraphs)
        texts.close()

    def update(self, documents: Path, index: Path, changed: str) -> None:
        self.open(index)
        text = dict(read_paragraphs(documents))[changed]
        (row,) = self.texts.execute("SELECT rowid FROM texts WHERE place = ?", [changed]).fetchone()
        with self.texts:
            self.texts.execute("UPDATE texts SET text = ? WHERE rowid = ?", [text, row])
        self.vectors[row - 1] = self._vectors([text])[0]
        np.save(index / "vectors.npy", self.vectors)

    def open(self, index: Path) -> None:
        self.load()
        self.texts = sqlite3.connect(index / "texts.db")
        self.vectors = np.load(index / "vectors.npy")

    def search(self, question: str, k: int) -> list[str]:
        scores: defaultdict[int, float] = defaultdict(float)
        for ranked in (self._by_words(question), self._by_vector(question)):
            for rank, row in enumerate(ranked, 1):
                scores[row] += 1 / (_SMOOTHING + rank)
        best = sorted(scores, key=scores.__getitem__, reverse=True)[:k]
        found = [self.texts.execute("SELECT place, text FROM texts WHERE rowid = ?", [row]).fetchone() for row in best]
        return [place for place, _ in found]

    def _by_words(self, question: str) -> list[int]:
        any_word = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        ranked = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"
        return [row for (row,) in self.texts.execute(ranked, [any_word, _RANKED])]

    def _by_vector(self, question: str) -> list[int]:
        cosines = self.vectors @ self._vectors([question])[0]
        best = np.argpartition(-cosines, min(_RANKED, len(cosines) - 1))[:_RANKED]
        return [int(row) + 1 for row in best[np.argsort(-cosines[best])]]

    def _vectors(self, texts: list[str]) -> np.ndarray:
        return self.model.encode(texts, normalize_embeddings=True)
