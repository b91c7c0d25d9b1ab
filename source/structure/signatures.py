"""Names under letters and verses: they belong to what stands above them, and head nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from source.structure.blocks import Kind
from source.structure.grouping import Group
from source.structure.headings import is_title_case
from source.text.letters import CAPITAL

# What letters close with, alone or before a name.
_CLOSING = re.compile(
    r"(?:(?:in haste|with (?:all )?(?:my |much |best |kind )?(?:love|regards?|wishes|respect)|believe me"
    r"|i (?:am|remain)|ever|always|as ever|very|yours?)\b[^.!?]{0,60}"
    r"|sincerely(?: yours)?|faithfully(?: yours)?|love|cheers|regards"
    r"|(?:best|kind|warm(?:est)?) (?:regards|wishes)"
    r"|(?:mit|beste|viele|liebe|herzliche) [^.!?]{0,40}gr(?:ü|ue)(?:ß|ss)en?\b.{0,20}|hochachtungsvoll"
    r"|(?:dein|euer|eure)e?\b.{0,40}|ihre?(?: sehr)? ergebene[rs]?.{0,20}|cordialement|bien à (?:vous|toi)"
    r"|je vous embrasse|atentamente|saludos(?: cordiales)?|un abrazo|cordiali saluti|(?:med )?venn?lig hilsen"
    r"|med vänliga? hälsning(?:ar)?|met vriendelijke groet(?:en)?|с уважением|искренне ваш)[,.]?",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.\s?){1,4}")
_ATTRIBUTION = re.compile(rf"(?:[—–―]|--+)\s*[{CAPITAL}][^?!]{{1,80}}")
# The title of what is quoted: in italics, quotation marks or brackets.
_SOURCE = re.compile(r"_[^_]{2,48}_\.?|\(.{2,48}\)|[\"“][^\"“”]{2,40}[\"”](?:,?\s(?:\(.{2,30}\)|\d{4}))?")
_DATE = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th|\.|er)?\s+(?:de\s+)?[^\W\d_]{3,10}\.?,?\s+(?:de\s+)?\d{4}\b"
    r"|\b[^\W\d_]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
)
_ARTICLES = frozenset(
    "the a an on of to in at for from with how why what when der die das ein eine le la les un une el los las il lo "
    "gli chapter part book canto song letter act scene".split()
)
_LONGEST_NAME, _MOST_WORDS = 50, 5
_SALUTATION = 60  # characters at most


def with_signatures(groups: Sequence[Group], width: int) -> list[Group]:
    """`groups` with signatures joined to what stands above, and the head of a letter to what stands below."""
    joined: list[Group] = []
    closed = False  # the last group ends with a closing that wants a name
    for i, group in enumerate(groups):
        last = joined[-1] if joined else None
        after = groups[i + 1] if i + 1 < len(groups) else None
        short = len(group.lines) <= 3 and not group.sure and group.kind in (Kind.HEADING, Kind.TEXT, Kind.LIST)
        if short and last is not None and last.kind in (Kind.TEXT, Kind.LIST):
            closing = bool(_CLOSING.fullmatch(group.lines[0].words)) and len(group.words) <= _SALUTATION
            if closing or _signs(group, last, after, width, closed=closed):
                joined[-1] = last.with_lines(group.lines)
                closed = closing
                continue
        closed = False
        if last is not None and _greets(last) and not last.verse and group.kind is Kind.TEXT:
            joined[-1] = last.with_lines(group.lines)
            continue
        dated = group.kind is Kind.HEADING and after is not None and _greets(after) and _DATE.search(group.words)
        joined.append(replace(group, kind=Kind.TEXT, level=0, title="") if dated else group)
    return joined


def _signs(group: Group, last: Group, after: Group | None, width: int, *, closed: bool) -> bool:
    """Whether `group` is the name of who wrote what stands above it."""
    words = group.lines[0].words
    if _ATTRIBUTION.fullmatch(words) and len(group.lines) <= 2 and group.gap <= 1:
        return last.verse or last.lines[-1].ended or last.words[-1] in ",:;"
    source = _SOURCE.fullmatch(words) is not None
    if len(group.lines) > 1 or len(words) > _LONGEST_NAME or (len(words.split()) > _MOST_WORDS and not source):
        return False
    if _INITIALS.fullmatch(words) and len(words) > 2:
        return True
    if closed and is_name(words.rstrip(".")):
        return True
    if group.kind is not Kind.HEADING and not source:
        return False
    if closed or (last.words[-1] == "," and not last.verse):
        return True
    if words.isupper() or not (source or is_name(words)):
        return False
    near = after is None or group.gap <= after.gap
    if group.lines[0].indent >= 0.4 * width and group.lines[0].indent > last.lines[-1].indent + 4:
        return near
    quoted = last.verse or last.lines[-1].indent > group.lines[0].indent
    nearer = after is None or group.gap < after.gap or (group.gap == after.gap and not after.verse)
    return quoted and nearer


def is_name(words: str) -> bool:
    """Whether a line is like a name: capitals, no article, no number."""
    parts = words.split()
    return (
        parts[0].lower().strip(".,'’") not in _ARTICLES
        and not any(c.isdigit() for c in words)
        and is_title_case(words)
        and parts[0][:1].isupper()
    )


def _greets(group: Group) -> bool:
    """Whether a group is the first line of a letter, "My dear Brother,"."""
    return (
        len(group.lines) == 1
        and group.kind is Kind.TEXT
        and group.words[-1] in ",，"
        and len(group.words) <= _SALUTATION
        and group.words[0].isupper()
    )
