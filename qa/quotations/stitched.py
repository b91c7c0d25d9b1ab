"""Quotations that are put together: every word of them stands somewhere, but not in one place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from qa.quotations.normal import Normal, is_word, parts
from qa.quotations.search import Library, Piece, find

# A piece without an ellipsis before or behind it has at least so many words: fewer stand anywhere.
FEWEST_WORDS = 4
# A quotation is put together of at most so many pieces.
_MOST_PIECES = 12
# Words that mark where one piece may end are looked at this far back: it may have run on by chance.
_BACK = 3


def put_together(library: Library, quoted: Normal) -> tuple[Piece, ...]:
    """The pieces that a quotation is put together of, in its order; empty if some of it stands nowhere.

    Pieces of one passage that follow each other there are one place: what was left out between them
    is a change, and no other place.
    """
    pieces: list[Piece] = []
    for part in parts(quoted):
        covered = _covered(library, part, pieces)
        if not covered or len(pieces) + len(covered) > _MOST_PIECES:
            return ()
        pieces += covered
    return tuple(pieces) if _are_apart(pieces) else ()


def _covered(library: Library, part: Normal, before: Sequence[Piece]) -> list[Piece]:
    """The fewest pieces, from the left, that together say all of `part`."""
    found: list[Piece] = []
    at = 0
    while at < len(part) and len(found) < _MOST_PIECES:
        if found and not any(map(is_word, part.tokens[at:])):
            break  # a last sign
        rest = part.cut(at, len(part))
        skipped = 0
        while skipped < len(rest) and found and not is_word(rest.tokens[skipped]):
            skipped += 1
        piece = _longest(library, rest.cut(skipped, len(rest)), [*before, *found], whole=not found)
        if piece is None:
            return []
        found.append(piece)
        at += skipped + piece.last - piece.first
    return found if at >= len(part) or not any(map(is_word, part.tokens[at:])) else []


def _longest(library: Library, rest: Normal, before: Sequence[Piece], *, whole: bool) -> Piece | None:
    """The longest piece that begins as `rest` does; of equals, that which stands nearest behind the last."""
    words = [i for i, token in enumerate(rest.tokens) if is_word(token)]
    if len(words) < FEWEST_WORDS and not whole:
        return None
    begins = rest.cut(*rest.unbroken(0, words[min(FEWEST_WORDS, len(words)) - 1] + 1))
    best: tuple[int, bool, Piece] | None = None
    for stored in library.proposed(begins):
        for piece in find(begins, library.around(stored, 0, len(rest))):
            longer = _prolonged(rest, piece)
            follows = bool(before) and _follows(before[-1], longer)
            if best is None or (longer.last - longer.first, follows) > best[:2]:
                best = longer.last - longer.first, follows, longer
    return best[2] if best else None


def _prolonged(rest: Normal, piece: Piece) -> Piece:
    """`piece` as far as `rest` says the same; whole words only, and no single words of what comes next."""
    tokens = piece.region.form.tokens
    last = piece.last
    while last < len(tokens) and last - piece.first < len(rest) and tokens[last] == rest.tokens[last - piece.first]:
        last += 1
    length = last - piece.first
    if length < len(rest):
        # A sentence's end is where pieces meet, if one is near.
        for back in range(min(_BACK, length - (piece.last - piece.first)) + 1):
            if rest.tokens[length - back - 1] in ".!?":
                return Piece(piece.region, piece.first, last - back)
    return Piece(piece.region, piece.first, last)


def _follows(one: Piece, other: Piece) -> bool:
    """Whether `other` stands behind `one` in its passage."""
    return (
        one.region.document.name == other.region.document.name
        and one.passage.number == other.passage.number
        and one.span.end <= other.span.start
    )


def _are_apart(pieces: Sequence[Piece]) -> bool:
    """Whether pieces are from different places: other passages, or another order."""
    return len(pieces) > 1 and not all(_follows(one, other) for one, other in pairwise(pieces))
