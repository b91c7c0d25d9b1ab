"""Plain text → blocks.

A text file has no markup, so its structure is read off the way a person does, in passes: lines, with their
indents and gaps; which of them are furniture; which make a paragraph, a list, a heading; what goes on
behind a page's end; names under letters; the levels of headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from source.document import Reason
from source.structure.apparatus import Metadata, furniture
from source.structure.blocks import Block, Blocks, Kind
from source.structure.grouping import Group, followed, grouped
from source.structure.headings import (
    NUMBERED,
    division_rank,
    is_title_case,
    leveled,
    looks_like_heading,
    number_only,
    only_above_text,
)
from source.structure.letters import with_signatures
from source.structure.lines import is_prose, read_lines, resumes, text_indent, text_width
from source.structure.numbers import take_numbers
from source.text.breaks import LIST_MARKER

# Between two parts of a sentence at most so much furniture is looked over: a number, a head, a rule.
_MOST_BETWEEN = 4
# A short line in small letters that stands alone between paragraphs is a heading up to so many words.
_LOWER_WORDS = 4
# Each of two lines that are a title is no longer than this.
_LONGEST_TITLE = 60
# Cues of subtitles are quoted together up to so many characters; a sentence goes on up to the second number.
_LONGEST_CUES, _LONGEST_SAID = 600, 3000
# A line between the rows of a table, which is drawn in parts: "----  ----", "+----+----+".
_TABLE_RULE = re.compile(r"[+|]?[-=:]{2,}(?:[+|\s]+[-=:]{2,})+[+|]?")
# Words that end no line but one of a sentence that goes on.
_NEVER_LAST = frozenset(
    "the a an of and or from between into with that which whose than by der die das und von mit aus dem den des le la "
    "les et de du des dans avec el los las y con".split()
)
# What a picture shows, in brackets: it may stand inside of a sentence.
_PICTURE = re.compile(
    r"\[(?:illustration|figure|fig|image|picture|photo|abbildung|abb|bild)\b[^\[\]]*\]|\{(?:figure|fig|image)\b[^{}]*\}",
    re.IGNORECASE,
)


def plain_blocks(text: str, start: int = 0) -> Blocks:
    """The blocks of plain text from character `start` on, in order."""
    return read_plain(text, start)[0]


def read_plain(text: str, start: int = 0) -> tuple[Blocks, Metadata]:
    """The blocks of plain text from character `start` on, and what its head says of it."""
    lines = read_lines(text, start)
    numbers = take_numbers(lines)
    if not lines:
        return Blocks(), Metadata()
    width, indent = text_width(lines), text_indent(lines)
    reasons, metadata, marked = furniture(lines, width)
    # Groups are many: each goes through all passes before the next is made.
    groups = _with_top(grouped(lines, reasons, width, marked))
    groups = _with_items(_with_titles(_with_shown(_continued(groups, width))))
    groups = with_signatures(_with_low_headings(groups), width, indent)
    blocks = Blocks(block for group in groups for block in _blocks(group))
    if numbers:
        blocks = Blocks(sorted([*blocks, *numbers], key=lambda block: (block.start, -block.end)))
    only_above_text(blocks)
    leveled(blocks)
    return blocks, metadata


def _blocks(group: Group) -> list[Block]:
    """A group as blocks: itself, and the furniture that stands inside it."""
    return [group.block, *group.inside]


def _with_top(groups: Iterable[Group]) -> Iterator[Group]:
    """`groups` with two lines at the top, one below the other, as the title and what is said under it."""
    top = True
    for group, after in followed(groups):
        lines = group.lines
        titled = top and group.kind is Kind.TEXT and len(lines) == 2 and after is not None
        if titled and all(looks_like_heading(line.words) and len(line.words) <= _LONGEST_TITLE for line in lines):
            yield replace(group, kind=Kind.HEADING, title=lines[0].words, sure=True)
        else:
            yield group
        top = top and group.kind is Kind.FURNITURE


def _continued(groups: Iterable[Group], width: int) -> Iterator[Group]:
    """`groups` with those joined between which a sentence goes on, over an empty line, a page's end or a cue's time."""
    last: Group | None = None
    between: list[Group] = []
    for group in groups:
        text = last is not None and last.kind is not Kind.FURNITURE
        transparent = group.kind is Kind.FURNITURE or _is_picture(group)
        if transparent and text and len(between) < _MOST_BETWEEN:
            between.append(group)
            continue
        if last is not None and _goes_on(last, group, between, width):
            last.inside.extend(one.block for one in between if one.kind is Kind.FURNITURE)
            last = last.with_lines([group.lines[0]._replace(goes_on=True), *group.lines[1:]])
        else:
            yield from () if last is None else (last,)
            yield from between
            last = group
        between = []
    yield from () if last is None else (last,)
    yield from between


def _goes_on(last: Group, group: Group, between: Sequence[Group], width: int) -> bool:
    """Whether `group` goes on with the sentence of `last`; `between` them stands furniture."""
    reasons = {one.reason for one in between if one.kind is Kind.FURNITURE}
    if last.kind is Kind.FURNITURE or group.kind not in (Kind.TEXT, Kind.HEADING) or group.sure or last.sure:
        return False
    if Reason.TIME in reasons:
        length = group.lines[-1].end - last.lines[0].start
        going_on = not last.lines[-1].ended and any(line.ended for line in last.lines)  # what has full stops at all
        return length <= (_LONGEST_SAID if going_on else _LONGEST_CUES)
    if reasons == {Reason.RULE}:
        return _is_of_table(last, group, between)
    open_ended = not last.lines[-1].ended and last.words[-1] not in ":;：；"
    if reasons - {Reason.PAGE} or last.verse or not open_ended:
        return False
    if Reason.PAGE in reasons:
        return is_prose(last.lines[-1], width) and (group.words_first[0].islower() or group.kind is Kind.TEXT)
    if group.kind is not Kind.TEXT or group.verse:
        return False
    if not group.words_first[0].islower():
        wanting = last.words.rpartition(" ")[2] in _NEVER_LAST and is_prose(last.lines[-1], width)
        return last.kind is Kind.TEXT and wanting and group.gap == 1
    return last.kind is not Kind.HEADING or _is_begun(last.words, group.words_first)


def _is_of_table(last: Group, group: Group, between: Sequence[Group]) -> bool:
    """Whether the lines `between` two groups are those of a table, whose rows these are."""
    near = not group.gap and all(not one.gap and _TABLE_RULE.fullmatch(one.words) for one in between)
    return near and last.kind is group.kind is Kind.TEXT


def _is_begun(words: str, below: str) -> bool:
    """Whether a line that looks like a heading begins a sentence, which goes on `below`: its last word is small."""
    return not is_title_case(words) and words.rsplit(maxsplit=1)[-1].islower() and resumes(below)


def _is_picture(group: Group) -> bool:
    """Whether a group is nothing but what a picture shows."""
    return (
        group.lines[0].words[0] in "[{" and _PICTURE.fullmatch(" ".join(line.words for line in group.lines)) is not None
    )


def _with_shown(groups: Iterable[Group]) -> Iterator[Group]:
    """`groups` with a sentence made one that goes on below what is set in: "Type / gate --open / and wait."""
    last: Group | None = None
    for group in groups:
        if last is not None and last.kind is Kind.HEADING and not last.sure and group.kind is Kind.TEXT:
            edge = last.lines[-1].indent
            set_in = group.lines[0].indent >= edge + 2
            if set_in and any(line.indent <= edge and line.words[0].islower() for line in group.lines[1:]):
                last = last.with_lines(group.lines)
                continue
        yield from () if last is None else (last,)
        last = group
    yield from () if last is None else (last,)


def _with_titles(groups: Iterable[Group]) -> Iterator[Group]:
    """`groups` with a division's number and the title below it made one heading: "CHAPTER II. The Frost"."""
    last: Group | None = None
    for group, after in followed(groups):
        named = group.kind is Kind.HEADING and after is not None and after.kind in (Kind.TEXT, Kind.LIST)
        numbered = last is not None and last.kind is Kind.HEADING and len(last.lines) == 1 and number_only(last.words)
        if last is not None and numbered and named and group.gap <= 2 and not _numbered(group.words):
            last = replace(last, lines=[*last.lines, *group.lines], title=f"{last.title} {group.title}")
            continue
        yield from () if last is None else (last,)
        last = group
    yield from () if last is None else (last,)


def _with_items(groups: Iterable[Group]) -> Iterator[Group]:
    """`groups` with what a colon introduces as text, though it looks like a heading: items, "NO ENTRY"."""
    last: Group | None = None
    items, styled = False, ""
    for group, after in followed(groups):
        introduced = last is not None and last.kind is Kind.TEXT and last.words.endswith((":", "："))
        marker = LIST_MARKER.match(group.words_first)
        item = marker is not None
        style = re.sub(r"\w+", "", marker.group().strip()) if marker else ""  # "()" of "(1)" and "(2)"
        items = item and (introduced or (items and style == styled))
        styled = style
        near = group.gap <= 1 and (after is None or after.gap >= group.gap)
        over = after is not None and after.gap >= group.gap and after.lines[0].indent > group.lines[0].indent
        named = introduced and not item and (near or (over and group.gap == 2))  # the title of what is shown
        last = group
        if group.kind is Kind.HEADING and not group.sure and (items or named):
            last = replace(group, kind=Kind.LIST if items else Kind.TEXT, level=0, title="")
        yield last


def _numbered(words: str) -> bool:
    return division_rank(words) > 0 or NUMBERED.match(words) is not None


def _with_low_headings(groups: Iterable[Group]) -> Iterator[Group]:
    """`groups` with lone short lines in small letters between two paragraphs as headings: "the aftermath"."""
    before: Group | None = None
    for group, after in followed(groups):
        words = group.words
        if (
            before is not None
            and after is not None
            and group.kind is before.kind is after.kind is Kind.TEXT
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
            yield replace(group, kind=Kind.HEADING, title=words)
        else:
            yield group
        before = group
