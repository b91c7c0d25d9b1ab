"""Lines → groups: which lines make a paragraph, a list, a heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from source.document import Reason, Span
from source.structure.blocks import Block, Kind
from source.structure.headings import (
    NUMBERED,
    WIKI_HEADING,
    division_rank,
    is_division,
    looks_like_heading,
    number_only,
)
from source.structure.lines import LONGEST_WRAPPED_LINE, Line, is_verse
from source.text.breaks import COUNTED, LIST_MARKER, TURN
from source.text.letters import CAPITAL
from source.text.questions import asks

_UNDERLINE = re.compile(r"([=\-~^\"'*+#_.:`])\1{2,}")
_ATX = re.compile(r"(#{1,6}|={1,6})\s+(.*?)\s*#*")  # of Markdown or AsciiDoc
# A number of a section, and the first letter of its title; this is no longer than a part of a line.
_SECTION = re.compile(rf"(\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})\.?[ \t]+[{CAPITAL}]")
_LONGEST_SECTION = 50
_SPEECH = "—―"  # begin what somebody says, rather than an item
_ENDS = '.!?:;,…”"»。！？：；，'
_LONGEST_HEADING = 100
# Lines that all end a sentence are a paragraph each where they are long, or hold more than one sentence.
_LONG_LINE, _LONG_RUN, _ENDED = 80, 1500, 0.9
_INNER_END = re.compile(rf"[.!?]['\"”’)]*\s+[{CAPITAL}]")
_SET_IN = 3  # signs
# Turns of a conversation are quoted together up to so many characters.
_LONGEST_TURNS = 1000


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together; `sure` headings are marked as such, `level` is 0 where it is not known.

    `inside` is the furniture that stands between its lines. Lines are added in place: a text may be one group.
    """

    lines: list[Line]
    kind: Kind
    level: int = 0
    title: str = ""
    reason: Reason = Reason.RULE
    sure: bool = False
    verse: bool = False
    inside: list[Block] = field(default_factory=list)

    @property
    def words_first(self) -> str:
        """The words of the first line."""
        return self.lines[0].words

    @property
    def words(self) -> str:
        """The words of the last line."""
        return self.lines[-1].words

    @property
    def gap(self) -> int:
        """The empty lines above it."""
        return self.lines[0].gap

    @property
    def block(self) -> Block:
        """The group as characters of the text."""
        gaps = tuple(Span(line.end, after.start) for line, after in pairwise(self.lines) if after.goes_on)
        start, end = self.lines[0].start, self.lines[-1].end
        return Block(start, end, self.kind, self.level, self.title, self.reason, gaps)

    def with_lines(self, lines: Iterable[Line]) -> Group:
        """The group with `lines` below its own, as text."""
        kind = Kind.LIST if self.kind is Kind.LIST else Kind.TEXT
        self.lines.extend(lines)
        return replace(self, kind=kind, level=0, title="")


def grouped(
    lines: Sequence[Line], furniture: Mapping[int, Reason], width: int, marked: Mapping[int, tuple[int, str]]
) -> Iterator[Group]:
    """`lines` as groups in order; `furniture` names those that are no text, `width` is that of the whole text.

    `marked` are the levels and titles of lines that are marked as headings.
    """
    return _with_levels(_grouped(lines, furniture, width, marked))


def _grouped(
    lines: Sequence[Line], furniture: Mapping[int, Reason], width: int, marked: Mapping[int, tuple[int, str]]
) -> Iterator[Group]:
    groups: list[Group] = []  # the last two: a rule may make them a heading
    first = 0  # line of a run that is neither furniture nor marked
    gapless = not any(line.gap for line in lines)
    for i, line in enumerate(lines):
        apart = i in furniture or i in marked
        if first < i and (line.gap or line.new_page or apart):
            yield from _added(groups, _run(lines[first:i], width, gapless=gapless))
            first = i
        if not apart:
            continue
        first = i + 1
        if i in marked:
            yield from _added(groups, [Group([line], Kind.HEADING, *marked[i], sure=True)])
        elif groups and groups[-1].kind is Kind.FURNITURE and _goes_with(groups[-1], furniture[i], line):
            groups[-1].lines.append(line)
        elif not (furniture[i] is Reason.RULE and _underlines(groups, line)):
            yield from _added(groups, [Group([line], Kind.FURNITURE, reason=furniture[i])])
    yield from groups
    yield from _run(lines[first:], width, gapless=gapless) if first < len(lines) else ()


def _added(groups: list[Group], more: Iterable[Group]) -> Iterator[Group]:
    """Add `more` to `groups`, and take all but the last two out."""
    for group in more:
        groups.append(group)
        yield from groups[:-2]
        del groups[:-2]


def followed(groups: Iterable[Group]) -> Iterator[tuple[Group, Group | None]]:
    """Each of the `groups` with the next, None behind the last."""
    held: Group | None = None
    for group in groups:
        if held is not None:
            yield held, group
        held = group
    if held is not None:
        yield held, None


def _goes_with(last: Group, reason: Reason, line: Line) -> bool:
    return last.reason is reason and (not line.gap or reason in (Reason.LICENCE, Reason.CONTENTS))


def _underlines(groups: list[Group], line: Line) -> bool:
    """Whether `line` is the rule under a heading, which is then made one with it."""
    mark = _UNDERLINE.fullmatch(line.words)
    last = groups[-1] if groups else None
    if mark is None or line.gap or last is None or last.kind is Kind.FURNITURE or (last.sure and len(last.lines) > 1):
        return False
    title = last.lines[-1]
    if title.words[0] == "[":  # the name of a box that the line opens
        return False
    length = len(title.words)
    closed = title.ended or title.words[-1] in ",;"
    if length > _LONGEST_HEADING or not (abs(len(line.words) - length) <= 2 or (not closed and _like(length, line))):
        return False
    over = groups[-2] if len(groups) > 1 and len(last.lines) == 1 and not title.gap else None
    if over and over.kind is Kind.FURNITURE and over.lines[-1].words == line.words:
        groups.pop(-2)
        heading = [over.lines[-1], title, line]
    elif len(last.lines) > 1:
        return False
    else:
        heading = [title, line]
    groups[-1] = Group(heading, Kind.HEADING, title=title.words, sure=True)
    return True


def _like(length: int, line: Line) -> bool:
    return 0.5 * length <= len(line.words) <= 2 * length


def _with_levels(groups: Iterable[Group]) -> Iterator[Group]:
    """`groups` with the levels of underlined headings: each style, as it first comes, is one deeper."""
    styles: dict[str, int] = {}
    for group in groups:
        mark = _UNDERLINE.fullmatch(group.words) if group.sure and len(group.lines) > 1 else None
        if mark is None:
            yield group
        else:
            yield replace(group, level=styles.setdefault(mark[1] * len(group.lines), len(styles) + 1))


def _run(run: Sequence[Line], width: int, *, gapless: bool) -> Iterator[Group]:
    """The lines between two gaps as groups: headings apart, paragraphs and lists together."""
    begins = _Beginnings(run, width, gapless=gapless)
    sections = _sections(run) if begins.wrapped else set()
    held: Group | None = None
    last = run[0]
    for i, line in enumerate(run):
        if i in sections:
            yield from () if held is None else (held,)
            yield Group([line], Kind.HEADING, 0, line.words, sure=True)
            held, last = None, line
            continue
        starts = held is None or begins.at(line, last)
        last = line
        inside = held is not None and not starts and begins.wrapped and held.words[-1] not in _ENDS
        inside = inside and not (held is not None and (held.sure or held.kind is Kind.HEADING))
        # The title of a division may stand right below its number.
        titled = held is not None and held.sure and number_only(held.words) and i + 1 == len(run)
        alone = len(run) == 1 or not begins.wrapped or titled or (i == 0 and _is_over(run))
        kind = Kind.TEXT if inside else _kind(line.words, alone=alone, top=i == 0)
        if held is not None and not starts and _goes_on(held, kind, wrapped=begins.wrapped):
            held.lines.append(line)
            continue
        if held is not None:
            yield held
        held = _begun(line, kind, verse=begins.verse)
    if held is not None:
        yield held


def _sections(run: Sequence[Line]) -> set[int]:
    """The lines of a run that head sections counted in parts, "2.1 Sites", right above their text; and "2 Methods"."""
    found: set[int] = set()
    for i in range(len(run) - 2, -1, -1):
        line, below = run[i], run[i + 1]
        number = _SECTION.match(line.words)
        if number is None or (i and not run[i - 1].ended and not _SECTION.match(run[i - 1].words)):
            continue
        parted = "." in number[1] and not _SECTION.match(below.words) and below.words[0].isupper()
        over = i + 1 in found and below.words.startswith(f"{number[1]}.")
        if (parted or over) and looks_like_heading(line.words) and len(line.words) <= _LONGEST_SECTION:
            found.add(i)
    return found


def _is_over(run: Sequence[Line]) -> bool:
    """Whether the first line is in capitals, right above what is set in, as in manuals."""
    over = run[0]
    return over.words.isupper() and all(line.indent >= over.indent + _SET_IN for line in islice(run, 1, None))


def _goes_on(held: Group, kind: Kind, *, wrapped: bool) -> bool:
    if kind is Kind.TEXT and wrapped and held.kind in (Kind.TEXT, Kind.LIST):
        return True
    return kind is Kind.LIST and held.kind is Kind.LIST


def _begun(line: Line, kind: Kind, *, verse: bool) -> Group:
    if kind is not Kind.HEADING:
        return Group([line], kind, verse=verse)
    if wiki := WIKI_HEADING.match(line.words):
        return Group([line], kind, wiki.group(1).count("="), wiki.group(2), sure=True)
    if atx := _ATX.fullmatch(line.words):
        return Group([line], kind, len(atx[1]), atx[2], sure=True)
    return Group([line], kind, 0, line.words, sure=is_division(line.words))


def _kind(words: str, *, alone: bool, top: bool) -> Kind:
    """What a line is that goes on with none before it; `top` says that it is the first of its run."""
    marker = LIST_MARKER.match(words)
    if WIKI_HEADING.match(words) or (top and (number_only(words) or (division_rank(words) and words.isupper()))):
        return Kind.HEADING
    atx = _ATX.fullmatch(words)
    if atx is not None and (alone or (top and atx[1] == "=")) and atx[2] and looks_like_heading(atx[2]):
        return Kind.HEADING
    if alone and is_division(words):
        return Kind.HEADING
    counted = NUMBERED.match(words) or COUNTED.match(words)
    if alone and (not marker or counted) and looks_like_heading(words) and not asks(words):
        return Kind.HEADING
    return Kind.LIST if marker and words[0] not in _SPEECH else Kind.TEXT


class _Beginnings:
    """Where the paragraphs of a run begin, by what its lines have in common.

    A line of its own that is very long; lines that all end a sentence; a first line set in, or out; turns of a
    conversation: a question begins what is quoted together.
    """

    def __init__(self, run: Sequence[Line], width: int, *, gapless: bool) -> None:
        self.wrapped = max(len(line.words) for line in run) <= LONGEST_WRAPPED_LINE
        self.verse = self.wrapped and is_verse(run, width)
        self._base = min(line.indent for line in run)
        flush = sum(line.indent == self._base for line in run)
        self._each = self.wrapped and all(line.indent == self._base for line in run)
        self._each = self._each and (_is_line_a_paragraph(run, gapless=gapless) or all(map(_is_set_in, run)))
        self._hanging = (2 if self.verse else 1) < flush < len(run) and run[0].indent == self._base < run[1].indent
        self._hanging = self._hanging and all(last.ended for last, line in pairwise(run) if line.indent == self._base)
        turns = sum(TURN.match(line.words) is not None for line in run)
        self._turns = turns > 1 and TURN.match(run[0].words) is not None and turns * 2 >= len(run)
        self._start = run[0].start  # of what is quoted together

    def at(self, line: Line, last: Line) -> bool:
        """Whether a paragraph begins with `line`, which is not the first but below `last`."""
        if not self.wrapped:
            return False
        if self._turns:
            return TURN.match(line.words) is not None and self._begins_turns(line, last)
        if self._each:
            return True
        if self._hanging:
            return line.indent == self._base
        if self.verse or not (last.ended or last.words.endswith((":", "："))) or line.words[0].islower():
            return False
        return line.indent >= self._base + 2

    def _begins_turns(self, line: Line, last: Line) -> bool:
        """Whether a turn begins what is quoted together: it asks, and what was asked before is answered."""
        begins = (asks(line.words) and not asks(last.words)) or last.end - self._start > _LONGEST_TURNS
        if begins:
            self._start = line.start
        return begins


def _is_line_a_paragraph(run: Sequence[Line], *, gapless: bool) -> bool:
    """Whether each line of a run is a paragraph, though none is very long."""
    if len(run) < 3 or sum(line.ended for line in run) < _ENDED * len(run):
        return False
    if any(LIST_MARKER.match(line.words) for line in run):
        return False
    length = sum(_shown_length(line.words) for line in run)
    if length < _LONG_LINE * len(run):
        return False
    sentences = sum(1 + len(_INNER_END.findall(line.words)) for line in run)
    return gapless or length > _LONG_RUN or sentences >= 1.5 * len(run)


def _is_set_in(line: Line) -> bool:
    """Whether a line is set in by two signs, as each paragraph of Chinese or Japanese is, and ends a sentence."""
    return line.ended and line.indent >= 4 and "\u3040" <= line.words[0] <= "\u9fff"


def _shown_length(words: str) -> int:
    """How many letters say as much as `words` do: one sign of Chinese or Japanese says as much as three."""
    return len(words) + 2 * sum("\u3040" <= sign <= "\u9fff" for sign in words)
