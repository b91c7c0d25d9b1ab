"""Plain text → blocks.

A text file has no markup, so its structure is read off the way a person does, in passes: lines, with their
indents and gaps; which of them are furniture; which make a paragraph, a list, a heading; what goes on
behind a page's end; names under letters; the levels of headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from source.document import Reason
from source.structure.apparatus import Metadata, furniture
from source.structure.blocks import Block, Kind
from source.structure.grouping import Group, grouped
from source.structure.headings import NUMBERED, division_rank, leveled, looks_like_heading, number_only, only_above_text
from source.structure.letters import with_signatures
from source.structure.lines import is_prose, read_lines, single_spaced, text_width
from source.structure.numbers import without_numbers
from source.text.breaks import LIST_MARKER

# Between two parts of a sentence at most so much furniture is looked over: a number, a head, a rule.
_MOST_BETWEEN = 4
# A short line in small letters that stands alone between paragraphs is a heading up to so many words.
_LOWER_WORDS = 4
# Each of two lines that are a title is no longer than this.
_LONGEST_TITLE = 60
# Cues of subtitles are quoted together up to so many characters; a sentence goes on up to the second number.
_LONGEST_CUES, _LONGEST_SAID = 600, 3000
# What a picture shows, in brackets: it may stand inside of a sentence.
_PICTURE = re.compile(
    r"\[(?:illustration|figure|fig|image|picture|photo|abbildung|abb|bild)\b[^\[\]]*\]|\{(?:figure|fig|image)\b[^{}]*\}",
    re.IGNORECASE,
)


def plain_blocks(text: str, start: int = 0) -> list[Block]:
    """The blocks of plain text from character `start` on, in order."""
    return read_plain(text, start)[0]


def read_plain(text: str, start: int = 0) -> tuple[list[Block], Metadata]:
    """The blocks of plain text from character `start` on, and what its head says of it."""
    lines, numbers = without_numbers(single_spaced(read_lines(text, start)))
    if not lines:
        return [], Metadata()
    width = text_width(lines)
    reasons, metadata, marked = furniture(lines, width)
    groups = _with_top(grouped(lines, reasons, width, marked))
    groups = _with_items(_with_titles(_with_shown(_continued(groups, width))))
    groups = with_signatures(_with_low_headings(groups), width)
    blocks = [block for group in groups for block in _blocks(group)]
    blocks = sorted([*blocks, *numbers], key=lambda block: (block.start, -block.end)) if numbers else blocks
    return leveled(only_above_text(blocks)), metadata


def _blocks(group: Group) -> list[Block]:
    """A group as blocks: itself, and the furniture that stands inside it."""
    return [group.block, *group.inside]


def _with_top(groups: Sequence[Group]) -> list[Group]:
    """`groups` with two lines at the top, one below the other, as the title and what is said under it."""
    found = list(groups)
    at = next((i for i, group in enumerate(groups) if group.kind is not Kind.FURNITURE), None)
    if at is None or at + 1 == len(groups) or groups[at].kind is not Kind.TEXT:
        return found
    lines = groups[at].lines
    if len(lines) == 2 and all(looks_like_heading(line.words) and len(line.words) <= _LONGEST_TITLE for line in lines):
        found[at] = replace(groups[at], kind=Kind.HEADING, title=lines[0].words, sure=True)
    return found


def _continued(groups: Sequence[Group], width: int) -> list[Group]:
    """`groups` with those joined between which a sentence goes on, over an empty line, a page's end or a cue's time."""
    joined: list[Group] = []
    between: list[Group] = []
    for group in groups:
        text = joined and joined[-1].kind is not Kind.FURNITURE
        transparent = group.kind is Kind.FURNITURE or _is_picture(group)
        if transparent and text and len(between) < _MOST_BETWEEN:
            between.append(group)
            continue
        if joined and _goes_on(joined[-1], group, between, width):
            last = joined[-1]
            last.inside.extend(one.block for one in between if one.kind is Kind.FURNITURE)
            joined[-1] = last.with_lines([replace(group.lines[0], goes_on=True), *group.lines[1:]])
        else:
            joined += [*between, group]
        between = []
    return joined + between


def _goes_on(last: Group, group: Group, between: Sequence[Group], width: int) -> bool:
    """Whether `group` goes on with the sentence of `last`; `between` them stands furniture."""
    reasons = {one.reason for one in between if one.kind is Kind.FURNITURE}
    if last.kind is Kind.FURNITURE or group.kind not in (Kind.TEXT, Kind.HEADING) or group.sure or last.sure:
        return False
    if Reason.TIME in reasons:
        length = group.lines[-1].end - last.lines[0].start
        going_on = not last.lines[-1].ended and any(line.ended for line in last.lines)  # what has full stops at all
        return length <= (_LONGEST_SAID if going_on else _LONGEST_CUES)
    open_ended = not last.lines[-1].ended and last.words[-1] not in ":;：；"
    if reasons - {Reason.PAGE} or last.verse or not open_ended:
        return False
    if Reason.PAGE in reasons:
        return is_prose(last.lines[-1], width) and (group.words_first[0].islower() or group.kind is Kind.TEXT)
    texts = last.kind is not Kind.HEADING and group.kind is Kind.TEXT and not group.verse
    return texts and group.words_first[0].islower()


def _is_picture(group: Group) -> bool:
    """Whether a group is nothing but what a picture shows."""
    return (
        group.lines[0].words[0] in "[{" and _PICTURE.fullmatch(" ".join(line.words for line in group.lines)) is not None
    )


def _with_shown(groups: Sequence[Group]) -> list[Group]:
    """`groups` with a sentence made one that goes on below what is set in: "Type / gate --open / and wait."""
    whole: list[Group] = []
    for group in groups:
        last = whole[-1] if whole else None
        if last is not None and last.kind is Kind.HEADING and not last.sure and group.kind is Kind.TEXT:
            edge = last.lines[-1].indent
            set_in = group.lines[0].indent >= edge + 2
            if set_in and any(line.indent <= edge and line.words[0].islower() for line in group.lines[1:]):
                whole[-1] = last.with_lines(group.lines)
                continue
        whole.append(group)
    return whole


def _with_titles(groups: Sequence[Group]) -> list[Group]:
    """`groups` with a division's number and the title below it made one heading: "CHAPTER II. The Frost"."""
    titled: list[Group] = []
    for i, group in enumerate(groups):
        last = titled[-1] if titled else None
        named = group.kind is Kind.HEADING and i + 1 < len(groups) and groups[i + 1].kind in (Kind.TEXT, Kind.LIST)
        numbered = last is not None and last.kind is Kind.HEADING and len(last.lines) == 1 and number_only(last.words)
        if last is not None and numbered and named and group.gap <= 2 and not _numbered(group.words):
            title = f"{last.title} {group.title}"
            titled[-1] = replace(last, lines=[*last.lines, *group.lines], title=title)
        else:
            titled.append(group)
    return titled


def _with_items(groups: Sequence[Group]) -> list[Group]:
    """`groups` with what a colon introduces as text, though it looks like a heading: items, "NO ENTRY"."""
    found: list[Group] = []
    items = False
    for i, group in enumerate(groups):
        last = found[-1] if found else None
        introduced = last is not None and last.kind is Kind.TEXT and last.words.endswith((":", "："))
        item = LIST_MARKER.match(group.words_first) is not None
        items = item and (introduced or items)
        after = groups[i + 1] if i + 1 < len(groups) else None
        near = group.gap <= 1 and (after is None or after.gap >= group.gap)
        over = after is not None and after.gap >= group.gap and after.lines[0].indent > group.lines[0].indent
        named = introduced and not item and (near or (over and group.gap == 2))  # the title of what is shown
        if group.kind is Kind.HEADING and not group.sure and (items or named):
            found.append(replace(group, kind=Kind.LIST if items else Kind.TEXT, level=0, title=""))
        else:
            found.append(group)
    return found


def _numbered(words: str) -> bool:
    return division_rank(words) > 0 or NUMBERED.match(words) is not None


def _with_low_headings(groups: Sequence[Group]) -> list[Group]:
    """`groups` with lone short lines in small letters between two paragraphs as headings: "the aftermath"."""
    found = list(groups)
    for i in range(1, len(groups) - 1):
        before, group, after = groups[i - 1 : i + 2]
        words = group.words
        if (
            group.kind is before.kind is after.kind is Kind.TEXT
            and len(group.lines) == 1
            and len(words.split()) <= _LOWER_WORDS
            and words[0].islower()
            and group.gap
            and before.lines[-1].ended
            and not before.verse
            and not after.verse
            and after.words_first[0].isupper()
            and looks_like_heading(words[0].upper() + words[1:])
        ):
            found[i] = replace(group, kind=Kind.HEADING, title=words)
    return found
