"""LlamaIndex: `VectorStoreIndex.from_documents` with `HuggingFaceEmbedding`, persisted, as its starter tutorial shows.

A paragraph is a document, so that `refresh_ref_docs` finds the one that changed by its hash. The default
stores: vectors, texts and their relations in JSON files, searched in NumPy. The default batch of 10.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core import Document, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.embeddings import BaseEmbedding
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from peers.texts import read_paragraphs


class Peer:
    def __init__(self, model: Path) -> None:
        self.model = model

    def load(self) -> None:
        self.embedding: BaseEmbedding = HuggingFaceEmbedding(model_name=str(self.model))

    def build(self, documents: Path, index: Path, vectors: Path | None) -> None:
        read = _documents(documents)
        if vectors:
            given = dict(zip([one.text for one in read], np.load(vectors), strict=True))
            self.embedding = _Given(given=given)
        self.index = VectorStoreIndex.from_documents(read, embed_model=self.embedding)
        self.index.storage_context.persist(str(index))

    def update(self, documents: Path, index: Path, changed: str) -> None:
        self.open(index)
        self.index.refresh_ref_docs(_documents(documents))
        self.index.storage_context.persist(str(index))

    def open(self, index: Path) -> None:
        self.load()
        self.index = load_index_from_storage(
            StorageContext.from_defaults(persist_dir=str(index)), embed_model=self.embedding
        )
        self.retrievers: dict[int, Any] = {}

    def search(self, question: str, k: int) -> list[str]:
        if k not in self.retrievers:
            self.retrievers[k] = self.index.as_retriever(similarity_top_k=k)
        return [found.node.ref_doc_id for found in self.retrievers[k].retrieve(question)]


def _documents(documents: Path) -> list[Document]:
    return [Document(text=text, id_=place) for place, text in read_paragraphs(documents)]


class _Given(BaseEmbedding):
    """The paragraphs' vectors as they were given."""

    given: dict[str, Any]

    def _get_text_embedding(self, text: str) -> list[float]:
        return list(self.given[text].tolist())

    def _get_query_embedding(self, query: str) -> list[float]:
        raise NotImplementedError("questions are not given")

    async def _aget_query_embedding(self, query: str) -> list[float]:
        raise NotImplementedError("questions are not given")
