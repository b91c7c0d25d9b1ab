"""Where a command writes: results to standard output, all else to standard error."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from source.errors import UserError

Print = Callable[[str], None]
When = Literal["auto", "always", "never"]
_WIDEST = 100  # characters that are read with ease


@dataclass(frozen=True, slots=True)
class Out:
    """What a command writes with: `show` a result, `say` anything else.

    `colour` is whether results are coloured. `width` is what lines are wrapped to, None where nobody looks at them but
    a program or a file: then all is letter for letter. `verbose` is whether to tell more.
    """

    show: Print
    say: Print
    colour: bool = False
    width: int | None = None
    verbose: bool = False

    @classmethod
    def of(cls, show: Print, say: Print, *, when: When, quiet: bool, verbose: bool) -> Out:
        """What to write with on this terminal, or into this pipe; where `quiet`, results and errors alone."""
        shown = sys.stdout.isatty()
        width = min(shutil.get_terminal_size().columns, _WIDEST) if shown else None
        return cls(show, _unheard if quiet else say, coloured(when, os.environ, shown=shown), width, verbose)


def coloured(when: When, environment: Mapping[str, str], *, shown: bool) -> bool:
    """Whether to colour what is `shown` on a terminal, or is not.

    What somebody says on the command line decides, then NO_COLOR (no-color.org) and FORCE_COLOR (force-color.org),
    each if it is there and not empty; a terminal that is dumb has no colours.
    """
    if when != "auto":
        return when == "always"
    if environment.get("NO_COLOR"):
        return False
    return bool(environment.get("FORCE_COLOR")) or (shown and environment.get("TERM") != "dumb")


def check_free(path: Path | None, *, force: bool) -> None:
    """Raise UserError if a file holds something that is not to be written over; asked before a command's work."""
    taken = False
    if path is not None and not force:
        with contextlib.suppress(OSError):  # why it cannot be looked at is told when it is written
            taken = path.is_file() and path.stat().st_size > 0
    if taken:
        raise UserError(f"There is a file {str(path)!r} already; name another, or write over it with --force.")


def written(path: Path, data: str | bytes, what: str, *, force: bool) -> None:
    """Write `data`, which is `what` ("The report"), to a file.

    Raises UserError if it cannot be, or is not to be without `force`.
    """
    check_free(path, force=force)
    try:
        path.write_bytes(data.encode("utf-8", "replace") if isinstance(data, str) else data)
    except OSError as error:
        raise UserError(f"{what} cannot be written to {str(path)!r}: {error.strerror}.") from error


def _unheard(_message: str) -> None:
    """What nobody wants to be told."""
