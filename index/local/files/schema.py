"""The tables of a snapshot's SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

# What FTS5 does with terms: it parts them at spaces. Its other tokenizers fold some letters (ς) and part others.
TOKENIZER = "ascii"
# Bytes of full text that SQLite gathers before it writes them: sixteen times its default is twice as fast.
_GATHERED = 1 << 24

# Three or four passages fill a page of this size; of SQLite's default each page leaves a fifth empty.
_DOCUMENTS = """
PRAGMA page_size = 8192;
-- `furniture`, `locators` and `inserted` are JSON; `sha256` is that of the text, `file_sha256` that of the file.
-- The text stands in its passages: of each what is `before` it and its own; `rest` is what follows the last.
CREATE TABLE document (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, author TEXT NOT NULL,
    date TEXT NOT NULL, titled INTEGER NOT NULL, sha256 TEXT NOT NULL, length INTEGER NOT NULL,
    rest TEXT NOT NULL, furniture TEXT NOT NULL, locators TEXT NOT NULL, inserted TEXT NOT NULL, encoding TEXT NOT NULL,
    extractor TEXT NOT NULL, file_sha256 TEXT NOT NULL, language TEXT NOT NULL
);
CREATE TABLE heading (
    document INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, level INTEGER NOT NULL,
    title TEXT NOT NULL, PRIMARY KEY (document, start)
) WITHOUT ROWID;
-- `sentences` holds the start and end of each, parted by spaces, with a question mark behind those that ask. `key` is
-- the hash of what is embedded.
CREATE TABLE passage (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, number INTEGER NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, line INTEGER NOT NULL, headings TEXT NOT NULL, sentences TEXT NOT NULL,
    context TEXT NOT NULL, before TEXT NOT NULL, text TEXT NOT NULL, key BLOB NOT NULL
);
-- Rows come in this order, so it is only added to; without it each new document would be looked for in all before it.
CREATE INDEX passage_document ON passage (document, number);
"""
# `rowid` is the passage's slot, as is `passage.id`. `word` counts the passages that hold a word as it is written,
# `frequent_term` names the list of a term that stands in many (see `index.local.files.frequent`).
_WORDS = f"""
CREATE VIRTUAL TABLE full_text USING fts5(context, text, content='', tokenize="{TOKENIZER}");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab('full_text', 'row');
CREATE TABLE word (word TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE frequent_term (term TEXT PRIMARY KEY, list INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO full_text (full_text, rank) VALUES ('hashsize', {_GATHERED});
"""
# Made when the rows are there, which is faster: keys come in no order.
KEYS = "CREATE INDEX passage_key ON passage (key)"
# The columns that hold the number of a document or the slot of a passage, which may be others in another file.
NUMBERED = {
    "document": {"id": "document"},
    "heading": {"document": "document"},
    "passage": {"id": "slot", "document": "document"},
}


def create(path: Path) -> sqlite3.Connection:
    """A new file at `path` with all tables, open to be filled."""
    connection = connect(path)
    connection.executescript(_DOCUMENTS)
    create_words(connection)
    return connection


def connect(path: Path) -> sqlite3.Connection:
    """Open a file that nobody else reads yet: nothing is journalled, as what is interrupted is thrown away whole."""
    connection = sqlite3.connect(path, isolation_level=None, uri=True)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    return connection


def create_words(connection: sqlite3.Connection) -> None:
    """Make the full text and the tables of words and terms."""
    connection.executescript(_WORDS)


def owner(table: str) -> str:
    """The column of a table of `NUMBERED` that holds the document's number."""
    return "id" if table == "document" else "document"


def insert(table: str, columns: Iterable[str]) -> str:
    """The statement that inserts a row of `table`, given as a mapping from its columns' names."""
    names = list(columns)
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO main.{table} ({quoted}) VALUES ({', '.join(f':{name}' for name in names)})"
