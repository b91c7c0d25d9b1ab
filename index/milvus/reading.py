"""What is read of a generation in Milvus, each once as far as memory allows."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import xxhash

from index.encoding.arrays import Bytes
from index.encoding.encoder import Vectors
from index.milvus.directory import Directory
from index.milvus.manifest import Manifest, newest, rebuilding
from index.milvus.packing import Damaged, divided, gathered, key_of, stored_passage, unpacked, unpacked_bytes
from index.milvus.tables import AT_ONCE, PART_BITS, Row, Tables
from index.protocol import Stored
from index.words.scored import Terms
from source.errors import DamagedIndex, UserError

# So long after a generation was opened, in seconds, every server that answers has its rows.
_SETTLED = 60.0
# So often, in seconds, it is asked whether the rows of a generation may be gone; and so long after it was replaced
# they are taken away. What is asked in between must have ended.
LOOKED, KEPT = 60.0, 600.0
_MOST_PASSAGES, _MOST_RECORDS = 1024, 512

_Key = TypeVar("_Key", int, str)
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Held:
    """A passage as it was read: its terms, `vectors` (windows, d), its tokens as they were `packed`, its `size`."""

    stored: Stored
    terms: Terms
    vectors: Vectors
    packed: Bytes
    size: int


class Cache(Generic[_Key, _Kept]):
    """What was read last, by its key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[_Key, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, keys: Collection[_Key], read: Callable[[list[_Key]], Mapping[_Key, _Kept]]) -> dict[_Key, _Kept]:
        """What has these keys; `read` gives what is not held."""
        with self._lock:
            found = {key: self._held[key] for key in keys if key in self._held}
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        fresh = read(missing) if missing else {}
        self.hold(fresh)
        return {**found, **fresh}

    def hold(self, fresh: Mapping[_Key, _Kept]) -> None:
        """Keep what was read."""
        with self._lock:
            self._held.update(fresh)
            while len(self._held) > self._most:
                self._held.popitem(last=False)


class GenerationRows:
    """The rows of the generation of `manifest`; safe to use from many threads."""

    def __init__(self, tables: Tables, manifest: Manifest) -> None:
        self.tables = tables
        self.manifest = manifest
        self._passages: Cache[int, Held] = Cache(_MOST_PASSAGES)
        self._records: Cache[int, str] = Cache(_MOST_RECORDS)
        self._opened = self._looked = time.monotonic()

    @property
    def level(self) -> str:
        """How far servers may lag behind: not at all while the generation is young."""
        return "Strong" if time.monotonic() - self._opened < _SETTLED else "Bounded"

    @property
    def alive(self) -> str:
        """The condition that a row is of this generation."""
        generation = self.manifest.generation
        return f"born <= {generation} and gone > {generation}"

    def check(self) -> None:
        """Raise UserError if the rows of this generation may have been taken away."""
        now = time.monotonic()
        if now - self._looked < LOOKED:
            return
        current = newest(self.tables)
        replaced = {int(generation): when for generation, when in current.recent}
        if current.generation != self.manifest.generation:
            when = replaced.get(self.manifest.generation)
            if when is None or time.time() - when > KEPT / 2:
                raise UserError(self._gone())
        self._looked = now

    def directory(self) -> Directory:
        """The documents of the generation. Raises DamagedIndex."""
        try:
            return Directory.unpacked(self.record(self.manifest.directory))
        except Damaged as error:
            raise self.damaged() from error

    def record(self, serial: int) -> str:
        """The text of a record. Raises DamagedIndex if it is not there."""
        return self.records([serial])[serial]

    def records(self, serials: Sequence[int]) -> dict[int, str]:
        """The texts of records, by serial. Raises DamagedIndex if one is not there."""

        def read(missing: list[int]) -> dict[int, str]:
            found = self.tables.things(self.tables.records, missing, ["data"], self.level)
            return {serial: gathered([row["data"] for row in rows]) for serial, rows in found.items()}

        try:
            found = self._records.take(serials, read)
        except Damaged as error:
            raise self.damaged() from error
        if any(serial not in found for serial in serials):
            raise self.lost()
        return found

    def heads(self, serials: Sequence[int]) -> dict[int, str]:
        """The heads of documents, by serial. Raises DamagedIndex if one is not there."""
        numbers = [serial << PART_BITS for serial in serials]
        found = self.tables.rows(self.tables.records, numbers, ["head"], self.level)
        if len(found) < len(numbers):
            raise self.lost()
        return {serial: found[number]["head"] for serial, number in zip(serials, numbers, strict=True)}

    def named(self, names: Sequence[str]) -> list[tuple[int, str]]:
        """Serials and heads of the documents of these names, and maybe of others.

        Of one alone the text is at hand then: what is asked for by its name is quoted.
        """
        fields = ["id", "head", *(["data"] if len(names) == 1 else [])]
        found: list[tuple[int, str]] = []
        for start in range(0, len(names), AT_ONCE):
            keys = [key_of(name) for name in names[start : start + AT_ONCE]]
            rows = self.tables.where(self.tables.records, f"key in {keys} and {self.alive}", fields, self.level)
            for row in rows:
                serial = int(row["id"]) >> PART_BITS
                found += [(serial, row["head"])] if row["head"] else []
                if row.get("data", "").startswith("1 "):
                    self._records.hold({serial: gathered([row["data"]])})
        return found

    def passages(self, serials: Sequence[int]) -> list[Held]:
        """The passages with these serials. Raises DamagedIndex if one is not there or not as it was written."""

        def read(missing: list[int]) -> dict[int, Held]:
            found = self.tables.things(self.tables.passages, missing, ["data", "terms", "tokens", "vector"], self.level)
            return {serial: held(serial, rows) for serial, rows in found.items()}

        try:
            found = self._passages.take(serials, read)
        except Damaged as error:
            raise self.damaged() from error
        if any(serial not in found for serial in serials):
            raise self.lost()
        return [found[serial] for serial in serials]

    def lost(self) -> UserError:
        """What to raise when rows are not there: were they taken away, or is the index damaged?"""
        current = newest(self.tables)
        return UserError(self._gone()) if current.generation != self.manifest.generation else self.damaged()

    def damaged(self) -> DamagedIndex:
        """What to raise when something is not as it was written."""
        address = self.tables.server.address.text
        mend = rebuilding(address, self.manifest.origin)
        return DamagedIndex(f"The index at {address!r} is not as it was written; rebuild it: {mend}")

    def _gone(self) -> str:
        return f"The index at {self.tables.server.address.text!r} was rebuilt while it was asked; ask again."


def held(serial: int, rows: Sequence[Row]) -> Held:
    """The passage in these rows. Raises Damaged."""
    passage, shape, checksum, windows = unpacked(gathered([row["data"] for row in rows]))
    tokens = unpacked_bytes("".join(row["tokens"] for row in rows))
    if passage[0] != serial or checksum_of(tokens) != checksum:
        raise Damaged("another passage")
    vectors = np.asarray([row["vector"] for row in rows[:windows]], np.float32)
    size = sum(len(row["data"]) + len(row["tokens"]) for row in rows)
    stored = stored_passage(passage)
    terms = divided(rows[0]["terms"]) or Terms.of(stored.context, stored.text, passage[3])
    return Held(stored, terms, vectors, tokens.reshape(shape), size)


def checksum_of(data: Bytes) -> str:
    """XXH3 (64 bits) of bytes, as hexadecimal digits."""
    return xxhash.xxh3_64_hexdigest(np.ascontiguousarray(data).tobytes())
