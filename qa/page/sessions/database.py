"""The database of readers' things, which is begun anew where it is damaged."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from source.errors import UserError

_LOG = logging.getLogger(__name__)
# The number is that of the format: another one begins another file.
_FILE = "readers-1.sqlite"
_TABLE = """CREATE TABLE IF NOT EXISTS readers (
    name TEXT PRIMARY KEY, client TEXT NOT NULL, used REAL NOT NULL, session TEXT NOT NULL,
    size INTEGER NOT NULL, own INTEGER NOT NULL)"""


class Database:
    """The table `readers` in a `folder`; to be asked by one thread at a time.

    Of a reader's name it has who was the last `client`, when that was (`used`), the `session` as text and its `size`
    in bytes, and how many the reader's `own` essays take.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._connection = self._opened()

    def _opened(self) -> sqlite3.Connection:
        """Begun anew if it is damaged. Raises UserError if it cannot be opened, as it is locked, say."""
        try:
            return _connection(self._path)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise UserError(f"What readers keep, in {str(self._path)!r}, cannot be opened: {error}.") from error
            self._put_aside(error)
            return _connection(self._path)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        """The rows of a statement; a damaged database is begun anew, and asked again.

        Raises UserError if it cannot be read or written, as on a full disk.
        """
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise UserError(
                    f"What you ask, keep and add cannot be written to the disk or read from it ({error})."
                ) from error
            self._connection.close()
            self._put_aside(error)
            self._connection = self._opened()
            return self._connection.execute(statement, values).fetchall()

    def _put_aside(self, error: sqlite3.DatabaseError) -> None:
        _LOG.warning("%s is damaged (%s); it is kept as %s.damaged.", self._path, error, _FILE)
        self._path.replace(self._path.with_name(f"{_FILE}.damaged"))
        for journal in ("-wal", "-shm"):  # they belong to what was put aside
            self._path.with_name(_FILE + journal).unlink(missing_ok=True)

    @property
    def number(self) -> int:
        """What tells it from those of other servers."""
        return _number(self._connection)

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether a database is damaged: one that is locked, or on a full disk, holds what it held."""
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _connection(path: Path) -> sqlite3.Connection:
    """The database at `path`, made if need be. Raises sqlite3.DatabaseError if it is damaged."""
    database = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    path.chmod(0o600)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute(_TABLE)
    if not _number(database):
        database.execute(f"PRAGMA user_version = {1 + secrets.randbelow((1 << 31) - 1)}")
    return database


def _number(database: sqlite3.Connection) -> int:
    """What tells the database from others; 0 if it has just been made."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])
