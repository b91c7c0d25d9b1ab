"""The parts of an extracted text before they have a place: headings that nobody marked are found, and the title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from source.document import Reason, Span
from source.structure.blocks import Kind
from source.structure.contents import count_leaders, has_page, is_contents_title
from source.structure.extracted.inserted import told_apart
from source.structure.headings import NUMBERED, division_rank, is_counted, looks_like_heading, number_only
from source.structure.letters import closes, heads_letter
from source.structure.lines import resumes

# Below all that are marked as headings.
_UNMARKED_LEVEL = 100
_FEWEST_ENTRIES = 2  # of a table of contents
_NOTE_MARKS = re.compile(r"(?:\[[^\[\]\s]{1,4}\])+$")


@dataclass(frozen=True, slots=True)
class Part:
    """A block before it has a place; parts of one `group` are quoted together, a `plain` one is no heading.

    One that is `close` stands right below the one before, if that is of its group.
    """

    text: str
    kind: Kind
    level: int = 0
    group: int = 0
    strong: bool = False
    plain: bool = False
    reason: Reason = Reason.RULE
    inserted: tuple[Span, ...] = ()
    close: bool = False


def part_of(
    text: str,
    kind: Kind,
    level: int = 0,
    *,
    group: int = 0,
    strong: bool = False,
    plain: bool = False,
    reason: Reason = Reason.RULE,
) -> Part:
    """A part of `text`, in which what was inserted is marked."""
    words, spans = told_apart(text.replace("\u00ad", ""))
    return Part(words, kind, level, group, strong, plain, reason, spans)


def with_contents(parts: Sequence[Part]) -> list[Part]:
    """`parts` with a table of contents that was typed as furniture: entries with their pages, below its title."""
    known = list(parts)
    for i, part in enumerate(parts):
        if not is_contents_title(part.text):
            continue
        end = i + 1
        while end < len(parts) and parts[end].kind in (Kind.TEXT, Kind.LIST) and has_page(parts[end].text):
            end += 1
        entries = sum(max(1, count_leaders(one.text)) for one in parts[i + 1 : end])
        if entries >= _FEWEST_ENTRIES:
            known[i:end] = [replace(one, kind=Kind.FURNITURE, reason=Reason.CONTENTS) for one in parts[i:end]]
    return known


def with_headings(parts: Sequence[Part]) -> list[Part]:
    """`parts` with headings that nobody marked as such: bold lines, or short ones where no heading is marked."""
    unmarked = not any(part.kind is Kind.HEADING for part in parts)
    may_be = [_may_be_heading(part, unmarked=unmarked) for part in parts]
    last = max((i for i, may in enumerate(may_be) if not may), default=-1)
    return [
        replace(part, kind=Kind.HEADING, level=_UNMARKED_LEVEL)
        if i < last
        and may_be[i]
        and not (i and closes(parts[i - 1].text))
        and not heads_letter(part.text, parts[i + 1].text)
        and not _goes_on(parts[i : i + 3])
        else part
        for i, part in enumerate(parts)
    ]


def _goes_on(parts: Sequence[Part]) -> bool:
    """Whether the first of three parts is the beginning of a sentence that goes on in the third."""
    if len(parts) < 3 or any(part.kind is not Kind.TEXT for part in parts):
        return False
    return parts[0].text[-1:].islower() and resumes(parts[2].text)


def with_title(parts: list[Part], title: str) -> list[Part]:
    """`parts` with the first as title, if it is `title`, or there is none and it looks like one."""
    headed = any(part.kind is Kind.HEADING and (part.level == 0 or _same(part.text, title)) for part in parts)
    if headed or len(parts) < 2 or not _may_be_heading(parts[0], unmarked=True):
        return parts
    if heads_letter(parts[0].text, parts[1].text):
        return parts
    if title and not _same(parts[0].text, title):
        return parts
    return [replace(parts[0], kind=Kind.HEADING, level=0), *parts[1:]]


def _may_be_heading(part: Part, *, unmarked: bool) -> bool:
    alone = part.kind is Kind.TEXT and not part.group and not part.plain and "\n" not in part.text
    alone = alone and ("\t" not in part.text or NUMBERED.match(part.text) is not None)  # "Built:\t1802"
    set_apart = part.strong or unmarked or (division_rank(part.text) > 0 and number_only(part.text))
    return alone and set_apart and looks_like_heading(_NOTE_MARKS.sub("", part.text) or part.text)


def leveled(parts: list[Part], title: str, *, trusted: bool) -> tuple[list[Part], str]:
    """`parts` with level 0 for the title and 1 for the highest other headings, and the title itself."""
    headings = [i for i, part in enumerate(parts) if part.kind is Kind.HEADING]
    found = next((i for i in headings if parts[i].level == 0), None)
    if found is None and headings:
        first = headings[0]
        if _same(parts[first].text, title):
            found = first
        elif not trusted and not any(part.kind is not Kind.FURNITURE for part in parts[:first]):
            highest = min(parts[i].level for i in headings)
            alone = [parts[i].level for i in headings].count(highest) == 1
            counted = is_counted(parts[first].text)
            found = first if alone and not counted and parts[first].level == highest else None
    used = sorted({parts[i].level for i in headings if i != found})
    leveled = list(parts)
    for i in headings:
        leveled[i] = replace(parts[i], level=0 if i == found else used.index(parts[i].level) + 1)
    return leveled, title if found is None or trusted else leveled[found].text


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
