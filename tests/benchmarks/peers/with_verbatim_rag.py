"""verbatim-rag, its index and its retrieval alone: `VerbatimIndex` over `LocalMilvusStore`, which is Milvus Lite.

Its extractor, which picks the spans to quote, needs a language model or weights that are not at hand, and is left
out: nothing here is read, marked or answered. With `SentenceTransformersProvider`, its dense vectors; its sparse ones
need other weights, and its full-text search another Milvus. A paragraph is a document of one chunk, embedded as it
is. It cannot find out what changed: the changed paragraph is named, deleted and added again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from peers.texts import read_paragraphs
from verbatim_rag import VerbatimIndex
from verbatim_rag.document import Chunk, ChunkType, Document, DocumentType, ProcessedChunk
from verbatim_rag.embedding_providers import DenseEmbeddingProvider, SentenceTransformersProvider
from verbatim_rag.vector_stores import LocalMilvusStore


class Peer:
    def __init__(self, model: Path) -> None:
        self.model = str(model)

    def load(self) -> None:
        self.provider: DenseEmbeddingProvider = SentenceTransformersProvider(self.model)

    def build(self, documents: Path, index: Path, vectors: Path | None) -> None:
        paragraphs = read_paragraphs(documents)
        if vectors:
            self.provider = _Given(dict(zip([text for _, text in paragraphs], np.load(vectors), strict=True)))
        self._open_store(index)
        self.index.add_documents_bulk(_documents(paragraphs))

    def update(self, documents: Path, index: Path, changed: str) -> None:
        self.open(index)
        self.store.delete_document(changed)
        self.index.add_documents(list(_documents([(changed, dict(read_paragraphs(documents))[changed])])))

    def open(self, index: Path) -> None:
        self.load()
        self._open_store(index)

    def search(self, question: str, k: int) -> list[str]:
        return [found.id for found in self.index.query(question, k=k)]

    def _open_store(self, index: Path) -> None:
        self.store = LocalMilvusStore(db_path=str(index / "milvus.db"), enable_sparse=False)
        self.index = VerbatimIndex(vector_store=self.store, dense_provider=self.provider)


def _documents(paragraphs: Sequence[tuple[str, str]]) -> Iterator[Document]:
    for place, text in paragraphs:
        document = Document(id=place, content_type=DocumentType.TXT, raw_content=text)
        chunk = Chunk(content=text, chunk_type=ChunkType.PARAGRAPH)
        chunk.add_processed_chunk(ProcessedChunk(id=place, enhanced_content=text))
        document.add_chunk(chunk)
        yield document


class _Given(DenseEmbeddingProvider):
    """The paragraphs' vectors as they were given."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given

    def embed_text(self, text: str) -> list[float]:
        raise NotImplementedError("questions are not given")

    def embed_batch(self, texts: list[str]) -> list[list[float]]:
        return [self.given[text].tolist() for text in texts]

    def get_dimension(self) -> int:
        return len(next(iter(self.given.values())))
