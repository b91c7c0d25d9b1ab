"""A table of contents in plain text: headings of what comes later, not the text itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from source.document import Reason
from source.structure.headings import division_rank
from source.structure.lines import Line, ends_sentence

_TITLE = re.compile(
    r"(?:table of )?contents\.?|inhalt(?:sverzeichnis)?|sommaire|table des mati[eè]res|[ií]ndice|sommario"
    r"|inhoud(?:sopgave)?|innhold|indhold|innehåll|содержание|оглавление|目次|目录|目錄|spis treści|sumário"
    r"|list of illustrations\.?",
    re.IGNORECASE,
)
# The number of a page behind dots or wide spaces.
_PAGE = re.compile(r"(?:(?:\s?[.·…]){3,}|\s{2,}|\t)\s*(?:\d{1,4}|[ivxl]{1,7})\.?$")
_LEADERS = re.compile(r"(?:\s?[.·…]){4,}\s*\d")
_NOT_A_LETTER = re.compile(r"[\W_]+")
_COUNTED = re.compile(r"([IVXLC]{1,7}|\d{1,3})(?:[.):\s]|$)")
_LONGEST_ENTRY, _FEWEST, _MOST = 100, 2, 1000
_FEWEST_DOTTED = 3
_WIDEST_GAP = 2  # empty lines that may part entries; behind more the text begins


def contents(lines: Sequence[Line], known: Mapping[int, Reason]) -> dict[int, Reason]:
    """The lines of tables of contents, by number."""
    found: dict[int, Reason] = {}
    for i, line in enumerate(lines):
        if i not in known and i not in found and is_contents_title(line.words):
            entries = _entries(lines, i + 1)
            if len(entries) >= _FEWEST:
                found |= dict.fromkeys([i, *entries], Reason.CONTENTS)
    run: list[int] = []
    for i, line in enumerate(lines):
        if i not in found and i not in known and len(line.words) <= _LONGEST_ENTRY and _is_dotted(line.words):
            run.append(i)
            continue
        if len(run) >= _FEWEST_DOTTED:
            found |= dict.fromkeys(run, Reason.CONTENTS)
        run = []
    return found


def is_contents_title(words: str) -> bool:
    """Whether a line names a table of contents."""
    return _TITLE.fullmatch(words.strip("*_ :")) is not None


def has_page(words: str) -> bool:
    """Whether a line ends with the number of a page, behind dots, a tab or wide spaces; or several such entries do."""
    return _PAGE.search(words) is not None and len(words) <= _LONGEST_ENTRY * max(1, count_leaders(words))


def count_leaders(words: str) -> int:
    """How often dots lead to the number of a page."""
    return len(_LEADERS.findall(words))


def _is_dotted(words: str) -> bool:
    found = _PAGE.search(words)
    return found is not None and "." in found.group() and any(c.isalpha() for c in words)


def _entries(lines: Sequence[Line], first: int) -> list[int]:
    """The numbers of the entries from line `first` on: until one of them comes again, as the heading it names."""
    seen: list[str] = []
    numbers: set[str] = set()
    entries: list[int] = []
    widest = _WIDEST_GAP
    for i in range(first, min(first + _MOST, len(lines))):
        words = _PAGE.sub("", lines[i].words)
        key = _key(words)
        if len(entries) >= _FEWEST and lines[i].gap > widest and words == lines[i].words and not _again(lines, i):
            break
        widest = max(widest, lines[i].gap if entries else 0)
        if len(words) > _LONGEST_ENTRY or (key and any(_begins(one, key) for one in seen)):
            break
        counted = _COUNTED.match(words)
        if counted and counted[1] in numbers and counted[1] == words.strip(". "):
            break  # the first chapter's number, alone above its title
        if ends_sentence(words) and not division_rank(words) and not words.isupper() and words == lines[i].words:
            break
        numbers |= {counted[1]} if counted else set()
        seen.append(key)
        entries.append(i)
    # The last ones may be what the text begins with: entries stand together.
    while entries and len(entries) > 1 and lines[entries[-1]].gap > max(lines[entries[1]].gap, 1):
        entries.pop()
    return entries


def _key(words: str) -> str:
    return _NOT_A_LETTER.sub("", words).casefold()


def _again(lines: Sequence[Line], i: int) -> bool:
    """Whether line `i`, which stands far below the entries so far, comes again: then it is an entry, too."""
    key = _key(lines[i].words)
    return any(_key(lines[n].words) == key for n in range(i + 1, len(lines)))


def _begins(entry: str, heading: str) -> bool:
    """Whether `heading` names what `entry` announces: "CHAPTER I" is the first part of "CHAPTER I. The Cottage"."""
    return entry.startswith(heading) and (len(heading) >= 4 or entry == heading)
