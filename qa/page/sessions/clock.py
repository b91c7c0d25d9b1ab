"""What time it is, and whether the clock was set anew: a machine without a battery begins in 1970 until it is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

# So many seconds a clock may be corrected by without having been set anew.
_CORRECTED = 3600.0


def _going() -> float:
    """Seconds that only go on, also while the machine sleeps, where the system tells them."""
    number = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if number is None else time.clock_gettime(number)


@dataclass
class Clock:
    """A `wall` clock, in seconds, which anybody may set, beside one that only goes on (`steady`)."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = _going

    def __post_init__(self) -> None:
        self.settle()

    def leap(self) -> float:
        """By how many seconds the wall clock was set anew since it was settled; 0 if it was not."""
        leap = self.wall() - self.steady() - self._ahead
        return leap if abs(leap) > _CORRECTED else 0.0

    def settle(self) -> None:
        """Take the wall clock for right as it is now."""
        self._ahead = self.wall() - self.steady()
