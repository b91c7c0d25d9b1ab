"""Documents, passages and sentences in one SQLite file."""

from __future__ import annotations

import difflib
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from queue import Empty, LifoQueue
from typing import NamedTuple, NoReturn

from index import frequent, lexical
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
-- `sentences` holds the start and end of each, parted by spaces. `key` is the hash of what is embedded.
CREATE TABLE passage (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, number INTEGER NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, line INTEGER NOT NULL, headings TEXT NOT NULL, sentences TEXT NOT NULL,
    context TEXT NOT NULL, text TEXT NOT NULL, key BLOB NOT NULL
);
"""
# Made when the rows are there, which is faster.
_INDEXES = """
CREATE INDEX passage_document ON passage (document, number);
CREATE INDEX passage_key ON passage (key);
"""
# The columns that hold the number of a document or passage; both are counted anew in each snapshot.
_NUMBERED = {
    "document": {"id": "documents"},
    "heading": {"document": "documents"},
    "passage": {"id": "passages", "document": "documents"},
}


class Entry(NamedTuple):
    """A document without its text: what a list of essays shows; `sha256` is that of its text."""

    name: str
    title: str
    author: str
    date: str
    passages: int
    sha256: str


class Writer:
    """Fills a new SQLite file, document by document; passages are numbered from 0 across all.

    `last` is the file of the snapshot before, from which unchanged documents can be taken over.
    """

    def __init__(self, path: Path, last: Path | None = None) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, uri=True)
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        self._path = path
        self._words = lexical.WordCounts()
        if last is not None:
            self._connection.execute("ATTACH ? AS last", (_immutable(last),))
        lexical.create(self._connection)
        self._connection.execute("BEGIN")
        self.documents = self.passages = self.sentences = 0
        # Documents of the last snapshot that come next and are still to be copied, and those that were.
        self._kept: range | None = None
        self._copied: list[range] = []

    def add(self, document: Document) -> None:
        """Store a document with its passages, sentences, words."""
        self._copy_kept()
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
        contexts: dict[tuple[str, ...], str] = {}
        for number, passage in enumerate(document.passages, self.passages):
            text = document.text[passage.start : passage.end]
            if passage.headings not in contexts:
                contexts[passage.headings] = document.context(passage)
            context = contexts[passage.headings]
            row = self._row(number, passage, context, text)
            self._connection.execute("INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            lexical.add(self._connection, [(number, context, text)])
            self._words.count(self._connection, (context, text), 1)
        self.sentences += sum(len(passage.sentences) for passage in document.passages)
        self.passages += len(document.passages)
        self.documents += 1

    def _row(self, number: int, passage: Passage, context: str, text: str) -> tuple[object, ...]:
        headings = json.dumps(passage.headings, ensure_ascii=False)
        sentences = " ".join(f"{sentence.start} {sentence.end}" for sentence in passage.sentences)
        place = (number, self.documents, passage.number, passage.start, passage.end, passage.line)
        return (*place, headings, sentences, context, text, _key(context, text))

    def keep(self, number: int) -> None:
        """Take over the document with this number in the last snapshot, with all that belongs to it, as the next."""
        if self._kept is None or number != self._kept.stop:
            self._copy_kept()
            self._kept = range(number, number)
        self._kept = range(self._kept.start, number + 1)

    def _copy_kept(self) -> None:
        """Copy the documents that `keep` has named so far."""
        if self._kept is None:
            return
        first, last = self._kept.start, self._kept.stop - 1
        query = "SELECT min(id), count(*) FROM last.passage WHERE document BETWEEN ? AND ?"
        start, count = self._connection.execute(query, (first, last)).fetchone()
        shifts = {"documents": self.documents - first, "passages": self.passages - (start or 0)}
        for table, numbered in _NUMBERED.items():
            columns = [str(row[1]) for row in self._connection.execute(f"PRAGMA main.table_info({table})")]
            values = (f'"{c}" + {shifts[numbered[c]]}' if c in numbered else f'"{c}"' for c in columns)
            place = "id" if table == "document" else "document"
            self._connection.execute(
                f"INSERT INTO {table} SELECT {', '.join(values)} FROM last.{table} "
                f"WHERE {place} BETWEEN {first} AND {last}"
            )
        rows = self._connection.execute(
            "SELECT context, text FROM main.passage WHERE id >= ? ORDER BY id", (self.passages,)
        )
        lexical.add(self._connection, ((self.passages + i, *row) for i, row in enumerate(rows)))
        spaces = "length(sentences) - length(replace(sentences, ' ', '')) + 1"  # one fewer than numbers
        query = f"SELECT coalesce(sum(({spaces}) / 2), 0) FROM main.passage WHERE id >= ? AND sentences != ''"
        self.sentences += self._connection.execute(query, (self.passages,)).fetchone()[0]
        self.documents += len(self._kept)
        self.passages += count
        self._copied.append(self._kept)
        self._kept = None

    def keys(self, start: int, end: int) -> list[bytes]:
        """The keys of the passages numbered `start` to `end` (excluded)."""
        query = "SELECT key FROM main.passage WHERE id >= ? AND id < ? ORDER BY id"
        return [key for (key,) in self._connection.execute(query, (start, end))]

    def texts(self, numbers: Iterable[int]) -> list[tuple[str, str]]:
        """The passages with these numbers as (title and headings, text)."""
        query = "SELECT context, text FROM main.passage WHERE id = ?"
        return [self._connection.execute(query, (number,)).fetchone() for number in numbers]

    def finish(self) -> None:
        """Copy what is still to be copied and count the words: after this no document can be added."""
        self._copy_kept()
        if self._copied:
            self._connection.execute(
                "INSERT INTO word SELECT word, passages FROM last.word WHERE true "
                "ON CONFLICT (word) DO UPDATE SET passages = passages + excluded.passages"
            )
            query = "SELECT context, text FROM last.passage WHERE document >= ? AND document < ?"
            at = 0
            for kept in [*self._copied, range(sys.maxsize, sys.maxsize)]:  # take away the words of what is gone
                for row in self._connection.execute(query, (at, kept.start)):
                    self._words.count(self._connection, row, -1)
                at = kept.stop
        self._words.write(self._connection)
        self._connection.execute("COMMIT")
        self._connection.executescript(_INDEXES)
        lexical.optimize(self._connection)
        frequent.write(self._connection, self._path.with_name("words.bin"))

    def decoded(self) -> list[tuple[str, str]]:
        """The documents whose files are in another encoding than UTF-8, and that encoding."""
        query = "SELECT name, encoding FROM main.document WHERE encoding != 'utf-8' ORDER BY id"
        return [(name, encoding) for name, encoding in self._connection.execute(query)]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class Reader:
    """Reads the SQLite file of a published snapshot, from any number of threads."""

    def __init__(self, path: Path) -> None:
        self._uri = _immutable(path)
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
            query = f"SELECT {_PASSAGE} FROM passage p WHERE document = ? ORDER BY id"
            passages = tuple(_passage(*values) for values in connection.execute(query, (row[0],)))
        _, name, text, title, author, date, titled, furniture, locators, encoding, extractor, digest, language = row
        return Document(
            name,
            text,
            title,
            author,
            date,
            titled=bool(titled),
            headings=tuple(Heading(*heading) for heading in headings),
            passages=passages,
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
            found = dict(_stored(connection, _AMONG.format("p.id"), json.dumps(list(numbers))))
        return [found[number] for number in numbers]

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """In how many passages each of `words` stands."""
        with self.connection() as connection:
            query = f"SELECT word, passages FROM word WHERE {_AMONG.format('word')}"
            found = dict(connection.execute(query, (json.dumps(list(words)),)))
        return {word: int(found.get(word, 0)) for word in words}

    def files(self) -> dict[str, tuple[int, str]]:
        """The number of each document, and the SHA-256 of its file, by its name."""
        with self.connection() as connection:
            rows = connection.execute("SELECT name, id, file_sha256 FROM document")
            return {name: (number, digest) for name, number, digest in rows}

    def digest(self, name: str) -> str:
        """The SHA-256 of the file of the document `name`, "" if there is none."""
        with self.connection() as connection:
            row = connection.execute("SELECT file_sha256 FROM document WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def keyed(self, keys: Sequence[bytes]) -> list[int]:
        """The number of a passage with each of these keys, -1 where there is none.

        Of several, that which follows the one before: neighbours can be copied together.
        """
        query = "SELECT id FROM passage WHERE key = ? ORDER BY abs(id - ?) LIMIT 1"
        found: list[int] = []
        following = 0
        with self.connection() as connection:
            for key in keys:
                row = connection.execute(query, (key, following)).fetchone()
                found.append(int(row[0]) if row else -1)
                following = found[-1] + 1 if row else following
        return found


# The columns that make a passage.
_PASSAGE = 'p.start, p."end", p.number, p.line, p.headings, p.sentences'
# One statement for many values, given as a JSON array.
_AMONG = "{} IN (SELECT value FROM json_each(?))"


def _stored(connection: sqlite3.Connection, which: str, value: int | str) -> Iterator[tuple[int, Stored]]:
    """The passages that `which` selects, with their numbers."""
    rows = connection.execute(
        f"SELECT p.id, d.name, d.title, p.context, p.text, {_PASSAGE} "
        f"FROM passage p JOIN document d ON d.id = p.document WHERE {which}",
        (value,),
    )
    for number, name, title, context, text, *values in rows:
        yield number, Stored(name, title, _passage(*values), text, context)


def _passage(start: int, end: int, number: int, line: int, headings: str, sentences: str) -> Passage:
    at = list(map(int, sentences.split()))
    return Passage(start, end, number, line, _headings(headings), tuple(map(Sentence, at[::2], at[1::2])))


@lru_cache(maxsize=1024)
def _headings(titles: str) -> tuple[str, ...]:
    return tuple(json.loads(titles))


def _immutable(path: Path) -> str:
    """A published file as SQLite may open it: it never changes, so nothing is locked."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


def _key(context: str, text: str) -> bytes:
    """A hash of all that the model reads of a passage."""
    return hashlib.blake2b(f"{context}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16).digest()
