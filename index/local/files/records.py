"""What is stored of documents and passages, as rows of the SQLite file, and the digests that they are compared with."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from source.document import Passage, Passages, Sentence

Digests = Mapping[str, NDArray[np.uint8]]  # of "documents" and "passages", shape (n, 32) each


@dataclass(frozen=True, slots=True)
class Stock:
    """What is known of the documents and passages in an SQLite file, by their numbers and slots.

    `lengths` (slots,) is how many terms each passage has.
    """

    digests: Digests
    lengths: NDArray[np.uint32]

    @classmethod
    def nothing(cls) -> Self:
        """Of an empty file."""
        none = np.zeros((0, 32), np.uint8)
        return cls({"documents": none, "passages": none}, np.zeros(0, np.uint32))


# The columns that make a passage.
_PASSAGE = 'p.start, p."end", p.number, p.line, p.headings, p.sentences'
# What stands behind the end of a sentence that asks.
ASKS = "?"

_DOCUMENT = (
    "SELECT rest, name, title, author, date, titled, furniture, locators, inserted, encoding, extractor, "
    "file_sha256, language FROM main.document WHERE id = ?"
)
_HEADINGS = 'SELECT start, "end", level, title FROM main.heading WHERE document = ? ORDER BY start'
_PARTS = f"SELECT before, text, {_PASSAGE} FROM main.passage p WHERE document = ? ORDER BY id"


Row = tuple[Any, ...]


def digest(*rows: Sequence[object]) -> bytes:
    """SHA-256 of the values of these rows."""
    values = "\0".join(str(value) for row in rows for value in row)
    return hashlib.sha256(values.encode("utf-8", "surrogatepass")).digest()


def document_rows(connection: sqlite3.Connection, number: int) -> tuple[Row, list[Row], list[Row]]:
    """What is stored of a document, of its headings and of its passages, but for their numbers in the index."""
    rest, name, *known = connection.execute(_DOCUMENT, (number,)).fetchone()
    headings = connection.execute(_HEADINGS, (number,)).fetchall()
    parts: list[str] = []
    passages: list[Row] = []
    for before, text, *place in connection.execute(_PARTS, (number,)):
        parts += before, text
        passages.append(tuple(place))
    return (name, "".join([*parts, rest]), *known), headings, passages


def document_digest(connection: sqlite3.Connection, number: int) -> bytes:
    """`digest` of all that `document_rows` gives, of which no more than a passage is held."""
    rest, name, *known = connection.execute(_DOCUMENT, (number,)).fetchone()
    found = hashlib.sha256()
    texts = (part for before, text, *_ in connection.execute(_PARTS, (number,)) for part in (before, text))
    for part in chain([f"{name}\0"], texts, [rest]):
        found.update(part.encode("utf-8", "surrogatepass"))
    headings = connection.execute(_HEADINGS, (number,))
    places = (place for _, _, *place in connection.execute(_PARTS, (number,)))
    for row in chain([known], headings, places):
        found.update("".join(f"\0{value}" for value in row).encode("utf-8", "surrogatepass"))
    return found.digest()


def passage_rows(connection: sqlite3.Connection, which: str, value: int | str) -> Iterator[Row]:
    """Slot, document's name and title, context, text and place of the passages that `which` selects."""
    return connection.execute(
        f"SELECT p.id, d.name, d.title, p.context, p.text, {_PASSAGE} "
        f"FROM main.passage p JOIN main.document d ON d.id = p.document WHERE {which}",
        (value,),
    )


def passages_of(rows: Sequence[Row]) -> Passages:
    """All passages of a document, of each what makes it (`_PASSAGE`); read at once, as they may be thousands."""
    places = ((start, end, line, _headings(headings)) for start, end, _, line, headings, _ in rows)
    marks = [row[-1] for row in rows]
    counts = ((one.count(" ") + 1) // 2 for one in marks)
    return Passages.of(places, counts, _sentences(" ".join(marks)))


def passage_of(start: int, end: int, number: int, line: int, headings: str, marks: str) -> Passage:
    sentences = map(Sentence, *_sentences(marks))
    return Passage(start, end, number, line, _headings(headings), tuple(sentences))


def _sentences(marks: str) -> tuple[Iterable[int], Iterable[int], Iterable[bool]]:
    """Where sentences start and end, and whether each asks."""
    at = marks.replace(ASKS, "").split()
    asking = [one.endswith(ASKS) for one in marks.split()[1::2]] if ASKS in marks else repeat(False, len(at) // 2)
    return map(int, at[::2]), map(int, at[1::2]), asking


@lru_cache(maxsize=1024)
def _headings(titles: str) -> tuple[str, ...]:
    return tuple(json.loads(titles))
