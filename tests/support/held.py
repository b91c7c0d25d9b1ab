"""What a snapshot holds, told apart from where it lies."""

import sqlite3
from contextlib import closing

from index.local.files import frequent
from index.local.snapshot import Snapshot


def everything(snapshot: Snapshot) -> list[object]:
    """All that a snapshot holds, down to the last word and byte, wherever it lies in the files."""
    order, stock = snapshot.order, snapshot.stock
    slots = order.at(range(snapshot.statistics.passages))
    with closing(sqlite3.connect(snapshot.folder / "text.sqlite")) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.occurrence USING fts5vocab('main', 'full_text', 'instance')")
        of_documents = [
            [
                connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", (number,)).fetchall()
                for number in order.documents
            ]
            for table, column in (("document", "id"), ("heading", "document"), ("passage", "document"))
        ]
        rows = [
            [[row[skipped:] for row in rows] for rows in table]
            for table, skipped in zip(of_documents, (1, 1, 2), strict=True)
        ]
        words = connection.execute("SELECT * FROM word ORDER BY word").fetchall()
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("document", "heading", "passage")
        ]
        terms = sorted(
            (term, order.number(slot), *place)
            for term, slot, *place in connection.execute("SELECT * FROM temp.occurrence")
        )
        listed = connection.execute("SELECT term, list FROM frequent_term ORDER BY term").fetchall()
    lists = []
    for term, number in listed:
        postings = snapshot.frequent_terms.lists.of(number).reshape(-1).view(frequent.RECORD)
        lists.append((term, sorted((order.number(slot), count) for slot, count in postings.tolist())))
    digests = [stock.digests["documents"][order.documents].tobytes(), stock.digests["passages"][slots].tobytes()]
    shared = [[rows.of(slot).tobytes() for slot in slots] for rows in (snapshot.token_files.rows, snapshot.rows)]
    same = [(snapshot.folder / name).read_bytes() for name in ("statistics.npz", "projection.npz")]
    return [rows, counts, words, terms, lists, digests, stock.lengths[slots].tolist(), shared, same]
