"""Signs as they stand on a page, from left to right → the order in which they are read.

The inverse of the bidirectional algorithm (Unicode Standard Annex 9) for a single line without embeddings: a
right-to-left line is read from its right end, but its numbers and foreign words from their left.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, cycle, groupby

from source.formats.pdf.glyphs import Glyph

# White space narrower than this part of the type's size does not part words.
_SPACE = 0.2
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("«", "»"), ("‹", "›"))
_PRESENTED = re.compile("[\ufb1d-\ufdff\ufe70-\ufeff]")  # letters in the shape that they have within a word
_JOINS_NUMBERS = frozenset(".,:/-–+%$€£#'’")


def is_right_to_left(text: str) -> bool:
    """Whether most of the letters in `text` are written from right to left."""
    directions = [unicodedata.bidirectional(sign) for sign in text]
    return sum(one in ("R", "AL") for one in directions) > directions.count("L")


def holds_right_to_left(text: str) -> bool:
    """Whether any letter in `text` is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)


def logical(glyphs: Sequence[Glyph]) -> str:
    """The text of a line that holds right-to-left letters."""
    words = _clusters(glyphs)
    backwards = is_right_to_left("".join(glyph.text for glyph in glyphs))
    kinds = _resolved(words, "R" if backwards else "L")
    runs = [[word for word, _ in run] for _, run in groupby(zip(words, kinds, strict=True), key=lambda pair: pair[1])]
    own = [kind for kind, _ in groupby(kinds)]
    parts = ["".join(reversed(run) if kind == "R" else run) for run, kind in zip(runs, own, strict=True)]
    text = "".join(reversed(parts) if backwards else parts)
    return _with_brackets(" ".join(text.split()))


def _clusters(glyphs: Sequence[Glyph]) -> list[str]:
    """The signs from left to right, each with the marks over it and the letters that share its place."""
    places: list[list[Glyph]] = []
    marks: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda one: one.left + one.right):
        alone = all(unicodedata.category(sign) == "Mn" for sign in glyph.text)
        last = places[-1][0] if places else None
        if last is not None and abs(last.left - glyph.left) < 0.01 and abs(last.right - glyph.right) < 0.01:
            places[-1].append(glyph)
        elif alone:
            marks.append(glyph)
        else:
            places.append([glyph])
    middles = [place[0].left + place[0].right for place in places]
    for mark in marks if places else ():
        at = bisect_left(middles, mark.left + mark.right)
        near = min(
            (i for i in (at - 1, at) if 0 <= i < len(places)), key=lambda i: abs(middles[i] - mark.left - mark.right)
        )
        places[near].append(mark)
    words: list[str] = []
    right = places[0][0].left if places else 0.0
    for place in places:
        if place[0].left - right > _SPACE * place[0].size and words:
            words.append(" ")
        words.append(_together(place))
        right = max(right, *(glyph.right for glyph in place))
    return words


def _together(place: Iterable[Glyph]) -> str:
    """The letters of one sign: PDFium gives those of a right-to-left sign from their end."""
    text = "".join(glyph.text for glyph in place)
    letters = text.strip()
    first_is_mark = bool(letters) and unicodedata.category(letters[0]) == "Mn"
    reversed_ligature = len(letters) == 2 and letters[1] == "\u0644" and letters[0] in "\u0627\u0623\u0625\u0622"
    if first_is_mark or reversed_ligature or (len(letters) > 2 and holds_right_to_left(letters) and _mark_before(text)):
        text = text[::-1]
    return _PRESENTED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def _mark_before(text: str) -> bool:
    """Whether the text begins with white space or ends with a letter that a mark stands before."""
    return text[:1].isspace() or (len(text) > 1 and unicodedata.category(text[-2]) == "Mn")


def _kind(word: str) -> str:
    """The direction of a sign: "R", "L", "N" of a number, or "" of what has none of its own."""
    for sign in word:
        direction = unicodedata.bidirectional(sign)
        if direction in ("R", "AL"):
            return "R"
        if direction == "L":
            return "L"
        if direction in ("EN", "AN"):
            return "N"
    return ""


def _resolved(words: Sequence[str], base: str) -> list[str]:
    """The direction of each sign: what has none goes with its neighbours, where they agree, else with the line."""
    kinds = [_kind(word) for word in words]
    before = list(accumulate(kinds, lambda last, kind: kind or last, initial=base))
    after = list(accumulate(reversed(kinds), lambda last, kind: kind or last, initial=base))[::-1]
    found = []
    for i, (word, kind) in enumerate(zip(words, kinds, strict=True)):
        around = {before[i], after[i + 1]}
        within = around == {"N"} and word in _JOINS_NUMBERS and kinds[i - 1] == kinds[i + 1] == "N"
        if (
            kind == "N"
            or within
            or _goes_with_number(words, i)
            or (not kind and "L" in around and "R" not in around and (len(around) == 1 or base == "L"))
        ):
            found.append("L")
        else:
            found.append(kind or ("R" if around == {"R"} else base))
    return found


def _goes_with_number(words: Sequence[str], i: int) -> bool:
    """Whether a sign is one of percent, of money and the like beside a European number (rule W5)."""
    beside = [word[0] for word in (*words[max(i - 1, 0) : i], *words[i + 1 : i + 2]) if word]
    ends = len(words[i]) == 1 and unicodedata.bidirectional(words[i]) == "ET"
    return ends and any(unicodedata.bidirectional(sign) == "EN" for sign in beside)


def _with_brackets(text: str) -> str:
    """`text` with its brackets the right way round: some files have the sign, others the shape it has on the page."""
    for opening, closing in _BRACKETS:
        depths = list(accumulate((sign == opening) - (sign == closing) for sign in text))
        signs = text.count(opening) + text.count(closing)
        if signs < 2 or (min(depths) >= 0 and depths[-1] == 0):
            continue
        turns = cycle((opening, closing))
        text = "".join(next(turns) if sign in (opening, closing) else sign for sign in text)
    return text
