"""Quotation marks: which stretches of a text stand between them, whatever kind they are.

Marks are told by what stands around them. An apostrophe (don't, ’tis, the soldiers’) is none, and
what stands inside a quotation belongs to it. A quotation over several paragraphs has its opening
mark again before each of them, or a closing mark that is no opening one.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
_BEFORE = re.compile(r"[\s(\[{<—–\-/=*_>|:“„«‘‚‹「『\"']")
# A mark that opens and is not closed so far on (characters) opens nothing.
LONGEST = 50_000
# So many paragraphs may a quotation run on whose opening mark is not repeated.
_MOST_PARAGRAPHS = 10
# So many marks may stand inside a quotation.
_MOST_MARKS = 200


@dataclass(frozen=True, slots=True)
class Marked(Span):
    """Text between quotation marks: `start` and `end` are those of what is quoted, without the marks."""


class Marks:
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
            found.start()
            for paragraph in paragraphs
            for found in MARK.finditer(text, paragraph.start, paragraph.end)
            if not _is_in(without, found.start())
        ]
        self.unclosed: list[int] = []  # where a double mark opens what is never closed

    def quotations(self) -> Iterator[Marked]:
        """The outermost quotations, in order."""
        at = 0
        while at < len(self._marks) and len(self.unclosed) <= self._most:
            offset = self._marks[at]
            sign = self._text[offset]
            if sign not in CLOSING or not self._opens(offset):
                at += 1
                continue
            end = self._end(at)
            if end is None:
                if sign not in _SINGLE:
                    self.unclosed.append(offset)
                at += 1
                continue
            if self._text[offset + 1 : self._marks[end]].strip():
                yield Marked(offset + 1, self._marks[end])
            at = end + 1

    def _opens(self, at: int) -> bool:
        text = self._text
        after = text[at + 1 : at + 2]
        if text[at] in _EASTERN:
            return True
        if text[at] in "«»‹›":  # French writes a space inside them
            return not text[at - 1 : at].isalnum() or at == 0
        return bool(after) and not after.isspace() and (at == 0 or _BEFORE.match(text[at - 1]) is not None)

    def _closes(self, at: int) -> bool:
        text = self._text
        if text[at] in _EASTERN + "«»‹›":
            return True
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        goes_on = after.isalpha() or after.isdecimal()  # but not a footnote's raised number
        return not before.isspace() and not (goes_on and before.isalnum())

    def _end(self, at: int) -> int | None:
        """The number of the mark that closes what mark number `at` opens."""
        opening = self._marks[at]
        sign = self._text[opening]
        paragraph = self._paragraph(opening)
        depth: list[str] = []
        here = paragraph
        for number in range(at + 1, min(at + 1 + _MOST_MARKS, len(self._marks))):
            offset = self._marks[number]
            other = self._text[offset]
            now = self._paragraph(offset)
            if now != here:
                goes_on = now == here + 1 and self._repeats(now, sign)
                if not goes_on and not self._runs_on(sign, now - paragraph):
                    return None
                here, depth = now, []
                if goes_on and offset == self._first(now):
                    continue
            if offset - opening > LONGEST or (sign in _SINGLE and now != paragraph):
                return None
            if other in CLOSING[sign] and self._closes(offset) and not self._goes_on_behind(number, sign):
                if not depth:
                    return number
                depth.pop()
            elif other == sign and sign not in CLOSING[sign] and self._opens(offset):
                depth.append(sign)
        return None

    def _goes_on_behind(self, number: int, sign: str) -> bool:
        """Whether a mark inside single ones is an apostrophe at a word's end: the soldiers' guns."""
        offset = self._marks[number]
        if sign not in "'‘‛‚" or self._text[offset] not in "'’":
            return False
        follows = re.compile(r" [^\W\d_A-Z]").match(self._text, offset + 1)
        if self._text[offset - 1] not in "sxz" or not follows:
            return False
        for later in self._marks[number + 1 :]:
            if self._paragraph(later) != self._paragraph(offset) or (
                self._text[later] in CLOSING and self._opens(later)
            ):
                return False
            if self._text[later] in CLOSING[sign] and self._closes(later):
                return True
        return False

    def _runs_on(self, sign: str, paragraphs: int) -> bool:
        """Whether a quotation may run on over paragraphs that do not begin with a mark: none is both ends of it."""
        return sign not in CLOSING[sign] and sign not in _SINGLE and paragraphs <= _MOST_PARAGRAPHS

    def _repeats(self, paragraph: int, sign: str) -> bool:
        return self._text[self._first(paragraph)] == sign

    def _first(self, paragraph: int) -> int:
        return self._paragraphs[paragraph].start

    def _paragraph(self, offset: int) -> int:
        return bisect_left(self._paragraphs, offset + 1, key=lambda one: one.end)


def _is_in(spans: Sequence[Span], offset: int) -> bool:
    """Whether a character stands in one of `spans`, which are in order."""
    at = bisect_right(spans, offset, key=lambda one: one.start) - 1
    return at >= 0 and offset < spans[at].end
