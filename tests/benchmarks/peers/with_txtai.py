"""txtai with content, which keeps the texts in SQLite beside a FAISS index, as its introduction shows.

The defaults otherwise: FAISS is exact up to 5,000 rows and an inverted file beyond. txtai cannot
find out what changed: the changed paragraph is named and given to `upsert`.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np
from peers.texts import read_paragraphs
from txtai import Embeddings


class Peer:
    settings: ClassVar[dict[str, object]] = {"content": True}

    def __init__(self, model: Path) -> None:
        self.model = model

    def load(self) -> None:
        self.embeddings = Embeddings(path=str(self.model), **self.settings)

    def build(self, documents: Path, index: Path, vectors: Path | None) -> None:
        paragraphs = read_paragraphs(documents)
        if vectors:
            self._build_given(paragraphs, np.load(vectors))
        else:
            self.embeddings.index(paragraphs)
        self.embeddings.save(str(index))

    def update(self, documents: Path, index: Path, changed: str) -> None:
        self.open(index)
        self.embeddings.upsert([(changed, dict(read_paragraphs(documents))[changed])])
        self.embeddings.save(str(index))

    def open(self, index: Path) -> None:
        self.embeddings = Embeddings()
        self.embeddings.load(str(index))

    def search(self, question: str, k: int) -> list[str]:
        return [found["id"] for found in self.embeddings.search(question, k)]

    def _build_given(self, paragraphs: list[tuple[str, str]], vectors: np.ndarray) -> None:
        """Index with txtai's external vectors, then name the model that questions are read by."""
        given = {text: vector for (_, text), vector in zip(paragraphs, vectors, strict=True)}

        def transform(texts: list[str]) -> np.ndarray:
            return np.stack([given[text] for text in texts])

        self.embeddings = Embeddings(method="external", transform=transform, **self.settings)
        self.embeddings.index(paragraphs)
        del self.embeddings.config["transform"], self.embeddings.config["method"]
        self.embeddings.config["path"] = str(self.model)
