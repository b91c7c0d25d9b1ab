"""Frequent terms: in which passages each stands and how often, in a file that NumPy adds up.

BM25 is a sum over the terms of a question. SQLite needs about a microsecond for each passage that
holds a term, too long for those that stand in many; what they are worth is computed here, by
the formula and the constants of SQLite's own BM25.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.local.files import full_text
from index.local.files.rows import Rows, RowWriter
from index.numbers import DocumentNumber, PassageNumber
from index.words import bm25, lexical
from index.words.stems import stems

Numbers = NDArray[np.int64]

# A term is frequent if it stands in more passages than this.
FREQUENT = 100
# `count` is how often the term stands in the passage, in title and headings at their weight.
RECORD = np.dtype([("passage", "<u4"), ("count", "<f4")])
_SCORED = np.dtype([("passage", "<u4"), ("score", "<f8")])
_FOUND = np.dtype([("passage", "<u4"), ("in_text", "u1")])


@dataclass(frozen=True, slots=True)
class _Asked:
    """Terms of a question: in how many passages each of the `rare` stands, the `lists` of the others, and the
    most that BM25 could be for all."""

    rare: Mapping[str, int]
    lists: Sequence[int]
    most: float


class FrequentTerms:
    """The frequent terms of a snapshot: their `lists`, and `lengths` (passages,), how many terms each passage has."""

    def __init__(self, lists: Rows, lengths: NDArray[np.uint32]) -> None:
        self.lists = lists
        self.lengths = lengths
        self._passages = len(lengths)
        self._norms = bm25.norms(lengths)

    def search(
        self,
        connection: sqlite3.Connection,
        terms: Sequence[str],
        k: int,
        documents: Collection[DocumentNumber] | None,
        among: Numbers | None,
    ) -> list[tuple[PassageNumber, float]]:
        """The `k` best passages by BM25 that hold any of `terms`, ties by number.

        The scores are shares of the most that BM25 could be for these terms, between 0 and 1. `among`
        are all passages of `documents`, None for all there are.
        """
        asked = self._asked(connection, terms)
        found = np.fromiter(full_text.scores(connection, list(asked.rare), documents) if asked.rare else (), _SCORED)
        lists = (self._list(number) for number in asked.lists)
        parts = [(found["passage"], found["score"])]
        parts += [(rows["passage"], self._scores(rows, len(rows))) for rows in lists]
        total = np.zeros(self._passages)
        for numbers, scores in parts:
            total[numbers] += scores
        total /= asked.most
        numbers = np.concatenate([numbers for numbers, _ in parts])
        if among is not None:
            inside = np.zeros(self._passages, np.bool_)
            inside[among] = True
            numbers = numbers[inside[numbers]]
        most = k * len(parts)  # a passage stands in each part once at most
        if len(numbers) > most:
            least = -np.partition(-total[numbers], most - 1)[most - 1]
            numbers = numbers[total[numbers] >= least]  # all that are as good as the last
        numbers = np.unique(numbers)
        best = numbers[np.argsort(-total[numbers], kind="stable")[:k]].tolist()
        return [(number, float(total[number])) for number in best]

    def scores(
        self, connection: sqlite3.Connection, terms: Sequence[str], numbers: Sequence[PassageNumber]
    ) -> list[float]:
        """What `search` would score each of these passages, in this order; 0 where no term stands."""
        asked = self._asked(connection, terms)
        wanted = np.asarray(numbers, np.int64)
        rare = dict(full_text.scores(connection, list(asked.rare), None)) if asked.rare else {}
        total = np.asarray([rare.get(number, 0.0) for number in numbers], np.float64)
        for number in asked.lists:
            rows = self._list(number)
            at = np.minimum(np.searchsorted(rows["passage"], wanted), len(rows) - 1)
            held = rows["passage"][at] == wanted
            total[held] += self._scores(rows[at[held]], len(rows))
        return [float(score) for score in total / asked.most]

    def _asked(self, connection: sqlite3.Connection, terms: Sequence[str]) -> _Asked:
        query = "SELECT term, list FROM frequent_term WHERE term IN (SELECT value FROM json_each(?))"
        known = dict(connection.execute(query, (json.dumps(list(terms)),)))
        rare = full_text.passages_holding(connection, [term for term in terms if term not in known])
        lists = list(known.values())
        counts = [*rare.values(), *np.diff(self.lists.starts)[lists].tolist()]
        most = bm25.most(sum(bm25.rarity(self._passages, count) for count in counts))
        return _Asked(rare, lists, most or 1.0)

    def _list(self, number: int) -> NDArray[np.void]:
        """The passages of a frequent term, in order."""
        return self.lists.of(number).reshape(-1).view(RECORD)

    def _scores(self, rows: NDArray[np.void], holding: int) -> NDArray[np.float32]:
        """The BM25 of a term in the passages `rows`, if it stands in so many."""
        weight = bm25.rarity(self._passages, holding)
        return bm25.scores(weight, rows["count"], self._norms[rows["passage"]])


class Before:
    """The frequent terms of the last snapshot, attached to `connection` as `last`, for the next one.

    `moved` holds the new number of each of its passages, -1 for those that are gone; `added` are the
    passages that are new, as (number, terms of title and headings, terms of the text).
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        terms: FrequentTerms,
        moved: Numbers,
        added: Iterable[tuple[int, str, str]],
    ) -> None:
        self._known: dict[str, int] = dict(connection.execute("SELECT term, list FROM last.frequent_term"))
        self._lists = terms.lists
        self._moved = moved
        self._added: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, context, text in added:
            counts: Counter[str] = Counter(text.split(" "))
            for term, count in Counter(context.split(" ")).items():
                counts[term] += bm25.CONTEXT_WEIGHT * count  # type: ignore[assignment]
            for term in counts.keys() & self._known.keys():
                self._added[term].append((number, counts[term]))

    def rows(self, term: str) -> NDArray[np.void] | None:
        """The list of a term in the new snapshot; None if it was not frequent."""
        if term not in self._known:
            return None
        rows = self._lists.of(self._known[term]).reshape(-1).view(RECORD)
        numbers = self._moved[rows["passage"]]
        kept = numbers >= 0
        moved = rows[kept]
        moved["passage"] = numbers[kept]
        found = np.concatenate([moved, np.asarray(self._added[term], RECORD)])
        return found[np.argsort(found["passage"], kind="stable")]


def write(connection: sqlite3.Connection, path: Path, before: Before | None = None, frequent: int = FREQUENT) -> None:
    """Write the lists of the frequent terms of a full text, and to the table `frequent_term` the list of each."""
    stop_words = stems(sorted(lexical.STOP_WORDS), "en")
    connection.executescript("CREATE VIRTUAL TABLE temp.instance USING fts5vocab('main', 'full_text', 'instance');")
    query = (
        "SELECT term FROM main.vocabulary WHERE doc > ? AND term NOT IN (SELECT value FROM json_each(?)) ORDER BY term"
    )
    found = connection.execute(query, (frequent, json.dumps(stop_words))).fetchall()
    with RowWriter(path, RECORD.itemsize) as writer:
        for number, (term,) in enumerate(found):
            rows = before.rows(term) if before else None
            writer.add((_counted(connection, term) if rows is None else rows).view(np.uint8))
            connection.execute("INSERT INTO frequent_term (term, list) VALUES (?, ?)", (term, number))
    connection.execute("DROP TABLE temp.instance")


def _counted(connection: sqlite3.Connection, term: str) -> NDArray[np.void]:
    """The list of a term, counted in the full text."""
    query = "SELECT doc, col = 'text' FROM temp.instance WHERE term = ?"
    found = np.fromiter(connection.execute(query, (term,)), _FOUND)
    passages, which = np.unique(found["passage"], return_inverse=True)
    rows = np.zeros(len(passages), RECORD)
    rows["passage"] = passages
    rows["count"] = np.bincount(which, np.where(found["in_text"], 1.0, bm25.CONTEXT_WEIGHT))
    return rows
