"""Sentence boundaries, as offsets.

`sentencex` (Wikimedia) finds them: of the libraries measured it alone keeps quotations,
parenthesised sentences, initials and "U.S." together, and it never changes the text. Where it errs
("vol. 3", a note's mark) `repairs` puts it right; what ends a sentence whatever its punctuation, `breaks`
knows. Thai has no mark at the end of a sentence: there a paragraph
is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from source.document import Furniture, Reason, Sentence, Span
from source.text.breaks import LIST_MARKER, pieces
from source.text.questions import asks
from source.text.repairs import repaired
from source.text.windows import LONGEST_QUOTATION, boundaries

_QUOTATION_MARK = re.compile(r"(?:(?<=\s)|^)[\"'“‘«„(\[{]+(?=\S)|[\"“”«»„()\[\]{}]+")
_WORD = re.compile(r"\S")
_WITHIN = (Reason.PAGE, Reason.TIME)  # stand within sentences
_SURROGATE = re.compile("[\ud800-\udfff]")


def sentences(
    text: str, start: int, end: int, language: str = "en", inside: Iterable[Span] = ()
) -> tuple[Sentence, ...]:
    """The sentences of `text[start:end]`, in order, without the white space around them.

    A text of no known language is divided as if it were English. `inside` is furniture that stands in the
    text: a sentence goes on behind a page's end and a cue's time, and behind no other. Offsets count characters of
    `text`. Every character that is neither white space nor a list marker nor furniture lies in exactly one sentence.
    """
    passage = _without(_SURROGATE.sub("\ufffd", text[start:end]), start, inside)
    spans: list[Sentence] = []
    for piece_start, piece_end, whole in pieces(passage):
        marker = None if whole else LIST_MARKER.match(passage, piece_start, piece_end)
        first_letter = marker.end() if marker else piece_start
        piece = passage[first_letter:piece_end]
        bounds = [(0, len(piece))] if whole else repaired(piece, _boundaries(piece, language or "en"), language or "en")
        for first, last in bounds:
            sentence = piece[first:last]
            stripped = sentence.strip()
            if stripped and (any(map(str.isalnum, stripped)) or not whole):
                at = start + first_letter + first + sentence.index(stripped)
                dash = marker.group() if marker and not first else ""
                spans.append(Sentence(at, at + len(stripped), asks(dash + stripped)))
    return tuple(spans)


def _without(passage: str, first: int, inside: Iterable[Span]) -> str:
    """`passage`, which starts at `first`, with white space for what stands `inside` of it, and for that around it."""
    kept: list[str] = []
    at = 0
    for one in sorted(inside, key=lambda one: one.start):
        before = passage[at : max(at, one.start - first)].rstrip()
        word = _WORD.search(passage, max(one.end - first, at))
        behind = word.start() if word else len(passage)
        room = behind - at - len(before)
        parts = isinstance(one, Furniture) and one.reason not in _WITHIN and room > 1
        kept += [before, f"\n{' ' * (room - 2)}\n" if parts else " " * room]
        at = behind
    return "".join([*kept, passage[at:]])


def _boundaries(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The library's boundaries; a long quotation is divided as if its marks were not there."""
    for start, end in boundaries(text, language):
        bare = _QUOTATION_MARK.sub(_without_mark, text[start:end]) if end - start > LONGEST_QUOTATION else ""
        if not bare or bare == text[start:end]:
            yield start, end
            continue
        for first, last in boundaries(bare, language):
            yield start + first, start + last


def _without_mark(mark: re.Match[str]) -> str:
    """As many characters that neither open nor close anything, and stay with the right word."""
    opens = mark.start() == 0 or mark.string[mark.start() - 1].isspace()
    return ("A" if opens else " ") * len(mark.group())
