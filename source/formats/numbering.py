"""The numbers that word processors write before headings and items, and do not keep in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from source.structure.extracted.draft import BULLET, numeral

_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """How a level is numbered: `style` is "1", "01", "a", "A", "i", "I", or "" of a bullet or nothing.

    `shown` is the number with "%1" for the first level's, "%2" for the second's. A level `restarts` after one above it,
    and if it is `legal`, the numbers of those above it are Arabic in its own.
    """

    style: str = "1"
    shown: str = ""
    first: int = 1
    restarts: bool = True
    bullet: bool = False
    legal: bool = False


class Counter:
    """Counts the items of a list, level by level from 0."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def set_next(self, level: int, number: int) -> None:
        """The next item of `level` has this number."""
        self._counts[level] = number - 1

    def marker(self, level: int, levels: Mapping[int, Level]) -> str:
        """The marker of the next item of `level`: its number, a bullet, or nothing."""
        own = levels.get(level, Level(bullet=True))
        self._counts[level] = self._counts.get(level, own.first - 1) + 1
        for deeper in [one for one in self._counts if one > level and levels.get(one, own).restarts]:
            del self._counts[deeper]
        if not own.style or own.bullet:
            return BULLET if own.bullet else ""

        def number(found: re.Match[str]) -> str:
            above = int(found[1]) - 1
            there = levels.get(above, Level())
            style = "1" if own.legal and there.style != "01" else there.style or "1"
            return numeral(self._counts.get(above, there.first), style)

        return _PLACE.sub(number, own.shown) if own.shown else numeral(self._counts[level], own.style)
