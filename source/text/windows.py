"""The library's sentence boundaries, found in time that grows with the length of the text and no faster.

What `sentencex` needs grows with the square of what it is given where marks are opened and never
closed. So it is given a window at a time, and a window that is full of marks without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

# A quotation or bracket is kept in one piece, unless it runs on for longer than this.
LONGEST_QUOTATION = 600
# Characters. Sentences that end near the end of a window are looked at again in the next.
WINDOW, LONGEST_WINDOW = 4000, 8000
# So many marks in a window are not prose: there they do not hold a sentence together.
MOST_MARKS = 200
_MARKS = "`´'’‘‚‛\"“”„‟«»‹›()[]{}「」『』（）【】"
# Brackets, and what may number an item, "2) ".
_COUNTED = re.compile(r"(?<!\S)(?:\d{1,2}|[a-z])\)(?=\s)")
_BRACKET = re.compile(rf"\(|{_COUNTED.pattern}|\)")
_WITHOUT_MARKS = str.maketrans(dict.fromkeys(_MARKS, " "))


def boundaries(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of `text`, which cover it."""
    begun = start = 0  # of a sentence, and of what is not yet looked at
    room = WINDOW
    while start < len(text):
        window = text[start : start + room]
        sure = len(window) if len(text) - start <= room else room - LONGEST_QUOTATION
        ends = [end for end in _ends(window, language) if end <= sure]
        if not ends and room < LONGEST_WINDOW:
            room = LONGEST_WINDOW
            continue
        for end in ends:
            yield begun, start + end
            begun = start + end
        # Of a sentence that is longer still, the next window is given what follows, cut where it harms least.
        start += ends[-1] if ends else window.rfind(" ", sure // 2, sure) + 1 or sure
        room = WINDOW
    if begun < start:
        yield begun, start


def _ends(window: str, language: str) -> list[int]:
    """Where the sentences of `window` end, as the library finds it."""
    crowded = sum(map(window.count, _MARKS)) > MOST_MARKS
    bare = window.translate(_WITHOUT_MARKS) if crowded else _without_counting(window)
    return [int(boundary["end_index"]) for boundary in get_sentence_boundaries(language, bare)]


def _without_counting(window: str) -> str:
    """`window` with commas for the brackets that number items, which nothing opened."""
    if not _COUNTED.search(window):
        return window
    signs = list(window)
    depth = 0
    for found in _BRACKET.finditer(window):
        if found.group() == "(":
            depth += 1
        elif depth:
            depth -= 1
        elif len(found.group()) > 1:
            signs[found.end() - 1] = ","
    return "".join(signs)
