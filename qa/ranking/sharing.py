"""What words a question and a passage have in common, in any form: which passages are worth showing beside the first.

A question about two things wants both, what shares nothing with the question is not close to it, and a bare name
that stands in a passage is found there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.words import lexical
from index.words.stems import indexed, stems

# A question of more words is none of a bare name.
_LONGEST_NAME = 4
# "And" alone joins all kinds of words; these, or two that have an article each, set things beside each other.
_TWO_THINGS = re.compile(
    r"\b(?:compare[ds]?|comparison|versus|vs|differ(?:s|ences?)?|between|both)\b"
    r"|\bthe (?:[\w-]+ ){1,3}(?:and|or) the ",
    re.IGNORECASE,
)
# What asks to compare and is not looked for itself.
_COMPARING = frozenset(
    stems("compare comparison difference different differ versus vs list name contrast relation".split(), "en")
)


def asked_terms(question: str) -> frozenset[str]:
    """The terms of a question's words that carry meaning, those left out that only ask to compare."""
    return frozenset(stems(lexical.content_words(question), "en")) - _COMPARING


def held_terms(text: str) -> frozenset[str]:
    """The terms of the words of a passage, also as they are typed without accents."""
    return frozenset(indexed(lexical.words(text), "en"))


def is_bare_name(question: str) -> bool:
    """Whether `question` is a name or a few words, and asks nothing of them."""
    words = lexical.words(question)
    return 0 < len(words) <= _LONGEST_NAME and not lexical.STOP_WORDS.intersection(words) and "?" not in question


def completing(question: str, kept: Sequence[str], others: Sequence[str]) -> list[int]:
    """Which of `others` to quote beside the `kept` passages so that each of two things is spoken of.

    None where `question` is about one thing. Passages are given by their texts, the best first.
    """
    if not _TWO_THINGS.search(question):
        return []
    asked = asked_terms(question)
    shared = [asked & held_terms(text) for text in others]
    lacking = asked.difference(*map(held_terms, kept)).intersection(frozenset().union(*shared))
    # The other thing is of the same kind: it holds what was lacking, and something that was not.
    return next(([at] for at, held in enumerate(shared) if lacking and lacking < held), [])
