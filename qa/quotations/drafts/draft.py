"""A draft → its quotations, in order, each with what the draft says of where it stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from qa.quotations.drafts.code import code
from qa.quotations.drafts.marks import LONGEST, QuotationMarks
from source.document import Document, Lines, Span
from source.errors import UserError

MOST_QUOTATIONS = 10_000
LONGEST_DRAFT = 5_000_000  # characters
# A quotation of so few words may only be a word that the author keeps at a distance.
FEW_WORDS = 2

_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_QUOTED_LINE = re.compile(r"[ \t]*>")
_NO_QUOTATION = re.compile(r"[ \t>]*\[!\w+\]")  # > [!NOTE]
_ATTRIBUTION = re.compile(r"\n[ \t>]*(?:—|–|--)[ \t]*(\S[^\n]{1,300})\s*\Z")
_NOTE_MARK = r"(?:\[\^?(?P<note>[^\s\[\]^]{1,40})\]|(?P<raised>[¹²³⁴-⁹⁰]{1,4}))"
# What stands directly behind a quotation: a footnote's mark, a link's target, a citation in parentheses.
_BEHIND = re.compile(
    rf"\)?[.,;:]?(?:\]\((?P<link>[^()\s]{{1,500}})\)|[.,;:]?\s?{_NOTE_MARK}|\s?\((?P<citation>[^()]{{2,300}})\))"
)
_NOTE = re.compile(rf"\s*(?:{_NOTE_MARK}|(?P<number>\d{{1,3}})\.):?\s+(?P<text>\S.*)", re.DOTALL)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# A file's name, or emphasised words, before a quotation in its sentence name what it is from.
_NAMED = re.compile(r"(?<![\w*])[*_]([^*_\n]{3,200})[*_](?![\w*])|([\w][\w./-]*\.\w{2,8})\b")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that a draft quotes: `text` as it stands there from `start` to `end`, on its 1-based `line`.

    `citation` is what the draft says of their place, "" where it says nothing. One that is `short`
    has one or two words.
    """

    text: str
    start: int
    end: int
    line: int
    citation: str = ""
    block: bool = False

    @property
    def short(self) -> bool:
        """Whether it has so few words that it need not be a quotation."""
        return len(_WORD.findall(self.text)) <= FEW_WORDS and not self.block


@dataclass(frozen=True, slots=True)
class Quotations:
    """All quotations of a draft in their order, and the lines on which a mark opens what is never closed."""

    found: tuple[Quotation, ...]
    unclosed: tuple[int, ...]


def quotations(draft: Document) -> Quotations:
    """What `draft` quotes. Raises UserError if it is larger, or quotes more or longer, than can be checked."""
    text = draft.text
    if len(text) > LONGEST_DRAFT:
        raise UserError(f"{draft.name} has {len(text):,} characters; divide it into drafts of {LONGEST_DRAFT:,}.")
    lines, notes = Lines(text), _notes(draft)
    paragraphs = _paragraphs(draft)
    without = list(code(text))
    found: list[Quotation] = []
    unclosed: list[int] = []
    blocks = _blocks(draft, paragraphs)
    for block, group in groupby(zip(paragraphs, blocks, strict=True), key=lambda one: one[1]):
        spans = [span for span, _ in group]
        if block is not None:
            found += _block(text, Span(spans[0].start, spans[-1].end), notes, lines)
            continue
        near = _within(without, spans)
        marks = QuotationMarks(text, spans, near, MOST_QUOTATIONS)
        for marked in marks.quotations():
            citation = _citation(text, marked, spans, notes)
            words = text[marked.start : marked.end]
            if not any(map(str.isalnum, words)):
                continue
            found.append(Quotation(words, marked.start, marked.end, lines.number(marked.start), citation))
        unclosed += [lines.number(offset) for offset in marks.unclosed]
    if len(found) + len(unclosed) > MOST_QUOTATIONS:
        raise UserError(
            f"{draft.name} has {len(found) + len(unclosed):,} quotations; divide it into drafts of {MOST_QUOTATIONS:,}."
        )
    for one in found:
        if len(one.text) > LONGEST:
            where = f"{draft.name}, line {one.line}"
            raise UserError(f"{where}: a quotation of {len(one.text):,} characters; check at most {LONGEST:,} at once.")
    return Quotations(tuple(found), tuple(unclosed))


def single(text: str) -> Quotation:
    """A text that is a quotation itself, without the marks around it. Raises UserError if it is empty or too long."""
    words = text.strip()
    if not any(map(str.isalnum, words)):
        raise UserError("The quotation has no words; give the words that are quoted.")
    if len(words) > LONGEST:
        raise UserError(f"The quotation has {len(words):,} characters; check at most {LONGEST:,} at once.")
    inner = next(QuotationMarks(words, [Span(0, len(words))]).quotations(), None)
    if inner is not None and inner.start == 1 and inner.end == len(words) - 1:
        return Quotation(words[1:-1], 1, len(words) - 1, 1)
    return Quotation(words, 0, len(words), 1)


def _paragraphs(draft: Document) -> list[Span]:
    """Where the text of a draft stands, divided at empty lines: all but its furniture."""
    whole = sorted([*draft.passages, *draft.headings], key=lambda one: one.start)
    found: list[Span] = []
    for span in whole:
        at = span.start
        for gap in _EMPTY_LINE.finditer(draft.text, span.start, span.end):
            found.append(Span(at, gap.start()))
            at = gap.end()
        found.append(Span(at, span.end))
    return found


def _within(spans: Sequence[Span], places: Sequence[Span]) -> list[Span]:
    first, last = places[0].start, places[-1].end
    return list(spans[bisect_right(spans, first, key=lambda one: one.end) :]) if spans and first < last else []


def _blocks(draft: Document, paragraphs: Sequence[Span]) -> list[int | None]:
    """For each paragraph, where the block quotation begins that it is of; None if it is of none.

    A format may say so; in plain text its first line begins with ">".
    """
    text, found = draft.text, list[int | None]()
    quoted = sorted([*draft.quotations, *_between_tags(draft)], key=lambda one: one.start)
    for number, paragraph in enumerate(paragraphs):
        start = text.rfind("\n", 0, paragraph.start) + 1
        at = bisect_right(quoted, paragraph.start, key=lambda one: one.start) - 1
        if at >= 0 and paragraph.start < quoted[at].end:
            found.append(quoted[at].start)
        elif _QUOTED_LINE.match(text, start, paragraph.end) is None:
            found.append(None)
        elif found and found[-1] is not None and not _EMPTY_LINE.search(text, paragraphs[number - 1].end, start + 1):
            found.append(found[-1])
        else:
            found.append(start)
    return found


def _between_tags(draft: Document) -> Iterator[Span]:
    """The block quotations that Markdown writes with HTML's tags, which are furniture of it."""
    opened = None
    for one in draft.furniture:
        tags = draft.text[one.start : one.end].lower()
        if "<blockquote" in tags and opened is None:
            opened = one.end
        elif "</blockquote" in tags and opened is not None:
            yield Span(opened, one.start)
            opened = None


def _block(text: str, place: Span, notes: dict[str, str], lines: Lines) -> Iterator[Quotation]:
    """A block quotation, which may have several paragraphs and names its source in its last line."""
    start, end = place.start, place.end
    if _NO_QUOTATION.match(text, start, end):
        return
    words = text[start:end]
    attribution = _ATTRIBUTION.search(words)
    citation = attribution[1] if attribution else ""
    if attribution:
        words = words[: attribution.start()]
    words = words.rstrip("> \t\r\n")
    mark = re.search(rf"{_NOTE_MARK}\Z", words)
    if mark:
        citation = citation or notes.get(_key(mark), "")
        words = words[: mark.start()].rstrip()
    if any(map(str.isalnum, words)):
        first = len(words) - len(words.lstrip("> \t"))
        yield Quotation(words[first:], start + first, start + len(words), lines.number(start), citation, block=True)


def _notes(draft: Document) -> dict[str, str]:
    """The footnotes by their marks."""
    found: dict[str, str] = {}
    for passage in draft.passages:
        for piece in re.split(r"\n(?=\[\^)", draft.text[passage.start : passage.end]):
            if note := _NOTE.fullmatch(piece):
                found.setdefault(note["number"] or _key(note), note["text"])
    return found


def _key(mark: re.Match[str]) -> str:
    return mark["note"] or (mark["raised"] or "").translate(_RAISED)


def _citation(text: str, marked: Span, paragraphs: Sequence[Span], notes: dict[str, str]) -> str:
    """What the draft says of the place of a quotation: behind it, else before it in its sentence."""
    paragraph = paragraphs[bisect_left(paragraphs, marked.end, key=lambda one: one.end)]
    behind = _BEHIND.match(text, marked.end + 1, paragraph.end)
    if behind:
        cited = behind["link"] or behind["citation"] or notes.get(_key(behind), "")
        if cited:
            return str(cited)
    before = re.split(r"(?<=[.!?])\s", text[max(paragraph.start, marked.start - 400) : marked.start - 1])[-1]
    named = list(_NAMED.finditer(before))
    return (named[-1][1] or named[-1][2]) if named else ""
