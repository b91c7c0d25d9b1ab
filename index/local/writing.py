"""The documents that are new in a snapshot, written one by one to an SQLite file of their own."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Mapping
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import numpy as np

from index.local.files import full_text, schema
from index.local.files.records import ASKS, Stock, digest, document_digest, passage_rows
from index.words import lexical
from source.document import Document, Passage


class DocumentWriter:
    """Writes documents with their passages, sentences and words to the file `path`; each is numbered from 0."""

    def __init__(self, path: Path) -> None:
        self._connection = schema.create(path)
        self._connection.execute("BEGIN")
        self._words = full_text.WordCounts()
        self._digests = {"documents": bytearray(), "passages": bytearray()}
        self._lengths = array("I")
        self.documents = self.passages = self.sentences = 0

    def add(self, document: Document) -> None:
        """Write the next document."""
        self._insert("document", _document(self.documents, document))
        for heading in document.headings:
            self._insert("heading", {"document": self.documents, **asdict(heading)})
        contexts: dict[tuple[str, ...], str] = {}
        end = 0
        for slot, passage in enumerate(document.passages, self.passages):
            text = document.text[passage.start : passage.end]
            before, end = document.text[end : passage.start], passage.end
            if passage.headings not in contexts:
                contexts[passage.headings] = document.context(passage)
            context = contexts[passage.headings]
            words = lexical.words(context), lexical.words(text)
            terms = full_text.analysed(slot, *words, document.language)
            self._insert("passage", _passage(slot, self.documents, passage, context, before, text))
            full_text.add(self._connection, [terms])
            self._lengths.append(len(terms.context.split()) + len(terms.text.split()))
            self._words.count(self._connection, chain(*words), 1)
            self.sentences += len(passage.sentences)
        self._digests["documents"] += document_digest(self._connection, self.documents)
        for _, *values in passage_rows(self._connection, "p.document = ? ORDER BY p.id", self.documents):
            self._digests["passages"] += digest(values)
        self.passages += len(document.passages)
        self.documents += 1

    def _insert(self, table: str, row: Mapping[str, object]) -> None:
        self._connection.execute(schema.insert(table, row), row)

    def finish(self) -> Stock:
        """What was written; nothing can be added any more."""
        self._words.write(self._connection)
        self._connection.execute("COMMIT")
        self.close()
        digests = {kind: np.frombuffer(found, np.uint8).reshape(-1, 32) for kind, found in self._digests.items()}
        return Stock(digests, np.asarray(self._lengths, np.uint32))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _document(number: int, document: Document) -> dict[str, object]:
    """The row of a document."""
    furniture = [[span.start, span.end, span.reason] for span in document.furniture]
    locators = [[locator.start, locator.label] for locator in document.locators]
    return {
        "id": number,
        "name": document.name,
        "title": document.title,
        "author": document.author,
        "date": document.date,
        "titled": document.titled,
        "sha256": document.sha256,
        "length": len(document.text),
        "rest": document.text[document.passages[-1].end if document.passages else 0 :],
        "furniture": json.dumps(furniture),
        "locators": json.dumps(locators, ensure_ascii=False),
        "inserted": json.dumps([[span.start, span.end] for span in document.inserted]),
        "encoding": document.encoding,
        "extractor": document.extractor,
        "file_sha256": document.file_sha256,
        "language": document.language,
    }


def _passage(slot: int, document: int, passage: Passage, context: str, before: str, text: str) -> dict[str, object]:
    """The row of a passage."""
    return {
        "id": slot,
        "document": document,
        "number": passage.number,
        "start": passage.start,
        "end": passage.end,
        "line": passage.line,
        "headings": json.dumps(passage.headings, ensure_ascii=False),
        "sentences": " ".join(f"{one.start} {one.end}{ASKS if one.asks else ''}" for one in passage.sentences),
        "context": context,
        "before": before,
        "text": text,
        "key": _key(context, text),
    }


def _key(context: str, text: str) -> bytes:
    """A hash of all that the model reads of a passage."""
    return hashlib.blake2b(f"{context}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16).digest()
