"""The files of a new snapshot that hold text: what is new and what the last snapshot had, brought together.

If most of the last snapshot is kept, its file is copied and only what has changed is changed in it: what is kept
stays where it lies, what is new goes behind it, and what is gone leaves a gap. If there are too many gaps, or more is
new than is kept, all is written anew, in the order of the library.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.local.files import frequent, full_text, schema
from index.local.files.names import ADDED, DIGESTS, LENGTHS, LISTS, ORDER, TEXT
from index.local.files.order import Numbers, Order, runs
from index.local.files.records import Stock
from index.local.files.storage import immutable
from index.local.snapshot import Snapshot
from index.numbers import DocumentNumber
from index.words import lexical

# All is written anew if more than this share of a file would be gaps.
_GAPS = 1 / 4


@dataclass(frozen=True, slots=True)
class Listed:
    """The documents of a new snapshot in the order of the library.

    Each is `kept` from the last snapshot or was added (documents,); `table` holds its number and first slot there, and
    how many passages it has (documents, 3).
    """

    kept: NDArray[np.bool_]
    table: Numbers

    def slots(self, kept: bool) -> Numbers:
        """Where the passages lay of what is kept, or of what was added."""
        return runs(*self.table[self.kept == kept, 1:].T)

    def size(self, kept: bool) -> int:
        """How many documents and passages are kept, or were added."""
        counts = self.table[self.kept == kept, 2]
        return len(counts) + int(counts.sum())


@dataclass(frozen=True, slots=True)
class Texts:
    """What was written: the `order` of the library in it, and the slot that each passage had in the last snapshot.

    `origins` (slots,) is -1 where a passage is new, or none lies. `stays` says that what was kept lies where it lay;
    so many `sentences` are gone.
    """

    order: Order
    origins: Numbers
    stays: bool
    sentences: int


def merge(folder: Path, listed: Listed, added: Stock, last: Snapshot | None) -> Texts:
    """Write the files of the new snapshot in `folder`, where what was `added` lies in a file of its own."""
    stays = last is not None and _mostly_kept(listed, last)
    before = last.stock if last and stays else Stock.nothing()
    order = _order(listed, before)
    if last and listed.kept.any():
        sentences = _join(folder, listed, order, last, stays)
        (folder / ADDED).unlink()
    else:
        (folder / ADDED).rename(folder / TEXT)
        sentences = 0
        with closing(schema.connect(folder / TEXT)) as connection:
            _search_all(connection, folder)
    order.save(folder / ORDER)
    stock = _stock(listed, order, added, last)
    np.savez(folder / DIGESTS, **stock.digests)  # type: ignore[arg-type]
    np.save(folder / LENGTHS, stock.lengths)
    origins = np.full(len(stock.lengths), -1, np.int64)
    origins[order.slots[np.repeat(listed.kept, listed.table[:, 2])]] = listed.slots(kept=True)
    return Texts(order, origins, stays, sentences)


def _join(folder: Path, listed: Listed, order: Order, last: Snapshot, stays: bool) -> int:
    """Write what is kept and what was added to one file; how many sentences are gone."""
    gone = _gone(listed, last)
    with closing(_attached(folder, last, stays)) as connection:
        sentences = _take_words(connection, gone)
        if stays:
            _change(connection, folder, last, gone)
        else:
            _copy_in_order(connection, listed, order)
            full_text.add(connection, full_text.stored_terms(connection, "p.id >= ?", 0))
            connection.execute("COMMIT")
            _search_all(connection, folder)
    return sentences


def _mostly_kept(listed: Listed, last: Snapshot) -> bool:
    kept, added = listed.size(kept=True), listed.size(kept=False)
    lying = len(last.stock.digests["documents"]) + len(last.stock.lengths)
    return 0 < kept >= added and lying - kept <= _GAPS * (lying + added)


def _order(listed: Listed, before: Stock) -> Order:
    """Where all lies: what is kept where it lay `before`, what was added behind it; in order if nothing lay there."""
    documents, slots = len(before.digests["documents"]), len(before.lengths)
    counts = listed.table[:, 2]
    if not slots and not documents:
        table = np.stack([np.arange(len(counts)), np.cumsum(counts) - counts, counts], 1)
        return Order.of(table, int(counts.sum()))
    added = ~listed.kept
    return Order.of(listed.table + np.outer(added, [documents, slots, 0]), slots + int(counts[added].sum()))


def _stock(listed: Listed, order: Order, added: Stock, last: Snapshot | None) -> Stock:
    """What is known of what lies in the new file."""
    documents = np.zeros((int(order.table[:, 0].max(initial=-1)) + 1, 32), np.uint8)
    passages = np.zeros((len(order.numbers), 32), np.uint8)
    lengths = np.zeros(len(order.numbers), np.uint32)
    for kept, source in ((True, last.stock if last else added), (False, added)):
        here, there = order.table[listed.kept == kept], listed.table[listed.kept == kept]
        documents[here[:, 0]] = source.digests["documents"][there[:, 0]]
        slots, origins = runs(*here[:, 1:].T), runs(*there[:, 1:].T)
        passages[slots] = source.digests["passages"][origins]
        lengths[slots] = source.lengths[origins]
    return Stock({"documents": documents, "passages": passages}, lengths)


def _attached(folder: Path, last: Snapshot, stays: bool) -> sqlite3.Connection:
    """The new file, with the `last` snapshot's and the one that holds what was `added` beside it."""
    before = last.folder / TEXT
    if stays:
        shutil.copyfile(before, folder / TEXT)
    last.check(TEXT, copy=folder / TEXT if stays else before)
    connection = schema.connect(folder / TEXT) if stays else schema.create(folder / TEXT)
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("ATTACH ? AS last", (immutable(before),))
    connection.execute("ATTACH ? AS added", (immutable(folder / ADDED),))
    connection.execute("BEGIN")
    for other in ("added",) if stays else ("added", "last"):
        full_text.add_words(connection, other)
    return connection


def _gone(listed: Listed, last: Snapshot) -> list[DocumentNumber]:
    """The documents of the last snapshot that are not kept."""
    gone = np.setdiff1d(last.order.table[:, 0], listed.table[listed.kept, 0])
    return [DocumentNumber(number) for number in gone.tolist()]


def _take_words(connection: sqlite3.Connection, gone: Sequence[DocumentNumber]) -> int:
    """Count the words of the documents that are gone no longer; how many sentences they had."""
    words, sentences = full_text.WordCounts(), 0
    query = "SELECT context, text, sentences FROM last.passage WHERE document = ?"
    for document in gone:
        for context, text, marks in connection.execute(query, (document,)):
            words.count(connection, chain(lexical.words(context), lexical.words(text)), -1)
            sentences += len(marks.split()) // 2
    words.write(connection)
    return sentences


def _change(connection: sqlite3.Connection, folder: Path, last: Snapshot, gone: Sequence[DocumentNumber]) -> None:
    """Take what is gone out of a copy of the last snapshot's file, and put what was added behind the rest."""
    known = dict(connection.execute("SELECT term, list FROM last.frequent_term"))
    taken, new = frequent.Postings(known), frequent.Postings(known)
    for document in gone:
        passages = full_text.stored_terms(connection, "p.document = ?", document)
        full_text.take_away(connection, taken.counted(passages))
        for table in schema.NUMBERED:
            connection.execute(f"DELETE FROM main.{table} WHERE {schema.owner(table)} = ?", (document,))
    documents, slots = len(last.stock.digests["documents"]), len(last.stock.lengths)
    added = connection.execute("SELECT count(*) FROM added.document").fetchone()[0]
    _copy(connection, "added", range(added), {"document": documents, "slot": slots})
    full_text.add(connection, new.counted(full_text.stored_terms(connection, "p.id >= ?", slots)))
    connection.execute("COMMIT")
    frequent.write(connection, folder / LISTS, frequent.Change(known, last.frequent_terms.lists, taken, new))


def _search_all(connection: sqlite3.Connection, folder: Path) -> None:
    """Make all that searches the texts, whose terms are there."""
    connection.execute(schema.KEYS)
    full_text.optimize(connection)
    frequent.write(connection, folder / LISTS)


def _copy_in_order(connection: sqlite3.Connection, listed: Listed, order: Order) -> None:
    """Copy all documents, of which those that follow each other there as well, and their passages, at once."""
    kept, there, here = listed.kept, listed.table, order.table
    next_document, next_slot = there[:-1, 0] + 1, there[:-1, 1] + there[:-1, 2]
    follows = (kept[1:] == kept[:-1]) & (there[1:, 0] == next_document) & (there[1:, 1] == next_slot)
    for start, end in pairwise([0, *(np.flatnonzero(~follows) + 1).tolist(), len(there)]):
        document, slot, _ = (here[start] - there[start]).tolist()
        documents = range(int(there[start, 0]), int(there[end - 1, 0]) + 1)
        _copy(connection, "last" if kept[start] else "added", documents, {"document": document, "slot": slot})


def _copy(connection: sqlite3.Connection, source: str, documents: range, shifts: Mapping[str, int]) -> None:
    """Copy neighbouring documents of `source`, with all that belongs to them, to other numbers and slots."""
    for table, numbered in schema.NUMBERED.items():
        columns = [str(row[1]) for row in connection.execute(f"PRAGMA main.table_info({table})")]
        values = (f'"{c}" + {shifts[numbered[c]]}' if c in numbered else f'"{c}"' for c in columns)
        names = ", ".join(f'"{c}"' for c in columns)
        connection.execute(
            f"INSERT INTO main.{table} ({names}) SELECT {', '.join(values)} FROM {source}.{table} "
            f"WHERE {schema.owner(table)} BETWEEN {documents.start} AND {documents.stop - 1}"
        )
