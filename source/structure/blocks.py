"""A block: a run of lines that belong together, and what it is."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import overload

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


_KINDS, _REASONS = tuple(Kind), tuple(Reason)
_KIND_NUMBERS = {kind: i for i, kind in enumerate(_KINDS)}
_REASON_NUMBERS = {reason: i for i, reason in enumerate(_REASONS)}


class Blocks(Sequence[Block]):
    """The blocks of a text in order, each a few numbers, of which it is made as it is looked at."""

    def __init__(self, blocks: Iterable[Block] = ()) -> None:
        self._starts, self._ends = array("I"), array("I")
        self._kinds, self._reasons = bytearray(), bytearray()
        self._more: dict[int, tuple[int, str, tuple[Span, ...]]] = {}  # what few have: level, title, inside
        self.extend(blocks)

    def append(self, block: Block) -> None:
        """Add `block` behind the others."""
        for column in (self._starts, self._ends, self._kinds, self._reasons):
            column.append(0)
        self[len(self) - 1] = block

    def extend(self, blocks: Iterable[Block]) -> None:
        """Add `blocks` behind the others."""
        for block in blocks:
            self.append(block)

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, place: int) -> Block: ...
    @overload
    def __getitem__(self, place: slice) -> list[Block]: ...
    def __getitem__(self, place: int | slice) -> Block | list[Block]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        kind, reason = _KINDS[self._kinds[place]], _REASONS[self._reasons[place]]
        level, title, inside = self._more.get(range(len(self))[place], (0, "", ()))
        return Block(self._starts[place], self._ends[place], kind, level, title, reason, inside)

    def __setitem__(self, place: int, block: Block) -> None:
        place = range(len(self))[place]
        self._starts[place], self._ends[place] = block.start, block.end
        self._kinds[place], self._reasons[place] = _KIND_NUMBERS[block.kind], _REASON_NUMBERS[block.reason]
        if block.level or block.title or block.inside:
            self._more[place] = block.level, block.title, block.inside
        else:
            self._more.pop(place, None)

    def __iter__(self) -> Iterator[Block]:
        return map(self.__getitem__, range(len(self)))


def trimmed(text: str, start: int, end: int) -> Span:
    """`text[start:end]` without the white space around it."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return Span(start, max(start, end - (len(words) - len(words.rstrip()))))
