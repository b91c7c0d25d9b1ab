"""The normal form of a text: its words and signs with their offsets, alike where a quotation may differ.

Capitals, the amount of white space, the kinds of quotation marks, dashes and ellipses, emphasis of
Markdown, marks of footnotes, `[sic]` and a bracketed letter (`[t]he`) make no difference; every
other sign does, and so does what turns round the letters behind it.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from index.words import lexical
from index.words.lexical import MARKS, UNSPACED
from source.document import Span

QUOTATION_MARKS = "\"'“”„‟‘’‚‛«»‹›「」『』＂＇"
ELLIPSIS, DASH, MARK = "…", "-", '"'
_LETTER = rf"[^\W_{UNSPACED}]"
# Inside a word: signs that are part of a letter, those that are not seen, an apostrophe between letters.
_WORD = rf"{_LETTER}(?:{_LETTER}|[{MARKS}]|[\u00ad\u200b-\u200d\u2060\ufeff](?=\w)|['’ʼ＇](?={_LETTER}))*"
# A hyphen at the end of a line, where the word may go on.
_BROKEN = r"(?<=[^\W\d_])[-‐\u00ad][ \t]*(?:\r\n|\r|\n)[ \t>]*(?=[^\W\d_])"
# What Markdown may write with a backslash before each bracket. A raised number is a note's behind a stop or a mark.
_SIC = r"\[sic!?\\?\]"
_NOTE = r"(?<=[^\s\\])\\?\[\^?\d{1,3}\\?\]|(?<=[.,;:!?”’»])[¹²³⁰⁴-⁹]{1,3}"
_KINDS = rf"""
    (?P<quoting>^[ \t]*(?:>[ \t]?)+)
  | (?P<ellipsis>[\[(]\s*(?:[…⋯]|\.(?:\s?\.){{2,3}})\s*\\?[\])]|[…⋯]|\.(?:[ \u00a0]?\.){{2,3}})
  | (?P<unseen>{_SIC}|{_NOTE}|^[ \t]*[•·*](?=[ \t])
        |(?<![^\W_])[*_`]+(?=\S)|(?<=\S)[*_`]+(?![^\W_])|\\(?=[{re.escape(string.punctuation)}])
        |[\u00ad\u200b-\u200f\u202a-\u202c\u2060-\u2069\ufeff])
  | (?P<mark>[{QUOTATION_MARKS}]+)
  | (?P<dash>[-‐‑‒–—―−]+)
  | (?P<bracketed>\[[^\W\d_]\\?\](?:WORD)?)
  | (?P<word>[{UNSPACED}]|WORD)
  | (?P<sign>\S)
"""
_IS_BROKEN = re.compile(_BROKEN)
_TAKEN_OUT = re.compile(rf"{_BROKEN}|[\u00ad\u200b-\u200d\u2060\ufeff\[\\\]]")
_NO_WORDS = re.compile(f"{_SIC}|{_NOTE}")
_BRACKETED = re.compile(r"\[([^\W\d_])\\?\]")
_EMPTY_LINE = re.compile(r"\n[ \t\r>]*\n")
_PLAIN = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{0xFB00 + i: letters for i, letters in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))},
    **dict.fromkeys(map(ord, "’ʼ"), "'"),
}
_FIXED = {"ellipsis": ELLIPSIS, "mark": MARK, "dash": DASH}
_UNSEEN = ("quoting", "unseen")
IN_NUMBERS = ".,:/"
_LONGEST_ACRONYM = 4
_SINGLE_MARKS = "'’‘‚‛＇"
_NO_BRACKETS = str.maketrans("", "", "[]\\")


@dataclass(frozen=True, slots=True)
class Normal:
    """The normal form of a part of `text`: tokens, and for each its first offset and the one behind its last.

    In one that is `joined`, words divided at line ends are put together.
    """

    text: str
    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    joined: bool = False

    def __len__(self) -> int:
        return len(self.tokens)

    def cut(self, first: int, last: int) -> Normal:
        """The tokens `first` (included) to `last` (excluded)."""
        return Normal(self.text, self.tokens[first:last], self.starts[first:last], self.ends[first:last], self.joined)

    def unbroken(self, first: int, last: int) -> tuple[int, int]:
        """The tokens `first` to `last` (excluded), and what more belongs to the numbers at their edges (1,200)."""
        while first > 0 and self._inside_number(first):
            first -= 1
        while last < len(self) and self._inside_number(last):
            last += 1
        return first, last

    def _inside_number(self, at: int) -> bool:
        """Whether a number goes on from the token before `at` to that at `at`."""
        return self.is_point(at, IN_NUMBERS) or self.is_point(at - 1, IN_NUMBERS)

    def is_point(self, at: int, signs: str = ".,") -> bool:
        """Whether token `at`, one of `signs`, stands inside a number: 4.5, and not "page 4. 5 ships"."""
        if not (0 < at < len(self) - 1 and self.tokens[at] in signs):
            return False
        digits = self.tokens[at - 1][-1].isdigit() and self.tokens[at + 1][0].isdigit()
        return digits and self.adjoin(at - 1) and self.adjoin(at)

    def raw(self, first: int, last: int) -> str:
        """The text from token `first` to token `last` (excluded), as it is written."""
        return self.text[self.starts[first] : self.ends[last - 1]] if first < last else ""

    def adjoin(self, number: int) -> bool:
        """Whether nothing stands between token `number` and the next."""
        return self.ends[number] == self.starts[number + 1]


@cache
def _kinds(joined: bool) -> re.Pattern[str]:
    """What tells the kinds apart; made at its first use: that takes a sixth of the time of `import qa`."""
    word = rf"(?:{_WORD})(?:{_BROKEN}{_WORD})*" if joined else _WORD
    return re.compile(_KINDS.replace("WORD", word), re.VERBOSE | re.MULTILINE)


def is_broken(text: str) -> bool:
    """Whether a hyphen at the end of a line may divide a word, so that `normal` has two forms of it."""
    return _IS_BROKEN.search(text) is not None


def normal(
    text: str, start: int = 0, end: int | None = None, *, joined: bool = False, without: Sequence[Span] = ()
) -> Normal:
    """The normal form of `text[start:end]`; offsets count from the beginning of `text`.

    With `joined`, words divided at line ends are put together. Text inside the spans `without` is passed over.
    """
    end = len(text) if end is None else end
    tokens: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _kinds(joined).finditer(text, start, end):
        kind = found.lastgroup or ""
        if kind in _UNSEEN or any(span.start <= found.start() < span.end for span in without):
            continue
        if kind == "mark" and _EMPTY_LINE.search(text, ends[-1] if ends else start, found.start()):
            continue  # the mark that a quotation of several paragraphs has before each of them
        tokens.append(_FIXED.get(kind) or _plain(found.group()))
        starts.append(found.start())
        ends.append(found.end())
    return Normal(text, tuple(tokens), tuple(starts), tuple(ends), joined)


def _plain(token: str) -> str:
    if token.isascii() and token.isalnum():
        return token.lower()
    taken = _TAKEN_OUT.sub("", token) if len(token) > 1 else token
    return unicodedata.normalize("NFC", taken.translate(_PLAIN)).lower()


def is_word(token: str) -> bool:
    """Whether a token is a word or a number, and no sign."""
    return token[0].isalnum()


def searched(part: Normal) -> list[str]:
    """The words of a part as an index counts them, in order."""
    raw = part.raw(0, len(part))
    whole = _IS_BROKEN.sub("", raw) if part.joined else " ".join(raw.split())
    return lexical.words(_BRACKETED.sub(r"\1", _NO_WORDS.sub(" ", whole)))


def parts(whole: Normal) -> list[Normal]:
    """What stands between the ellipses of a quotation, without the marks and stops at the edges of each part."""
    edges = [-1, *(i for i, token in enumerate(whole.tokens) if token == ELLIPSIS), len(whole)]
    found = (_trimmed(whole, first + 1, last, inner=first >= 0) for first, last in pairwise(edges))
    return [part for part in found if len(part)]


def _trimmed(whole: Normal, first: int, last: int, *, inner: bool) -> Normal:
    """Tokens without what a quotation adds or leaves out at its edges: marks, and stops outside numbers."""
    tokens = whole.tokens
    while first < last and (
        tokens[first] == MARK or (inner and tokens[first] in ",.;:" and first + 1 < last and not whole.adjoin(first))
    ):
        first += 1
    while first < last and (tokens[last - 1] == MARK or tokens[last - 1] in ",.;:-。、，；："):
        last -= 1
    return whole.cut(first, last)


def told_apart(one: Normal, other: Normal) -> tuple[list[str], list[str]]:
    """The tokens of two texts, others where spaces or capitals make another number or word: 4.5 is not 4. 5, US not us.

    A mark behind a number that closes nothing is a sign of its own: 5' is not 5". Capitals tell nothing where a text
    has nothing else.
    """
    shouting = any(side.raw(0, len(side)).isupper() for side in (one, other) if len(side) > 2)
    return _distinct(one, shouting=shouting), _distinct(other, shouting=shouting)


def _distinct(side: Normal, *, shouting: bool) -> list[str]:
    found = list(side.tokens)
    opened = side.text[max(side.starts[0] - 1, 0)] in QUOTATION_MARKS if len(side) else False
    for at in range(len(side)):
        if side.tokens[at] == MARK:
            if not opened and at and side.tokens[at - 1][-1].isdigit() and side.adjoin(at - 1):
                found[at] = "feet" if side.raw(at, at + 1) in _SINGLE_MARKS else "inches"
            else:
                opened = not opened
        word = side.raw(at, at + 1).translate(_NO_BRACKETS)
        if not shouting and 2 <= len(word) <= _LONGEST_ACRONYM and word.isupper():
            found[at] = word
        elif side.is_point(at):
            found[at - 1 : at + 2] = [f"{part} of one number" for part in found[at - 1 : at + 2]]
    return found
