"""A block: a run of lines that belong together, and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from source.document import Reason, Span


class Kind(Enum):
    """What a block is."""

    HEADING = "heading"
    TEXT = "text"
    LIST = "list"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block(Span):
    """A run of lines that belong together; `level` and `title` are those of a heading, `reason` furniture's.

    `inside` are empty lines and furniture between its lines behind which a sentence goes on.
    """

    kind: Kind
    level: int = 0
    title: str = ""
    reason: Reason = Reason.RULE
    inside: tuple[Span, ...] = ()


def trimmed(text: str, start: int, end: int) -> Span:
    """`text[start:end]` without the white space around it."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return Span(start, max(start, end - (len(words) - len(words.rstrip()))))
