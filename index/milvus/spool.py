"""New passages between their reading and their embedding: on this machine's disk, by number."""

from __future__ import annotations

import json
import tempfile
from array import array
from dataclasses import asdict, dataclass
from typing import Any


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

    def read(self, number: int) -> Waiting:
        """The passage with this number, which was written."""
        self._file.seek(self._places[number])
        return Waiting(**json.loads(self._file.readline()))

    def close(self) -> None:
        """Throw the file away."""
        self._file.close()
