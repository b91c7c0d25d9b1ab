"""LangChain: `HuggingFaceEmbeddings`, the FAISS vector store, and the indexing API with its record manager.

The record manager (SQLite) finds out what changed, as its how-to says: everything is read again, what is
known is skipped, what is gone is deleted (`cleanup="full"`). The default flat L2 index.
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from langchain_classic.indexes import SQLRecordManager
from langchain_classic.indexes import index as synchronise
from langchain_community.docstore.in_memory import InMemoryDocstore
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_huggingface import HuggingFaceEmbeddings
from peers.texts import read_paragraphs

_DIMENSION = 384


class Peer:
    def __init__(self, model: Path) -> None:
        self.model = model

    def load(self) -> None:
        self.embeddings: Embeddings = HuggingFaceEmbeddings(model_name=str(self.model))

    def build(self, documents: Path, index: Path, vectors: Path | None) -> None:
        if vectors:
            self.embeddings = _Given(documents, vectors)
        store = InMemoryDocstore()
        self.store = FAISS(self.embeddings, faiss.IndexFlatL2(_DIMENSION), store, {})
        records = self._records(index)
        records.create_schema()
        self._synchronise(documents, index, records)

    def update(self, documents: Path, index: Path, changed: str) -> None:
        self.open(index)
        self._synchronise(documents, index, self._records(index))

    def open(self, index: Path) -> None:
        self.load()
        self.store = FAISS.load_local(str(index), self.embeddings, allow_dangerous_deserialization=True)

    def search(self, question: str, k: int) -> list[str]:
        return [found.metadata["place"] for found in self.store.similarity_search(question, k=k)]

    def _records(self, index: Path) -> SQLRecordManager:
        return SQLRecordManager("peers", db_url=f"sqlite:///{index / 'records.sql'}")

    def _synchronise(self, documents: Path, index: Path, records: SQLRecordManager) -> None:
        read = [
            Document(text, metadata={"source": place.split("#")[0], "place": place})
            for place, text in read_paragraphs(documents)
        ]
        synchronise(read, records, self.store, cleanup="full", source_id_key="source", key_encoder="blake2b")
        self.store.save_local(str(index))


class _Given(Embeddings):
    """The paragraphs' vectors as they were given."""

    def __init__(self, documents: Path, vectors: Path) -> None:
        texts = [text for _, text in read_paragraphs(documents)]
        self.given = dict(zip(texts, np.load(vectors), strict=True))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.given[text].tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError("questions are not given")
