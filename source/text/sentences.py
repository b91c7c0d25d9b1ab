"""Sentence boundaries, as offsets.

`sentencex` (Wikimedia) finds them: of the libraries measured it alone keeps quotations,
parenthesised sentences, initials and "U.S." together, and it never changes the text. It splits
after a few abbreviations of scholarly prose ("vol. 3") and before what follows a quotation in
Japanese; those are joined again here. Thai has no mark at the end of a sentence: there a paragraph
is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from source.document import Sentence
from source.text.questions import asks
from source.text.windows import LONGEST_QUOTATION, boundaries

# Abbreviations after which a number or a small letter goes on with the same sentence.
_GOES_ON = re.compile(
    r"\b(?:approx|art|bk|ca?|cf|ch|chap|col|ed|eds|esp|est|fig|figs|fl|fn|incl|l|ll|no|nos|n|nr"
    r"|op|p|par|pp|pt|repr|rev|sec|ser|suppl|tr|trans|viz|vol|vols|vs?)\.\s*$",
    re.IGNORECASE,
)
# In some languages a sentence goes on where one end (before the bar) meets such a beginning: after
# titles, within "т. е.", and from a quotation to the particle that closes it.
_GOES_ON_IN = {
    "fr": re.compile(r"\b(?:MM?|Mmes?|Mlles?|Mgr|Ste?)\.\|"),
    "hi": re.compile(r"(?:^|\s)डॉ\.\|"),
    "ja": re.compile(r"[」』）]\|[とっのがをはにもでへや、]"),
    "ru": re.compile(r"\b[ти]\.\|[екдпн]\.|\b[ти]\.\s*[екдпн]\.\|[а-яё]", re.IGNORECASE),
    "zh": re.compile(r"[”」』]\|[，、]"),
}
# What may introduce an item of a list; it is no part of the sentence that is marked.
LIST_MARKER = re.compile(r"[ \t]*(?:[•◦▪▫‣⁃∙·●○■–—*+-]|\(?(?:\d{1,3}[.)]|(?:[a-zA-Z]|[ivx]{1,4})\)))[ \t\u00a0]+(?=\S)")
# Where a sentence ends whatever its punctuation: an empty line, or the start of a list's item.
_BREAK = re.compile(
    r"\r?\n[ \t]*\r?\n|(?:(?<=[.:;!?,])[ \t]*\r?\n|\r?\n(?=[ \t]*[•◦▪▫‣⁃∙●○■]))(?=" + LIST_MARKER.pattern + ")"
)
# An abbreviation and the space behind it are no longer than this.
_LONGEST_ABBREVIATION = 40
_QUOTATION_MARK = re.compile(r"(?:(?<=\s)|^)[\"'“‘«„(\[{]+(?=\S)|[\"“”«»„()\[\]{}]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def sentences(text: str, start: int, end: int, language: str = "en") -> tuple[Sentence, ...]:
    """The sentences of `text[start:end]`, in order, without the white space around them.

    A text of no known language is divided as if it were English.
    Offsets count characters of `text`. Every character that is neither white space nor a list
    marker lies in exactly one sentence.
    """
    passage = _SURROGATE.sub("\ufffd", text[start:end])
    spans: list[Sentence] = []
    for piece_start, piece_end in _pieces(passage):
        marker = LIST_MARKER.match(passage, piece_start, piece_end)
        first_letter = marker.end() if marker else piece_start
        for first, last in _joined(passage[first_letter:piece_end], language or "en"):
            sentence = passage[first_letter + first : first_letter + last]
            if stripped := sentence.strip():
                at = start + first_letter + first + sentence.index(stripped)
                spans.append(Sentence(at, at + len(stripped), asks(stripped)))
    return tuple(spans)


def _pieces(passage: str) -> Iterator[tuple[int, int]]:
    at = 0
    for found in _BREAK.finditer(passage):
        yield at, found.end()
        at = found.end()
    yield at, len(passage)


def _boundaries(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The library's boundaries; a long quotation is divided as if its marks were not there."""
    for start, end in boundaries(text, language):
        bare = _QUOTATION_MARK.sub(_without_mark, text[start:end]) if end - start > LONGEST_QUOTATION else ""
        if not bare or bare == text[start:end]:
            yield start, end
            continue
        for first, last in boundaries(bare, language):
            yield start + first, start + last


def _without_mark(mark: re.Match[str]) -> str:
    """As many characters that neither open nor close anything, and stay with the right word."""
    opens = mark.start() == 0 or mark.string[mark.start() - 1].isspace()
    return ("A" if opens else " ") * len(mark.group())


def _joined(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The library's boundaries, without those that fall inside a sentence."""
    held: tuple[int, int] | None = None
    for start, last in _boundaries(text, language):
        first = start
        if held is not None:
            tail = text[first:last].lstrip()
            near = max(held[0], held[1] - _LONGEST_ABBREVIATION)
            goes_on = tail[:1].isdigit() or tail[:1].islower()
            goes_on = goes_on and _GOES_ON.search(text, near, held[1]) is not None
            if goes_on or _goes_on_in(language, text[near : held[1]], tail):
                first = held[0]
            else:
                yield held
        held = (first, last)
    if held is not None:
        yield held


def _goes_on_in(language: str, before: str, after: str) -> bool:
    """Whether a sentence in `language` goes on from `before` to `after`."""
    pattern = _GOES_ON_IN.get(language)
    return pattern is not None and pattern.search(f"{before.rstrip()[-10:]}|{after[:10]}") is not None
