"""What a quotation comes nearest to where nothing says it: passages that share its words, laid beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from index.words import lexical
from qa.quotations.difference import LONGEST, compared
from qa.quotations.normal import Normal, is_word
from qa.quotations.search import Library, Piece, Region

# So many passages that share most with a quotation are laid beside it.
_CANDIDATES, _COMPARED = 8, 4
# So many of its words are looked for.
_MOST_WORDS = 12
# What a quotation and an original share of the weight of their words, from which on one is the other, altered.
ALTERED = 0.55
# A common word and a sign say little of where something stands.
_COMMON, _SIGN = 0.3, 0.1
# What is skipped between two runs that match costs so much of its weight.
_SKIPPED = 0.4


def nearest(library: Library, quoted: Normal, documents: Collection[str] | None = None) -> tuple[Piece, float] | None:
    """What stands nearest to a quotation, and the share (0 to 1) of their words that is the same."""
    quoted = quoted.cut(0, LONGEST)
    words = lexical.content_words(quoted.raw(0, len(quoted)))
    counts = library.index.frequencies(words)
    rare = sorted((word for word in words if counts[word]), key=lambda word: counts[word])[:_MOST_WORDS]
    if not rare:
        return None
    hits = library.index.matching(rare, _CANDIDATES, documents)[:_COMPARED]
    passages = library.index.passages([hit.passage for hit in hits])
    regions = (library.region(one.document, one.passage.number - 1, one.passage.number + 1) for one in passages)
    found = [one for region in regions if (one := beside(quoted, region))]
    return max(found, key=lambda one: one[1], default=None)


def beside(quoted: Normal, region: Region) -> tuple[Piece, float] | None:
    """The words of a region that come nearest to a quotation, and the share that is the same."""
    weights = _weights(quoted.tokens)
    own = _weights(region.form.tokens)
    blocks = [
        (block.a, block.b, block.size)
        for block in compared(quoted.tokens, region.form.tokens).get_matching_blocks()
        if block.size
    ]
    if not blocks:
        return None
    chain = _best_chain(blocks, weights, own)
    quoted_first, first, _ = chain[0]
    quoted_last, last, size = chain[-1]
    # What is not the same before and behind stands where the quotation begins and ends.
    first = _extended(region, first, -quoted_first)
    last = _extended(region, last + size, len(quoted) - quoted_last - size)
    first, last = region.form.unbroken(first, last)
    shared = sum(sum(weights[at : at + size]) for at, _, size in chain)
    whole = max(sum(weights), sum(own[first:last]))
    return Piece(region, first, last), shared / whole if whole else 0.0


def _best_chain(
    blocks: Sequence[tuple[int, int, int]], weights: Sequence[float], own: Sequence[float]
) -> Sequence[tuple[int, int, int]]:
    """The run of matching blocks that is worth most: what is the same, less what is skipped."""
    best, most = (0, 1), float("-inf")
    start, worth = 0, 0.0
    for i, (at, there, size) in enumerate(blocks):
        gain = sum(weights[at : at + size])
        if i:
            _, before, length = blocks[i - 1]
            worth -= _SKIPPED * sum(own[before + length : there])
        if worth <= 0:
            start, worth = i, 0.0
        worth += gain
        if worth > most:
            best, most = (start, i + 1), worth
    return blocks[best[0] : best[1]]


def _extended(region: Region, token: int, by: int) -> int:
    """The token `by` further on, or back, but not beyond the sentence that it stands in."""
    if not by:
        return token
    inside = min(max(token if by < 0 else token - 1, 0), len(region.form) - 1)
    offset = region.form.starts[inside]
    passage = region.holder(inside)
    sentence = next((one for one in passage.sentences if one.start <= offset < one.end), passage)
    while by > 0 and token < len(region.form) and region.form.starts[token] < sentence.end:
        token, by = token + 1, by - 1
    while by < 0 and token > 0 and region.form.starts[token - 1] >= sentence.start:
        token, by = token - 1, by + 1
    return token


def _weights(tokens: Sequence[str]) -> list[float]:
    known: Mapping[bool, float] = {True: _COMMON, False: 1.0}
    return [known[token in lexical.STOP_WORDS] if is_word(token) else _SIGN for token in tokens]
