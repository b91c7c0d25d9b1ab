"""New passages on their way into Milvus: they wait on this machine's disk for their vectors, and become rows.

The rows are written by the process that builds, or by others that it gives passages to. These replace what they find
of their rows, so that it does not matter when one dies over its passages.
"""

from __future__ import annotations

import json
import tempfile
from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from index.encoding.arrays import Bytes
from index.encoding.encoder import Vectors
from index.encoding.vectors import unpacked_vectors
from index.generation import Packed
from index.milvus.address import Address
from index.milvus.manifest import Sums
from index.milvus.packing import packed, packed_bytes, spread, written
from index.milvus.reading import checksum_of
from index.milvus.server import MilvusServer
from index.milvus.tables import NEVER, PART, PART_BITS, Row, Tables
from source.errors import UserError


@dataclass(frozen=True, slots=True)
class Waiting:
    """A passage that waits for its vectors: what is kept of it, and its terms."""

    serial: int
    document: int
    key: int
    passage: list[Any]
    context_terms: str
    terms: str

    @property
    def texts(self) -> tuple[str, str]:
        """Title and headings, and the text."""
        return self.passage[4], self.passage[5]

    @classmethod
    def unpacked(cls, line: bytes) -> Waiting:
        """The passage in a line of the spool."""
        return cls(**json.loads(line))


class Spool:
    """Passages in the order in which they were added; those that are kept elsewhere are passed over."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._places = array("q")

    def __len__(self) -> int:
        return len(self._places)

    def add(self, passage: Waiting) -> None:
        """Write the next passage."""
        self._places.append(self._file.seek(0, 2))
        self._file.write(json.dumps(asdict(passage)).encode() + b"\n")

    def skip(self, count: int) -> None:
        """Pass over the next passages."""
        self._places.extend([-1] * count)

    def holds(self, number: int) -> bool:
        """Whether this passage was written."""
        return self._places[number] >= 0

    def line(self, number: int) -> bytes:
        """The passage with this number, which was written, as it lies here."""
        self._file.seek(self._places[number])
        return self._file.readline()

    def read(self, number: int) -> Waiting:
        """The passage with this number, which was written."""
        return Waiting.unpacked(self.line(number))

    def close(self) -> None:
        """Throw the file away."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes passages of the generation `ticket` into the collection at `address` while the `claim` on it stands.

    It can be handed to another process, which connects by itself.
    """

    address: Address
    claim: int
    ticket: int

    def texts(self, passages: Sequence[bytes]) -> list[tuple[str, str]]:
        """Title and headings, and text, of passages that a generation gave away."""
        return [Waiting.unpacked(passage).texts for passage in passages]

    def write(self, passages: Sequence[bytes], fresh: Sequence[Packed]) -> Sums:
        """Write passages that a generation gave away, with what the model read in them.

        Raises UserError if the build has ended, or the server does not answer.
        """
        tables = Tables(MilvusServer(self.address))
        if not tables.where(tables.records, f"id == {self.claim}", ["id"], "Strong"):
            raise UserError(f"The build of {self.address.text!r} has ended; nothing more is written.")
        sums = Sums()
        read = [
            (Waiting.unpacked(passage), unpacked_vectors(one.vectors), one.tokens)
            for passage, one in zip(passages, fresh, strict=True)
        ]
        tables.replace(tables.passages, (row for one in read for row in rows(*one, self.ticket, sums)))
        return sums


def rows(waiting: Waiting, vectors: Vectors, tokens: Bytes, born: int, sums: Sums) -> list[Row]:
    """The rows of a passage: its windows' `vectors`, its terms, what is kept of it, its `tokens`; counted in `sums`."""
    terms = written(waiting.context_terms.split(), waiting.terms.split(), PART)
    data = packed([waiting.passage, list(tokens.shape), checksum_of(tokens), len(vectors)])
    parts = spread(data, packed_bytes(tokens), max(len(vectors), len(terms)))
    sums.count(vectors, sum(len(one) + len(other) for one, other in parts))
    return [
        {
            "id": waiting.serial << PART_BITS | part,
            "document": waiting.document,
            "key": waiting.key,
            "born": born,
            "gone": NEVER,
            "vector": vectors[min(part, len(vectors) - 1)].tolist(),
            "terms": terms[part] if part < len(terms) else "",
            "data": one,
            "tokens": other,
        }
        for part, (one, other) in enumerate(parts)
    ]
