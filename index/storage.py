"""Documents, passages and sentences in one SQLite file."""

from __future__ import annotations

import difflib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from typing import NamedTuple, NoReturn

from index import lexical
from index.protocol import Stored
from source.document import Document, Heading, Locator, Passage, Sentence, Span
from source.errors import UserError

_SCHEMA = """
CREATE TABLE document (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, author TEXT NOT NULL,
    date TEXT NOT NULL, titled INTEGER NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL,
    furniture TEXT NOT NULL, locators TEXT NOT NULL, encoding TEXT NOT NULL, extractor TEXT NOT NULL,
    file_sha256 TEXT NOT NULL, language TEXT NOT NULL
);
CREATE TABLE heading (
    document INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, level INTEGER NOT NULL,
    title TEXT NOT NULL, PRIMARY KEY (document, start)
) WITHOUT ROWID;
CREATE TABLE passage (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, number INTEGER NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, line INTEGER NOT NULL, headings TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX passage_document ON passage (document, number);
CREATE TABLE sentence (
    passage INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, PRIMARY KEY (passage, start)
) WITHOUT ROWID;
"""


class Entry(NamedTuple):
    """A document without its text: what a list of essays shows; `sha256` is that of its text."""

    name: str
    title: str
    author: str
    date: str
    passages: int
    sha256: str


class Writer:
    """Fills a new SQLite file, document by document; passages are numbered from 0 across all."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        lexical.create(self._connection)
        self._connection.execute("BEGIN")
        self.documents = self.passages = self.sentences = 0

    def add(self, document: Document) -> None:
        """Store a document with its passages, sentences, words."""
        self._connection.execute(
            "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.documents,
                document.name,
                document.title,
                document.author,
                document.date,
                document.titled,
                document.sha256,
                document.text,
                json.dumps([[span.start, span.end] for span in document.furniture]),
                json.dumps([[locator.start, locator.label] for locator in document.locators], ensure_ascii=False),
                document.encoding,
                document.extractor,
                document.file_sha256,
                document.language,
            ),
        )
        self._connection.executemany(
            "INSERT INTO heading VALUES (?, ?, ?, ?, ?)",
            [(self.documents, h.start, h.end, h.level, h.title) for h in document.headings],
        )
        first = self.passages
        for passage in document.passages:
            text = document.text[passage.start : passage.end]
            headings = json.dumps(passage.headings, ensure_ascii=False)
            row = (self.passages, self.documents, passage.number, passage.start, passage.end, passage.line)
            self._connection.execute("INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, headings, text))
            self._connection.executemany(
                "INSERT INTO sentence VALUES (?, ?, ?)", [(self.passages, s.start, s.end) for s in passage.sentences]
            )
            self.sentences += len(passage.sentences)
            self.passages += 1
        lexical.add(
            self._connection,
            (
                (first + i, document.context(passage), document.text[passage.start : passage.end])
                for i, passage in enumerate(document.passages)
            ),
        )
        self.documents += 1

    def texts(self, start: int, end: int) -> list[tuple[str, str]]:
        """The passages numbered `start` to `end` (excluded) as (title and headings, text)."""
        return [(stored.context, stored.text) for stored in _passages(self._connection, range(start, end))]

    def close(self) -> None:
        """Write everything to the file."""
        self._connection.execute("COMMIT")
        self._connection.execute("INSERT INTO full_text (full_text) VALUES ('optimize')")
        self._connection.close()


class Reader:
    """Reads the SQLite file of a published snapshot, from any number of threads."""

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection that no other thread uses meanwhile."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = sqlite3.connect(self._uri, uri=True, check_same_thread=False)
        try:
            yield connection
        finally:
            self._idle.put(connection)

    def entries(self) -> list[Entry]:
        """All documents, in the order of the library."""
        with self.connection() as connection:
            rows = connection.execute(
                "SELECT name, title, author, date, (SELECT count(*) FROM passage WHERE document = document.id), "
                "sha256 "
                "FROM document ORDER BY id"
            )
            return [Entry(*row) for row in rows]

    def ids(self, names: Iterable[str]) -> list[int]:
        """The numbers of the documents with these names. Raises UserError for an unknown name."""
        with self.connection() as connection:
            found = [
                (name, connection.execute("SELECT id FROM document WHERE name = ?", (name,)).fetchone())
                for name in sorted(names)
            ]
        for name, row in found:
            if row is None:
                self._raise_unknown(name)
        return [int(row[0]) for _, row in found]

    def _raise_unknown(self, name: str) -> NoReturn:
        near = difflib.get_close_matches(name, [entry.name for entry in self.entries()], 1, 0)
        raise UserError(f"The index holds no document {name!r}" + (f"; the nearest is {near[0]!r}." if near else "."))

    def passages_of(self, documents: Sequence[int]) -> list[int]:
        """The numbers of all passages of these documents."""
        with self.connection() as connection:
            return [
                int(number)
                for document in documents
                for (number,) in connection.execute("SELECT id FROM passage WHERE document = ?", (document,))
            ]

    def document(self, name: str) -> Document:
        """The document `name`, whole. Raises UserError if there is none."""
        with self.connection() as connection:
            row = connection.execute(
                "SELECT id, name, text, title, author, date, titled, furniture, locators, encoding, extractor, "
                "file_sha256, language FROM document WHERE name = ?",
                (name,),
            ).fetchone()
            if row is None:
                self._raise_unknown(name)
            headings = connection.execute(
                'SELECT start, "end", level, title FROM heading WHERE document = ? ORDER BY start', (row[0],)
            ).fetchall()
            numbers = connection.execute("SELECT id FROM passage WHERE document = ? ORDER BY id", (row[0],)).fetchall()
            stored = _passages(connection, [number for (number,) in numbers])
        _, name, text, title, author, date, titled, furniture, locators, encoding, extractor, digest, language = row
        return Document(
            name,
            text,
            title,
            author,
            date,
            titled=bool(titled),
            headings=tuple(Heading(*heading) for heading in headings),
            passages=tuple(one.passage for one in stored),
            furniture=tuple(Span(*span) for span in json.loads(furniture)),
            locators=tuple(Locator(*locator) for locator in json.loads(locators)),
            encoding=encoding,
            extractor=extractor,
            file_sha256=digest,
            language=language,
        )

    def passages(self, numbers: Sequence[int]) -> list[Stored]:
        """The passages with these numbers, in this order."""
        with self.connection() as connection:
            return _passages(connection, numbers)

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """In how many passages each of `words` stands."""
        with self.connection() as connection:
            query = "SELECT passages FROM word WHERE word = ?"
            found = {word: connection.execute(query, (word,)).fetchone() for word in words}
        return {word: int(row[0]) if row else 0 for word, row in found.items()}


def _passages(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[Stored]:
    query = (
        'SELECT d.name, d.title, d.titled, p.start, p."end", p.number, p.line, p.headings, p.text '
        "FROM passage p JOIN document d ON d.id = p.document WHERE p.id = ?"
    )
    stored = []
    for number in numbers:
        name, title, titled, start, end, place, line, headings, text = connection.execute(query, (number,)).fetchone()
        marks = connection.execute('SELECT start, "end" FROM sentence WHERE passage = ? ORDER BY start', (number,))
        passage = Passage(
            start, end, place, line, tuple(json.loads(headings)), tuple(Sentence(*mark) for mark in marks)
        )
        context = Document(name, "", title, titled=bool(titled)).context(passage)
        stored.append(Stored(name, title, passage, text, context))
    return stored
