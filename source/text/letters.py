"""Capital and small letters of all scripts, as classes for patterns: `re` has none of its own."""

from __future__ import annotations

from collections.abc import Callable

# Letters beyond are of scripts that have no capitals, or of mathematics.
_LAST = 0x2000
# Pictures of faces and things stand from here on; no rule is drawn with them.
_EMOJI = "\U0001f000"


def _ranges(holds: Callable[[str], bool]) -> str:
    """The letters of which `holds` is true, as a pattern's class without its brackets."""
    found: list[list[int]] = []
    for code in range(_LAST):
        if not holds(chr(code)):
            continue
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(chr(first) + (f"-{chr(last)}" if last > first else "") for first, last in found)


CAPITAL = _ranges(str.isupper)
SMALL = _ranges(str.islower)


def is_drawn(text: str) -> bool:
    """Whether a text has signs alone, as a rule between paragraphs has: no letter, no digit, no emoji."""
    return not any(sign.isalnum() or sign >= _EMOJI for sign in text)
