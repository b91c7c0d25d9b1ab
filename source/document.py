"""What an essay says and where: spans over one canonical text.

Every span counts characters (Unicode code points) of `Document.text`, which is the file decoded
once: nothing is cleaned, re-joined or translated, so `document.text[span.start:span.end]` is
always what the file says.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` (included) to `end` (excluded) of a document's canonical text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence(Span):
    """A sentence of a passage: what is marked."""


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


@dataclass(frozen=True, slots=True)
class Locator:
    """Where readers of the original find what starts at `start`: `label` is "page 3", "chapter 2"."""

    start: int
    label: str


@dataclass(frozen=True)
class Document:
    """One essay: its canonical text, its metadata and its structure.

    `name` is the file's path relative to the folder it was read from, with forward slashes.
    `furniture` are lines that stay in the text but are no part of the argument (navigation,
    rules, front matter): never embedded, ranked or quoted. `encoding` is the one the file was
    decoded from, `file_sha256` the file's own SHA-256. Of a format without plain text of its own,
    `extractor` names what took the text out of the file, with its version, and `locators` say
    where its pages or chapters start, in order. `language` is an ISO 639-1 code, "" where unknown.
    `unread` names parts of the file that hold no text to read, such as scanned pages; it is
    reported when an index is built, not kept.
    """

    name: str
    text: str = field(repr=False)
    title: str
    author: str = ""
    date: str = ""
    titled: bool = True  # False where `title` is only the first line of a text without a title
    headings: tuple[Heading, ...] = field(default=(), repr=False)
    passages: tuple[Passage, ...] = field(default=(), repr=False)
    furniture: tuple[Span, ...] = field(default=(), repr=False)
    locators: tuple[Locator, ...] = field(default=(), repr=False)
    encoding: str = "utf-8"
    extractor: str = ""
    file_sha256: str = ""
    language: str = ""
    unread: tuple[str, ...] = field(default=(), repr=False)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the canonical text in UTF-8, as hexadecimal digits."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def locator(self, offset: int) -> str:
        """The label of the page or chapter that holds the character at `offset`; "" where there is none."""
        i = bisect_right(self.locators, offset, key=lambda locator: locator.start)
        return self.locators[i - 1].label if i else ""

    def context(self, passage: Passage) -> str:
        """The title and headings a passage stands under: helps to find it, is never quoted.

        Without a title the file's name stands in for it, if it is made of words.
        """
        words = re.findall(r"[^\W\d_]{2,}", PurePosixPath(self.name).stem)
        title = self.title if self.titled else " ".join(words) if len(words) > 1 else ""
        return ". ".join(part for part in (title, *passage.headings) if part)


class Lines:
    """Line numbers of character offsets; `\\n`, `\\r\\n` and a lone `\\r` each end a line."""

    def __init__(self, text: str) -> None:
        self._starts = [found.end() for found in re.finditer(r"\r\n|\r|\n", text)]

    def number(self, offset: int) -> int:
        """The 1-based number of the line that holds the character at `offset`."""
        return bisect_right(self._starts, offset) + 1
