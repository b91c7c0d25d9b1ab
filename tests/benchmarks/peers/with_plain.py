"""sentence-transformers and FAISS with nothing between them, as both quick starts show.

`SentenceTransformer.encode` with its default batch size, unit vectors in a flat inner-product index
behind `IndexIDMap2`, the texts in a JSON file. There is nothing that could find out what changed: the
changed paragraph is named, its old vector removed and its new one added.
"""

from __future__ import annotations

import json
from pathlib import Path

import faiss
import numpy as np
from peers.texts import read_paragraphs
from sentence_transformers import SentenceTransformer


class Peer:
    def __init__(self, model: Path) -> None:
        self.folder = model

    def load(self) -> None:
        self.model = SentenceTransformer(str(self.folder))

    def build(self, documents: Path, index: Path, vectors: Path | None) -> None:
        paragraphs = read_paragraphs(documents)
        embedded = np.load(vectors) if vectors else self._vectors([text for _, text in paragraphs])
        self.index = faiss.IndexIDMap2(faiss.IndexFlatIP(embedded.shape[1]))
        self.index.add_with_ids(embedded, np.arange(len(paragraphs)))
        self._save(index, paragraphs)

    def update(self, documents: Path, index: Path, changed: str) -> None:
        self.open(index)
        paragraphs = read_paragraphs(documents)
        number = [place for place, _ in paragraphs].index(changed)
        self.index.remove_ids(np.array([number]))
        self.index.add_with_ids(self._vectors([paragraphs[number][1]]), np.array([number]))
        self._save(index, paragraphs)

    def open(self, index: Path) -> None:
        self.load()
        self.index = faiss.read_index(str(index / "vectors.faiss"))
        self.paragraphs = json.loads((index / "paragraphs.json").read_text(encoding="utf-8"))

    def search(self, question: str, k: int) -> list[str]:
        _, numbers = self.index.search(self._vectors([question]), k)
        return [self.paragraphs[number][0] for number in numbers[0]]

    def _vectors(self, texts: list[str]) -> np.ndarray:
        return self.model.encode(texts, normalize_embeddings=True)

    def _save(self, index: Path, paragraphs: list[tuple[str, str]]) -> None:
        faiss.write_index(self.index, str(index / "vectors.faiss"))
        (index / "paragraphs.json").write_text(json.dumps(paragraphs), encoding="utf-8")
