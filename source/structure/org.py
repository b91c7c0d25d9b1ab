"""Plain text of org-mode: its headings are stars, and what it says of itself stands in lines of its own."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from source.document import Reason
from source.structure.lines import Line

_KEYWORD = re.compile(r"#\+(\w+)(?::\s*(.*))?", re.IGNORECASE)
_DRAWER = re.compile(r":(?:properties|logbook):", re.IGNORECASE)
_END = re.compile(r":end:", re.IGNORECASE)
_PLANNED = re.compile(r"(?:(?:scheduled|deadline|closed):\s*[<\[][^>\]]*[>\]]\s*)+", re.IGNORECASE)
_HEADING = re.compile(r"(\*{1,8})\s+(.*?)(?:\s+:[\w:@]+:)?")
_SHOWN = ("caption", "name")  # keywords whose words are shown
Headings = dict[int, tuple[int, str]]  # the level and the title of lines, by their numbers


def org(lines: Sequence[Line], found: dict[int, Reason], values: dict[str, str]) -> Headings:
    """The headings of a text of org-mode, {} of any other; what is no text of it comes to `found`.

    What it says of its title, author and date comes to `values`.
    """
    keywords = {i: keyword for i, line in enumerate(lines) if (keyword := _KEYWORD.fullmatch(line.words))}
    drawers = [i for i, line in enumerate(lines) if _DRAWER.fullmatch(line.words)]
    if not keywords and not drawers:
        return {}
    for i, keyword in keywords.items():
        if keyword[1].lower() in _SHOWN:
            continue
        found[i] = Reason.METADATA if keyword[2] is not None else Reason.MARKUP
        if keyword[1].lower() in ("title", "author", "date") and keyword[2]:
            values.setdefault(keyword[1].lower(), keyword[2].strip("<>[] "))
    ends = [i for i, line in enumerate(lines) if _END.fullmatch(line.words)] if drawers else []
    for first, after in pairwise([*drawers, len(lines)]):
        at = bisect_left(ends, first)
        if at < len(ends) and ends[at] < after:
            found |= dict.fromkeys(range(first, ends[at] + 1), Reason.METADATA)
    found |= {i: Reason.METADATA for i, line in enumerate(lines) if _PLANNED.fullmatch(line.words)}
    return {
        i: (len(heading[1]), heading[2])
        for i, line in enumerate(lines)
        if i not in found and not line.indent and (heading := _HEADING.fullmatch(line.words))
    }
