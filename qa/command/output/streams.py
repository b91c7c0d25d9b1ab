"""Where a command writes: results to standard output, all else to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

Print = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Out:
    """What a command writes with: `show` a result, `say` anything else; whether results are in `colour`."""

    show: Print
    say: Print
    colour: bool

    @classmethod
    def of(cls, show: Print, say: Print) -> Out:
        """What to write with on this terminal, or into this pipe."""
        return cls(show, say, sys.stdout.isatty() and "NO_COLOR" not in os.environ)
