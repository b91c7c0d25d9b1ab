"""Where a sentence ends whatever its punctuation: empty lines, items, rows of a table, turns of a conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, takewhile

from source.text.letters import CAPITAL

# Signs that nothing but an item begins with; those of the private area are Word's bullets as its PDFs have them.
BULLETS = "•◦▪▫‣⁃∙●○■□◆◇❖➢►▶☐☑☒✓✔\uf0a7\uf0b7\uf0d8\uf0fc"
# What may introduce an item of a list; it is no part of the sentence that is marked.
# That of Chinese and Japanese needs no space behind it: 一、 （二） ③.
COUNTED = re.compile(
    r"[ \t\u3000]*(?:[①-⑳]|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[、．])"
)
LIST_MARKER = re.compile(
    rf"(?:[ \t]*(?:[{BULLETS}·–—\ufffd*+-]|\(?(?:\d{{1,3}}[.)]|(?:[a-zA-Z]|[ivx]{{1,4}})\)))[ \t\u00a0]+"
    rf"|{COUNTED.pattern}[ \t\u3000]*)(?:\[[ xX]\][ \t]+)?(?=\S)"
)
_END = r"(?:\r\n|\r(?!\n)|\n)"
# An empty line, or the start of a list's item.
_BREAK = re.compile(
    rf"{_END}[ \t]*{_END}|(?:(?<=[.:;!?,])[ \t]*{_END}|{_END}(?=[ \t]*[{BULLETS}]))(?={LIST_MARKER.pattern})"
)
_TIME = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[ T])?\d{1,3}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?"
)
_NAME = r"[^\W\d_](?:[\w.'’&/-]| (?=\S)){0,30}(?: ?\([^()\n]{1,20}\))?"
# A day, or a moment, as logs and diaries have it before an entry.
_STAMP = (
    rf"(?:\d{{4}}-\d\d-\d\d(?:T[\d:.,]+(?:Z|[+-][\d:]+)?)?|{_TIME})[ \t]"
    r"|\d{1,2}\.? [^\W\d_]{3,10}(?: \d{4})?:[ \t]|[^\W\d_]{3,10} \d{1,2}(?:, \d{4})?[ \t]*[–—-]{1,2}[ \t]"
)
# A line that certainly begins a turn or an entry: [00:12:04], **Owner:**, Q:, [x].
_CERTAIN = re.compile(
    rf"[ \t>\u200e\u200f]*(?:\[[ xX]\][ \t]|[\[(<]{_TIME}[\])>]"
    rf"|{_TIME}\s?(?:[-–—]+|{_NAME}:|<[^<>\n]{{1,24}}>)\s|\*\*{_TIME}:?\*\*"
    rf"|\*\*{_NAME}(?:\*\*:|:\*\*)|__{_NAME}(?:__:|:__)"
    rf"|[*_]{{0,2}}[QA]\s?\d{{0,3}}[.:)][*_]{{0,2}}\s"
    rf"|{_NAME}(?:[ \t]{{2,}}{_TIME}|[ \t]*[(\[]{_TIME}[)\]]):?[ \t]*(?=[\r\n]|$))"
)
# A line that begins one if others do: "MARTA: ", "JOOST. ", "Owner: ".
_CAPITALS = rf"[{CAPITAL}]{{2,20}}(?: [{CAPITAL}]{{2,20}}){{0,2}}"
_LIKELY = re.compile(
    rf"[ \t>]*(?:(?!https?:){_NAME}::?[ \t]+\S|<\w[\w.-]{{0,20}}>[ \t]+\S"
    rf"|\*\*{_NAME}\*\*[ \t]+\S|{_CAPITALS}\.[ \t]+\S|{_STAMP})"
)
# A line that begins one whatever stands around it: a time, Q:, a name in capitals.
_SPEAKER = rf"[{CAPITAL}][\w.'’-]{{0,20}}(?: [{CAPITAL}][\w.'’-]{{0,20}}){{0,3}}:[ \t]+\S"
TURN = re.compile(rf"(?:{_CERTAIN.pattern}|[ \t>]*(?:{_SPEAKER}|{_CAPITALS}\.[ \t]+\S))")
_CALLOUT = re.compile(r"[ \t>]*\[![\w-]+\]")
_RULED = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
# What stands in columns by tabs, wide spaces or a leader of dots.
_CELLS = re.compile(r"\S(?:[ ]*\t\s*| {3,}| ?(?<!\.)\.{4,} ?|(?<!\.) (?:\. ){3,})[^\s.]")
_QUOTED_CELL = re.compile(r'(?:^|(?<=[;,]))"[^"\r\n]*"(?=[;,]|$)')
_PUNCTUATION = re.compile(r"[;,](?![\w;,+-]|$)|\b\d{1,3},\d{3}\b")
_WIKI_ROW = re.compile(r"[ \t]*(?:!.*!!|\|.*\|\|)")  # "! Year !! People", "| 1801 || 900"
_REFERENCE = re.compile(r"[ \t]*\[\d{1,3}\][ \t]+\S")  # "[2] Lund, P. 1902."
_LINE = re.compile(r"[^\r\n]+")
_AMOUNT = re.compile(  # "500 g rye flour", "1½ cups of milk"
    r"[ \t]*(?:\d+(?:[.,/]\d+)?|[¼½¾⅓⅔⅛])[ \u00a0]?(?:[¼½¾⅓⅔⅛][ ])?[^\W\d_][^\r\n]{1,60}(?<![.!?:：])$", re.MULTILINE
)
_NUMBER = re.compile(r"[ \t]*\(?(\d{1,3})[.)]")
# What stands above the first item of what is certainly a list.
_INTRODUCED = re.compile(r"^\s*$|(?:[:：*\]]|\n[ \t\r]*\n)\s*$")
# A line longer than this was not wrapped by hand.
_LONGEST_WRAPPED = 200
# In longer texts lines are not compared with each other: they are no passages.
_LONGEST = 100_000


def pieces(passage: str) -> Iterator[tuple[int, int, bool]]:
    """The parts of `passage` that no sentence goes beyond, as (start, end, whether the part is one sentence)."""
    ends = {found.end() for found in _BREAK.finditer(passage)}
    rows: dict[int, int] = {}
    if "\n" in passage[1:] or "\r" in passage[1:] or _WIKI_ROW.match(passage):
        lines = [found.span() for found in _LINE.finditer(passage)] if len(passage) <= _LONGEST else []
        rows = _rows(passage, lines)
        ends |= _turns(passage, lines) | _introduced(passage, lines) | _items(passage, lines) | _amounts(passage, lines)
        ends |= rows.keys() | set(rows.values())
    at = 0
    for end in sorted(ends | {len(passage)}):
        if at < end:
            yield at, end, rows.get(at) == end
        at = end


def _turns(passage: str, lines: Sequence[tuple[int, int]]) -> set[int]:
    """Where lines begin that hold a turn of a conversation, or an entry behind its label."""
    certain = {start for start, end in lines if _CERTAIN.match(passage, start, end)}
    likely = {start for start, end in lines if _LIKELY.match(passage, start, end)} | certain
    callouts = {after for (start, end), (after, _) in pairwise(lines) if _CALLOUT.match(passage, start, end)}
    listed = {start for start, end in lines if _REFERENCE.match(passage, start, end)}
    listed = listed if len(listed) > 1 else set()
    return (likely if len(likely) > 1 and 2 * len(likely) >= len(lines) else certain) | callouts | listed


def _introduced(passage: str, lines: Sequence[tuple[int, int]]) -> set[int]:
    """Where lines begin that were not wrapped by hand, below one that ends with a colon."""
    return {
        after
        for (start, end), (after, last) in pairwise(lines)
        if max(end - start, last - after) > _LONGEST_WRAPPED and passage[start:end].rstrip().endswith((":", "："))
    }


def _amounts(passage: str, lines: Sequence[tuple[int, int]]) -> set[int]:
    """Where lines begin that each name an amount, below one that ends with a colon: "500 g rye flour"."""
    found: set[int] = set()
    for i, (start, end) in enumerate(lines):
        if not passage[start:end].rstrip().endswith((":", "：")):
            continue
        below = list(
            takewhile(lambda line: _AMOUNT.match(passage, *line), (lines[k] for k in range(i + 1, len(lines))))
        )
        found |= {first for first, _ in below} if len(below) > 1 else set()
    return found


def _items(passage: str, lines: Sequence[tuple[int, int]]) -> set[int]:
    """Where items of a list begin that is known as one by its first marker, or its numbers."""
    marked = [(start, found.group()) for start, end in lines if (found := LIST_MARKER.match(passage, start, end))]
    if not marked:
        return set()
    tasks = {start for start, marker in marked if "[" in marker or COUNTED.match(marker)}
    if not _INTRODUCED.search(passage[max(0, marked[0][0] - 40) : marked[0][0]]):
        return tasks
    sign = marked[0][1].split()[0]
    depth = _depth(marked[0][1])
    items = tasks | {start for start, marker in marked if _depth(marker) > depth}
    if not any(c.isalnum() for c in sign):
        bullets = sign if sign in "—–" else sign + "*+-•"
        return items | {start for start, marker in marked if marker.split()[0] in bullets}
    number: int | None = None
    for start, marker in marked:
        own = _NUMBER.match(marker)
        if own and _depth(marker) == depth and number in (None, int(own[1]) - 1):
            number = int(own[1])
            items.add(start)
    return items


def _depth(marker: str) -> int:
    return len(marker) - len(marker.lstrip())


def _rows(passage: str, lines: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The rows of tables, start to end: those of Markdown, and of lines in columns, one below the other."""
    # A sign that says that a line means the term above it is no cell.
    starts = [start + (passage[start] in ":~") for start, _ in lines]
    columns = [_CELLS.search(passage, start, end) is not None for start, (_, end) in zip(starts, lines, strict=True)]
    beside = [i for i, held in enumerate(columns) if held and any(columns[max(0, i - 1) : i] + columns[i + 1 : i + 2])]
    rows = {lines[i][0]: lines[i][1] for i in beside}
    rows |= {start: end for start, end in lines if _WIKI_ROW.match(passage, start, end)}
    rows |= {start: end for separator in ";," for start, end in _separated(passage, lines, separator)}
    piped = [passage.find("|", start, end) >= 0 for start, end in lines]
    last = 0  # behind the last row found
    for i in range(1, len(lines)):
        if i > last and piped[i - 1] and piped[i] and _RULED.fullmatch(passage, *lines[i]):
            first, last = i - 1, i
            while last < len(lines) and piped[last]:
                last += 1
            rows |= dict(lines[first:last])
    return rows


def _separated(passage: str, lines: Sequence[tuple[int, int]], separator: str) -> Iterator[tuple[int, int]]:
    """The lines of cells between separators without a space: as many in each of three lines, or two in each of two."""
    counts = [_separators(passage[start:end].strip(), separator) for start, end in lines]
    for count, group in groupby(range(len(lines)), key=counts.__getitem__):
        run = list(group)
        if count and len(run) >= (2 if count > 1 else 3):
            yield from (lines[i] for i in run)


def _separators(line: str, separator: str) -> int:
    """How many separators part the cells of a line; 0 if one of them is a mark of punctuation, or within a number."""
    bare = _QUOTED_CELL.sub("", line)
    if _PUNCTUATION.search(bare) or separator not in bare.rstrip(separator):
        return 0
    return bare.count(separator)
