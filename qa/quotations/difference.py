"""The word diff: what a quotation changes, puts in and leaves out of what it quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from qa import verdicts
from qa.quotations.normal import Normal, told_apart

if TYPE_CHECKING:
    from qa import typed

Kind: TypeAlias = verdicts.Change
# Of what is longer (tokens), only so much is compared.
LONGEST = 600
# Of what two texts have in common, so many pairs of equal tokens are looked at: several times what prose of the longest
# kind has.
_MOST_PAIRS = 30_000


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that a quotation and what it quotes have in common, or in which they differ."""

    kind: Kind
    quoted: str
    original: str

    def json(self) -> typed.DifferenceJSON:
        """The difference as JSON's values."""
        return {"kind": self.kind, "quoted": self.quoted, "original": self.original}


def differences(quoted: Normal, original: Normal) -> tuple[Difference, ...]:
    """The differences in order, each as both sides write it; of the first `LONGEST` tokens of each."""
    one, other = quoted.cut(0, LONGEST), original.cut(0, LONGEST)
    kinds: dict[str, Kind] = {"equal": "same", "replace": "changed", "delete": "added", "insert": "left out"}
    return tuple(
        Difference(kinds[kind], one.raw(i, j), other.raw(k, m))
        for kind, i, j, k, m in compared(*told_apart(one, other)).get_opcodes()
    )


def compared(one: Sequence[str], other: Sequence[str]) -> SequenceMatcher[str]:
    """Two texts laid beside each other.

    Tokens that both repeat so often that comparing them would take long are the same only beside others that are.
    """
    theirs = Counter(other)
    pairs = sorted((count * theirs[token], token) for token, count in Counter(one).items() if token in theirs)
    sums = accumulate(count for count, _ in pairs)
    common = {token for (_, token), total in zip(pairs, sums, strict=True) if total > _MOST_PAIRS}
    return SequenceMatcher(common.__contains__ if common else None, one, other, autojunk=False)
