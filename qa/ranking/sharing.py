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
_TWO_THINGS = re.compile(
    r"\b(?:and|or|both|each|versus|vs|compare[ds]?|comparison|differ(?:s|ed|ences?|ent)?|between|than|neither)\b",
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
    lacking = asked.difference(*map(held_terms, kept))
    found: list[int] = []
    for at, text in enumerate(others):
        if not lacking:
            break
        shared = asked & held_terms(text)
        if shared & lacking and len(shared) > 1:  # the other thing, of the same kind
            found.append(at)
            lacking -= shared
    return found
