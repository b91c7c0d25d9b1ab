"""The two tables of an index in Milvus, and how their rows are written, found and taken away.

COLLECTION holds the passages, COLLECTION_records what else there is: documents, counts of words, manifests. A row
carries the generations in which it was `born` and `gone`. What is longer than a field lies in several rows, whose
numbers follow each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from index.milvus.server import BUILDING, Away, MilvusServer, Untyped, library
from source.errors import UserError

Row = dict[str, Any]

# Bytes that a field of text takes at most are 65,535.
PART = 60_000
# Rows of one thing are numbered behind its own number, by so many bits.
PART_BITS = 12
# The generation in which a row is gone that is not.
NEVER = 1 << 62
# The most rows that Milvus gives out at once.
MOST = 16_384
# Rows asked for at once where they are large, and bytes written at once.
AT_ONCE, _WRITTEN = 256, 8_000_000
# Up to so many passages all vectors are compared with a question, as in the index on disk.
EXACT_UP_TO = 150_000
_BM25 = {"bm25_k1": 1.2, "bm25_b": 0.75}


class Tables:
    """The tables of the collection that a server's address names."""

    def __init__(self, server: MilvusServer) -> None:
        self.server = server
        self.passages = server.address.collection
        self.records = f"{self.passages}_records"

    def exist(self, table: str) -> bool:
        """Whether there is such a table."""
        return bool(self.server.ask("has_collection", table))

    def create_records(self) -> None:
        """Make the table of records, unless it is there."""
        if self.exist(self.records):
            return
        schema = self._schema({"id": "INT64", "key": "INT64", "born": "INT64", "gone": "INT64"}, ("head", "data"), 2)
        index = self._index([("vector", "FLAT", "IP", {})])
        self._create(self.records, schema, index)

    def create_passages(self, dimension: int, kind: str, passages: int) -> None:
        """Make the table of passages, unless it is there; its vectors are searched as `kind` says."""
        if self.exist(self.passages):
            return
        numbers = {"id": "INT64", "document": "INT64", "key": "INT64", "born": "INT64", "gone": "INT64"}
        schema = self._schema(numbers, ("data", "tokens"), dimension, full_text=True)
        lists = max(16, min(4096, 4 * int(passages**0.5)))
        built: Mapping[str, object] = {"HNSW": {"M": 32, "efConstruction": 200}, "IVF_FLAT": {"nlist": lists}}.get(
            kind, {}
        )
        fields = [("vector", kind, "IP", built), ("sparse", "SPARSE_INVERTED_INDEX", "BM25", _BM25)]
        try:
            self._create(self.passages, schema, self._index(fields))
        except Away:
            raise
        except UserError as error:
            raise UserError(
                f"The collection {self.passages!r} cannot be made: it needs full-text search (BM25), which Milvus has "
                f"from 2.5 on, and vectors of the kind {kind}, another of which may stand behind ?index= ({error})"
            ) from error

    def _schema(
        self, numbers: Mapping[str, str], texts: Sequence[str], dimension: int, *, full_text: bool = False
    ) -> Untyped:
        pymilvus = library()
        kind = pymilvus.DataType
        schema = pymilvus.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        for name, what in numbers.items():
            schema.add_field(name, kind[what], is_primary=name == "id")
        for name in texts:
            schema.add_field(name, kind.VARCHAR, max_length=65_535)
        schema.add_field("vector", kind.FLOAT_VECTOR, dim=dimension)
        if full_text:  # the terms come analysed: they are only parted
            analyzer = {"tokenizer": "whitespace"}
            schema.add_field("terms", kind.VARCHAR, max_length=65_535, enable_analyzer=True, analyzer_params=analyzer)
            schema.add_field("sparse", kind.SPARSE_FLOAT_VECTOR)
            function = pymilvus.Function(
                name="bm25",
                function_type=pymilvus.FunctionType.BM25,
                input_field_names=["terms"],
                output_field_names=["sparse"],
            )
            schema.add_function(function)
        return schema

    def _index(self, fields: Iterable[tuple[str, str, str, Mapping[str, object]]]) -> Untyped:
        params = library().MilvusClient.prepare_index_params()
        for name, kind, metric, built in fields:
            params.add_index(name, index_type=kind, metric_type=metric, params=dict(built))
        return params

    def _create(self, table: str, schema: Untyped, index: Untyped) -> None:
        try:
            self.server.ask(
                "create_collection",
                table,
                schema=schema,
                index_params=index,
                consistency_level="Strong",
                timeout=BUILDING,
            )
        except UserError:
            if self.exist(table):
                self.server.ask("drop_collection", table)
            raise

    def rows(self, table: str, numbers: Sequence[int], fields: Sequence[str], level: str) -> dict[int, Row]:
        """The rows with these numbers, by number, as far as they are there."""
        found: dict[int, Row] = {}
        for start in range(0, len(numbers), AT_ONCE):
            wanted = list(numbers[start : start + AT_ONCE])
            some = self.where(table, f"id in {wanted}", ["id", *fields], level, limit=len(wanted))
            found.update((row["id"], row) for row in some)
        return found

    def things(self, table: str, numbers: Sequence[int], fields: Sequence[str], level: str) -> dict[int, list[Row]]:
        """All rows of each thing, in order, by the thing's number; those of what is there.

        What has several rows says in its first how many, in the first characters of `data`: see `parted`.
        """
        first = self.rows(table, [number << PART_BITS for number in numbers], fields, level)
        found = {at >> PART_BITS: [row] for at, row in first.items()}
        more = [at + part for at, row in first.items() for part in range(1, int(row["data"].partition(" ")[0] or "1"))]
        rest = self.rows(table, more, fields, level)
        for at in more:
            if at in rest:
                found[at >> PART_BITS].append(rest[at])
        return found

    def where(self, table: str, filter_: str, fields: Sequence[str], level: str, *, limit: int = MOST) -> list[Row]:
        """Up to `limit` rows of which this is true."""
        found = self.server.ask(
            "query", table, filter=filter_, output_fields=list(fields), limit=limit, consistency_level=level
        )
        return [dict(row) for row in found]

    def count(self, filter_: str, level: str) -> int:
        """How many rows of passages this is true of."""
        found = self.server.ask(
            "query", self.passages, filter=filter_, output_fields=["count(*)"], consistency_level=level
        )
        return int(found[0]["count(*)"])

    def search(self, field: str, wanted: object, k: int, filter_: str, level: str, **options: Untyped) -> list[Row]:
        """The `k` best rows of passages by `field`: number, document, score, and the `fields` that are asked for."""
        fields = options.pop("fields", [])
        found = self.server.ask(
            "search",
            self.passages,
            data=[wanted],
            anns_field=field,
            limit=min(k, MOST),
            filter=filter_,
            output_fields=["document", *fields],
            consistency_level=level,
            search_params=options,
        )
        return [{"id": hit["id"], "score": hit["distance"], **hit["entity"]} for hit in found[0]]

    def insert(self, table: str, rows: Iterable[Row]) -> None:
        """Write new rows."""
        for some in _batches(rows):
            self.server.ask("insert", table, some, timeout=BUILDING)

    def replace(self, table: str, rows: Iterable[Row]) -> None:
        """Write rows in the place of those that have their numbers, if there are any."""
        for some in _batches(rows):
            self.server.ask("upsert", table, some, timeout=BUILDING)

    def whole(self, table: str, filter_: str) -> Iterator[list[Row]]:
        """The rows of which this is true, whole, some at a time; each time is looked anew."""
        fields = ["id", "key", "born", "gone", "vector", "data"]
        fields += ["head"] if table == self.records else ["document", "terms", "tokens"]
        while some := self.where(table, filter_, fields, "Strong", limit=AT_ONCE):
            yield some

    def delete(self, table: str, filter_: str) -> None:
        """Take away the rows of which this is true."""
        self.server.ask("delete", table, filter=filter_, timeout=BUILDING)


class _Text(str):
    """A text that pymilvus looks at once: it takes the text of a row for a list, and would look at every letter."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield self


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in lists of not too many bytes."""
    some: list[Row] = []
    size = 0
    for row in rows:
        some.append({name: _Text(value) if isinstance(value, str) else value for name, value in row.items()})
        size += sum(len(value) for value in row.values() if isinstance(value, str)) + 4096
        if size > _WRITTEN:
            yield some
            some, size = [], 0
    if some:
        yield some
