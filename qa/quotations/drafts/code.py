"""What of a draft is code or a tag, in which marks quote nothing: Markdown's rules, in steps that do not go back."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from source.document import Span

_BEGINS = re.compile(
    r"^ {0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})|(?P<ticks>`+)|(?P<tag><[A-Za-z/][^<>\n]{0,2000}>)", re.MULTILINE
)
_TICKS = re.compile("`+")


def code(text: str) -> Iterator[Span]:
    """Fenced code, code between backticks, and tags, in order."""
    runs: dict[int, list[int]] = defaultdict(list)  # where backticks begin, by how many they are
    for run in _TICKS.finditer(text):
        runs[len(run[0])].append(run.start())
    at = 0
    while found := _BEGINS.search(text, at):
        at = found.end()
        if found["fence"]:
            closed = re.compile(rf"^ {{0,3}}{found['fence']}", re.MULTILINE).search(text, at)
            at = closed.end() if closed else len(text)
        elif ticks := found["ticks"]:
            same = runs[len(ticks)]
            following = bisect_left(same, at)
            if following == len(same):
                continue
            at = same[following] + len(ticks)
        yield Span(found.start(), at)
