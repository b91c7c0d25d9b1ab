"""Lines that say who wrote a text, and when, rather than being of it."""

from __future__ import annotations

import re

# A line that says what the text is, and which of its labels mean a title, an author, a date.
LABEL = re.compile(
    r"(title|titel|titre|t[ií]tulo|titolo|author|autor|auteur|autore|verfasser|translator|editor|illustrator|date"
    r"|datum|fecha|data|published|publisher|release date|posting date|most recently updated|language|sprache|langue"
    r"|idioma|source|url|isbn|copyright|license|credits|character set encoding|original publication|subject|keywords)"
    r"\s*:\s*(.*)",
    re.IGNORECASE,
)
KEYS = {
    "title": ("title", "titel", "titre", "título", "titulo", "titolo"),
    "author": ("author", "autor", "auteur", "autore", "verfasser"),
    "date": ("date", "datum", "fecha", "data", "published", "release date", "posting date"),
}
_BY = r"(?:(?:words|text|story|essay|written|posted|published|texte?|ein essay)\s+)?(?:by|von|par|por|di|door|av|af)"
_BYLINE = re.compile(rf"{_BY}:?\s+(?=[^\W\d_])(.{{3,60}})", re.IGNORECASE)
_ON = re.compile(
    r"(?:(?:first )?(?:published|posted|written|updated|erschienen|veröffentlicht|publié|publicado)"
    r"(?: (?:on|am|le|el))?:?|on)\s+",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan|feb|f[eé]v|m[aä]r|maa|apr|avr|abr|ma[ijy]|mag|mei|jui?n|giu|jui?l|lug|aug|ago|ao[uû]t|sep|set|o[ck]t|out|ott"
    r"|nov|de[csz]|d[ei][czs]|d[eé]c|ene|gen|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[^\W\d_]{0,7}\.?"
)
DAY = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.|er)?\s+(?:de\s+)?)?{_MONTH}\s+(?:(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?(?:de\s+)?)\d{{4}}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}年\d{1,2}月(?:\d{1,2}日)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[|·•]\s*|,\s+(?=\d|[^\W\d_]+\.?\s+\d)")  # a name and a date
_THEN_BY = re.compile(r"(?<=\d)\s+(?=by\s+[^\W\d_])")  # a date and a name
_TAKES = re.compile(r"\s*[|·•]\s*\d{1,3}\s?min(?:ute)?s?(?:\s+read)?$", re.IGNORECASE)  # to read it
_BULLETED = re.compile(r"\s[|·•]\s")
_LONGEST, _LONGEST_NAME = 400, 60
_PARTICLES = frozenset("de la le du des van der den von zu af av di da del and und et y e of the".split())


def credit(words: str) -> dict[str, str]:
    """What a line below a title says of the text: "by Ada Potter, 2 June 2014", "Date: 1907"; {} if it says more."""
    label = LABEL.fullmatch(words)
    if label:
        key = next((name for name, labels in KEYS.items() if label[1].lower() in labels), "")
        return {key: label[2].strip()} if key and label[2].strip() else {}
    said: dict[str, str] = {}
    words = _TAKES.sub("", words[:_LONGEST])
    between = _THEN_BY if _THEN_BY.search(words) else _BETWEEN
    parts = [words] if DAY.fullmatch(words) else between.split(words, maxsplit=1)
    dated = any(DAY.fullmatch(part) for part in parts)
    for written in parts:
        part = _ON.sub("", written, count=1) if _ON.match(written) else written
        byline = _BYLINE.fullmatch(written)
        if byline and is_full_name(byline[1]):
            said["author"] = byline[1].strip()
        elif DAY.fullmatch(part):
            said["date"] = part
        elif dated and _BULLETED.search(words) and is_full_name(written) and len(written) <= _LONGEST_NAME:
            said["author"] = written.strip()
        else:
            return {}
    return said


def without_by(words: str) -> str:
    """The name in a byline."""
    byline = _BYLINE.fullmatch(words)
    return byline[1].strip() if byline else words


def is_full_name(words: str) -> bool:
    """Whether all of `words` begin with capitals, but for particles."""
    parts = re.findall(r"[^\W\d_]+", words)
    capitals = all(part[0].isupper() or part in _PARTICLES for part in parts)
    return 1 < len(parts) <= 8 and capitals and words[-1] not in "?!:;"
