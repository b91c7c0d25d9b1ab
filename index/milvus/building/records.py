"""Records of a new generation: texts under serials of their own, in rows that hold so much each."""

from __future__ import annotations

from collections.abc import Mapping

from index.milvus.directory import STEP
from index.milvus.manifest import record
from index.milvus.packing import spread
from index.milvus.tables import NEVER, PART_BITS, Row, Tables


class Records:
    """Writes records that are born in the generation `ticket`; `free` is the first serial that was never used."""

    def __init__(self, tables: Tables, ticket: int, free: int) -> None:
        self._tables = tables
        self._ticket = ticket
        self.free = free

    def serials(self, count: int) -> int:
        """The first of so many serials that nobody has."""
        first = self.free * STEP + self._ticket % STEP
        self.free += count
        return first

    def store(self, text: str) -> int:
        """Write a record of its own; its serial."""
        serial = self.serials(1)
        self.write({serial: text})
        return serial

    def write(self, texts: Mapping[int, str], *, key: int = 0, head: str = "") -> None:
        """Write records by their serials; `key` and `head` stand in the first row of each."""
        rows = [row for serial, text in texts.items() for row in self._rows(serial, text, key, head)]
        self._tables.insert(self._tables.records, rows)

    def _rows(self, serial: int, text: str, key: int, head: str) -> list[Row]:
        return [
            record(
                serial << PART_BITS | part,
                self._ticket,
                NEVER,
                data,
                key=0 if part else key,
                head="" if part else head,
            )
            for part, (data, _) in enumerate(spread(text))
        ]
