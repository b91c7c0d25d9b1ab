"""What stands around a plain text and is no part of it: heads, licences, tables of contents, pages, cues."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from source.document import Reason
from source.structure.contents import contents
from source.structure.lines import Line
from source.structure.org import Headings, org
from source.structure.pages import cues, pages
from source.text.credits import DAY, KEYS, LABEL, credit, is_full_name
from source.text.letters import is_drawn

_START = re.compile(r"\*{2,3}\s*START OF (?:THE|THIS) PROJECT GUTENBERG|\*END\*?\s?THE SMALL PRINT", re.IGNORECASE)
_END = re.compile(
    r"\*{2,3}\s*END OF (?:THE|THIS) PROJECT GUTENBERG|End of (?:the |this )?Project Gutenberg\b", re.IGNORECASE
)
_CREDITS = re.compile(
    r"\[?(?:produced|e-?text|prepared|transcribed|scanned|digiti[sz]ed|proofread)\b.{0,60}?\b(?:by|from)\b",
    re.IGNORECASE,
)
_EBOOK = re.compile(r"\s*\[e-?(?:book|text)\s#?\d+\]\s*$", re.IGNORECASE)  # behind a date
_BY = re.compile(r"(?:by|von|par|por|di|door|av|af)", re.IGNORECASE)
_MAIL = re.compile(
    r"(From|To|Cc|Bcc|Date|Sent|Subject|Reply-To|Message-ID|X-[\w-]+|MIME-Version|Content-[\w-]+):\s*(.*)"
)
# What a Kindle writes above what was marked in a book: "- Your Highlight on page 12 | Added on Tuesday, 4 May".
_CLIPPED = re.compile(r"- (?:Your|Ihre?|Votre|La|Mi|Tu|Il tuo|La tua|Je)\b[^|]{3,60}(?:\|[^|]{3,80}){1,2}")
_WROTE = re.compile(r"(?:On|Am|Le|El|Il|Op)\b.{5,120}(?:wrote|schrieb|écrit|escribió|scritto|schreef)\s?.{0,80}:")
_NAVIGATION = re.compile(
    r"(?:see also|read also|also read|read more|related (?:articles?|posts?|stories))\b", re.IGNORECASE
)
# What begins a table of a wiki, and the categories below its page.
_WIKI_MARKUP = re.compile(
    r"\{\|[^|]*|\[\[(?:category|kategori[ea]?|catégorie|categor[ií]a|категория):[^\[\]]*\]\]", re.IGNORECASE
)
_CLOSED = '.!?:;,…”"»。！？：；，'
# The head of a file is no longer than this; a byline stands on one of the first lines below it.
_LONGEST_HEAD, _LAST_BYLINE, _LAST_BYLINE_BELOW, _LAST_CREDITS = 400, 3, 6, 12
# The head of a memorandum stands in two columns, the second flush with the right edge, above a title set in.
_COLUMNS, _MOST_IN_COLUMNS, _SET_IN = re.compile(r"\S[ \t]{3,}\S"), 12, 8


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the head of a plain text says of it."""

    title: str = ""
    author: str = ""
    date: str = ""


def furniture(lines: Sequence[Line], width: int) -> tuple[dict[int, Reason], Metadata, Headings]:
    """The lines of `lines` that are furniture, by number, with the reason; what the head says; and marked headings.

    `width` is that of the text's lines.
    """
    found: dict[int, Reason] = {}
    values: dict[str, str] = {}
    headings = org(lines, found, values) or _clippings(lines, found)
    first = _licence(lines, found, values)
    if not first:
        first = _mail(lines, found, values) or _head(lines, found, values) or _columned(lines, found)
    _credits(lines, first, found, values)
    found |= cues(lines)
    found |= contents(lines, found)
    found |= pages(lines, found, width)
    for i, line in enumerate(lines):
        if i not in found and (reason := _alone(line.words)):
            found[i] = reason
    return found, Metadata(values.get("title", ""), values.get("author", ""), values.get("date", "")), headings


def _clippings(lines: Sequence[Line], found: dict[int, Reason]) -> Headings:
    """The books that a reader's clippings are of, each above the line that says where they stand."""
    places = [i for i, line in enumerate(lines) if i and not line.gap and _CLIPPED.fullmatch(line.words)]
    found |= dict.fromkeys(places, Reason.METADATA)
    return {i - 1: (1, lines[i - 1].words) for i in places}


def _alone(words: str) -> Reason | None:
    """Why a line is furniture whatever stands around it."""
    if is_drawn(words):
        return Reason.RULE
    if words.lower() in ("[illustration]", "[blank page]", "[toc]") or _WIKI_MARKUP.fullmatch(words):
        return Reason.MARKUP
    # A link to another page ("See also  Title") rather than a sentence.
    link = _NAVIGATION.match(words) and len(words) <= 200 and words[-1] not in _CLOSED
    return Reason.NAVIGATION if link else None


def _licence(lines: Sequence[Line], found: dict[int, Reason], values: dict[str, str]) -> int:
    """Project Gutenberg's head and licence; the number of the first line of the book, 0 where there is none."""
    first = next((i for i, line in enumerate(lines[:_LONGEST_HEAD]) if _START.match(line.words)), None)
    last = next((i for i, line in enumerate(lines) if _END.match(line.words) and i > (first or 0)), None)
    for i in range(last if last is not None else len(lines), len(lines)):
        found[i] = Reason.LICENCE
    if first is None:
        return 0
    while not lines[first].words.endswith("*") and first + 1 < len(lines) and not lines[first + 1].gap:
        first += 1
    found |= dict.fromkeys(range(first + 1), Reason.LICENCE)
    for i in _labelled(lines, range(first), values):
        found[i] = Reason.METADATA
    return first + 1


def _labelled(lines: Sequence[Line], numbers: range, values: dict[str, str]) -> Iterator[int]:
    """The lines that say a title, an author and the like, with the lines they go on in."""
    key = ""
    for i in numbers:
        label = LABEL.match(lines[i].words)
        if label:
            key = next((name for name, labels in KEYS.items() if label[1].lower() in labels), "other")
            if key not in values:
                values[key] = _EBOOK.sub("", label[2]).strip()
            yield i
        elif key and not lines[i].gap and lines[i].indent:
            values[key] = f"{values[key]} {lines[i].words}".strip() if key != "other" else ""
            yield i
        else:
            key = ""


def _head(lines: Sequence[Line], found: dict[int, Reason], values: dict[str, str]) -> int:
    """Labelled lines at the top of a text; the number of the first line below, 0 where there are none."""
    end = 0
    while end < len(lines) and (LABEL.match(lines[end].words) or (end and not lines[end].gap and lines[end].indent)):
        end += 1
    own: dict[str, str] = {}
    numbers = list(_labelled(lines, range(end), own))
    if len(own) < 2 or end == len(lines):
        return 0
    values |= own
    found |= dict.fromkeys(numbers, Reason.METADATA)
    return end


def _columned(lines: Sequence[Line], found: dict[int, Reason]) -> int:
    """The head of a memorandum in two columns; the number of the first line below, 0 where there is none."""
    end = next((i for i, line in enumerate(lines) if i and line.gap), 0)
    rows = [line for line in islice(lines, end) if _COLUMNS.search(line.words)]
    edges = {line.indent + len(line.words) for line in rows}
    if not 1 < len(rows) <= _MOST_IN_COLUMNS or end > 2 * len(rows) or max(edges) - min(edges) > 1:
        return 0
    if lines[end].indent < _SET_IN or lines[end].ended:
        return 0
    found |= dict.fromkeys(range(end), Reason.METADATA)
    return end


def _mail(lines: Sequence[Line], found: dict[int, Reason], values: dict[str, str]) -> int:
    """The head of a mail, what it quotes of the one it answers, and the signature below its two dashes."""
    head: dict[str, str] = {}
    end = 0
    while end < len(lines) and not (end and lines[end].gap):
        if label := _MAIL.match(lines[end].words):
            head.setdefault(label[1], label[2])
        elif not end or not lines[end].indent:
            break
        end += 1
    if "From" not in head or not head.keys() & {"To", "Date", "Sent", "Subject"}:
        return 0
    found |= dict.fromkeys(range(end), Reason.METADATA)
    values["title"] = head.get("Subject", "")
    values["author"] = head["From"].partition("<")[0].strip(' "') or head["From"]
    values["date"] = head.get("Date", head.get("Sent", ""))
    for i in range(end, len(lines)):
        if i not in found and _MAIL.match(lines[i].words) and (i == end or lines[i].gap or i - 1 in found):
            below = _head_below(lines, i)
            found |= dict.fromkeys(below, Reason.METADATA)
        if lines[i].words.startswith(">"):
            found[i] = Reason.REPLY
            if i > end and _WROTE.fullmatch(lines[i - 1].words):
                found[i - 1] = Reason.REPLY
        elif lines[i].words == "--" and len(lines) - i <= 12:
            found |= dict.fromkeys(range(i + 1, len(lines)), Reason.METADATA)
    return end


def _head_below(lines: Sequence[Line], first: int) -> range:
    """The lines from `first` on that are the head of an earlier mail: who sent it, and to whom or when."""
    end = first
    labels: set[str] = set()
    while end < len(lines) and (label := _MAIL.match(lines[end].words)) and (end == first or not lines[end].gap):
        labels.add(label[1])
        end += 1
    return range(first, end if "From" in labels and labels & {"To", "Date", "Sent", "Subject"} else first)


def _credits(lines: Sequence[Line], first: int, found: dict[int, Reason], values: dict[str, str]) -> None:
    """The lines below the head that say who wrote the text, and who made the file."""
    made = False
    for i in range(first, min(first + _LAST_CREDITS, len(lines)) if first else 0):
        made = bool(_CREDITS.match(lines[i].words)) if lines[i].gap or i == first else made
        if made:
            found[i] = Reason.METADATA
    shown = list(islice((i for i in range(first, len(lines)) if i not in found), _LAST_BYLINE_BELOW))
    for i, below in pairwise(shown[1:]):
        if _BY.fullmatch(lines[i].words) and lines[below].gap <= 2 and is_full_name(lines[below].words):
            found |= {i: Reason.METADATA, below: Reason.METADATA}
            values.setdefault("author", lines[below].words)
    days = sum(DAY.fullmatch(line.words) is not None for line in lines)
    for i in shown[1:_LAST_BYLINE]:
        said = {} if LABEL.match(lines[i].words) else credit(lines[i].words)
        apart = i + 1 == len(lines) or lines[i + 1].gap or (i + 1 in shown and credit(lines[i + 1].words))
        if said and apart and ("author" in said or days == 1):  # several days head the entries of a diary
            found[i] = Reason.METADATA
            for key, value in said.items():
                values.setdefault(key, value)
