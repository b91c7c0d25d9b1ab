"""The language of a text, found when it is indexed.

py3langid tells languages by the bytes of their words: of the detectors measured it was wrong
least (1 of 436 texts of 100 to 2,000 characters in 19 languages), is 5 MB and needs no network.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable
from functools import cache, partial
from typing import TYPE_CHECKING

from source.document import Span
from source.errors import UserError

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# With less probability than this, or from fewer letters, a language is not known.
_SURE, _FEWEST_LETTERS = 0.5, 20
# So many characters are enough, taken from so many places of a text.
_SAMPLE, _PLACES = 1200, 4

# The languages that are told apart, by ISO 639-1 code.
NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian",
    "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "ga": "Irish", "gd": "Scottish Gaelic", "gl": "Galician", "gu": "Gujarati",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer",
    "kn": "Kannada", "ko": "Korean", "ku": "Kurdish", "ky": "Kyrgyz", "la": "Latin", "lb": "Luxembourgish",
    "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian",
    "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "my": "Burmese", "ne": "Nepali", "nl": "Dutch",
    "no": "Norwegian", "or": "Odia", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sa": "Sanskrit", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian",
    "so": "Somali", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil",
    "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "ug": "Uyghur", "uk": "Ukrainian",
    "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def name_of(language: str) -> str:
    """The English name of a language given by its ISO 639-1 code."""
    return NAMES.get(language, language)


def language_of(text: str, spans: Iterable[Span] | None = None) -> str:
    """The ISO 639-1 code of the language that most of `text` is in, or of its `spans`; "" where it is not sure.

    Raises UserError if the detector cannot be loaded.
    """
    sample = _sampled(text, [Span(0, len(text))] if spans is None else spans)
    if sum(map(str.isalpha, sample)) < _FEWEST_LETTERS:
        return ""
    language, probability = _identifier().classify(sample)
    return str(language) if probability >= _SURE else ""


def _sampled(text: str, spans: Iterable[Span]) -> str:
    """Some of the lines at `spans` from several places: an essay may begin with names or with a quotation."""
    bounds = array("I", (at for span in spans for at in (span.start, span.end)))
    lines = partial(map, lambda start, end: f"{text[start:end]}\n", bounds[::2], bounds[1::2])
    length = sum(map(len, lines())) - 1
    if length <= _SAMPLE:
        return "".join(lines())[:-1]
    step, size = length // _PLACES, _SAMPLE // _PLACES
    places = [""] * _PLACES
    at = 0
    for line in lines():
        for i in range(_PLACES):
            first = i * step - at
            if first < len(line) and first + size > 0:
                places[i] += line[max(first, 0) : first + size]
        at += len(line)
    return "\n".join(places)


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    except OSError as error:  # it is unpacked to a temporary file
        raise UserError(
            f"The language of an essay cannot be told: {error.strerror}; make room in {tempfile.gettempdir()!r}."
        ) from error
    whole.set_languages(NAMES)
    # Another one does not hold what the model knows of all other languages: 28 MB.
    kept = whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output
    return LanguageIdentifier(*kept, norm_probs=True, tk_row=whole.tk_row)
