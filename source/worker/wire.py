"""What goes between the main process and a worker: frames, and a document in pieces.

A frame is its kind, the length of what it holds, and that. No frame of an answer is large, and a long text is held
by one end at a time, so that both together need not much more than one of it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from itertools import islice
from types import MappingProxyType
from typing import IO, Any

from source.document import Document, Furniture, Heading, Locator, Passage, Passages, Reason, Sentence, Span, pieces
from source.text.growing import GrowingText

# A file may take a processor so long, and so much longer a megabyte: several times what prose takes.
SECONDS, SECONDS_PER_MEGABYTE = 60.0, 8.0
LARGEST_FRAME = 256_000_000  # bytes
_HEAD = struct.Struct(">cI")
_ROWS = 1 << 10  # of a piece
_HELD = 1 << 23  # characters of a text that is held until it is sent
# The lists of a document: each of their members as a row, and a row as a member.
_LISTS: Mapping[str, tuple[Callable[[Any], Sequence[object]], Callable[..., object]]] = {
    "headings": (lambda one: (one.start, one.end, one.level, one.title), Heading),
    "furniture": (
        lambda one: (one.start, one.end, one.reason),
        lambda start, end, reason: Furniture(start, end, Reason(reason)),
    ),
    "locators": (lambda one: (one.start, one.label), Locator),
    "inserted": (lambda one: (one.start, one.end), Span),
    "quotations": (lambda one: (one.start, one.end), Span),
}


class Kind(Enum):
    """What a frame holds. The first two are asked, the others answered."""

    JOB = b"j"  # a Job
    DATA = b"d"  # the bytes of the file of the job before, where it has them
    READY = b"r"  # the worker has started
    BEGIN = b"b"  # name and size in bytes of the file that is read now, and what the job has computed so far
    REST = b"m"  # of a document: all but its text and its lists
    TEXT = b"t"  # a piece of its text
    ROWS = b"p"  # some of its passages, headings, …
    DOCUMENT = b"e"  # the document is whole
    UNCHANGED = b"u"  # the file is what it is known to be
    REFUSED = b"x"  # why the file gives no document
    EXHAUSTED = b"o"  # there is no memory for the file; the worker ends
    FAILED = b"y"  # why none can be read; for the user to mend
    DONE = b"z"  # the job is


Frame = tuple[Kind, bytes]


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be read: at `path`, its `member`, all members of the archive there, or `data`.

    `root` is the folder that no link may lead out of. `known` maps names to the SHA-256 that files
    have unless they changed. Of an archive `after` members are done with, and `left` bytes may be
    unpacked; None is as many as any archive may have. The worker ends itself if it computes over a file for
    longer than `seconds`, and SECONDS_PER_MEGABYTE.
    """

    name: str
    path: str = ""
    root: str = ""
    member: str = ""
    archive: bool = False
    known: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    after: int = 0
    left: int | None = None
    seconds: float = SECONDS
    data: bytes | None = field(default=None, repr=False)

    def frames(self) -> Iterator[Frame]:
        """What the worker is sent."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "data"}
        yield Kind.JOB, _json({**values, "known": dict(self.known), "with_data": self.data is not None})
        if self.data is not None:
            yield Kind.DATA, self.data

    @classmethod
    def received(cls, stream: IO[bytes]) -> Job:
        """The next job in `stream`. Raises EOFError at its end."""
        values = json.loads(receive(stream)[1])
        data = receive(stream)[1] if values.pop("with_data") else None
        return cls(**values, data=data)


def send(stream: IO[bytes], frame: Frame) -> None:
    """Write a frame."""
    kind, payload = frame
    stream.write(_HEAD.pack(kind.value, len(payload)))
    stream.write(payload)


def receive(stream: IO[bytes]) -> Frame:
    """The next frame. Raises EOFError at the end of the stream, ValueError for what is none."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    kind, length = _HEAD.unpack(head)
    if length > LARGEST_FRAME:
        raise ValueError(f"a frame of {length:,} bytes")
    payload = stream.read(length)
    if len(payload) < length:
        raise EOFError
    return Kind(kind), payload


def said(kind: Kind, *values: object) -> Frame:
    """A frame of a few values."""
    return kind, _json(values)


def heard(payload: bytes) -> list[Any]:
    """The values in a frame that `said` made."""
    values: list[Any] = json.loads(payload)
    return values


def packed(document: Document) -> Iterator[Frame]:
    """`document` in pieces."""
    rest = {
        one.name: getattr(document, one.name)
        for one in fields(document)
        if one.name not in ("text", "passages", *_LISTS)
    }
    yield Kind.REST, _json(rest)
    frames, document = _text(document.text), replace(document, text="")  # of a long one nothing is held from here on
    yield from frames
    yield from _rows("passages", _passages(document.passages))
    for name, (row, _) in _LISTS.items():
        yield from _rows(name, map(row, getattr(document, name)))
    yield Kind.DOCUMENT, b""


def _text(text: str) -> Iterator[Frame]:
    """The pieces of `text`; a long one is laid into a file first: two processes need not hold it at the same time."""
    if len(text) > _HELD:
        from tempfile import TemporaryFile

        with suppress(OSError):  # there is no room for it
            file = TemporaryFile()  # noqa: SIM115 - it is read back later
            for frame in _pieces(text):
                send(file, frame)
            file.seek(0)
            return _read_back(file)
    return _pieces(text)


def _pieces(text: str) -> Iterator[Frame]:
    return ((Kind.TEXT, piece.encode("utf-8", "surrogatepass")) for piece in pieces(text))


def _read_back(file: IO[bytes]) -> Iterator[Frame]:
    """All frames in `file`, which is closed behind them."""
    with file, suppress(EOFError):
        while True:
            yield receive(file)


def _passages(passages: Iterable[Passage]) -> Iterator[Sequence[object]]:
    """Each passage as a row; headings only where they are other than those of the one before."""
    headings: tuple[str, ...] | None = None
    for one in passages:
        marks = [value for mark in one.sentences for value in (mark.start, mark.end, int(mark.asks))]
        path = None if one.headings == headings else one.headings
        yield one.start, one.end, one.line, path, marks
        headings = one.headings


def _rows(name: str, rows: Iterable[Sequence[object]]) -> Iterator[Frame]:
    rows = iter(rows)
    while some := list(islice(rows, _ROWS)):
        yield Kind.ROWS, _json([name, some])


def _json(values: object) -> bytes:
    return json.dumps(values, separators=(",", ":")).encode("ascii")


class Unpacking:
    """A document put together from the frames of `packed`."""

    def __init__(self) -> None:
        self._rest: dict[str, Any] = {}
        self._text = GrowingText()
        self._passages = Passages()
        self._lists: dict[str, list[Any]] = {name: [] for name in _LISTS}
        self._path: tuple[str, ...] = ()

    def add(self, kind: Kind, payload: bytes) -> None:
        """Take the next frame. Raises ValueError, TypeError or LookupError if it is none of a document."""
        if kind is Kind.TEXT:
            self._text.add(payload.decode("utf-8", "surrogatepass"))
        elif kind is Kind.REST:
            rest = json.loads(payload)
            self._rest = {**rest, "unread": tuple(rest["unread"])}
        elif kind is Kind.ROWS:
            name, rows = json.loads(payload)
            if name == "passages":
                for row in rows:
                    self._passages.append(self._passage(*row))
            else:
                member = _LISTS[name][1]
                self._lists[name] += [member(*row) for row in rows]
        else:
            raise ValueError(f"{kind} is no piece of a document")

    def _passage(self, start: int, end: int, line: int, path: list[str] | None, marks: list[int]) -> Passage:
        if path is not None:
            self._path = tuple(path)
        rows = zip(marks[::3], marks[1::3], marks[2::3], strict=True)
        sentences = tuple(Sentence(start, end, bool(asks)) for start, end, asks in rows)
        return Passage(start, end, len(self._passages) + 1, line, self._path, sentences)

    def document(self) -> Document:
        """The whole document."""
        lists: dict[str, Any] = {name: tuple(members) for name, members in self._lists.items()}
        return Document(**self._rest, **lists, text=self._text.whole(), passages=self._passages)


def unpacked(frames: Iterable[Frame]) -> Document:
    """The document that `packed` made these frames of."""
    pieces = Unpacking()
    for kind, payload in frames:
        if kind is not Kind.DOCUMENT:
            pieces.add(kind, payload)
    return pieces.document()
