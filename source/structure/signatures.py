"""Names under letters and verses: they belong to what stands above them, and head nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from source.structure.blocks import Kind
from source.structure.grouping import Group
from source.structure.letters import closes, encloses, greets, is_name, signs
from source.text.letters import CAPITAL

_INITIALS = re.compile(r"(?:[^\W\d_]\.\s?){1,4}")
_ATTRIBUTION = re.compile(rf"(?:[—–―]|--+)\s*[{CAPITAL}][^?!]{{1,80}}")
# The title of what is quoted: in italics, quotation marks or brackets.
_SOURCE = re.compile(r"_[^_]{2,48}_\.?|\(.{2,48}\)|[\"“][^\"“”]{2,40}[\"”](?:,?\s(?:\(.{2,30}\)|\d{4}))?")
_DATE = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th|\.|er)?\s+(?:de\s+)?[^\W\d_]{3,10}\.?,?\s+(?:de\s+)?\d{4}\b"
    r"|\b[^\W\d_]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
)
_LONGEST_NAME, _MOST_WORDS, _MOST_LINES = 50, 5, 4


def with_signatures(groups: Sequence[Group], width: int) -> list[Group]:
    """`groups` with signatures joined to what stands above, and the head of a letter to what stands below."""
    joined: list[Group] = []
    closed = signed = False  # the last group ends with a closing that wants a name, or with that
    for i, group in enumerate(groups):
        last = joined[-1] if joined else None
        after = groups[i + 1] if i + 1 < len(groups) else None
        short = len(group.lines) <= _MOST_LINES and not group.sure and group.kind is not Kind.FURNITURE
        if short and last is not None and last.kind in (Kind.TEXT, Kind.LIST):
            closing = closes(group.words_first) and len(group.lines) < _MOST_LINES
            below = signed and all(encloses(line.words) for line in group.lines)
            if closing or below or _signs(group, last, after, width, closed=closed):
                joined[-1] = last.with_lines(group.lines)
                signed = below or closed or len(group.lines) > 1
                closed = closing and len(group.lines) == 1
                continue
        closed = signed = False
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
    if closed and signs([line.words for line in group.lines]):
        return True
    source = _SOURCE.fullmatch(words) is not None
    if len(group.lines) > 1 or len(words) > _LONGEST_NAME or (len(words.split()) > _MOST_WORDS and not source):
        return False
    if _INITIALS.fullmatch(words) and len(words) > 2:
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
    indent, above = group.lines[0].indent, last.lines[-1].indent
    set_in = above == indent and after is not None and after.lines[0].indent < indent
    quoted = last.verse or above > indent or set_in
    nearer = after is None or group.gap < after.gap or (group.gap == after.gap and not after.verse)
    return quoted and nearer


def _greets(group: Group) -> bool:
    """Whether a group is the first line of a letter."""
    return len(group.lines) == 1 and group.kind is Kind.TEXT and greets(group.words)
