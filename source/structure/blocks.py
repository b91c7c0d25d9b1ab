"""Plain text → title, headings, passages and furniture.

A text file has no markup, so its structure is read off the way a person does: an empty line ends
a paragraph, a short line of its own without a full stop is a heading, lines that start with
bullets are one list and belong to the sentence that introduces them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from source.document import Document, Furniture, Heading, Lines, Passage, Reason, Sentence, Span
from source.text.language import language_of
from source.text.sentences import LIST_MARKER, sentences

# A paragraph up to this many characters is one passage; a longer one is divided between
# sentences into passages of like length, because nobody reads a quotation of several pages.
LONGEST_PASSAGE = 3000
# A "sentence" beyond this length is none (a data file, a line of base64): only such a one is cut.
LONGEST_SENTENCE = 20_000
# A line longer than this was not wrapped by hand: it is a paragraph of its own.
LONGEST_WRAPPED_LINE = 200


class Kind(Enum):
    """What a block is."""

    HEADING = "heading"
    TEXT = "text"
    LIST = "list"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block(Span):
    """A run of lines that belong together; `level` and `title` are those of a heading, `reason` furniture's."""

    kind: Kind
    level: int = 0
    title: str = ""
    reason: Reason = Reason.RULE


_LINE = re.compile(r"[^\r\n]+")
_EMPTY_LINE = re.compile(r"(?>\r\n|\r|\n)[ \t\f\v\u00a0]*(?:\r|\n)")
_WIKI_HEADING = re.compile(r"((?:=[ ]?){1,6})\s*([^=\s].*?)\s*(?:=[ ]?){1,6}$")
_NUMBERED = re.compile(
    r"(?:(?:chapter|part|section|book)\s+)?((?:\d+\.)*\d+|(?-i:[IVXLC]+)(?=[.):]))[.):]?\s+\S", re.IGNORECASE
)
_NAVIGATION = re.compile(
    r"(?:see also|read also|also read|read more|related (?:articles?|posts?|stories))\b", re.IGNORECASE
)
_ENDS = '.!?:;,…”"»。！？：；，'
_MINOR_WORDS = frozenset(
    "and between but during for from into nor over per since than the under until upon versus via with within "
    "without after against before among through".split()
)


def structured(document: Document, blocks: Iterable[Block]) -> Document:
    """`document` with its title, headings, passages and furniture taken from `blocks`, in order, and its language."""
    blocks = _with_title(document, list(blocks))
    own = "\n".join(document.text[b.start : b.end] for b in blocks if b.kind in (Kind.TEXT, Kind.LIST))
    language = document.language or language_of(own)
    lines = Lines(document.text)
    headings = tuple(Heading(b.start, b.end, b.level, b.title) for b in blocks if b.kind is Kind.HEADING)
    passages: list[Passage] = []
    path: list[Block] = []
    for block in blocks:
        if block.kind is Kind.HEADING and block.level > 0:
            path = [*(above for above in path if above.level < block.level), block]
        elif block.kind in (Kind.TEXT, Kind.LIST):
            names = tuple(above.title for above in path)
            for part, marks in _divided(document.text, block, language):
                line = lines.number(part.start)
                passages.append(Passage(part.start, part.end, len(passages) + 1, line, names, marks))
    title = document.title or next((h.title for h in headings if h.level == 0), "")
    return replace(
        document,
        title=title or (headings[0].title if headings else _first_line(document)),
        titled=bool(title),
        headings=headings,
        passages=tuple(passages),
        furniture=tuple(Furniture(b.start, b.end, b.reason) for b in blocks if b.kind is Kind.FURNITURE),
        language=language,
    )


def plain_blocks(text: str, start: int = 0) -> list[Block]:
    """The blocks of plain text from character `start` on, in order."""
    blocks = [block for lines in _runs(text, start) for block in _run_blocks(text, lines)]
    return joined_lists(text, _leveled(_headings_only_above_text(blocks)))


def joined_lists(text: str, blocks: Iterable[Block]) -> list[Block]:
    """`blocks` with each list joined to the sentence that introduces it, and its items to each other."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        introduced = last is not None and last.kind is Kind.TEXT and text[last.end - 1] in ":："
        if last is not None and block.kind is Kind.LIST and (introduced or last.kind is Kind.LIST):
            joined[-1] = replace(last, end=block.end, kind=Kind.LIST)
        else:
            joined.append(block)
    return joined


def _runs(text: str, start: int) -> Iterator[list[Span]]:
    """The lines between empty lines, each without the white space around it."""
    at = start
    for empty in [*(found.start() for found in _EMPTY_LINE.finditer(text, start)), len(text)]:
        lines = [trimmed(text, line.start(), line.end()) for line in _LINE.finditer(text, at, empty)]
        if lines := [line for line in lines if line.start < line.end]:
            yield lines
        at = empty


def trimmed(text: str, start: int, end: int) -> Span:
    """`text[start:end]` without the white space around it."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return Span(start, max(start, end - (len(words) - len(words.rstrip()))))


def _run_blocks(text: str, lines: list[Span]) -> Iterator[Block]:
    """One run of lines as blocks: furniture and headings apart, paragraphs and lists together."""
    wrapped = max(line.end - line.start for line in lines) <= LONGEST_WRAPPED_LINE
    held: Block | None = None
    for line in lines:
        words = text[line.start : line.end]
        inside = held is not None and wrapped and held.kind is not Kind.FURNITURE and text[held.end - 1] not in _ENDS
        kind = Kind.TEXT if inside else _line_kind(words, alone=len(lines) == 1 or not wrapped)
        goes_on = held is not None and (
            (kind is Kind.TEXT and wrapped and held.kind in (Kind.TEXT, Kind.LIST))
            or (kind is Kind.LIST and held.kind is Kind.LIST)
        )
        if held is not None and goes_on:
            held = replace(held, end=line.end)
            continue
        if held is not None:
            yield held
        wiki = _WIKI_HEADING.match(words) if kind is Kind.HEADING else None
        level, title = (wiki.group(1).count("="), wiki.group(2)) if wiki else (0, words)
        reason = Reason.NAVIGATION if kind is Kind.FURNITURE and _is_navigation(words) else Reason.RULE
        held = Block(line.start, line.end, kind, level, title if kind is Kind.HEADING else "", reason)
    if held is not None:
        yield held


def _line_kind(words: str, *, alone: bool) -> Kind:
    marker = LIST_MARKER.match(words)
    if not any(c.isalnum() for c in words) or _is_navigation(words):
        return Kind.FURNITURE
    if _WIKI_HEADING.match(words):
        return Kind.HEADING
    if alone and (not marker or _NUMBERED.match(words)) and looks_like_heading(words):
        return Kind.HEADING
    return Kind.LIST if marker else Kind.TEXT


def _is_navigation(words: str) -> bool:
    """Whether a line is a link to another page ("See also  Title") rather than a sentence."""
    return bool(_NAVIGATION.match(words)) and len(words) <= 200 and words[-1] not in _ENDS


def looks_like_heading(words: str) -> bool:
    """Whether a line of its own is short, starts with a capital and does not end like a sentence."""
    short = len(words) <= 100 and len(words.split()) <= 14
    last = words.rstrip(")]}'’*_")[-1:]
    return short and last not in _ENDS + "—–-" and not words[0].islower() and any(c.isalpha() for c in words)


def _headings_only_above_text(blocks: list[Block]) -> list[Block]:
    """A short line with nothing under it is text (a signature, a last word), not a heading."""
    kinds = [block.kind for block in blocks]
    last = max((i for i, kind in enumerate(kinds) if kind in (Kind.TEXT, Kind.LIST)), default=-1)
    return [
        replace(block, kind=Kind.TEXT, level=0, title="") if block.kind is Kind.HEADING and i > last else block
        for i, block in enumerate(blocks)
    ]


def _leveled(blocks: list[Block]) -> list[Block]:
    """Levels of headings without markup: by their numbers ("2.1"), else by their capitals.

    An essay that writes its sections In Title Case and some headings in sentence case means the
    latter as sub-sections. A first line that looks like a heading is the title, level 0.
    """
    body = [b for b in blocks[1:] if b.kind is Kind.HEADING and b.level == 0]
    mixed = len({_title_case(b.title) for b in body if not _NUMBERED.match(b.title)}) == 2
    levels = {b.start: 2 if mixed and not _title_case(b.title) else 1 for b in body}
    levels |= {b.start: n.group(1).count(".") + 1 for b in body if (n := _NUMBERED.match(b.title))}
    return [replace(b, level=levels.get(b.start, b.level)) for b in blocks]


def _title_case(title: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", title)[1:] if len(word) > 2]
    return all(not word[0].islower() or word in _MINOR_WORDS for word in words)


def _with_title(document: Document, blocks: list[Block]) -> list[Block]:
    """`blocks` with level 0 given to the one heading that stands above all others, if there is one."""
    headings = [block for block in blocks if block.kind is Kind.HEADING]
    if not headings or any(block.level == 0 for block in headings):
        return blocks
    first, highest = headings[0], min(block.level for block in headings)
    alone = first.level == highest and [block.level for block in headings].count(highest) == 1
    if first.title != document.title and (document.title or not alone):
        return blocks
    return [replace(block, level=0) if block is first else block for block in blocks]


def _first_line(document: Document) -> str:
    line = next((line.group().strip() for line in _LINE.finditer(document.text) if line.group().strip()), "")
    return (line if len(line) <= 100 else line[:100].rsplit(maxsplit=1)[0] + " …") or document.name


def _divided(text: str, block: Block, language: str) -> Iterator[tuple[Span, tuple[Sentence, ...]]]:
    """A block as passages with their sentences: one, or several of like length if it is very long."""
    marks = [part for mark in sentences(text, block.start, block.end, language) for part in _cut(text, mark)]
    if not marks:
        return
    length = block.end - block.start
    room = length / -(-length // LONGEST_PASSAGE)
    start, held, full = block.start, [marks[0]], block.start + room
    for mark in marks[1:]:
        if (mark.start + mark.end) / 2 > full:
            yield trimmed(text, start, held[-1].end), tuple(held)
            start, held = held[-1].end, []
            while full < mark.end:
                full += room
        held.append(mark)
    yield trimmed(text, start, block.end), tuple(held)


def _cut(text: str, mark: Sentence) -> Iterator[Sentence]:
    """`mark` itself, or its parts where it is too long to be a sentence."""
    start = mark.start
    while mark.end - start > LONGEST_SENTENCE:
        end = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
        end = start + LONGEST_SENTENCE if end < 0 else end + 1
        yield Sentence(start, end)
        start = end
    yield replace(mark, start=start)
