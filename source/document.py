"""What an essay says and where: spans over one canonical text.

Every span counts characters (Unicode code points) of `Document.text`, which is the file decoded
once: nothing is cleaned, re-joined or translated, so `document.text[span.start:span.end]` is
always what the file says.
"""

from __future__ import annotations

import hashlib
import operator
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from pathlib import PurePosixPath
from typing import Self, overload


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` (included) to `end` (excluded) of a document's canonical text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence(Span):
    """A sentence of a passage: what is marked. One that `asks` is a question, which is no answer."""

    asks: bool = False


class Reason(StrEnum):
    """Why text is furniture: the whole list, so that nothing is left out without a name for it."""

    FRONT_MATTER = "front matter"
    METADATA = "metadata"  # title, author, date and the like; the head of a letter sent by mail
    LICENCE = "licence"
    CONTENTS = "table of contents"
    NAVIGATION = "navigation"  # links to other pages
    SITE = "web site around the text"  # banners, menus, share buttons, footers of a saved page
    COMMENT = "comment"  # of the author, not shown; of readers, below the text
    REPLY = "quoted reply"  # what a mail quotes of the one it answers
    PAGE = "page number or running head"
    TIME = "number or time of a cue"
    LINK = "link definition"
    MARKUP = "markup"  # tags without text, scripts, styles
    RULE = "rule"  # signs without a letter or digit


@dataclass(frozen=True, slots=True)
class Furniture(Span):
    """Text that is kept but never embedded, ranked or quoted for itself, and why.

    It may stand inside a passage, where a sentence goes on behind it (a page's number, a cue's time).
    """

    reason: Reason


@dataclass(frozen=True, slots=True)
class Heading(Span):
    """A heading line; `level` is 0 for the title, 1 for a section, 2 for a sub-section, and so on."""

    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Passage(Span):
    """A paragraph: what is embedded and quoted.

    `number` is its 1-based place among the document's passages (¶), `line` the 1-based line on
    which it starts, `headings` the titles of the sections it stands in, outermost first.
    """

    number: int
    line: int
    headings: tuple[str, ...]
    sentences: tuple[Sentence, ...]

    @property
    def heading(self) -> str:
        """The path of headings as people read it: `Section › Sub-section`."""
        return " › ".join(self.headings)


class Passages(Sequence[Passage]):
    """The passages of a document, in order: numbers, of which each is made as it is looked at.

    A long text has as many sentences as would take several times its own memory.
    """

    def __init__(self, passages: Iterable[Passage] = ()) -> None:
        self._places = tuple(array("I") for _ in range(4))  # start, end, line, place of its headings
        self._paths: list[tuple[str, ...]] = []
        self._sentences = array("I", [0])  # how many there are before each passage, and behind the last
        self._starts, self._ends, self._asking = array("I"), array("I"), bytearray()  # of sentences
        for passage in passages:
            self.append(passage)

    @classmethod
    def of(
        cls,
        places: Iterable[tuple[int, int, int, tuple[str, ...]]],
        counts: Iterable[int],
        sentences: tuple[Iterable[int], Iterable[int], Iterable[int]],
    ) -> Self:
        """Passages given as columns: start, end, line and headings of each, how many sentences it has, and of all
        sentences where they start, where they end and whether they ask."""
        found = cls()
        for place in places:
            found._place(*place)
        found._sentences.extend(accumulate(counts))
        for column, values in zip((found._starts, found._ends, found._asking), sentences, strict=True):
            column.extend(values)
        return found

    def _place(self, start: int, end: int, line: int, headings: tuple[str, ...]) -> None:
        if not self._paths or self._paths[-1] != headings:
            self._paths.append(headings)
        for column, value in zip(self._places, (start, end, line, len(self._paths) - 1), strict=True):
            column.append(value)

    def append(self, passage: Passage) -> None:
        """Add the next passage."""
        self._place(passage.start, passage.end, passage.line, passage.headings)
        for one in passage.sentences:
            self._starts.append(one.start)
            self._ends.append(one.end)
            self._asking.append(one.asks)
        self._sentences.append(len(self._starts))

    def __len__(self) -> int:
        return len(self._sentences) - 1

    @overload
    def __getitem__(self, place: int) -> Passage: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, place: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(place, slice):
            return tuple(self[i] for i in range(*place.indices(len(self))))
        place = range(len(self))[place]
        start, end, line, path = (column[place] for column in self._places)
        own = slice(self._sentences[place], self._sentences[place + 1])
        sentences = map(Sentence, self._starts[own], self._ends[own], map(bool, self._asking[own]))
        return Passage(start, end, place + 1, line, self._paths[path], tuple(sentences))

    def __iter__(self) -> Iterator[Passage]:
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return False
        return all(map(operator.eq, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)!r})"


@dataclass(frozen=True, slots=True)
class Locator:
    """Where readers of the original find what starts at `start`: `label` is "page 3", "chapter 2"."""

    start: int
    label: str


@dataclass(frozen=True)
class Document:
    """One essay: its canonical text, its metadata and its structure.

    `name` is the file's path relative to the folder it was read from, with forward slashes.
    `furniture` is what stays in the text but is no part of the argument, with the reason: every
    letter of the text stands in a passage, a heading or furniture. `encoding` is the one the file
    was decoded from, `file_sha256` the file's own SHA-256. Of a format without plain text of its
    own, `extractor` names what took the text out of the file, with its version, and `locators` say
    where its pages or chapters start, in order. `language` is an ISO 639-1 code, "" where unknown.
    `inserted` are the characters of the text that the file does not have: what Quoth writes between
    the cells of a table's row, its columns' names again, the brackets around a note's mark. `unread`
    names parts of the file that hold no text to read, such as scanned pages; it is reported when an
    index is built, not kept. `quotations` are what a format without plain text sets apart as quoted;
    an index does not keep them either.
    """

    name: str
    text: str = field(repr=False)
    title: str
    author: str = ""
    date: str = ""
    titled: bool = True  # False where `title` is only the first line of a text without a title
    headings: tuple[Heading, ...] = field(default=(), repr=False)
    passages: Sequence[Passage] = field(default=(), repr=False)
    furniture: tuple[Furniture, ...] = field(default=(), repr=False)
    locators: tuple[Locator, ...] = field(default=(), repr=False)
    inserted: tuple[Span, ...] = field(default=(), repr=False)
    encoding: str = "utf-8"
    extractor: str = ""
    file_sha256: str = ""
    language: str = ""
    unread: tuple[str, ...] = field(default=(), repr=False)
    quotations: tuple[Span, ...] = field(default=(), repr=False, compare=False)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the canonical text in UTF-8, as hexadecimal digits."""
        found = hashlib.sha256()
        for piece in pieces(self.text):
            found.update(piece.encode("utf-8", "surrogatepass"))
        return found.hexdigest()

    def locator(self, offset: int) -> str:
        """The label of the page or chapter that holds the character at `offset`; "" where there is none."""
        i = bisect_right(self.locators, offset, key=lambda locator: locator.start)
        return self.locators[i - 1].label if i else ""

    def inserted_in(self, span: Span) -> tuple[Span, ...]:
        """The parts of `span` that are not the file's own letters, in order."""
        at = bisect_right(self.inserted, span.start, key=lambda one: one.end)
        until = bisect_left(self.inserted, span.end, key=lambda one: one.start)
        return tuple(Span(max(one.start, span.start), min(one.end, span.end)) for one in self.inserted[at:until])

    def context(self, passage: Passage) -> str:
        """The title and headings a passage stands under: helps to find it, is never quoted.

        Without a title the file's name stands in for it, if it is made of words.
        """
        words = re.findall(r"[^\W\d_]{2,}", PurePosixPath(self.name).stem)
        title = self.title if self.titled else " ".join(words) if len(words) > 1 else ""
        return ". ".join(part for part in (title, *passage.headings) if part)


def pieces(text: str, size: int = 1 << 18) -> Iterator[str]:
    """`text` in pieces of `size` characters."""
    return (text[at : at + size] for at in range(0, len(text), size))


class Lines:
    """Line numbers of character offsets; `\\n`, `\\r\\n` and a lone `\\r` each end a line."""

    def __init__(self, text: str) -> None:
        self._starts = array("I", (found.end() for found in re.finditer(r"\r\n|\r|\n", text)))

    def number(self, offset: int) -> int:
        """The 1-based number of the line that holds the character at `offset`."""
        return bisect_right(self._starts, offset) + 1
