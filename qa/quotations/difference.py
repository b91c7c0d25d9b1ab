"""The word diff: what a quotation changes, puts in and leaves out of what it quotes."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, TypeAlias

from qa import verdicts
from qa.quotations.normal import Normal

if TYPE_CHECKING:
    from qa import typed

Kind: TypeAlias = verdicts.Change
# Of what is longer (tokens), only so much is compared.
LONGEST = 600


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
        for kind, i, j, k, m in SequenceMatcher(None, one.tokens, other.tokens, autojunk=False).get_opcodes()
    )
