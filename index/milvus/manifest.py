"""What a generation in Milvus says of itself: one row, whose writing publishes all the others."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.command import command
from index.encoding.encoder import Vectors
from index.manifest import Head
from index.milvus.packing import Damaged, packed, unpacked
from index.milvus.server import Away
from index.milvus.tables import NEVER, Row, Tables
from index.protocol import About, Origin
from source.errors import DamagedIndex, NoIndex, UserError
from source.library import Skipped

FORMAT = 3
# Manifests have the numbers of their generations, below 0; below all of those are the claims of builders.
CLAIMS = -(1 << 41)


@dataclass(slots=True)
class Sums:
    """What is known of passages as a whole: how many `vectors`, the `total` (d,) of these, the `size` in bytes."""

    vectors: int = 0
    total: NDArray[np.float64] = field(default_factory=lambda: np.zeros(1))
    size: int = 0

    def count(self, vectors: Vectors, size: int, by: int = 1) -> None:
        """Count the `vectors` (windows, d) and bytes of a passage `by` 1, or -1 to take it away."""
        self.add(Sums(by * len(vectors), by * vectors.sum(0, dtype=np.float64), by * size))

    def add(self, other: Sums) -> None:
        """Count what somebody else has counted."""
        self.vectors += other.vectors
        self.total = self.total + other.total
        self.size += other.size


@dataclass(frozen=True, slots=True)
class Manifest(Head):
    """What a generation says of itself.

    `directory`, `words`, `projection`, `skipped`, `replaced` are the serials of what holds them, `buckets` is how many
    parts the counts of words are divided into. `total` sums the `vectors` (windows, d), `terms` the lengths of all
    passages. `free` is the first serial that was never used. `recent` are generations whose rows may still be
    there and when, in seconds, they were replaced.
    """

    name: str
    generation: int
    languages: Sequence[str]
    kind: str
    directory: int
    words: int
    buckets: int
    projection: int
    skipped: int
    replaced: int
    vectors: int
    total: str
    terms: int
    free: int
    size: int
    recent: Sequence[Sequence[float]]

    def row(self) -> Row:
        """The row that publishes the generation."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return record(-self.generation, 0, NEVER, packed(values))

    @property
    def origin(self) -> Origin:
        """What the generation was built from."""
        return Origin(self.source, self.model, bool(self.settings["chosen"]), self.selection)

    @property
    def sums(self) -> Sums:
        """What is known of its passages as a whole."""
        return Sums(self.vectors, np.frombuffer(base64.b64decode(self.total), np.float64), self.size)

    def about(self, address: str, skipped: Sequence[Skipped]) -> About:
        """What the index at `address` says of itself."""
        return self.described(address, tuple(skipped), rebuilding(address, self.origin), self.size)


def record(number: int, born: int, gone: int, data: str, *, key: int = 0, head: str = "") -> Row:
    """A row of the table of records; its vector is there because Milvus wants one."""
    return {"id": number, "key": key, "born": born, "gone": gone, "head": head, "data": data, "vector": [0.0, 0.0]}


def rebuilding(address: str, origin: Origin | None = None) -> str:
    """The command that builds the index at `address` anew, as far as its origin is known."""
    return command(origin, address)


def newest(tables: Tables) -> Manifest:
    """The current manifest. Raises NoIndex if there is none, DamagedIndex if it cannot be read."""
    address = tables.server.address.text
    missing = f"There is no index at {address!r}; build one with: {rebuilding(address)}"
    try:
        found = tables.where(tables.records, f"id < 0 and id > {CLAIMS}", ["id", "data"], "Strong")
    except Away:
        raise
    except UserError as error:
        if tables.exist(tables.records):
            raise
        raise NoIndex(missing) from error
    if not found:
        raise NoIndex(missing)
    return read(min(found, key=lambda row: int(row["id"])), address)


def read(row: Mapping[str, Any], address: str) -> Manifest:
    """The manifest in a row. Raises DamagedIndex if it cannot be read."""
    try:
        values = unpacked(row["data"])
        if values["format"] != FORMAT:
            raise DamagedIndex(
                f"The index has format {values['format']}, this Quoth reads format {FORMAT}; "
                f"rebuild it: {rebuilding(address, Origin(str(values['source']), str(values['model']), False))}"
            )
        return Manifest(**values)
    except (Damaged, KeyError, TypeError) as error:
        raise DamagedIndex(f"The manifest of {address!r} is damaged; rebuild it: {rebuilding(address)}") from error
