"""Blocks → a Document: its title, headings, passages with their sentences, and furniture."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath

from source.document import Document, Furniture, Heading, Lines, Passage, Passages, Reason, Sentence, Span
from source.structure.blocks import Block, Blocks, Kind, trimmed
from source.structure.headings import is_counted
from source.structure.joining import joined, with_speakers
from source.structure.letters import with_letters
from source.text.credits import DAY, credit
from source.text.language import language_of
from source.text.sentences import sentences

# A paragraph up to this many characters is one passage; a longer one is divided between
# sentences into passages of like length, because nobody reads a quotation of several pages.
LONGEST_PASSAGE = 3000
# A "sentence" beyond this length is none (a data file, a line of base64): only such a one is cut.
LONGEST_SENTENCE = 20_000

_OWN = (Kind.TEXT, Kind.LIST)
_MOST_CREDITS, _LONGEST_CREDIT = 3, 300  # paragraphs, and characters of each
_LONGEST_DAY = 40
_MARKS = re.compile(r"[*_\\]|</?\w+>")  # of Markdown, around words
_LINE = re.compile(r"[^\r\n]+")
# What programs add to the names of the notes they export.
_EXPORT_ID = re.compile(r"[ _-][0-9a-f]{32}$")


def structured(document: Document, blocks: Iterable[Block], *, named: bool = False) -> Document:
    """`document` with its title, headings, passages and furniture taken from `blocks`, in order, and its language.

    Without a title it is called by its first line; where it is `named`, by the name of its file.
    """
    text = document.text
    document, blocks = _with_credits(document, Blocks(blocks))
    blocks, spoken = with_speakers(text, with_letters(text, blocks))
    _give_title(document, blocks)
    language = document.language or language_of(text, (b for b in blocks if b.kind in _OWN))
    blocks = joined(text, blocks, language, spoken)
    headings = tuple(Heading(b.start, b.end, b.level, b.title) for b in blocks if b.kind is Kind.HEADING)
    furniture = tuple(Furniture(b.start, b.end, b.reason) for b in blocks if b.kind is Kind.FURNITURE)
    title = document.title or next((h.title for h in headings if h.level == 0), "")
    return replace(
        document,
        title=title or _stand_in(document, blocks, named=named),
        titled=bool(title),
        headings=headings,
        passages=Passages(_passages(text, blocks, language, furniture)),
        furniture=furniture,
        language=language,
    )


def _passages(text: str, blocks: Iterable[Block], language: str, furniture: Sequence[Furniture]) -> Iterator[Passage]:
    """The passages of `blocks` in order, in which `furniture` may stand."""
    lines = Lines(text)
    path: list[Block] = []
    number = 0
    for block in blocks:
        if block.kind is Kind.HEADING and block.level > 0:
            path = [*(above for above in path if above.level < block.level), block]
        elif block.kind in _OWN:
            names = tuple(above.title for above in path)
            first, last = (bisect_left(furniture, at, key=lambda one: one.start) for at in (block.start, block.end))
            inside = [*block.inside, *furniture[first:last]]
            for part, marks in _divided(text, block, language, inside):
                number += 1
                yield Passage(part.start, part.end, number, lines.number(part.start), names, marks)


def _give_title(document: Document, blocks: Blocks) -> None:
    """Give level 0 to the one heading that stands above all others and all text, if there is one."""
    headings = [(i, block) for i, block in enumerate(blocks) if block.kind is Kind.HEADING]
    if not headings or any(block.level == 0 for _, block in headings) or is_counted(headings[0][1].title):
        return
    (at, first), highest = headings[0], min(block.level for _, block in headings)
    alone = first.level == highest == 1 and [block.level for _, block in headings].count(highest) == 1
    under_text = any(block.kind in _OWN for block in islice(blocks, at))
    if first.title.casefold() == document.title.casefold() or not (document.title or not alone or under_text):
        blocks[at] = replace(first, level=0)


def _with_credits(document: Document, blocks: Blocks) -> tuple[Document, Blocks]:
    """The document and its blocks, with the lines right below its title that say who wrote it and when as metadata."""
    at = next((i for i, block in enumerate(blocks) if block.kind is not Kind.FURNITURE), len(blocks))
    if at == len(blocks) or blocks[at].kind is not Kind.HEADING:
        return document, blocks
    days = sum(
        block.end - block.start <= _LONGEST_DAY and DAY.fullmatch(document.text, block.start, block.end) is not None
        for block in blocks
    )
    subtitled = at + 1 < len(blocks) and blocks[at + 1].kind is Kind.HEADING
    at += subtitled and not _credits(document, blocks[at + 1])
    for i, block in enumerate(blocks[at + 1 : at + 1 + _MOST_CREDITS], at + 1):
        said = _credits(document, block)
        if block.kind is Kind.FURNITURE or not said:
            break
        if days > 1 and [list(one) for one in said] == [["date"]]:  # several days head the entries of a diary
            break
        blocks[i] = replace(block, kind=Kind.FURNITURE, level=0, title="", reason=Reason.METADATA)
        author, day = (next((one[key] for one in said if key in one), "") for key in ("author", "date"))
        document = replace(document, author=document.author or author, date=document.date or day)
    return document, blocks


def _credits(document: Document, block: Block) -> list[dict[str, str]]:
    """What each line of a block says of the text; [] where one does not."""
    short = block.end - block.start <= _LONGEST_CREDIT
    lines = document.text[block.start : block.end].splitlines() if short else []
    said = [_said(_MARKS.sub("", line).strip(), document) for line in lines]
    return said if all(said) else []


def _said(words: str, document: Document) -> dict[str, str]:
    """What a line says, `credit`, or the name alone of the author that `document` is known to have."""
    if document.author and words.casefold() == document.author.casefold():
        return {"author": words}
    return credit(words)


def _stand_in(document: Document, blocks: Iterable[Block], *, named: bool) -> str:
    """What a document without a title is called by: not the heading of its first section, which is no title."""
    stem = _EXPORT_ID.sub("", PurePosixPath(document.name).stem)
    own = list(islice((block for block in blocks if block.kind is not Kind.FURNITURE), 2))
    if not own or (stem and (named or _heads_section(own))):
        return stem
    first = own[0]
    lines = (found.group().strip() for found in _LINE.finditer(document.text, first.start))
    found = first.title or next(filter(None, lines), "")
    return (found if len(found) <= 100 else found[:100].rsplit(maxsplit=1)[0] + " …") or document.name


def _heads_section(top: Sequence[Block]) -> bool:
    """Whether the first of two blocks is the heading of a section, right above its text, or is counted."""
    first, *below = top
    return first.kind is Kind.HEADING and (is_counted(first.title) or any(b.kind is not Kind.HEADING for b in below))


def _divided(
    text: str, block: Block, language: str, inside: Iterable[Span]
) -> Iterator[tuple[Span, tuple[Sentence, ...]]]:
    """A block as passages with their sentences: one, or several of like length if it is very long.

    A question stays with what follows, and so does what introduces something.
    """
    marks = [part for mark in sentences(text, block.start, block.end, language, inside) for part in _cut(text, mark)]
    if not marks:
        return
    length = block.end - block.start
    room = length / -(-length // LONGEST_PASSAGE)
    start, held, full = block.start, [marks[0]], block.start + room
    for mark in marks[1:]:
        leads = (held[-1].asks or text[held[-1].end - 1] in ":：") and mark.end - start <= LONGEST_PASSAGE
        if (mark.start + mark.end) / 2 > full and not leads:
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
