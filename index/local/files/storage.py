"""The SQLite file of a published snapshot, read from any number of threads."""

from __future__ import annotations

import json
import os
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, LifoQueue

from index.local.files.checksums import CLOSED
from index.local.files.forks import SQLITE
from index.local.files.order import Order
from index.local.files.records import Digests, digest, document_rows, passage_of, passage_rows, passages_of
from index.numbers import DocumentNumber, Slot
from index.protocol import Entry, Stored
from source.document import Document, Furniture, Heading, Locator, Reason, Span
from source.errors import DamagedIndex, NoDocument, UserError

# One statement for many values, given as a JSON array.
_AMONG = "{} IN (SELECT value FROM json_each(?))"
# Connections that a forked process has from its parent; to close them here could harm there.
_INHERITED: list[LifoQueue[sqlite3.Connection]] = []


class TextFile:
    """Reads the SQLite file of a published snapshot, from any number of threads.

    Documents and passages are compared with their `digests`: the file may have been damaged since
    it was opened. `damaged` is what the DamagedIndex then says. `order` is that of the library.
    """

    def __init__(self, path: Path, digests: Digests, order: Order, damaged: str) -> None:
        self._uri = immutable(path)
        self._digests = digests
        self._order = order
        self._damaged = damaged
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._process = os.getpid()
        self.close = weakref.finalize(self, _close, self._idle)

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection that no other thread uses meanwhile.

        Raises DamagedIndex if the file is damaged, UserError if the index was closed.
        """
        with SQLITE.within():
            if os.getpid() != self._process:
                self._renew()
            if self._closed():
                raise UserError(CLOSED)
            idle = self._idle
            try:
                connection = idle.get_nowait()
            except Empty:
                connection = sqlite3.connect(self._uri, uri=True, check_same_thread=False)
            try:
                yield connection
            except sqlite3.Error as error:
                raise DamagedIndex(self._damaged) from error
            finally:
                idle.put(connection)
                if self._closed():  # meanwhile
                    _close(idle)

    def _closed(self) -> bool:
        return not self.close.alive

    def _renew(self) -> None:
        """SQLite's connections do not survive a fork: the child opens its own, and leaves its parent's alone."""
        self.close.detach()
        _INHERITED.append(self._idle)
        self._idle = LifoQueue()
        self.close = weakref.finalize(self, _close, self._idle)
        self._process = os.getpid()

    def _check(self, kind: str, number: int, found: bytes) -> None:
        """Raise DamagedIndex unless what is stored under a number has the digest that was written with it."""
        digests = self._digests[kind]
        if not 0 <= number < len(digests) or digests[number].tobytes() != found:
            raise DamagedIndex(self._damaged)

    def entries(self) -> list[Entry]:
        """All documents, in the order of the library."""
        with self.connection() as connection:
            rows = connection.execute("SELECT id, name, title, author, date, sha256, language FROM document")
            found = {number: row for number, *row in rows}
        entries = []
        for number, _, passages in self._order.table.tolist():
            if number not in found:
                raise DamagedIndex(self._damaged)
            name, title, author, date, sha256, language = found[number]
            entries.append(Entry(name, title, author, date, passages, sha256, language))
        return entries

    def languages(self) -> list[str]:
        """The languages of the documents, each once."""
        with self.connection() as connection:
            return [code for (code,) in connection.execute("SELECT DISTINCT language FROM document ORDER BY 1")]

    def languages_of(self, slots: Sequence[Slot]) -> list[str]:
        """The language of the document of each of the passages that lie there."""
        query = (
            "SELECT p.id, d.language FROM main.passage p JOIN main.document d ON d.id = p.document "
            f"WHERE {_AMONG.format('p.id')}"
        )
        with self.connection() as connection:
            found = dict(connection.execute(query, (json.dumps(list(slots)),)))
        return [str(found.get(slot, "")) for slot in slots]

    def ids(self, names: Iterable[str]) -> list[DocumentNumber]:
        """The numbers of the documents with these names. Raises NoDocument for an unknown name."""
        with self.connection() as connection:
            found = {name: _number(connection, name) for name in sorted(names)}
        for name, number in found.items():
            if number is None:
                raise self._unknown(name)
        return [number for number in found.values() if number is not None]

    def _unknown(self, name: str) -> NoDocument:
        return NoDocument(name, lambda: [entry.name for entry in self.entries()])

    def document(self, name: str) -> Document:
        """The document `name`, whole. Raises NoDocument if there is none."""
        with self.connection() as connection:
            number = _number(connection, name)
            if number is None:
                raise self._unknown(name)
            document, headings, passages = document_rows(connection, number)
        self._check("documents", number, digest(document, *headings, *passages))
        name, text, title, author, date, titled, furniture, locators, inserted, *read = document
        encoding, extractor, file, language = read
        return Document(
            name,
            text,
            title,
            author,
            date,
            titled=bool(titled),
            headings=tuple(Heading(*heading) for heading in headings),
            passages=passages_of(passages),
            furniture=tuple(Furniture(start, end, Reason(why)) for start, end, why in json.loads(furniture)),
            locators=tuple(Locator(*locator) for locator in json.loads(locators)),
            inserted=tuple(Span(*span) for span in json.loads(inserted)),
            encoding=encoding,
            extractor=extractor,
            file_sha256=file,
            language=language,
        )

    def passages(self, slots: Sequence[Slot]) -> list[Stored]:
        """The passages that lie there, in this order."""
        with self.connection() as connection:
            rows = list(passage_rows(connection, _AMONG.format("p.id"), json.dumps(list(slots))))
        found: dict[int, Stored] = {}
        for slot, *values in rows:
            self._check("passages", slot, digest(values))
            name, title, context, text, *place = values
            found[slot] = Stored(name, title, passage_of(*place), text, context)
        if found.keys() != set(slots):
            raise DamagedIndex(self._damaged)
        return [found[slot] for slot in slots]

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """In how many passages each of `words` stands."""
        with self.connection() as connection:
            query = f"SELECT word, passages FROM word WHERE {_AMONG.format('word')}"
            found = dict(connection.execute(query, (json.dumps(list(words)),)))
        if not all(type(count) is int for count in found.values()):
            raise DamagedIndex(self._damaged)
        return {word: found.get(word, 0) for word in words}

    def files(self) -> dict[str, tuple[DocumentNumber, str]]:
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
        """Where a passage with each of these keys lies, -1 where there is none.

        Of several, the next behind the one before, if any: neighbours can be copied together.
        """
        first = "SELECT id FROM passage WHERE key = ?1 {} ORDER BY id LIMIT 1"
        query = f"SELECT coalesce(({first.format('AND id >= ?2')}), ({first.format('')}), -1)"
        found: list[int] = []
        following = 0
        with self.connection() as connection:
            for key in keys:
                (slot,) = connection.execute(query, (key, following)).fetchone()
                found.append(slot)
                following = slot + 1 if slot >= 0 else following
        return found


def _number(connection: sqlite3.Connection, name: str) -> DocumentNumber | None:
    """The number of the document `name`, None if there is none; no name has halves of characters, nor SQLite's text."""
    with suppress(UnicodeEncodeError):
        row = connection.execute("SELECT id FROM document WHERE name = ?", (name,)).fetchone()
        return DocumentNumber(row[0]) if row else None
    return None


def _close(idle: LifoQueue[sqlite3.Connection]) -> None:
    with SQLITE.within(), suppress(Empty):
        while True:
            idle.get_nowait().close()


def immutable(path: Path) -> str:
    """A published file as SQLite may open it: it never changes, so nothing is locked."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"
