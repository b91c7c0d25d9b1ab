"""The SQLite file of a new snapshot: documents, passages, sentences and words, filled one by one."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.local.files import frequent, full_text, schema
from index.local.files.names import DIGESTS, LENGTHS, LISTS
from index.local.files.storage import ASKS, digest, document_rows, immutable, passage_rows
from index.local.snapshot import Snapshot
from index.numbers import DocumentNumber
from index.report import LeftOut
from index.words import lexical
from index.words.stems import indexed
from source.document import Document, Passage


class TextWriter:
    """Fills a new SQLite file, document by document; passages are numbered from 0 across all.

    `last` is the snapshot before, from which unchanged documents can be taken over.
    """

    def __init__(self, path: Path, last: Snapshot | None = None) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, uri=True)
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        schema.create_documents(self._connection)
        schema.create_words(self._connection)
        self._path = path
        self._words = full_text.WordCounts()
        self._digests = {"documents": bytearray(), "passages": bytearray()}
        self._lengths = array("I")  # of each passage, in terms
        self._last = last
        if last is not None:
            self._connection.execute("ATTACH ? AS last", (immutable(last.folder / path.name),))
        self._connection.execute("BEGIN")
        self.documents = self.passages = self.sentences = 0
        # Documents of the last snapshot that come next and are still to be copied, and those that were.
        self._kept: range | None = None
        self._copied: list[range] = []
        self._origins = array("q")  # the number of each passage in the last snapshot, -1 where it is new

    def add(self, document: Document) -> None:
        """Store a document with its passages, sentences, words."""
        self._copy_kept()
        self._insert("document", _document(self.documents, document))
        for heading in document.headings:
            self._insert("heading", {"document": self.documents, **asdict(heading)})
        contexts: dict[tuple[str, ...], str] = {}
        end = 0
        for number, passage in enumerate(document.passages, self.passages):
            text = document.text[passage.start : passage.end]
            before, end = document.text[end : passage.start], passage.end
            if passage.headings not in contexts:
                contexts[passage.headings] = document.context(passage)
            context = contexts[passage.headings]
            words = lexical.words(context), lexical.words(text)
            terms = " ".join(indexed(words[0], document.language)), " ".join(indexed(words[1], document.language))
            self._insert("passage", _passage(number, self.documents, passage, context, before, text, terms))
            full_text.add(self._connection, [(number, *terms)])
            self._lengths.append(sum(len(part.split()) for part in terms))
            self._origins.append(-1)
            self._words.count(self._connection, chain(*words), 1)
        stored, headings, passages = document_rows(self._connection, self.documents)
        self._digests["documents"] += digest(stored, *headings, *passages)
        for _, *values in passage_rows(self._connection, "p.document = ? ORDER BY p.id", self.documents):
            self._digests["passages"] += digest(values)
        self.sentences += sum(len(passage.sentences) for passage in document.passages)
        self.passages += len(document.passages)
        self.documents += 1

    def _insert(self, table: str, row: Mapping[str, object]) -> None:
        self._connection.execute(schema.insert(table, row), row)

    def keep(self, number: DocumentNumber) -> None:
        """Take over the document with this number in the last snapshot, with all that belongs to it, as the next."""
        if self._kept is None or number != self._kept.stop:
            self._copy_kept()
            self._kept = range(number, number)
        self._kept = range(self._kept.start, number + 1)

    def _copy_kept(self) -> None:
        """Copy the documents that `keep` has named so far."""
        if self._kept is None or self._last is None:
            return
        first, last = self._kept.start, self._kept.stop - 1
        query = "SELECT coalesce(min(id), 0), count(*) FROM last.passage WHERE document BETWEEN ? AND ?"
        start, count = self._connection.execute(query, (first, last)).fetchone()
        shifts = {"documents": self.documents - first, "passages": self.passages - start}
        for table, numbered in schema.NUMBERED.items():
            columns = [str(row[1]) for row in self._connection.execute(f"PRAGMA main.table_info({table})")]
            values = (f'"{c}" + {shifts[numbered[c]]}' if c in numbered else f'"{c}"' for c in columns)
            place = "id" if table == "document" else "document"
            names = ", ".join(f'"{c}"' for c in columns)
            self._connection.execute(
                f"INSERT INTO main.{table} ({names}) SELECT {', '.join(values)} FROM last.{table} "
                f"WHERE {place} BETWEEN {first} AND {last}"
            )
        full_text.add_stored(self._connection, self.passages)
        for kind, rows in (("documents", range(first, last + 1)), ("passages", range(start, start + count))):
            self._digests[kind] += self._last.digests[kind][rows.start : rows.stop].tobytes()
        self._lengths.frombytes(self._last.frequent_terms.lengths[start : start + count].tobytes())
        spaces = "length(sentences) - length(replace(sentences, ' ', '')) + 1"  # one fewer than numbers
        query = f"SELECT coalesce(sum(({spaces}) / 2), 0) FROM main.passage WHERE id >= ? AND sentences != ''"
        self.sentences += self._connection.execute(query, (self.passages,)).fetchone()[0]
        self.documents += len(self._kept)
        self.passages += count
        self._copied.append(self._kept)
        self._origins.extend(range(start, start + count))
        self._kept = None

    @property
    def origins(self) -> NDArray[np.int64]:
        """The number that each passage had in the last snapshot, -1 for those of documents that were added."""
        return np.array(self._origins, np.int64)

    def keys(self, numbers: Iterable[int]) -> list[bytes]:
        """The keys of the passages with these numbers."""
        query = "SELECT key FROM main.passage WHERE id = ?"
        return [self._connection.execute(query, (number,)).fetchone()[0] for number in numbers]

    def texts(self, numbers: Iterable[int]) -> list[tuple[str, str]]:
        """The passages with these numbers as (title and headings, text)."""
        query = "SELECT context, text FROM main.passage WHERE id = ?"
        return [self._connection.execute(query, (number,)).fetchone() for number in numbers]

    def finish(self) -> None:
        """Copy what is still to be copied and count the words: after this no document can be added."""
        self._copy_kept()
        if self._copied:
            self._connection.execute(
                "INSERT INTO main.word (word, passages) SELECT word, passages FROM last.word WHERE true "
                "ON CONFLICT (word) DO UPDATE SET passages = passages + excluded.passages"
            )
            query = "SELECT context, text FROM last.passage WHERE document >= ? AND document < ?"
            at = 0
            for kept in [*self._copied, range(sys.maxsize, sys.maxsize)]:  # take away the words of what is gone
                for row in self._connection.execute(query, (at, kept.start)):
                    self._words.count(self._connection, chain(*map(lexical.words, row)), -1)
                at = kept.stop
        self._words.write(self._connection)
        self._connection.execute("COMMIT")
        self._connection.executescript(schema.INDEXES)
        full_text.optimize(self._connection)
        frequent.write(self._connection, self._path.with_name(LISTS), self._before())
        documents, passages = (np.frombuffer(self._digests[kind], np.uint8) for kind in ("documents", "passages"))
        np.savez(self._path.with_name(DIGESTS), documents=documents.reshape(-1, 32), passages=passages.reshape(-1, 32))
        np.save(self._path.with_name(LENGTHS), np.asarray(self._lengths, np.uint32))

    def _before(self) -> frequent.Before | None:
        """The frequent terms of the last snapshot, if most passages were taken over from it."""
        taken = np.flatnonzero(self.origins >= 0)
        if self._last is None or 2 * len(taken) < self.passages:
            return None
        moved = np.full(self._last.statistics.passages, -1, np.int64)
        moved[self.origins[taken]] = taken
        query = "SELECT id, context_terms, terms FROM main.passage WHERE id = ?"
        added = np.flatnonzero(self.origins < 0).tolist()
        rows = (self._connection.execute(query, (number,)).fetchone() for number in added)
        return frequent.Before(self._connection, self._last.frequent_terms, moved, rows)

    def decoded(self) -> list[tuple[str, str]]:
        """The documents whose files are in another encoding than UTF-8, and that encoding."""
        query = "SELECT name, encoding FROM main.document WHERE encoding != 'utf-8' ORDER BY id"
        return [(name, encoding) for name, encoding in self._connection.execute(query)]

    def left_out(self) -> list[LeftOut]:
        """The documents of which more than a little is furniture, that with the most first."""
        query = "SELECT name, length, furniture FROM main.document WHERE length(furniture) > 2 ORDER BY id"
        found = (LeftOut.of(name, length, json.loads(spans)) for name, length, spans in self._connection.execute(query))
        return sorted((one for one in found if one), key=lambda one: -one.characters)

    def languages(self) -> list[tuple[str, int]]:
        """The languages of the documents and how many are in each, the most frequent first."""
        query = "SELECT language, count(*) FROM main.document GROUP BY language ORDER BY count(*) DESC, language"
        return [(language, count) for language, count in self._connection.execute(query)]

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


def _passage(
    number: int, document: int, passage: Passage, context: str, before: str, text: str, terms: tuple[str, str]
) -> dict[str, object]:
    """The row of a passage."""
    return {
        "id": number,
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
        "context_terms": terms[0],
        "terms": terms[1],
        "key": _key(context, text),
    }


def _key(context: str, text: str) -> bytes:
    """A hash of all that the model reads of a passage."""
    return hashlib.blake2b(f"{context}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16).digest()
