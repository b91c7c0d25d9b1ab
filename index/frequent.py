"""Frequent words: what each is worth in every passage that holds it, computed when the index is built.

BM25 is a sum over the words of a question. SQLite needs about a microsecond for each passage that
holds a word, too long for words that stand in thousands; of those the summands lie in a file, as
SQLite computed them, and are added up here. The order is that of SQLite's own BM25 over all words.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import lexical
from index.rows import Rows, RowWriter

# A word is frequent if it stands, in any of its forms, in more passages than this.
FREQUENT = 2_000
RECORD = np.dtype([("passage", "<u4"), ("score", "<f4")])
_COMPUTED = np.dtype([("passage", "<u4"), ("score", "<f8")])


def write(connection: sqlite3.Connection, path: Path, frequent: int = FREQUENT) -> None:
    """Write the frequent words of a full text, and to the table `frequent_word` the list of each."""
    connection.execute("CREATE TABLE frequent_word (word TEXT PRIMARY KEY, list INTEGER NOT NULL) WITHOUT ROWID")
    lists = 0
    with RowWriter(path, RECORD.itemsize) as writer:
        for forms in _frequent(connection, frequent):
            scores = np.fromiter(lexical.scores(connection, forms[:1], None), _COMPUTED)
            writer.add(scores.astype(RECORD).view(np.uint8))
            connection.executemany("INSERT INTO frequent_word VALUES (?, ?)", [(form, lists) for form in forms])
            lists += 1


def _frequent(connection: sqlite3.Connection, frequent: int) -> Iterator[list[str]]:
    """The forms of each frequent word: words that SQLite brings to one stem."""
    words = connection.execute("SELECT word, passages FROM word ORDER BY word").fetchall()
    words = [(word, count) for word, count in words if word not in lexical.STOP_WORDS]
    connection.executescript(
        f"CREATE VIRTUAL TABLE temp.form USING fts5(word, content='', tokenize='{lexical.TOKENIZER}');"
        "CREATE VIRTUAL TABLE temp.form_stem USING fts5vocab('temp', 'form', 'instance');"
    )
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO form (rowid, word) VALUES (?, ?)", enumerate(word for word, _ in words))
    connection.execute("COMMIT")
    # A word of several stems is a phrase to SQLite, and left to it.
    query = "SELECT min(term), doc FROM form_stem GROUP BY doc HAVING count(*) = 1 ORDER BY 1, 2"
    stems: dict[str, list[int]] = {}
    for stem, number in connection.execute(query):
        stems.setdefault(stem, []).append(number)
    connection.executescript("DROP TABLE temp.form_stem; DROP TABLE temp.form;")
    for numbers in stems.values():
        if sum(words[number][1] for number in numbers) > frequent:
            yield [words[number][0] for number in numbers]


def search(
    connection: sqlite3.Connection,
    lists: Rows,
    terms: Sequence[str],
    k: int,
    documents: Collection[int] | None,
    among: NDArray[np.int64] | None,
    passages: int,
) -> list[tuple[int, float]]:
    """As `lexical.search`, with the `lists` of frequent words; `among` are all passages of `documents`."""
    query = "SELECT word, list FROM frequent_word WHERE word IN (SELECT value FROM json_each(?))"
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
