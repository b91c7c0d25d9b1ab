"""Blocks that are quoted together, in every format: what a colon introduces, a question and its answer, a turn.

A lone line that names who speaks heads nothing: it is quoted with what is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from source.document import Reason, Span
from source.structure.blocks import Block, Blocks, Kind
from source.structure.headings import is_division
from source.structure.letters import is_name
from source.structure.lines import ends_sentence, resumes
from source.text.breaks import TURN
from source.text.letters import SMALL
from source.text.sentences import sentences

_OWN = (Kind.TEXT, Kind.LIST)
_INTRODUCES = re.compile(r"[:：][\s\u2060]*(?:[—–]|--?)?$")
_DASH = ("—", "–", "--")  # introduces only what is marked as somebody's words
# What begins with these is quoted, shown or listed; a paragraph that does not, and its introduction, hold at most so
# many characters together, unless that is short.
_QUOTED = ">|`\"“„«‹'‘「『—•"
_SHORT_INTRODUCTION, _LONGEST_INTRODUCED = 200, 1000
# Furniture that parts nothing: tags, the end of a page.
_TRANSPARENT = (Reason.MARKUP, Reason.PAGE, Reason.TIME)
_MARKUP = re.compile(r"(?:[*_`~\s]|</?\w+>)+$")
# A question of more characters or lines is an argument, or a poem; questions and answer are one passage up to a length.
_LONGEST_QUESTION, _MOST_LINES, _LONGEST_JOINED = 600, 3, 3000
_SHORTEST_PARTED = 60
_LINE_END = re.compile(r"[\r\n]")
_OPEN_END = re.compile(rf"(?:(?:^|[\s*_])[{SMALL}]+|[,:])$")  # no name, as under verses
_BOLD = re.compile(r"\W{0,4}(\*\*|__)(?=\S).*\1\W{0,2}", re.DOTALL)

_NAME_MARKS = re.compile(r"^[#*_\s]+|[*_\s]+$")
# So many names of speakers follow each other at least; so many words and characters are in one at most.
_FEWEST_TURNS, _MOST_OF_NAME, _LONGEST_NAME = 3, 3, 40


def joined(text: str, blocks: Sequence[Block], language: str, spoken: Container[int] = ()) -> Blocks:
    """`blocks` with those that belong together made one; the furniture between two is kept.

    A list goes with the sentence that introduces it, and its items with each other; so does whatever stands
    behind a colon, and the answer behind a question that is a paragraph of its own, or the last words of a speaker;
    `spoken` says where what those say starts.
    """
    whole = Blocks()
    resumed = _resumed(text, blocks)
    last: int | None = None  # the place in `whole` of what the next may belong to
    asked = answered = False  # what it is
    for block in blocks:
        if block.kind is Kind.FURNITURE:
            whole.append(block)
            within = last is not None and block.start < whole[last].end
            last = last if within or block.reason in _TRANSPARENT else None
            continue
        question = block.kind in _OWN and is_question(text, block, language, spoken=block.start in spoken)
        closed = answered and question  # another question begins what is another's
        joins = last is not None and not closed and _belongs(text, whole[last], block, asked=asked)
        if last is not None and (joins or block.start in resumed):
            listed = block.kind is Kind.LIST or whole[last].kind is Kind.LIST
            answered = answered or (asked and not question)
            bridged = block.start in resumed and not introduces(text, whole[last])
            broken = (Span(whole[last].end, block.start),) if bridged else ()
            inside = (*whole[last].inside, *broken, *block.inside)
            whole[last] = replace(whole[last], end=block.end, kind=Kind.LIST if listed else Kind.TEXT, inside=inside)
        else:
            whole.append(block)
            last, answered = len(whole) - 1, False
        asked = question
    return whole


def _resumed(text: str, blocks: Sequence[Block]) -> set[int]:
    """Where blocks start that belong to a sentence which goes on there, or below what is shown within it: a formula."""
    found = {rest.start for first, rest in pairwise(blocks) if _is_parted(text, first, rest)}
    for first, shown, rest in zip(blocks, islice(blocks, 1, None), islice(blocks, 2, None), strict=False):
        if not first.kind is shown.kind is rest.kind is Kind.TEXT or rest.end - first.start > _LONGEST_JOINED:
            continue
        begun = text[first.start].isupper() and _is_open(_ending(text, first))
        if begun and resumes(text, rest.start, rest.end) and ends_sentence(text[shown.end : rest.end]):
            found |= {shown.start, rest.start}
    return found


def _is_parted(text: str, first: Block, rest: Block) -> bool:
    """Whether a sentence that begins in one paragraph ends in the next, as where a page was taken for its end."""
    prose = all(
        block.kind is Kind.TEXT and not _LINE_END.search(text, block.start, block.end) for block in (first, rest)
    )
    if not prose or first.end - first.start < _SHORTEST_PARTED or rest.end - first.start > _LONGEST_JOINED:
        return False
    begun = text[first.start].isupper() and text[first.end - 1].islower()
    return begun and resumes(text, rest.start, rest.end) and ends_sentence(text[rest.start : rest.end])


def _is_open(ending: str) -> bool:
    """Whether a sentence does not end with these words."""
    return _OPEN_END.search(ending) is not None


def _belongs(text: str, last: Block, block: Block, *, asked: bool) -> bool:
    if last.kind not in _OWN or block.kind not in _OWN:
        return False
    if block.kind is Kind.LIST and (last.kind is Kind.LIST or _is_open(_ending(text, last))):
        return True
    if introduces(text, last) and _is_introduced(text, last, block):
        return True
    return asked and block.end - last.start <= _LONGEST_JOINED


def _is_introduced(text: str, last: Block, block: Block) -> bool:
    """Whether `block` can be what the colon of `last` is for.

    Between two long paragraphs what it was for is gone: a formula, a table, a list that the text has lost.
    """
    if block.kind is Kind.LIST or text[block.start] in _QUOTED:
        return True
    if not _INTRODUCES.search(_ending(text, last)):
        return False
    start = max(last.start, text.rfind("\n\n", last.start, last.end))
    return last.end - start <= _SHORT_INTRODUCTION or block.end - start <= _LONGEST_INTRODUCED


def introduces(text: str, block: Block) -> bool:
    """Whether a block ends with a colon, or a dash: what comes next belongs to it."""
    ending = _ending(text, block)
    return ending.endswith(_DASH) or _INTRODUCES.search(ending) is not None


def _ending(text: str, block: Block) -> str:
    return _MARKUP.sub("", text[max(block.start, block.end - 20) : block.end])


def is_question(text: str, block: Block, language: str, *, spoken: bool = False) -> bool:
    """Whether a block does nothing but ask, so that the answer must stand in the next."""
    words = text[block.start : block.end]
    if len(words) > _LONGEST_QUESTION or sum(map(bool, map(str.strip, words.splitlines()))) > _MOST_LINES:
        return False
    marks = sentences(text, block.start, block.end, language, block.inside)
    if not marks or not marks[-1].asks:
        return False
    return spoken or bool(TURN.match(words) or _BOLD.fullmatch(words)) or all(sentence.asks for sentence in marks)


def with_speakers(text: str, blocks: Sequence[Block]) -> tuple[Blocks, frozenset[int]]:
    """`blocks` with names of speakers joined to what is said below them; where such blocks start."""
    speakers = _speakers(text, blocks)
    joined = Blocks()
    named = False
    for i, block in enumerate(blocks):
        if named:
            name = joined[-1]
            inside = (*name.inside, Span(name.end, block.start), *block.inside)
            joined[-1] = replace(name, end=block.end, kind=block.kind, level=0, title="", inside=inside)
        else:
            joined.append(block)
        named = i in speakers
    return joined, frozenset(blocks[i].start for i in speakers)


def _speakers(text: str, blocks: Sequence[Block]) -> set[int]:
    """The numbers of the blocks that name a speaker: a few names, each above text, in turn and again."""
    names = {i: name for i, block in enumerate(blocks) if (name := _name(text, block)) and _is_above_text(blocks, i)}
    found: set[int] = set()
    for run in _runs(blocks, names):
        said = {names[i] for i in run}
        if len(run) >= _FEWEST_TURNS and 2 <= len(said) < len(run):
            found.update(run)
    return found


def _runs(blocks: Sequence[Block], names: dict[int, str]) -> Iterator[list[int]]:
    """The names as far as no heading stands between them; the first of a run comes again, or is the second's."""
    often = Counter(names.values())
    run: list[int] = []
    for i, block in enumerate(blocks):
        if i in names and (run or often[names[i]] > 1):
            run.append(i)
        elif block.kind is Kind.HEADING:
            yield run
            run = []
    yield run


def _is_above_text(blocks: Sequence[Block], i: int) -> bool:
    return i + 1 < len(blocks) and blocks[i + 1].kind in (Kind.TEXT, Kind.LIST)


def _name(text: str, block: Block) -> str:
    """The name that a block consists of, "" if it is more or less than one."""
    words = text[block.start : block.end] if block.end - block.start <= _LONGEST_NAME else ""
    bare = _NAME_MARKS.sub("", words).rstrip(":")
    marked = block.kind is Kind.HEADING or (block.kind is Kind.TEXT and (bare.isupper() or bare != words))
    if not marked or not bare or "\n" in bare or len(bare.split()) > _MOST_OF_NAME or bare[-1] in "!?;,":
        return ""
    return bare if is_name(bare) and not is_division(bare) else ""
