"""Frequent terms: what each is worth in every passage that holds it, computed when the index is built.

BM25 is a sum over the terms of a question. SQLite needs about a microsecond for each passage that
holds a term, too long for those that stand in thousands; of those the summands lie in a file, as
SQLite computed them, and are added up here. The order is that of SQLite's own BM25 over all terms.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import lexical
from index.rows import Rows, RowWriter
from index.stems import stems

# A term is frequent if it stands in more passages than this.
FREQUENT = 500
RECORD = np.dtype([("passage", "<u4"), ("score", "<f4")])
_COMPUTED = np.dtype([("passage", "<u4"), ("score", "<f8")])


def write(connection: sqlite3.Connection, path: Path, frequent: int = FREQUENT) -> None:
    """Write the frequent terms of a full text, and to the table `frequent_term` the list of each."""
    stop_words = stems(sorted(lexical.STOP_WORDS), "en")
    connection.executescript(
        "CREATE TABLE frequent_term (term TEXT PRIMARY KEY, list INTEGER NOT NULL) WITHOUT ROWID;"
        "CREATE VIRTUAL TABLE temp.term USING fts5vocab('main', 'full_text', 'row');"
    )
    query = "SELECT term FROM temp.term WHERE doc > ? AND term NOT IN (SELECT value FROM json_each(?)) ORDER BY term"
    found = connection.execute(query, (frequent, json.dumps(stop_words))).fetchall()
    with RowWriter(path, RECORD.itemsize) as writer:
        for number, (term,) in enumerate(found):
            scores = np.fromiter(lexical.scores(connection, [term], None), _COMPUTED)
            writer.add(scores.astype(RECORD).view(np.uint8))
            connection.execute("INSERT INTO frequent_term VALUES (?, ?)", (term, number))
    connection.execute("DROP TABLE temp.term")


def search(
    connection: sqlite3.Connection,
    lists: Rows,
    terms: Sequence[str],
    k: int,
    documents: Collection[int] | None,
    among: NDArray[np.int64] | None,
    passages: int,
) -> list[tuple[int, float]]:
    """As `lexical.search`, with the `lists` of frequent terms; `among` are all passages of `documents`."""
    query = "SELECT term, list FROM frequent_term WHERE term IN (SELECT value FROM json_each(?))"
    known = dict(connection.execute(query, (json.dumps(list(terms)),)))
    if not known:
        return lexical.search(connection, terms, k, documents)
    rare = [term for term in terms if term not in known]
    found = np.fromiter(lexical.scores(connection, rare, documents) if rare else (), _COMPUTED)
    parts = [(found["passage"], found["score"])]
    for term in terms:
        if term in known:
            rows = lists.of(known[term]).reshape(-1).view(RECORD)
            parts.append((rows["passage"], rows["score"]))
    total = np.zeros(passages)
    for numbers, scores in parts:
        total[numbers] += scores
    numbers = np.concatenate([numbers for numbers, _ in parts])
    if among is not None:
        inside = np.zeros(passages, np.bool_)
        inside[among] = True
        numbers = numbers[inside[numbers]]
    most = k * len(parts)  # a passage stands in each part once at most
    if len(numbers) > most:
        numbers = numbers[np.argpartition(-total[numbers], most - 1)[:most]]
    numbers = np.unique(numbers)
    best = numbers[np.argsort(-total[numbers], kind="stable")[:k]]
    return list(zip(best.tolist(), total[best].tolist(), strict=True))
