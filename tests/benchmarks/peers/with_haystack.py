"""Haystack: `InMemoryDocumentStore`, filled and asked by pipelines, saved to disk as JSON, as its documentation shows.

`SentenceTransformersDocumentEmbedder` and `DocumentWriter` fill it, `SentenceTransformersTextEmbedder` and
`InMemoryEmbeddingRetriever` ask it. It cannot find out what changed: the changed paragraph is named and
written with `DuplicatePolicy.OVERWRITE`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from haystack import Document, Pipeline
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.document_stores.types import DuplicatePolicy
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from peers.texts import read_paragraphs


class Peer:
    def __init__(self, model: Path) -> None:
        self.model = str(model)

    def load(self) -> None:
        self.embedder = SentenceTransformersDocumentEmbedder(model=self.model, progress_bar=False)
        self.embedder.warm_up()

    def build(self, documents: Path, index: Path, vectors: Path | None) -> None:
        self.store = InMemoryDocumentStore()
        read = [Document(id=place, content=text) for place, text in read_paragraphs(documents)]
        if vectors:
            for document, vector in zip(read, np.load(vectors), strict=True):
                document.embedding = vector.tolist()
            self.store.write_documents(read)
        else:
            self._write(read)
        self._save(index)

    def update(self, documents: Path, index: Path, changed: str) -> None:
        self.store = InMemoryDocumentStore.load_from_disk(str(index / "store.json"))
        self.load()
        self._write([Document(id=changed, content=dict(read_paragraphs(documents))[changed])])
        self._save(index)

    def open(self, index: Path) -> None:
        self.store = InMemoryDocumentStore.load_from_disk(str(index / "store.json"))
        embedder = SentenceTransformersTextEmbedder(model=self.model, progress_bar=False)
        self.asking = Pipeline()
        self.asking.add_component("text_embedder", embedder)
        self.asking.add_component("retriever", InMemoryEmbeddingRetriever(document_store=self.store))
        self.asking.connect("text_embedder.embedding", "retriever.query_embedding")

    def search(self, question: str, k: int) -> list[str]:
        found = self.asking.run({"text_embedder": {"text": question}, "retriever": {"top_k": k}})
        return [document.id for document in found["retriever"]["documents"]]

    def _write(self, documents: list[Document]) -> None:
        indexing = Pipeline()
        indexing.add_component("embedder", self.embedder)
        indexing.add_component("writer", DocumentWriter(self.store, policy=DuplicatePolicy.OVERWRITE))
        indexing.connect("embedder", "writer")
        indexing.run({"embedder": {"documents": documents}})

    def _save(self, index: Path) -> None:
        self.store.save_to_disk(str(index / "store.json"))
