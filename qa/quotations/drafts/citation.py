"""What a draft says of a quotation's place → which documents and which place in them it means."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from index.protocol import Entry
from index.words import lexical
from qa.answer import Place

_PARAGRAPH = re.compile(
    r"(?:¶|\bpara(?:graph)?s?\b\.?|\bAbs(?:atz|\.))\s*(\d{1,6})(?:\s*[–-]\s*(\d{1,6}))?", re.IGNORECASE
)
_LINE = re.compile(r"\b(?:lines?|Zeile|ligne)\s+(\d{1,7})(?:\s*[–-]\s*(\d{1,7}))?", re.IGNORECASE)
_PAGE = re.compile(r"(?:\bpp?\.|\bpages?\b|\bS\.|\bSeite\b)\s*(\d{1,6})(?:\s*[–-]\s*(\d{1,6}))?", re.IGNORECASE)
_CHAPTER = re.compile(r"\b(?:ch(?:ap)?\.|chapter)\s*(\d{1,4})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """What a citation names: `documents`, any of which may be meant, and places in them; empty and None if nothing."""

    documents: frozenset[str] = frozenset()
    paragraphs: range | None = None
    lines: range | None = None
    pages: range | None = None
    chapter: int | None = None

    @property
    def only_places(self) -> bool:
        """Whether it names places and no documents, so that any document may have the one that is meant."""
        return not self.documents and self != Target()

    def fits(self, place: Place, end_line: int) -> bool:
        """Whether what stands at `place`, down to line `end_line`, stands where the citation says."""
        if self.documents and place.document not in self.documents:
            return False
        if self.paragraphs and place.paragraph not in self.paragraphs:
            return False
        if self.lines and not (place.line in self.lines or end_line in self.lines):
            return False
        page, chapter = _number("page", place.locator), _number("chapter", place.locator)
        if self.pages and page and page not in self.pages:
            return False
        return not (self.chapter and chapter and chapter != self.chapter)


class Titles:
    """The documents of a library by what drafts call them: names, titles, authors."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._named: dict[str, set[str]] = defaultdict(set)
        self._lengths: dict[str, set[int]] = defaultdict(set)  # in words, by the first of them
        for entry in entries:
            path = PurePosixPath(entry.name)
            names = entry.name, path.name, path.stem, entry.title
            for called in {*names, *_short(entry.title), *_authors(entry.author)}:
                if words := lexical.words(called):
                    self._named[" ".join(words)].add(entry.name)
        for called in self._named:
            first, *more = called.split(" ")
            self._lengths[first].add(1 + len(more))

    def cited(self, citation: str) -> Target:
        """What `citation` names."""
        words = lexical.words(citation)
        found: set[str] = set()
        longest = 0
        for at, word in enumerate(words):
            for length in self._lengths.get(word, ()):
                called = " ".join(words[at : at + length])
                if length >= longest and called in self._named:
                    found = self._named[called] | (found if length == longest else set())
                    longest = length
        chapter = _CHAPTER.search(citation)
        return Target(
            frozenset(found),
            _range(_PARAGRAPH, citation),
            _range(_LINE, citation),
            _range(_PAGE, citation),
            int(chapter[1]) if chapter else None,
        )

    def is_title(self, text: str) -> bool:
        """Whether a text is what a document is called."""
        return " ".join(lexical.words(text)) in self._named


def _short(title: str) -> Iterator[str]:
    """A title without its subtitle, if that is more than a word or two."""
    main, mark, _ = title.partition(":")
    if mark and len(main.split()) > 2:
        yield main


def _authors(author: str) -> Iterator[str]:
    """An author's whole name and surname."""
    for one in re.split(r"\s*(?:[;&]|\band\b)\s*", author):
        yield one
        if len(names := one.replace(",", " ").split()) > 1:
            yield names[0] if "," in one else names[-1]


def _range(pattern: re.Pattern[str], citation: str) -> range | None:
    found = pattern.search(citation)
    if not found:
        return None
    first = int(found[1])
    last = int(found[2]) if found[2] else first
    if last < first:  # 115–17
        last = int(found[1][: -len(found[2])] + found[2])
    return range(first, max(first, last) + 1)


def _number(kind: str, locator: str) -> int | None:
    found = re.match(rf"{kind} (\d+)", locator)
    return int(found[1]) if found else None
