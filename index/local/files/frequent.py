"""Frequent terms: in which passages each stands and how often, in a file that NumPy adds up.

BM25 is a sum over the terms of a question. SQLite needs about a microsecond for each passage that
holds a term, too long for those that stand in many; what they are worth is computed here, by
the formula and the constants of SQLite's own BM25.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.local.files import full_text
from index.local.files.full_text import SearchedPassage
from index.local.files.order import Order
from index.local.files.rows import Rows, RowWriter
from index.numbers import DocumentNumber, PassageNumber
from index.words import bm25, lexical
from index.words.stems import stems

Numbers = NDArray[np.int64]

# A term is frequent if it stands in more passages than this.
FREQUENT = 100
# `count` is how often the term stands in the passage, in title and headings at their weight.
RECORD = np.dtype([("slot", "<u4"), ("count", "<f4")])
_SCORED = np.dtype([("slot", "<u4"), ("score", "<f8")])
_FOUND = np.dtype([("slot", "<u4"), ("in_text", "u1")])


@dataclass(frozen=True, slots=True)
class _Asked:
    """Terms of a question: in how many passages each of the `rare` stands, the `lists` of the others, and the
    most that BM25 could be for all."""

    rare: Mapping[str, int]
    lists: Sequence[int]
    most: float


class FrequentTerms:
    """The frequent terms of a snapshot: their `lists`, and `lengths` (slots,), how many terms each passage has.

    Passages are told by the numbers that `order` gives them.
    """

    def __init__(self, lists: Rows, lengths: NDArray[np.uint32], order: Order) -> None:
        self.lists = lists
        self.lengths = lengths
        self._order = order
        self._passages = len(order.slots)
        self._norms = bm25.norms_of(lengths, float(lengths[order.slots].mean()) if self._passages else 0.0)

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
        parts = [(found["slot"], found["score"])]
        parts += [(rows["slot"], self._scores(rows, len(rows))) for rows in lists]
        total = np.zeros(len(self.lengths))
        for slots, scores in parts:
            total[slots] += scores
        total /= asked.most
        slots = np.concatenate([slots for slots, _ in parts])
        if among is not None:
            inside = np.zeros(len(self.lengths), np.bool_)
            inside[self._order.slots[among]] = True
            slots = slots[inside[slots]]
        most = k * len(parts)  # a passage stands in each part once at most
        if len(slots) > most:
            least = -np.partition(-total[slots], most - 1)[most - 1]
            slots = slots[total[slots] >= least]  # all that are as good as the last
        slots = np.unique(slots)
        best = slots[np.lexsort((self._order.numbers[slots], -total[slots]))[:k]].tolist()
        return [(self._order.number(slot), float(total[slot])) for slot in best]

    def scores(
        self, connection: sqlite3.Connection, terms: Sequence[str], numbers: Sequence[PassageNumber]
    ) -> list[float]:
        """What `search` would score each of these passages, in this order; 0 where no term stands."""
        asked = self._asked(connection, terms)
        wanted = self._order.slots[np.asarray(numbers, np.int64)]
        rare = dict(full_text.scores(connection, list(asked.rare), None)) if asked.rare else {}
        total = np.asarray([rare.get(slot, 0.0) for slot in wanted.tolist()], np.float64)
        for number in asked.lists:
            rows = self._list(number)
            at = np.minimum(np.searchsorted(rows["slot"], wanted), len(rows) - 1)
            held = rows["slot"][at] == wanted
            total[held] += self._scores(rows[at[held]], len(rows))
        return [float(score) for score in total / asked.most]

    def holding(self, connection: sqlite3.Connection, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each of `terms` stands."""
        rare, known = _known(connection, terms)
        lists = dict(zip(known, np.diff(self.lists.starts)[list(known.values())].tolist(), strict=True))
        return {**dict.fromkeys(terms, 0), **rare, **lists}

    def _asked(self, connection: sqlite3.Connection, terms: Sequence[str]) -> _Asked:
        rare, known = _known(connection, terms)
        lists = list(known.values())
        counts = [*rare.values(), *np.diff(self.lists.starts)[lists].tolist()]
        most = bm25.most(sum(bm25.rarity(self._passages, count) for count in counts))
        return _Asked(rare, lists, most or 1.0)

    def _list(self, number: int) -> NDArray[np.void]:
        """Where the passages of a frequent term lie, in order."""
        return self.lists.of(number).reshape(-1).view(RECORD)

    def _scores(self, rows: NDArray[np.void], holding: int) -> NDArray[np.float32]:
        """The BM25 of a term in the passages `rows`, if it stands in so many."""
        weight = bm25.rarity(self._passages, holding)
        return bm25.scores(weight, rows["count"], self._norms[rows["slot"]])


class Postings:
    """In which of some passages, and how often, each of the terms `known` stands; `others` are the other terms."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self.known = known
        self.others: set[str] = set()
        self._lists, self._slots, self._counts = array("q"), array("q"), array("d")

    def counted(self, passages: Iterable[SearchedPassage]) -> Iterator[SearchedPassage]:
        """These passages, which are counted as they go by."""
        for passage in passages:
            counts: Counter[str] = Counter(passage.text.split())
            for term, count in Counter(passage.context.split()).items():
                counts[term] += bm25.CONTEXT_WEIGHT * count  # type: ignore[assignment]
            for term, value in counts.items():
                if term in self.known:
                    self._lists.append(self.known[term])
                    self._slots.append(passage.slot)
                    self._counts.append(value)
                else:
                    self.others.add(term)
            yield passage

    def lists(self) -> dict[int, NDArray[np.void]]:
        """The passages that hold a known term, in the order in which they were counted, by the number of its list."""
        numbers = np.asarray(self._lists, np.int64)
        order = np.argsort(numbers, kind="stable")
        rows = np.zeros(len(order), RECORD)
        rows["slot"], rows["count"] = np.asarray(self._slots)[order], np.asarray(self._counts)[order]
        held, starts = np.unique(numbers[order], return_index=True)
        return dict(zip(held.tolist(), np.split(rows, starts[1:]), strict=True)) if len(held) else {}


def _known(connection: sqlite3.Connection, terms: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """In how many passages each rare one of `terms` stands, and the number of the list of each frequent one."""
    query = "SELECT term, list FROM frequent_term WHERE term IN (SELECT value FROM json_each(?))"
    known = dict(connection.execute(query, (json.dumps(list(terms)),)))
    return full_text.passages_holding(connection, [term for term in terms if term not in known]), known


@dataclass(frozen=True, slots=True)
class Change:
    """What makes the frequent terms of one snapshot those of the next, whose other passages lie where they lay.

    `lists` are those of the frequent terms `known` then; passages were `added` in the order of their slots.
    """

    known: Mapping[str, int]
    lists: Rows
    gone: Postings
    added: Postings


def write(connection: sqlite3.Connection, path: Path, change: Change | None = None, frequent: int = FREQUENT) -> None:
    """Write the lists of the frequent terms of a full text, and to the table `frequent_term` the list of each.

    All are counted, or those of the last snapshot are changed.
    """
    connection.executescript("CREATE VIRTUAL TABLE temp.instance USING fts5vocab('main', 'full_text', 'instance');")
    connection.execute("DELETE FROM main.frequent_term")
    with RowWriter(path, RECORD.itemsize) as writer:
        if change is None:
            terms = _write_counted(connection, writer, frequent)
        else:
            terms = _write_changed(connection, writer, change, frequent)
    numbered = ((term, number) for number, term in enumerate(terms))
    connection.executemany("INSERT INTO main.frequent_term (term, list) VALUES (?, ?)", numbered)
    connection.execute("DROP TABLE temp.instance")


def _write_counted(connection: sqlite3.Connection, writer: RowWriter, frequent: int) -> list[str]:
    """Count and write all lists; their terms."""
    query = (
        "SELECT term FROM main.vocabulary WHERE doc > ? AND term NOT IN (SELECT value FROM json_each(?)) ORDER BY term"
    )
    terms = [term for (term,) in connection.execute(query, (frequent, json.dumps(sorted(_stop_terms()))))]
    for term in terms:
        writer.add(_counted(connection, term).view(np.uint8))
    return terms


def _write_changed(connection: sqlite3.Connection, writer: RowWriter, change: Change, frequent: int) -> list[str]:
    """Write the lists that are as they were, those that are not, and those of terms that have become frequent."""
    gone, added, none = change.gone.lists(), change.added.lists(), np.zeros(0, RECORD)
    lists: dict[str, NDArray[np.void]] = {}
    for term, number in change.known.items():
        if number in gone or number in added:
            rows = change.lists.of(number).reshape(-1).view(RECORD)
            kept = rows[~np.isin(rows["slot"], gone.get(number, none)["slot"])]
            lists[term] = np.concatenate([kept, added.get(number, none)])
    for term, count in full_text.passages_holding(connection, sorted(change.added.others - _stop_terms())).items():
        if count > frequent:
            lists[term] = _counted(connection, term)
    terms = [term for term in sorted({*change.known, *lists}) if term not in lists or len(lists[term]) > frequent]
    first = behind = 0  # lists of the last snapshot that are as they were and follow each other, still to be copied
    for term in terms:
        number = behind if term in lists else change.known[term]
        if term in lists or number != behind:
            writer.copy(change.lists, first, behind)
            first = behind = number
        if term in lists:
            writer.add(lists[term].view(np.uint8))
        else:
            behind += 1
    writer.copy(change.lists, first, behind)
    return terms


def _stop_terms() -> set[str]:
    """Terms that are never counted, as nobody searches for them."""
    return set(stems(sorted(lexical.STOP_WORDS), "en"))


def _counted(connection: sqlite3.Connection, term: str) -> NDArray[np.void]:
    """The list of a term, counted in the full text."""
    query = "SELECT doc, col = 'text' FROM temp.instance WHERE term = ?"
    found = np.fromiter(connection.execute(query, (term,)), _FOUND)
    slots, which = np.unique(found["slot"], return_inverse=True)
    rows = np.zeros(len(slots), RECORD)
    rows["slot"] = slots
    rows["count"] = np.bincount(which, np.where(found["in_text"], 1.0, bm25.CONTEXT_WEIGHT))
    return rows
