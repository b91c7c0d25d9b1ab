"""Which sentences ask: by their question mark, by who is said to ask, or by a label."""

from __future__ import annotations

import re

_MARKS = "?？؟՞፧⁇⁈‽"
# What may stand behind a question mark and still belong to the question.
_CLOSING = re.compile(r"(?:[\"'”’»›)\]}*_~`」』）\s]|\[\^?[\w*,–-]{1,12}\]|</\w+>|\n[ \t]*>|[¹²³⁴-⁹⁰†‡]|\(\d{1,3}\))+$")
# “Where is it?” asked the man. – Où est-il ? demanda-t-il.
_REPORTED = re.compile(
    rf"\W*(?:[\"“”«»„‘'‹「『][^\"”»」』]*[{_MARKS}]\s?[\"”»«’'›」』]+,?\s|[—–]\s?[^{_MARKS}]*[{_MARKS}]\s+(?=[^\W\d_A-Z]))"
    rf"[^\"“«„{_MARKS}!]{{1,80}}"
)
_LABEL = re.compile(
    r"[^\w\n]*(?:[\d:.,\s]{4,24}\]?\s*)?(?:Q|Question|Frage|Pregunta|Pergunta|Domanda|Вопрос|Spørsmål|Fråga|Vraag|Pytanie|问|問)"
    r"\s?\d{0,3}\s?[.:：)][*_\s]"
)
_PROMPT = re.compile(
    r"[\W_]*(?:please\s+)?(?:tell (?:me|us)|describe|explain|talk (?:to us |us )?(?:about|through)|walk us)\b",
    re.IGNORECASE,
)
# Who speaks, behind a moment or not, and what begins a question in talk that is typed without its mark.
_SAID = re.compile(
    r"[\W_]*(?:[\[(]?[\d/.,: -]{4,24}(?:[ap]m)?[\])]?[\s–-]*)?[^\W\d_](?:[\w.'’&/-]| (?=\S)){0,30}:[*_]*\s+"
    r"(?:(?:so|and|but|well|ok|okay|hi|hey|oh|um|uh),? ){0,2}(?:(?:who|what|where|when|why|how(?: \w+)?|which \w+)"
    r"(?:'s|’s| (?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had))"
    r"|(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had) (?:there|it|he|she|they|we|you|i|the"
    r"|this|that|any\w*|some\w*))\s[^.!…]*",
    re.IGNORECASE,
)
_GREEK = re.compile(r"[\u0370-\u03ff]")
# So much of a sentence's beginning and end is looked at; what is longer is no question that somebody is said to ask.
_TAIL, _LONGEST_REPORTED = 100, 400
# A prompt without a question mark is no longer than this.
_LONGEST_PROMPT = 200


def asks(sentence: str) -> bool:
    """Whether `sentence` is a question, however it is marked: it repeats what is asked and answers nothing."""
    words = _CLOSING.sub("", sentence[-_TAIL:])
    if words[-1:] in tuple(_MARKS) or (words.endswith((";", "\u037e")) and _GREEK.search(words)):
        return any(map(str.isalnum, words))
    if len(sentence) <= _LONGEST_REPORTED and _REPORTED.fullmatch(sentence):
        return True
    label = _LABEL.match(sentence[:_TAIL])
    if label is not None or len(sentence) > _LONGEST_PROMPT:
        return label is not None
    return _PROMPT.match(sentence) is not None or _SAID.fullmatch(sentence) is not None
