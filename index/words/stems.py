"""Words → the terms of full-text search: stems by language (Snowball, Porter 2001), without accents.

English forms that no ending tells are made one before. A word with accents is indexed under a second term, that
of the same word typed without them, where the stemmer tells the two apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import Stemmer

from index.words.irregular import IRREGULAR

# The languages that have stems, by ISO 639-1 code. A text of no known language is stemmed as if it were English.
_ALGORITHMS = {
    "": "english", "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_ACCENTS = re.compile("[\u0300-\u036f]")


# Letters that are no letter with an accent, as they are typed without.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"})


def stems(words: Sequence[str], language: str) -> list[str]:
    """The terms of `words`, which are small, in a text of this language: one each, but for ½ and the like."""
    return _parted(_stems(words, language))


def _stems(words: Sequence[str], language: str) -> list[str]:
    """The term of each word."""
    algorithm = _ALGORITHMS.get(language)
    if algorithm == "english":
        words = [IRREGULAR.get(word, word) for word in words]
    # A stemmer may serve one thread only, and costs nothing to make.
    found = Stemmer.Stemmer(algorithm).stemWords(words) if algorithm else words
    return [without_accents(term) for term in found]


def indexed(words: Sequence[str], language: str) -> list[str]:
    """The terms under which a text of this language is found that holds `words`, which are small.

    They come in the order of the words; behind them all stand those of words typed without accents, where
    they are others.
    """
    found = _stems(words, language)
    accented = [i for i, word in enumerate(words) if not word.isascii()]
    bare = _stems([without_accents(words[i]) for i in accented], language) if accented else []
    return _parted(found + [term for i, term in zip(accented, bare, strict=True) if term != found[i]])


def _parted(terms: Sequence[str]) -> list[str]:
    """`terms` of letters, digits and their marks alone: whoever searches divides them at spaces and nowhere else."""
    found: list[str] = []
    for term in terms:
        if term.isalnum():
            found.append(term)
        else:
            found += "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in term).split()
    return found


def terms(words: Sequence[str], languages: Iterable[str]) -> list[str]:
    """Each term that any of `words` may have in a text of one of `languages`, once."""
    kinds = dict.fromkeys(language if language in _ALGORITHMS else None for language in languages)
    return list(dict.fromkeys(term for kind in kinds for term in stems(words, "-" if kind is None else kind)))


def without_accents(term: str) -> str:
    """`term` as it is typed where the keys have no accents."""
    if term.isascii():
        return term
    bare = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", term)))
    return bare.translate(_LETTERS)
