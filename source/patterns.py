"""Patterns of file names, read as `.gitignore` reads them: one path at a time, step by step.

The library `pathspec` makes one regular expression of a pattern, for which a name such as `aaa…a` takes for ever where
the pattern is `*a*a*a*a*a*b`; nor does it tell of a pattern that is for no file. Here every step is one of the standard
library's, which never goes back (`fnmatch`), and how far a path may have come is a set.
"""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from source.errors import UserError

# A letter behind a backslash stands for itself; [^…] is [!…] of the standard library.
_WRITTEN_OTHERWISE = re.compile(r"\\(.)|\[\^", re.DOTALL)
# What the standard library makes of several letters of which there are none, such as [z-a].
_NONE = "(?!)"
# Half a letter: a file whose name holds one, as it is not UTF-8, is not read.
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What each step of a path must be, from the library's folder on; None stands for any number of steps."""

    steps: tuple[re.Pattern[str] | None, ...]

    def is_for(self, name: str) -> bool:
        """Whether it is for the file `name`, or for a folder on the way to it."""
        path = unicodedata.normalize("NFC", name).split("/")
        reached = {0}  # so many steps of the path may have been taken
        for step in self.steps:
            if step is None:
                reached = set(range(min(reached), len(path)))
            else:
                reached = {at + 1 for at in reached if at < len(path) and step.match(path[at])}
            if not reached:
                return False
        return True


@lru_cache(maxsize=256)
def pattern(written: str) -> Pattern:
    """The pattern that somebody wrote.

    Raises UserError if it is for no file, or takes another pattern back.
    """
    if written.startswith("!"):
        raise UserError(f"The pattern {written!r} takes back another one; say what is meant with --include instead.")
    whole = unicodedata.normalize("NFC", written)
    names = whole.removeprefix("/").rstrip("/").split("/")
    steps = tuple(None if name == "**" else _step(name) for name in names)
    nameless = _HALF.search(whole) or any(name in ("", ".", "..") for name in names)
    if nameless or any(one and _NONE in one.pattern for one in steps):
        raise UserError(f"The pattern {written!r} is for no file; write one such as '*.md' or 'drafts/**'.")
    return Pattern(steps if "/" in whole.rstrip("/") else (None, *steps))


def _step(name: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(_WRITTEN_OTHERWISE.sub(_otherwise, name)))


def _otherwise(found: re.Match[str]) -> str:
    letter = found[1]
    return "[!" if letter is None else f"[{letter}]" if letter in "*?[" else letter
