"""Quotation marks: which stretches of a text stand between them, whatever kind they are.

Marks are told by what stands around them. An apostrophe (don't, ’tis, the soldiers’) is none, and
what stands inside a quotation belongs to it. A quotation over several paragraphs has its opening
mark again before each of them, or a closing mark that is no opening one.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from index.words.lexical import UNSPACED
from source.document import Span

# What may close a quotation that each mark opens; » and › open where German or Danish is written.
CLOSING = {
    "“": "”",
    "„": "“”",
    "‟": "”",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "‘": "’",
    "‚": "‘’",
    "‛": "’",
    "「": "」",
    "『": "』",
    "”": "”",
    '"': '"',
    "'": "'",
    "＂": "＂",
}
MARK = re.compile(f"[{''.join(sorted({*CLOSING, *''.join(CLOSING.values())}))}]")
# Marks that are apostrophes more often than not.
_SINGLE = "'’‘"
_EASTERN = "「」『』"
_FOLLOWED = re.compile(r" [^\W\d_A-Z]")
# Scripts whose words have no apostrophes, and are written without spaces or go on behind a quotation.
_WITHOUT_APOSTROPHES = re.compile(rf"[{UNSPACED}\u1100-\u11ff\uac00-\ud7a3]")
_UNSEEN = r"\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_BEFORE = re.compile(
    rf"[\s(\[{{<—–\-/=*_>|:“„«‘‚‹「『\"'”»›」』¿¡，。：；、\\{_UNSEEN}]|{_WITHOUT_APOSTROPHES.pattern}"
)
# They open wherever no other mark of their kind is closed: behind a word only where another follows.
_OPENING = "“„‟"
# A mark that opens and is not closed so far on (characters) opens nothing.
LONGEST = 50_000
# So many paragraphs may a quotation run on whose opening mark is not repeated.
_MOST_PARAGRAPHS = 10
# So many marks may stand inside a quotation.
_MOST_MARKS = 200


@dataclass(frozen=True, slots=True)
class Marked(Span):
    """Text between quotation marks: `start` and `end` are those of what is quoted, without the marks."""


class _Mark(NamedTuple):
    """A quotation mark: where it stands, in which paragraph, and which of the two it may be."""

    offset: int
    sign: str
    paragraph: int
    opens: bool
    closes: bool


class QuotationMarks:
    """The quotation marks in the paragraphs (spans, in order) of a text, but for those inside the spans `without`.

    No more are looked for once more than `most` open what is never closed.
    """

    def __init__(
        self, text: str, paragraphs: Sequence[Span], without: Sequence[Span] = (), most: int = sys.maxsize
    ) -> None:
        self._text = text
        self._paragraphs = paragraphs
        self._most = most
        self._marks = [
            _Mark(at, text[at], number, _opens(text, at), _closes(text, at))
            for number, paragraph in enumerate(paragraphs)
            for at in (found.start() for found in MARK.finditer(text, paragraph.start, paragraph.end))
            if not _is_in(without, at)
        ]
        self.unclosed: list[int] = []  # where a double mark opens what is never closed

    def quotations(self) -> Iterator[Marked]:
        """The outermost quotations, in order."""
        at = 0
        while at < len(self._marks) and len(self.unclosed) <= self._most:
            mark = self._marks[at]
            end = self._end(at) if mark.sign in CLOSING and mark.opens else None
            if end is None:
                if mark.sign in CLOSING and mark.opens and mark.sign not in _SINGLE:
                    self.unclosed.append(mark.offset)
                at += 1
                continue
            last = self._marks[end].offset
            if self._text[last - 1] == self._text[mark.offset - 1 : mark.offset] == "\\":  # Markdown may write \"so\"
                last -= 1
            if self._text[mark.offset + 1 : last].strip():
                yield Marked(mark.offset + 1, last)
            at = end + 1

    def _end(self, at: int) -> int | None:
        """The number of the mark that closes what mark number `at` opens."""
        opening, sign, paragraph, _, _ = self._marks[at]
        closing, single = CLOSING[sign], sign in _SINGLE
        depth, here = 0, paragraph
        for number in range(at + 1, min(at + 1 + _MOST_MARKS, len(self._marks))):
            offset, other, now, opens, closes = self._marks[number]
            if now != here:
                goes_on = now == here + 1 and self._repeats(now, sign)
                if not goes_on and not self._runs_on(sign, now - paragraph):
                    return None
                here, depth = now, 0
                if goes_on and offset == self._paragraphs[now].start:
                    continue
            if offset - opening > LONGEST or (single and now != paragraph):
                return None
            if closes and other in closing and not self._goes_on_behind(number, sign):
                if not depth:
                    return number
                depth -= 1
            elif opens and other == sign and sign not in closing:
                depth += 1
        return None

    def _goes_on_behind(self, number: int, sign: str) -> bool:
        """Whether a mark inside single ones is an apostrophe at a word's end: the soldiers' guns."""
        mark = self._marks[number]
        if sign not in "'‘‛‚" or mark.sign not in "'’":
            return False
        if self._text[mark.offset - 1] not in "sxz" or not _FOLLOWED.match(self._text, mark.offset + 1):
            return False
        for later in islice(self._marks, number + 1, None):
            if later.paragraph != mark.paragraph or (later.sign in CLOSING and later.opens):
                return False
            if later.sign in CLOSING[sign] and later.closes:
                return True
        return False

    def _runs_on(self, sign: str, paragraphs: int) -> bool:
        """Whether a quotation may run on over paragraphs that do not begin with a mark: none is both ends of it."""
        return sign not in CLOSING[sign] and sign not in _SINGLE and paragraphs <= _MOST_PARAGRAPHS

    def _repeats(self, paragraph: int, sign: str) -> bool:
        return self._text[self._paragraphs[paragraph].start] == sign


def _opens(text: str, at: int) -> bool:
    """Whether the mark at `at` may open a quotation."""
    after = text[at + 1 : at + 2]
    if text[at] in _EASTERN:
        return True
    if text[at] in "«»‹›":  # French writes a space inside them
        return not text[at - 1 : at].isalnum() or at == 0
    before = text[at - 1 : at]
    if not after or after.isspace():
        return False
    if text[at] in _OPENING:
        return not before.isalnum() or after.isalnum()
    return not before or _BEFORE.match(before) is not None


def _closes(text: str, at: int) -> bool:
    """Whether the mark at `at` may close a quotation."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] in _EASTERN + "«»‹›":
        return True
    # But not a footnote's raised number.
    goes_on = before.isalnum() and (after.isalpha() or after.isdecimal())
    is_apostrophe = text[at] in _SINGLE and goes_on and not _WITHOUT_APOSTROPHES.match(before)
    return not before.isspace() and not is_apostrophe


def _is_in(spans: Sequence[Span], offset: int) -> bool:
    """Whether a character stands in one of `spans`, which are in order."""
    at = bisect_right(spans, offset, key=lambda one: one.start) - 1
    return at >= 0 and offset < spans[at].end
