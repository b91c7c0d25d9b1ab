"""Sentence boundaries put right where the library errs: notes and closing marks, abbreviations, odd dots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from source.text.letters import CAPITAL, SMALL

# A note's mark that is a link, or a source in brackets: [[6]](#fn6), [^6^](#fn6), [@holm1931, p. 4], [[Holm 1931]].
NOTE_LINK = (
    r"\[\[[^\[\]\r\n]{1,60}\]\](?:\([^()\s]{0,200}\))?|\[(?:\\?\[|\^)?[\w†‡*]{1,4}(?:\\?\]|\^)?\]\([^()\s]{0,200}\)"
    r"|\[@[^\[\]\r\n]{1,80}\]"
)
RAISED = r"\^\d{1,3}\^?"  # the number of a note, ^4 or ^4^
# What closes a sentence that stands before it without a space: marks, notes, tags.
_CLOSING = re.compile(
    rf"(?:{NOTE_LINK}|{RAISED}|(?<=[.!?\"”])\([a-z]\)|<br\s?/?>"
    r"|[*_~=`\"”’»)\]}]|\\(?=\r?\n)|\[\^?[\w,–* -]{1,12}\]|\(\d{1,3}\)|\\\[\^?\w{1,4}\\\]|\{\d{1,3}\}|[¹²³⁰⁴-⁹†‡]"
    r"|</[a-zA-Z]\w*>|\^\[[^\[\]]{1,400}\]|(?<=[\d.!?。\]\"”’])[:：]\d{1,4}(?:[–,-]\s?\d{1,4}){0,9}"
    r"|<sup\b[^<>]{0,60}>[^<>]{1,200}</sup>|<ref\b[^<>]{0,100}>(?:[^<>]{0,400}</ref>)?|\{\{[^{}]{1,80}\}\})+(?=\s|$)"
)
_NOTE_BEHIND = re.compile(
    r"\s*(?:\[\^?\d{1,3}(?:[,–-]\s?\d{1,3})*\]|\([^()\d]{2,40}\s\d{4}[a-z]?(?:[:,][^()]{1,20})?\))(?=\s|$)"
    r"|[ \t]*(?:\[(?:[Nn]otes?|n\.|fn\.?)\s?\d{1,3}\]|\\\[\d{1,3}\\\])(?=\s|$)|[ \t]*\((?:[Nn]ote\s)?\d{1,3}\)\s*$"
)
# Abbreviations after which a number or a small letter goes on with the same sentence.
_GOES_ON = re.compile(
    r"\b(?:approx|art|bk|ca?|cf|ch|chap|col|ed|eds|esp|est|fig|figs|fl|fn|incl|l|ll|no|nos|n|nr"
    r"|op|p|par|pp|pt|repr|rev|sec|sect|ser|suppl|tr|trans|viz|vol|vols|vs?"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.\s*$",
    re.IGNORECASE,
)
_PENCE = re.compile(r"\d[sd]\.\s*$")  # £2 10s. 6d.
# Those that a Roman number goes on with: Vol. II.
_COUNTS = re.compile(r"\b(?:art|bks?|chaps?|ch|fig|pt|sec|tom|vols?)\.[*_]*\s*$", re.IGNORECASE)
_ROMAN = re.compile(r"[IVXLC]{1,7}\b")
# Those that end no sentence, whatever comes next.
_NEVER_LAST = re.compile(r"(?:^|[\s(])(?:approx|incl|viz|cf|esp|i\.\s?e|e\.\s?g)\.[*_]*\s*$", re.IGNORECASE)
_TITLED = re.compile(
    r"(?:^|[\s*_])(?:[DM]r|Mrs|Ms|Prof|St|Rev|Gen|Col|Capt|Lt|Sgt|Hr|Fr|Mme|Mlle|Sra?|Dra?)\.[*_]+\s*$"
    r"|(?:^|[\s*_(])(?:Jas|Thos|Wm|Chas|Geo|Jno|Robt|Saml|Benj|Edwd?|Richd|Alexr|Danl|Nathl|Fredk|Messrs)\.[*_]*\s*$"
    rf"|(?:^|\s)[*_]{{1,3}}[{CAPITAL}]\.\s*$"  # the initial of a name in italics
)
_ET_AL = re.compile(r"\bet\.?\s+al\.[*_,]*\s*$", re.IGNORECASE)
# In some languages a sentence goes on where one end (before the bar) meets such a beginning: after
# titles, within "т. е.", and from a quotation to the particle that closes it.
_GOES_ON_IN = {
    "fr": re.compile(r"\b(?:MM?|Mmes?|Mlles?|Mgr|Ste?)\.\|"),
    "hi": re.compile(r"(?:^|\s)डॉ\.\|"),
    "ja": re.compile(r"[」』）]\|[とっのがをはにもでへや、]"),
    "ru": re.compile(r"\b[ти]\.\|[екдпн]\.|\b[ти]\.\s*[екдпн]\.\|[а-яё]", re.IGNORECASE),
    "zh": re.compile(r"[”」』]\|[，、]"),
}
# Who speaks, "JOOST. ", or what is explained, "BORE, n. ", begins the sentence behind it.
_CAPITALS = rf"[{CAPITAL}]{{2,20}}(?:[ '’-][{CAPITAL}]{{1,20}}){{0,3}}"
_HEAD = re.compile(
    rf"[*_]*(?:[{CAPITAL}]|[QA]\s?\d{{1,3}}|(?:P\.\s?){{1,2}}S|N\.\s?B|{_CAPITALS})[.:][*_]*\s*"
    rf"|[*_]*{_CAPITALS}[*_]*,\s+(?:n|v|vb|adj|adv|p?p|pron|prep|conj|interj|v\.\s?[ti]|n\.\s?pl)\.[*_]*\s*"
)
# A sentence ends behind initials where the next word begins one; behind dots that are no ellipsis; before "2) ";
# behind a "No." that answers, and "May.", short for nothing; behind the number of a note that was raised; behind
# brackets around whole sentences.
_ENDS_TOO = re.compile(
    r"(?<=[A-Z]\.[A-Z]\.)\s+(?=(?:The|He|She|It|They|We|This|These|Those|There|But|And|Nobody|Nothing|In|On|At|When|After"
    r"|Before|His|Her|Its|Their|No|However)\s)|(?<=\s\.\.)\s+(?=[A-Z])|(?<=\.\.\.\.)\s+(?=[A-Z])"
    r"|(?<=[.!?;:]\s)(?=\(?\d{1,2}\)\s+[A-Z])|(?<=\sMay\.)\s+(?=[\"“'‘(]?[A-Z])"
    r"|(?:\A|(?<=[.:!?]\s)|(?<=[.:!?][*_\"”]\s)|(?<=:\*\*\s)|(?<=[\n\"“]))No\.\s+(?=[A-Z][a-z])"
    rf"|(?:(?<=[{SMALL}]{{3}}[.!?])|(?<=[.!?][\"”’»]))\d{{1,3}}\s+(?=[\"“'‘(]?[{CAPITAL}])"
    rf"|(?:\A|(?<=[.!?:]\s)|(?<=[.!?][\"”’)]\s)|(?<=[.!?\d]\]\s))\([^()]{{1,600}}[.!?][\"”’]?\)\s+(?=[\"“'‘(]?[{CAPITAL}])"
)
# A sentence that is closed by marks or a raised note's number; "**Dr.** Holm" goes on.
_ENDS_MARKED = re.compile(
    r"(?:[^\W\d_][^\W\d_A-Z]{2}|[\d)\]\"”])(?<!Mrs)(?<!rof)(?<!Gen)(?<!Rev)(?<!Col)"
    r"[.!?…][\"”’»)\]]{0,2}(?:[*_~`]{1,3}|\[\^[\w-]{1,20}\]|\[\d{1,3}\]|<sup>[^<>]{1,12}</sup>|</\w+>){1,3}"
    rf"[\"”’»)\]]?\s+(?=[*_~`\"“‘(\[]{{0,4}}(?![{SMALL}])[^\W\d_])"
)
# “Is it?” I asked. “Stop!” Anna cried.
_QUOTES = re.compile(r"\s*[\"“«„‘]")
_EXCLAIMED = re.compile(r"[?!…][\"”’»]\s*$")
_SAYS = re.compile(
    rf"(?:I|(?:(?:Mrs?|Ms|Dr)\. )?(?!(?:He|She|It|They|We|You|Who|Nobody|Everybody)\b)[{CAPITAL}][\w'’-]{{1,20}}"
    rf"(?: [{CAPITAL}][\w'’-]{{1,20}})?) (?:had )?"
    r"(?:said|asked|cried|replied|answered|shouted|whispered|exclaimed|wondered|called|added)\b"
)
_NEVER_FIRST = re.compile(r"[*_\"”’)\]]{0,3}[,;:，；：](?!\w)")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_SPLIT_AT_MOST = 20_000  # characters: what is longer is no sentence


def repaired(text: str, boundaries: Iterable[tuple[int, int]], language: str) -> Iterator[tuple[int, int]]:
    """The boundaries of sentences in `text`, given the library's, in order and without gaps."""
    spans = [part for span in boundaries for part in _split(text, *span)]
    casual = _is_casual(text, spans)
    held: tuple[int, int] | None = None
    for start, end in spans:
        if held is None:
            held = (start, end)
            continue
        first = _behind_closing(text, max(start, held[1]))
        if first >= end or _goes_on(text, held, (first, end), language, casual=casual):
            held = (held[0], max(first, end))
        else:
            yield held[0], first
            held = (first, end)
    if held is not None:
        yield held


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    patterns = (_ENDS_TOO, _ENDS_MARKED) if end - start <= _SPLIT_AT_MOST else ()
    for cut in sorted({found.end() for pattern in patterns for found in pattern.finditer(text, start, end)}):
        if at < cut < end:
            yield at, cut
            at = cut
    yield at, end


def _is_casual(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether sentences begin with small letters, as in hasty notes: then such a beginning joins nothing."""
    begun = [span for i, span in enumerate(spans) if not i or not _abbreviates(text[slice(*spans[i - 1])][-60:])]
    letters = [found.group() for start, end in begun if (found := _LETTER.search(text, start, end))]
    small = sum(letter.islower() for letter in letters)
    return small > sum(letter.isupper() for letter in letters)


def _behind_closing(text: str, start: int) -> int:
    """Where the sentence begins behind what still closes the one before, which ends at `start`."""
    closing = None if text[start - 1].isspace() else _CLOSING.match(text, start)
    closing = closing or _NOTE_BEHIND.match(text, start)
    return closing.end() if closing else start


def _goes_on(text: str, held: tuple[int, int], after: tuple[int, int], language: str, *, casual: bool) -> bool:
    """Whether the sentence `held` goes on in the next."""
    start, end = held
    tail = text[after[0] : after[1]].lstrip()
    if not any(map(str.isalnum, tail[:20])) and not any(map(str.isalnum, tail)):
        return True  # marks alone
    if not any(map(str.isalnum, text[start:end])) or _NEVER_FIRST.match(tail):
        return True
    if end - start <= 80 and _HEAD.fullmatch(text, start, end):
        return True
    before = text[max(start, end - 60) : after[0]]
    if _NEVER_LAST.search(before) or _TITLED.search(before) or (_ET_AL.search(before) and not tail[:1].isupper()):
        return True
    if _EXCLAIMED.search(before) and _SAYS.match(tail) and _QUOTES.match(text, start):
        return True
    if (tail[:1].isdigit() or tail[:1].islower()) and _abbreviates(before):
        return True
    if _ROMAN.match(tail) and _COUNTS.search(before):
        return True
    if not casual and _begins_small(tail) and before.rstrip().endswith((".", ".)", "]")):
        return True
    pattern = _GOES_ON_IN.get(language)
    return pattern is not None and pattern.search(f"{before.rstrip()[-10:]}|{tail[:10]}") is not None


def _abbreviates(before: str) -> bool:
    """Whether what ends `before` is short for a word, so that a number or a small letter goes on behind it."""
    return _GOES_ON.search(before) is not None or _PENCE.search(before) is not None


def _begins_small(tail: str) -> bool:
    """Whether `tail` begins with a word in small letters, which is no name like "pH" or "β-carotene"."""
    word = _WORD.match(tail)
    return word is not None and word.group().islower() and not tail.startswith("-", word.end())
