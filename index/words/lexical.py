"""Words: what full-text search sees of a text, what a question asks for, and exact phrases."""

from __future__ import annotations

import re

from index.words.folding import fold

STOP_WORDS = frozenset(
    "a about above after again against all also am an and any are aren as at be because been before being below "
    "between both but by can cannot could couldn d did didn do does doesn doing don done down during each few for "
    "from further had hadn has hasn have haven having he her here hers herself him himself his how i if in into is "
    "isn it its itself just ll m me might more most much must mustn my myself no nor not now of off on once one only "
    "or other our ours ourselves out over own please re s same shall she should shouldn so some such t tell than that "
    "the their theirs them themselves then there these they this those through to too under until up upon us ve very "
    "was wasn we were weren what when where which while who whom whose why will with won would wouldn you your yours "
    "yourself yourselves".split()
)

# Scripts that are written without spaces: Thai and Lao, Japanese, Chinese.
_UNSPACED = r"\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]")
# Signs that are part of the letter before them: accents, points of Hebrew and Arabic, vowels of the scripts of India.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u0900-\u0963\u0971-\u0df3\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3"
)
# A word, or a run of signs of a script without spaces.
WORD = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+(?:[{_MARKS}]+[^\W_{_UNSPACED}]*)*")
_PHRASE = re.compile(r'"([^"]*)"')


def folded(text: str) -> str:
    """`text` folded as the words of the index are, capitals kept; the same length."""
    return fold(text)


def words(text: str) -> list[str]:
    """The words of `text`, small and folded, in order, as `Index.frequencies` counts them.

    Where a script has no spaces, each two neighbouring signs are a word.
    """
    found: list[str] = []
    for run in WORD.findall(fold(text).lower()):
        pairs = len(run) > 1 and _UNSPACED_RUN.match(run)
        found += [run[i : i + 2] for i in range(len(run) - 1)] if pairs else [run]
    return found


def content_words(text: str) -> list[str]:
    """The words of `text` that carry meaning, each once, in order."""
    return [word for word in dict.fromkeys(words(text)) if word not in STOP_WORDS]


def phrases(question: str) -> tuple[str, ...]:
    """The phrases in double quotation marks, straight or curly, that hold a word at all.

    Punctuation at a phrase's end belongs to the question ('Who said "so be it?"').
    """
    found = (phrase.rstrip(" .,;:!?") for phrase in _PHRASE.findall(fold(question)))
    return tuple(phrase for phrase in found if WORD.search(phrase))


def holds(text: str, phrase: str) -> list[tuple[int, int]]:
    """Where `text` holds `phrase`: capitals, kinds of quotation marks and line breaks do not matter."""
    parts = fold(phrase).split()
    if not parts:
        return []
    # A phrase begins and ends with whole words, where words are told apart by spaces.
    before = r"(?<!\w)" if _spaces_words(parts[0][0]) else ""
    after = r"(?!\w)" if _spaces_words(parts[-1][-1]) else ""
    pattern = re.compile(before + r"\s+".join(map(re.escape, parts)) + after, re.IGNORECASE)
    return [found.span() for found in pattern.finditer(fold(text))]


def _spaces_words(sign: str) -> bool:
    return sign.isalnum() and not _UNSPACED_RUN.match(sign)
