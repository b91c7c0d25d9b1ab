"""Words → the terms of full-text search: stems by language (Snowball, Porter 2001), without accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import Stemmer

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


def stems(words: Sequence[str], language: str) -> list[str]:
    """The term of each of `words`, which are small, in a text of this language."""
    algorithm = _ALGORITHMS.get(language)
    # A stemmer may serve one thread only, and costs nothing to make.
    found = Stemmer.Stemmer(algorithm).stemWords(words) if algorithm else words
    return [term if term.isascii() else _plain(term) for term in found]


def terms(words: Sequence[str], languages: Iterable[str]) -> list[str]:
    """Each term that any of `words` may have in a text of one of `languages`, once."""
    kinds = dict.fromkeys(language if language in _ALGORITHMS else None for language in languages)
    return list(dict.fromkeys(term for kind in kinds for term in stems(words, kind or "-")))


def _plain(term: str) -> str:
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", term)))
