"""Documents and passages → text that a field of Milvus takes, and back: JSON, compressed, with its checksum."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xxhash

from index.encoding.arrays import Bytes
from index.milvus.tables import PART, PART_BITS
from index.protocol import Entry, Stored
from index.words.scored import Terms
from source.document import Document, Furniture, Heading, Locator, Passage, Reason, Sentence, Span
from source.errors import UserError

Json = Any  # what JSON may hold


# What stands before the terms of a passage that have no room in one row; they are then made of its text again. So
# many terms stand in two rows, so that no phrase is cut.
_LONG, _OVERLAP = "+", 32


class Damaged(ValueError):
    """What was read is not what was written."""


def packed(value: object) -> str:
    """`value`, as JSON holds it, as text."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return packed_data(data)


def unpacked(text: str) -> Json:
    """What `packed` made `text` of. Raises Damaged if it is not as it was written."""
    return json.loads(unpacked_data(text).decode("utf-8", "surrogatepass"))


def packed_data(data: bytes) -> str:
    """Bytes as text, with their checksum."""
    return xxhash.xxh3_128_hexdigest(data) + base64.b64encode(zlib.compress(data, 6)).decode()


def unpacked_data(text: str) -> bytes:
    """The bytes that `packed_data` made `text` of. Raises Damaged if they are not as they were written."""
    try:
        data = zlib.decompress(base64.b64decode(text[32:], validate=True))
    except (ValueError, zlib.error) as error:
        raise Damaged(str(error)) from error
    if xxhash.xxh3_128_hexdigest(data) != text[:32]:
        raise Damaged("another checksum")
    return data


def key_of(*texts: str) -> int:
    """A number by which rows of these texts are found again."""
    return xxhash.xxh3_64_intdigest("\0".join(texts).encode("utf-8", "surrogatepass")) >> 1


def packed_bytes(data: Bytes) -> str:
    """An array of bytes as text."""
    return base64.b64encode(np.ascontiguousarray(data).tobytes()).decode()


def unpacked_bytes(text: str) -> Bytes:
    """The bytes that `packed_bytes` made `text` of, in one row."""
    try:
        return np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    except ValueError as error:
        raise Damaged(str(error)) from error


def spread(data: str, tokens: str = "", rows: int = 1) -> list[tuple[str, str]]:
    """What two fields hold in each row of a thing, which has at least so many `rows`.

    Before the first of `data` stands how many rows there are. Raises UserError if they are too many.
    """
    count = max(rows, *(-(-len(text) // PART) for text in (data, tokens)))
    if count >= 1 << PART_BITS:
        raise UserError(f"A text is too long for Milvus ({len(data) / 1e6:,.0f} MB packed); divide its file.")
    parts = [(data[at : at + PART], tokens[at : at + PART]) for at in range(0, count * PART, PART)]
    return [(f"{count} {parts[0][0]}", parts[0][1]), *parts[1:]]


def gathered(parts: Sequence[str]) -> str:
    """The `data` that `spread` divided into `parts`. Raises Damaged if one is missing."""
    count, _, first = parts[0].partition(" ") if parts else ("", "", "")
    if not count.isdigit() or int(count) != len(parts):
        raise Damaged("a part is missing")
    return first + "".join(parts[1:])


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """What is known of a document without its text.

    `checksum` is that of what is stored of it, `file_sha256` that of its file, `sentences` how many it has;
    `left_out` how many characters of it are furniture, by reason, of `length`.
    """

    entry: Entry
    checksum: str
    file_sha256: str
    encoding: str
    sentences: int
    length: int
    left_out: tuple[tuple[int, int, str], ...]

    def packed(self) -> str:
        """The head as text."""
        values = [list(self.entry), self.checksum, self.file_sha256, self.encoding, self.sentences, self.length]
        reasons: dict[str, int] = {}
        for start, end, reason in self.left_out:
            reasons[reason] = reasons.get(reason, 0) + end - start
        return packed([*values, [[0, count, reason] for reason, count in reasons.items()]])

    @classmethod
    def unpacked(cls, text: str) -> DocumentHead:
        """The head that `packed` made `text` of. Raises Damaged."""
        entry, checksum, file, encoding, sentences, length, left_out = unpacked(text)
        return cls(Entry(*entry), checksum, file, encoding, sentences, length, tuple(map(tuple, left_out)))


def head_of(document: Document, stored: str) -> DocumentHead:
    """The head of a document that is `stored` as this text."""
    entry = Entry(
        document.name,
        document.title,
        document.author,
        document.date,
        len(document.passages),
        document.sha256,
        document.language,
    )
    return DocumentHead(
        entry,
        stored[:32],
        document.file_sha256,
        document.encoding,
        sum(len(passage.sentences) for passage in document.passages),
        len(document.text),
        tuple((one.start, one.end, str(one.reason)) for one in document.furniture),
    )


def packed_document(document: Document) -> str:
    """A document as text."""
    return packed(
        [
            [document.name, document.text, document.title, document.author, document.date, document.titled],
            [[one.start, one.end, one.level, one.title] for one in document.headings],
            [_place(passage) for passage in document.passages],
            [[one.start, one.end, str(one.reason)] for one in document.furniture],
            [[one.start, one.label] for one in document.locators],
            [[one.start, one.end] for one in document.inserted],
            [document.encoding, document.extractor, document.file_sha256, document.language],
        ]
    )


def unpacked_document(text: str) -> Document:
    """The document that `packed_document` made `text` of. Raises Damaged."""
    said, headings, passages, furniture, locators, inserted, read = unpacked(text)
    name, whole, title, author, date, titled = said
    encoding, extractor, file, language = read
    return Document(
        name,
        whole,
        title,
        author,
        date,
        titled=titled,
        headings=tuple(Heading(*one) for one in headings),
        passages=tuple(_passage(one) for one in passages),
        furniture=tuple(Furniture(start, end, Reason(why)) for start, end, why in furniture),
        locators=tuple(Locator(*one) for one in locators),
        inserted=tuple(Span(*one) for one in inserted),
        encoding=encoding,
        extractor=extractor,
        file_sha256=file,
        language=language,
    )


def packed_passage(serial: int, document: Document, passage: Passage) -> list[Any]:
    """What is kept of the passage with this serial number, as JSON holds it; see `packed`."""
    text = document.text[passage.start : passage.end]
    context = document.context(passage)
    return [serial, document.name, document.title, document.language, context, text, _place(passage)]


def stored_passage(values: list[Any]) -> Stored:
    """The passage that `packed_passage` gave these values of."""
    _serial, name, title, _language, context, text, place = values
    return Stored(name, title, _passage(place), text, context)


def _place(passage: Passage) -> list[Any]:
    sentences = [[one.start, one.end, int(one.asks)] for one in passage.sentences]
    return [passage.start, passage.end, passage.number, passage.line, list(passage.headings), sentences]


def _passage(values: list[Any]) -> Passage:
    start, end, number, line, headings, sentences = values
    marks = tuple(Sentence(first, last, bool(asks)) for first, last, asks in sentences)
    return Passage(start, end, number, line, tuple(headings), marks)


def written(context: Sequence[str], text: Sequence[str], size: int) -> list[str]:
    """The terms of a passage as its rows hold them, of so many bytes at most."""
    whole = f" {' '.join(context)} | {' '.join(text)} "
    if len(whole.encode()) <= size:
        return [whole]
    parts: list[list[str]] = [[]]
    used = 0
    for term in (*context, "|", *text):
        used += len(term.encode()) + 1
        if used > size - 1000:
            parts.append(["|", *parts[-1][-_OVERLAP:]])  # so that no phrase is cut
            used = sum(len(one.encode()) + 1 for one in parts[-1])
        parts[-1].append(term)
    return [f"{_LONG} {' '.join(part)} " for part in parts]


def divided(terms: str) -> Terms | None:
    """The terms that `written` made one row of; None if there was no room for them."""
    if not terms or terms.startswith(_LONG):
        return None
    context, _, text = terms.partition("|")
    return Terms(context.split(), text.split())
