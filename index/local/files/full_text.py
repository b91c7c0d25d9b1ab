"""The full text of a snapshot: BM25 and phrases in SQLite's FTS5, and in how many passages each word stands."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from index.numbers import DocumentNumber, Slot
from index.words.bm25 import CONTEXT_WEIGHT
from index.words.lexical import words
from index.words.stems import indexed, stems

# So many different words are counted in memory before they are written.
_COUNTED = 500_000


class SearchedPassage(NamedTuple):
    """What is searched of the passage in a slot: the terms of title and headings and those of the text, by spaces."""

    slot: int
    context: str
    text: str


def analysed(slot: int, context: Sequence[str], text: Sequence[str], language: str) -> SearchedPassage:
    """The terms of a passage, given the words of its title and headings and of its text."""
    return SearchedPassage(slot, " ".join(indexed(context, language)), " ".join(indexed(text, language)))


def stored_terms(connection: sqlite3.Connection, where: str, value: int) -> Iterator[SearchedPassage]:
    """The terms of the passages that `where` selects, by their slots; they are made anew of the texts."""
    found = connection.execute(
        f"SELECT p.id, p.context, p.text, d.language FROM main.passage p JOIN main.document d ON d.id = p.document "
        f"WHERE {where} ORDER BY p.id",
        (value,),
    )
    for slot, context, text, language in found:
        yield analysed(slot, words(context), words(text), language)


def add(connection: sqlite3.Connection, passages: Iterable[SearchedPassage]) -> None:
    """Make these passages searchable."""
    connection.executemany("INSERT INTO full_text (rowid, context, text) VALUES (?, ?, ?)", passages)


def take_away(connection: sqlite3.Connection, passages: Iterable[SearchedPassage]) -> None:
    """Have these passages found no longer."""
    connection.executemany(
        "INSERT INTO full_text (full_text, rowid, context, text) VALUES ('delete', ?, ?, ?)", passages
    )


def optimize(connection: sqlite3.Connection) -> None:
    """Bring the full text into the form that is searched fastest."""
    connection.execute("INSERT INTO full_text (full_text) VALUES ('optimize')")


class WordCounts:
    """In how many passages each word stands: counted in memory, written when it has become much."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def count(self, connection: sqlite3.Connection, found: Iterable[str], by: int) -> None:
        """Count the words of one passage `by` 1, or -1 to take it away."""
        for word in set(found):
            self._counts[word] += by
        if len(self._counts) > _COUNTED:
            self.write(connection)

    def write(self, connection: sqlite3.Connection) -> None:
        """Add what was counted to the table of words."""
        connection.executemany(
            "INSERT INTO word (word, passages) VALUES (?, ?) "
            "ON CONFLICT (word) DO UPDATE SET passages = passages + excluded.passages",
            sorted(self._counts.items()),
        )
        connection.execute("DELETE FROM word WHERE passages = 0")
        self._counts.clear()


def add_words(connection: sqlite3.Connection, other: str) -> None:
    """Count what the table of words of an attached file counts as well."""
    connection.execute(
        f"INSERT INTO main.word (word, passages) SELECT word, passages FROM {other}.word WHERE true "
        "ON CONFLICT (word) DO UPDATE SET passages = passages + excluded.passages"
    )


def scores(
    connection: sqlite3.Connection, terms: Sequence[str], documents: Collection[DocumentNumber] | None
) -> Iterator[tuple[Slot, float]]:
    """Where all passages lie that hold any of `terms`, with their BM25 (higher is better)."""
    query = " OR ".join(_quoted(term) for term in terms)
    return connection.execute(
        f"SELECT rowid, -bm25(full_text, ?, 1.0) FROM full_text WHERE full_text MATCH ? {_among(documents)}",
        (CONTEXT_WEIGHT, query),
    )


def passages_holding(connection: sqlite3.Connection, terms: Iterable[str]) -> dict[str, int]:
    """In how many passages each of `terms` stands, but for those that stand in none."""
    query = "SELECT term, doc FROM vocabulary WHERE term = ?"
    return dict(row for term in terms for row in connection.execute(query, (term,)))


def search_phrases(
    connection: sqlite3.Connection,
    wanted: Sequence[str],
    languages: Collection[str],
    documents: Collection[DocumentNumber] | None,
) -> list[tuple[Slot, float]]:
    """All passages whose text holds the words of every phrase in order, stems alike: a superset of the literal."""
    forms = ({" ".join(stems(words(phrase), language)) for language in languages} for phrase in wanted)
    query = " AND ".join(f"text : ({' OR '.join(map(_quoted, sorted(each)))})" for each in forms)
    return connection.execute(
        f"SELECT rowid, -bm25(full_text, ?, 1.0) FROM full_text WHERE full_text MATCH ? {_among(documents)}",
        (CONTEXT_WEIGHT, query),
    ).fetchall()


def passages_following(
    connection: sqlite3.Connection,
    wanted: Sequence[str],
    languages: Collection[str],
    documents: Collection[DocumentNumber] | None,
) -> Iterator[Slot]:
    """All passages in whose text these words follow each other, stems alike, in the order of their slots."""
    forms = sorted({" ".join(stems(wanted, language)) for language in languages}) if wanted else []
    if not forms:
        return
    query = f"text : ({' OR '.join(map(_quoted, forms))})"
    found = connection.execute(
        f"SELECT rowid FROM full_text WHERE full_text MATCH ? {_among(documents)} ORDER BY rowid", (query,)
    )
    for (slot,) in found:
        yield Slot(slot)


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _among(documents: Collection[DocumentNumber] | None) -> str:
    """The condition that a passage is one of `documents`."""
    if documents is None:
        return ""
    return f"AND rowid IN (SELECT id FROM passage WHERE document IN ({','.join(map(str, map(int, documents)))}))"
