"""In how many passages each word and term stands: counted by a build, in parts of which it rewrites what changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import xxhash

from index.milvus.packing import packed, unpacked
from index.words import lexical

# About so many words are kept together.
_TOGETHER = 512

# The counts of words as they are written, and of terms, as a part holds them.
Part = Mapping[str, Mapping[str, int]]
_KINDS = ("words", "terms")


def bucket(word: str, buckets: int) -> int:
    """The part that counts a word, of so many."""
    return xxhash.xxh3_64_intdigest(word.encode("utf-8", "surrogatepass")) % buckets


def buckets_for(words: int) -> int:
    """How many parts serve so many words and terms: a power of two."""
    return 1 << max(0, (words // _TOGETHER).bit_length())


class CountChanges:
    """By how much the counts of words and terms differ from those of the last generation."""

    def __init__(self) -> None:
        self.by: dict[str, Counter[str]] = {kind: Counter() for kind in _KINDS}

    def count(self, context: str, text: str, terms: Iterable[str], by: int) -> None:
        """Count what stands in a passage `by` 1, or -1 to take it away."""
        for word in {*lexical.words(context), *lexical.words(text)}:
            self.by["words"][word] += by
        for term in set(terms):
            self.by["terms"][term] += by

    def __len__(self) -> int:
        return sum(map(len, self.by.values()))

    def applied(self, buckets: int, before: Callable[[Sequence[int]], Iterable[Part]]) -> Iterable[tuple[int, str]]:
        """Each part of so many `buckets` that changes, and its text; `before` gives what parts held."""
        changed: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: {kind: {} for kind in _KINDS})
        for kind, counts in self.by.items():
            for word, by in counts.items():
                if by:
                    changed[bucket(word, buckets)][kind][word] = by
        numbers = sorted(changed)
        for number, held in zip(numbers, before(numbers), strict=True):
            part = {kind: dict(held.get(kind, {})) for kind in _KINDS}
            for kind, counts_by in changed[number].items():
                for word, by in counts_by.items():
                    part[kind][word] = part[kind].get(word, 0) + by
            yield number, packed({kind: {w: n for w, n in sorted(part[kind].items()) if n} for kind in _KINDS})


def unpacked_part(text: str) -> Part:
    """The counts in a part. Raises Damaged."""
    part: Part = unpacked(text)
    return part
