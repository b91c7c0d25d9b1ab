"""Words: what full-text search sees of a text, what a question asks for, and exact phrases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from index.words.folding import fold
from source.text.letters import SMALL

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
UNSPACED = r"\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]")
# Signs that are part of the letter before them: accents, points of Hebrew and Arabic, vowels of the scripts of India.
MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u0900-\u0963\u0971-\u0df3\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3"
)
# A soft hyphen inside of a word is nothing but a place where a line may end.
_SOFT = "\u00ad"
_LETTERS = rf"[^\W_{UNSPACED}]+(?:[{MARKS}{_SOFT}]+[^\W_{UNSPACED}]*)*"
# A word that is divided at a line's end goes on in small letters.
_DIVIDED = re.compile(r"(?<=[^\W\d_])-[ \t]*(?:\r\n|\r|\n)[ \t]*")
# A large number: 42,000 or 42.000 or 42'000, and 42 000 where it is round.
_THOUSANDS = r"(?<![\d.,])\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:'\d{3})+|(?: \d{3})* 000)(?![\d]|[.,]\d)"
# A word, a large number, or a run of signs of a script without spaces.
WORD = re.compile(rf"[{UNSPACED}]+|{_THOUSANDS}|{_LETTERS}(?:{_DIVIDED.pattern}(?=[{SMALL}]){_LETTERS})*")
_SEPARATOR = re.compile(r"(?<=\d)[., '](?=\d)")
_SEPARATED = re.compile(_THOUSANDS)
_ACCENT = re.compile("[\u0300-\u036f]")
_PHRASE = re.compile(r'"([^"]*)"')


def folded(text: str) -> str:
    """`text` folded as the words of the index are, capitals kept; the same length."""
    return fold(text)


def words(text: str) -> list[str]:
    """The words of `text`, small and folded, in order, as `Index.frequencies` counts them.

    Where a script has no spaces, each two neighbouring signs are a word. Of a word that is divided at a line's
    end the parts stand behind all others: it may be two.
    """
    found: list[str] = []
    parts: list[str] = []
    for run in WORD.findall(fold(text)):
        if len(run) > 1 and _UNSPACED_RUN.match(run):
            found += [run[i : i + 2].lower() for i in range(len(run) - 1)]
            continue
        found.append(plain(run))
        if "-" in run:
            parts += map(plain, _DIVIDED.split(run))
    return found + parts


def plain(run: str) -> str:
    """A word as it is counted, given as `WORD` finds it: small, whole, without ligatures and separators."""
    word = run.lower()
    if word.isalpha() and word.isascii():
        return word
    word = _DIVIDED.sub("", word).replace(_SOFT, "")
    if word[0].isdigit():
        return _SEPARATOR.sub("", word)
    return unicodedata.normalize("NFKC", word).lower()


def content_words(text: str) -> list[str]:
    """The words of `text` that carry meaning, each once, in order."""
    return [word for word in dict.fromkeys(words(text)) if word not in STOP_WORDS]


def phrases(question: str) -> tuple[str, ...]:
    """The phrases in double quotation marks, straight or curly, that hold a word at all, each once.

    Punctuation at a phrase's end belongs to the question ('Who said "so be it?"').
    """
    found = (phrase.rstrip(" .,;:!?") for phrase in _PHRASE.findall(fold(question)))
    return tuple(phrase for phrase in dict.fromkeys(found) if WORD.search(phrase))


def holds(text: str, phrase: str) -> list[tuple[int, int]]:
    """Where `text` holds `phrase`: what folding makes one does not matter, nor do capitals and line breaks.

    Nor do soft hyphens, ligatures, the separators of thousands and where a line divides a word; accents only
    where the phrase has any.
    """
    wanted = _opened(phrase, "-")[0]
    accents = _ACCENT.search(wanted) is not None
    parts = wanted.split()
    if not parts:
        return []
    # A phrase begins and ends with whole words, where words are told apart by spaces.
    before = r"(?<!\w)" if _spaces_words(parts[0][0]) else ""
    after = rf"(?![\w{MARKS}])" if _spaces_words(parts[-1][-1]) else ""
    pattern = re.compile(before + r"\s+".join(map(re.escape, parts)) + after, re.IGNORECASE)
    found: dict[tuple[int, int], None] = {}
    for hyphen in ("", "-") if _DIVIDED.search(text) else ("-",):
        opened, places = _opened(text, hyphen, accents=accents)
        for one in pattern.finditer(opened):
            end = places[one.end() - 1] + 1
            while end < len(text) and unicodedata.combining(text[end]):
                end += 1
            found[places[one.start()], end] = None
    return sorted(found)


def _opened(text: str, hyphen: str, *, accents: bool = True) -> tuple[str, Sequence[int]]:
    """`text` with its signs taken apart, and the place in `text` of each; `hyphen` is what divides a word.

    Where there is nothing to take apart the places are those of the text itself.
    """
    bare = fold(text)
    if bare.isascii() and not _DIVIDED.search(bare) and not _SEPARATED.search(bare):
        return bare, range(len(bare))
    left_out = {i for one in _SEPARATED.finditer(bare) for i in range(*one.span()) if not bare[i].isdigit()}
    divided = {one.start(): one.end() for one in _DIVIDED.finditer(bare)}
    signs: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(bare):
        behind = divided.get(at, at + 1)
        opened = hyphen if at in divided else unicodedata.normalize("NFKD", bare[at])
        if at not in left_out and bare[at] != _SOFT:
            kept = opened if accents else _ACCENT.sub("", opened)
            signs.append(kept)
            places += [at] * len(kept)
        at = behind
    return "".join(signs), places


def _spaces_words(sign: str) -> bool:
    return sign.isalnum() and not _UNSPACED_RUN.match(sign)
