"""Exact search: where a library says the words of a quotation. The index proposes passages, normal forms decide."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.protocol import Index, Stored
from index.words import lexical
from qa.quotations.normal import (
    IN_NUMBERS,
    MARK,
    Normal,
    is_broken,
    is_word,
    normal,
    parts,
    searched,
    told_apart,
)
from source.document import Document, Lines, Passage, Span

# An ellipsis may leave out what stands up to so many passages further on.
REACH = 2
# So many passages that hold the words looked for are read.
_CANDIDATES = 60
# So many words that follow each other are looked for: more are rarer, fewer survive a sign of a strange kind.
_WINDOW, _FEW = 6, 3
_LONGEST_MEMORY = 4096


@dataclass(frozen=True, slots=True)
class Region:
    """Passages of a document that follow each other, as one normal form; `firsts` are the passages' first tokens."""

    document: Document
    passages: Sequence[Passage]
    form: Normal
    firsts: Sequence[int]

    def passage(self, token: int) -> int:
        """The place in `passages` of the one that holds a token."""
        return bisect_right(self.firsts, token) - 1

    def holder(self, token: int) -> Passage:
        """The passage that holds a token."""
        return self.passages[self.passage(token)]


@dataclass(frozen=True, slots=True)
class Piece:
    """Tokens `first` to `last` (excluded) of a region, which a quotation or a part of it says."""

    region: Region
    first: int
    last: int

    @property
    def span(self) -> Span:
        """Where it stands in its document."""
        return Span(self.region.form.starts[self.first], self.region.form.ends[self.last - 1])

    @property
    def passage(self) -> Passage:
        """The passage that it begins in."""
        return self.region.holder(self.first)


class Library:
    """An index as the desk asks it: for the normal forms of its passages, kept as long as the desk works."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.form = lru_cache(_LONGEST_MEMORY)(self._form)
        self.lines = lru_cache(64)(lambda name: Lines(index.document(name).text))

    def _form(self, name: str, number: int, joined: bool) -> Normal:
        document = self.index.document(name)
        passage = document.passages[number]
        inside = [one for one in document.furniture if passage.start <= one.start < passage.end]
        return normal(document.text, passage.start, passage.end, joined=joined, without=inside)

    def region(self, name: str, first: int, last: int, *, joined: bool = False) -> Region:
        """The passages number `first` to `last` (excluded, from 0) of a document, as many of them as there are."""
        document = self.index.document(name)
        numbers = range(max(first, 0), min(last, len(document.passages)))
        forms = [self.form(name, number, joined) for number in numbers]
        firsts: list[int] = []
        tokens: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for form in forms:
            begins = 1 if form.tokens[:1] == (MARK,) else 0
            firsts.append(len(tokens))
            tokens += form.tokens[begins:]
            starts += form.starts[begins:]
            ends += form.ends[begins:]
        whole = Normal(document.text, tuple(tokens), tuple(starts), tuple(ends))
        return Region(document, document.passages[numbers.start : numbers.stop], whole, firsts)

    def around(self, stored: Stored, before: int, behind: int, *, joined: bool = False) -> Region:
        """A passage with so many tokens, and at least `REACH` passages, on each side of it."""
        name, number = stored.document, stored.passage.number - 1
        count = len(self.index.document(name).passages)
        first, last = number - REACH, number + 1 + REACH
        room = before - sum(len(self.form(name, at, joined)) for at in range(max(first, 0), number))
        while first > 0 and room > 0:
            first -= 1
            room -= len(self.form(name, first, joined))
        room = behind - sum(len(self.form(name, at, joined)) for at in range(number, min(last, count)))
        while last < count and room > 0:
            room -= len(self.form(name, last, joined))
            last += 1
        return self.region(name, first, last, joined=joined)

    def proposed(self, words: Normal, documents: Collection[str] | None = None) -> list[Stored]:
        """Passages that hold these words in this order."""
        wanted = searched(words)
        return self.index.passages(self.index.following(wanted, _CANDIDATES, documents)) if wanted else []

    def windows(self, part: Normal) -> list[Normal]:
        """A few words in a row of `part`, the rarest first: at least one of them is likely to stand as it is."""
        at = [i for i, token in enumerate(part.tokens) if is_word(token)]
        if not at:
            return []
        size = min(_WINDOW, len(at))
        spoken = {i: lexical.words(part.tokens[i]) for i in at}
        counts = self.index.frequencies(sorted({word for words in spoken.values() for word in words}))
        rare = [max((1 / (1 + counts[word]) for word in spoken[i]), default=0.0) for i in at]
        best = max(range(len(at) - size + 1), key=lambda i: sum(rare[i : i + size]))
        few = min(_FEW, len(at))
        chosen = dict.fromkeys([(best, size), (0, size), (len(at) - size, size), (0, few), (len(at) - few, few)])
        return [part.cut(*part.unbroken(at[i], at[i + length - 1] + 1)) for i, length in chosen]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where the parts of a quotation stand, one behind the other; `span` is the whole."""

    pieces: tuple[Piece, ...]
    span: Span
    verbatim: bool

    @property
    def region(self) -> Region:
        """The passages in which it was found."""
        return self.pieces[0].region


def forms(text: str) -> list[Normal]:
    """The normal forms of a quotation: two if a word may be divided at a line's end."""
    whole = normal(text)
    return [whole, normal(text, joined=True)] if is_broken(text) else [whole]


def occurrences(
    library: Library, text: str, documents: Collection[str] | None = None, most: int | None = None
) -> list[Occurrence]:
    """Where a library, or `documents` of it, say the words of a quotation: letter for letter, or but for its form.

    No more are looked for once there are `most` that say them letter for letter.
    """
    found: dict[tuple[str, Span], Occurrence] = {}
    exact = 0
    for one in _each(library, text, documents):
        if found.setdefault((one.region.document.name, one.span), one) is one:
            exact += one.verbatim
        if most is not None and exact >= most:
            break
    return list(found.values())


def _each(library: Library, text: str, documents: Collection[str] | None) -> Iterator[Occurrence]:
    """Where the words stand, as passages are looked at; some places more than once."""
    some = False
    for form in forms(text):
        wanted = parts(form)
        if not wanted:
            continue
        longest = max(wanted, key=lambda part: sum(map(is_word, part.tokens)))
        before = sum(len(part) for part in wanted[: wanted.index(longest)]) + len(longest)
        seen: set[tuple[str, int]] = set()
        for window in library.windows(longest):
            for stored in library.proposed(window, documents):
                place = stored.document, stored.passage.number
                if place in seen:
                    continue
                seen.add(place)
                for joined in (False, True) if is_broken(stored.text) else (False,):
                    for pieces in _standing(wanted, _room(library, stored, wanted, before, joined=joined)):
                        some = True
                        yield _occurrence(text, wanted, pieces)
            if some:
                break


def _room(library: Library, stored: Stored, wanted: Sequence[Normal], before: int, *, joined: bool) -> Region:
    """Where the parts of a quotation can stand, one of them in this passage: its neighbours only if they may be met."""
    if len(wanted) == 1:
        own = list(filter(is_word, library.form(stored.document, stored.passage.number - 1, joined).tokens))
        said = set(wanted[0].tokens)
        if not (said.issuperset(own[:_FEW]) or said.issuperset(own[-_FEW:])):
            return library.region(stored.document, stored.passage.number - 1, stored.passage.number, joined=joined)
    return library.around(stored, before, sum(map(len, wanted)), joined=joined)


def find(part: Normal, region: Region, first: int = 0) -> Iterator[Piece]:
    """Where a region says `part`, whole words, from token `first` on."""
    tokens, wanted = region.form.tokens, part.tokens
    at = first - 1
    while True:
        try:
            at = tokens.index(wanted[0], at + 1)
        except ValueError:
            return
        last = at + len(wanted)
        if last > len(tokens):
            return
        whole = tokens[last - 1] == wanted[-1] and tokens[at:last] == wanted and _is_whole(region.form, at, last)
        if not whole:
            continue
        own, said = told_apart(part, region.form.cut(at, last))
        if own == said:
            yield Piece(region, at, last)


def _standing(wanted: Sequence[Normal], region: Region) -> Iterator[tuple[Piece, ...]]:
    """Each way in which a region says the parts in their order, the next as near as can be."""
    for first in find(wanted[0], region):
        pieces = [first]
        for part in wanted[1:]:
            following = next(find(part, region, pieces[-1].last), None)
            if following is None or region.passage(following.first) > region.passage(first.first) + REACH:
                break
            pieces.append(following)
        if len(pieces) == len(wanted):
            yield tuple(pieces)


def _occurrence(text: str, wanted: Sequence[Normal], pieces: tuple[Piece, ...]) -> Occurrence:
    """Where the pieces stand: with the marks and stops around them where the document has those, letter for letter."""
    whole = text.strip()
    begins = len(text) - len(text.lstrip())
    before, behind = wanted[0].starts[0] - begins, begins + len(whole) - wanted[-1].ends[-1]
    first, last = pieces[0].span.start, pieces[-1].span.end
    if first >= before and pieces[0].region.document.text[first - before : last + behind] == whole:
        return Occurrence(pieces, Span(first - before, last + behind), verbatim=True)
    return Occurrence(pieces, Span(first, last), verbatim=False)


def _is_whole(form: Normal, first: int, last: int) -> bool:
    """Whether tokens begin and end with whole words and numbers: not inside 13.5, 1/2, -5 or non-communist."""
    return not (_cut_before(form, first) or _cut_behind(form, last))


def _cut_before(form: Normal, first: int) -> bool:
    if first == 0 or not form.adjoin(first - 1):
        return False
    token, sign = form.tokens[first], form.tokens[first - 1]
    adjoins = first > 1 and form.adjoin(first - 2)
    earlier = form.tokens[first - 2] if adjoins else ""
    if token[0].isdigit() and sign in IN_NUMBERS:
        return not earlier or earlier[-1].isdigit()
    if sign == "-":
        return not adjoins if token[0].isdigit() else _is_hyphen(form, first - 1) and earlier[-1:].isalpha()
    return False


def _cut_behind(form: Normal, last: int) -> bool:
    if last + 1 >= len(form) or not (form.adjoin(last - 1) and form.adjoin(last)):
        return False
    token, sign, later = form.tokens[last - 1], form.tokens[last], form.tokens[last + 1]
    if token[-1].isdigit() and sign in IN_NUMBERS:
        return later[0].isdigit()
    return token[-1].isalpha() and sign == "-" and _is_hyphen(form, last) and later[0].isalpha()


def _is_hyphen(form: Normal, number: int) -> bool:
    return form.text[form.starts[number] : form.ends[number]] in "-‐‑"
