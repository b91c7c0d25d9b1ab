"""What pages and subtitles leave in plain text: numbers, running heads, the times of cues."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from source.document import Reason
from source.structure.lines import Line, is_prose

_NUMBER = re.compile(
    r"(?:[\[({<|–—-]{1,2}\s*)?(?:(?:page|pg|seite|side|sida|página|pagina|p|s)\b\.?\s*)?(?P<number>\d{1,4}|[ivxl]{2,8})"
    r"(?:\s*(?:of|/|von|de|av)\s*\d{1,4})?(?:\s*[\])}>|–—-]{1,2})?",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*--?>\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}(?:\s.*)?")
_COLUMNS = re.compile(r"\S[ \t]{3,}\S")  # "Potter            Kilns            [Page 3]"
_HEADED = re.compile(r"\d{1,3}\s{4,}\D+|\D+\s{4,}\d{1,3}")  # "THE CATHEDRAL            20"
_FOOT = re.compile(
    r"\S.*\s{3,}\[(?:page|seite|página|pagina|p\.?)\s*\d{1,4}\]", re.IGNORECASE
)  # "Potter      [Page 3]"
# A time alone on its line; so many of them, none earlier than the one before, are those of a transcript.
_BARE_TIME, _FEWEST_TIMES = re.compile(r"[\[(]?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})[\])]?"), 3
_DIGITS = re.compile(r"\d+")
_LONGEST_HEAD = 80
_MOST_DIGITS = 3  # of a page's number that stands without a mark: four are a year's


def cues(lines: Sequence[Line]) -> dict[int, Reason]:
    """The lines of subtitles that hold a cue's number or time."""
    found: dict[int, Reason] = {}
    for i, line in enumerate(lines):
        if _TIME.fullmatch(line.words):
            found[i] = Reason.TIME
            if i and lines[i - 1].words.isdecimal() and not line.gap:
                found[i - 1] = Reason.TIME
    if found and lines[0].words.startswith("WEBVTT"):
        found[0] = Reason.TIME
    return found or _times(lines)


def _times(lines: Sequence[Line]) -> dict[int, Reason]:
    """The lines of a transcript that hold a time alone: it never goes back, and something is said at each."""
    times = {i: time for i, line in enumerate(lines) if (time := _BARE_TIME.fullmatch(line.words))}
    seconds = [3600 * int(time[1] or 0) + 60 * int(time[2]) + int(time[3]) for time in times.values()]
    said = all(i + 1 < len(lines) and i + 1 not in times for i in times)
    if len(times) < _FEWEST_TIMES or seconds != sorted(seconds) or not said:
        return {}
    return dict.fromkeys(times, Reason.TIME)


def pages(lines: Sequence[Line], known: Collection[int], width: int) -> dict[int, Reason]:
    """The lines that number a page, and the running heads beside them."""
    numbers = [i for i, line in enumerate(lines) if i not in known and _is_page_number(line.words) and _alone(lines, i)]
    if _are_sections(lines, numbers, width):
        return {}
    feet = (i for i, line in enumerate(lines) if _FOOT.fullmatch(line.words) and _alone(lines, i))
    found = dict.fromkeys([*numbers, *feet], Reason.PAGE)
    headed = [i for i, line in enumerate(lines) if i not in known and _is_headed(line.words) and _alone(lines, i)]
    headed = headed if found or len(headed) > 1 else []
    breaks = [i for i, line in enumerate(lines) if line.new_page]
    near = {n for i in found for n in (i - 1, i + 1)}.union(breaks, (i - 1 for i in breaks)).difference(known, found)
    beside = [i for i in sorted(near) if 0 <= i < len(lines) and _is_short(lines, i, width)]
    often = Counter(_DIGITS.sub("", lines[i].words) for i in beside)
    for i in beside:
        set_apart = _COLUMNS.search(lines[i].words) is not None
        if set_apart or often[_DIGITS.sub("", lines[i].words)] > 1 or _interrupts(lines, i, found, width):
            found[i] = Reason.PAGE
    found |= dict.fromkeys(headed, Reason.PAGE)
    foots = {_DIGITS.sub("", lines[i].words) for i in found if _COLUMNS.search(lines[i].words)}
    again = (i for i, line in enumerate(lines) if i not in known and _DIGITS.sub("", line.words) in foots)
    return found | {i: Reason.PAGE for i in (again if foots else ()) if _alone(lines, i)}


def _is_headed(words: str) -> bool:
    """Whether a line holds a running head in capitals with the page's number."""
    return words.isupper() and _HEADED.fullmatch(words) is not None


def _is_page_number(words: str) -> bool:
    """Whether a line numbers a page; a year or a chapter's "IV" does not."""
    number = _NUMBER.fullmatch(words)
    if number is None:
        return False
    bare = number.group() == number["number"]
    digits = number["number"]
    return not bare or (len(digits) <= _MOST_DIGITS if digits.isdigit() else digits.islower())


def _alone(lines: Sequence[Line], i: int) -> bool:
    above = not i or lines[i].gap or lines[i].new_page
    below = i + 1 == len(lines) or lines[i + 1].gap or lines[i + 1].new_page
    return bool(above and below) or lines[i].new_page or (i + 1 < len(lines) and lines[i + 1].new_page)


def _are_sections(lines: Sequence[Line], numbers: Sequence[int], width: int) -> bool:
    """Whether lone numbers count the sections: they begin with 1, leave none out, and interrupt no sentence."""
    counted = [lines[i].words.strip(". ") for i in numbers]
    return (
        len(counted) > 1
        and counted == [str(n) for n in range(1, len(counted) + 1)]
        and not any(lines[i].new_page or (i + 1 < len(lines) and lines[i + 1].new_page) for i in numbers)
        and not any(i and _is_open(lines[i - 1], width) for i in numbers)
    )


def _is_open(line: Line, width: int) -> bool:
    """Whether a sentence stops at the end of `line` and must go on elsewhere."""
    return is_prose(line, width) and not line.ended and line.words[-1] not in ":;"


def _is_short(lines: Sequence[Line], i: int, width: int) -> bool:
    line = lines[i]
    apart = not i or line.gap or line.new_page or i + 1 == len(lines) or lines[i + 1].gap
    columns = _COLUMNS.search(line.words) is not None
    prose = is_prose(line, width) and not line.words.isupper() and not columns
    return bool(apart) and len(line.words) <= _LONGEST_HEAD and not line.ended and not prose


def _interrupts(lines: Sequence[Line], i: int, furniture: Mapping[int, Reason], width: int) -> bool:
    """Whether a sentence stops above line `i`, and the furniture beside it."""
    above = next((n for n in range(i - 1, max(i - 6, -1), -1) if n not in furniture), None)
    return above is not None and i + 1 < len(lines) and _is_open(lines[above], width)
