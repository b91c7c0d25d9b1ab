"""What a generation has replaced: marked as gone once it is published, and taken away when nobody may ask for it."""

from __future__ import annotations

from index.milvus.directory import STEP
from index.milvus.index import MilvusIndex
from index.milvus.tables import NEVER, PART_BITS, Tables


def mark_replaced(index: MilvusIndex) -> None:
    """Mark what the generation before had and this one has not as gone; what is marked already is left alone."""
    tables, generation = index.tables, index.manifest.generation
    documents, records = index.replaced
    whole = [(tables.passages, serial, serial + (count + 1) * STEP) for serial, count in documents]
    whole += [(tables.records, serial, serial + 1) for serial in (*(serial for serial, _ in documents), *records)]
    for table, first, past in whole:
        own = f"document == {first} and " if table == tables.passages else ""
        condition = f"{own}id >= {first << PART_BITS} and id < {past << PART_BITS} and gone == {NEVER}"
        for some in tables.whole(table, condition):
            tables.replace(table, ({**row, "gone": generation} for row in some))


def sweep(tables: Tables, oldest: int) -> None:
    """Take away what is gone for all who may still ask, of whom nobody asks a generation before `oldest`."""
    for table in (tables.passages, tables.records):
        tables.delete(table, f"gone <= {oldest}")


def undo(tables: Tables, published: int) -> None:
    """Take away what builds wrote that were not published."""
    for table in (tables.passages, tables.records):
        if tables.exist(table):
            tables.delete(table, f"born > {published}")
