"""What the desk says, as lines for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.answer import Place
from qa.command.output.terminal import visible
from qa.quotations.difference import Difference
from qa.quotations.links.permalink import Opened, Permalink, State
from qa.quotations.report import SAID, Finding, Report, Verdict, counted

_COLOURS: Mapping[Verdict, str] = {"verbatim": "32", "formal": "32", "absent": "31"}
# The beginning of a quotation that is enough to know it by.
_KNOWN_BY = 100
_STATE_COLOURS: Mapping[State, str] = {"unchanged": "32", "moved": "33", "altered": "31", "gone": "31"}


def lines(report: Report, *, colour: bool) -> list[str]:
    """The report: of each quotation its line in the draft, the verdict, its words, and where it stands."""
    found: list[str] = []
    for finding in report:
        found += [*_finding(finding, report.draft, colour=colour), ""]
    return [*found, counted(report)]


def _finding(finding: Finding, draft: str, *, colour: bool) -> list[str]:
    quotation = finding.quotation
    where = visible(f"{draft}:{quotation.line}: ") if draft else ""
    head = _coloured(SAID[finding.verdict], _COLOURS.get(finding.verdict, "33"), colour=colour)
    words = marked(finding.differences, colour=colour) if finding.differences else _known_by(quotation.text)
    told = [f"{where}{head}", f"  “{words}”"]
    if finding.verdict == "misplaced" and quotation.citation:
        told.append(f"    the draft says: {_line(quotation.citation)}")
    return told + _places(finding.verdict, finding.places)


def _places(verdict: Verdict, places: Sequence[Place]) -> list[str]:
    if verdict == "stitched":
        return [f"    from {_named(place)}" for place in places]
    first = "nearest" if verdict == "altered" else "—"
    return [f"    {first if i == 0 else 'also'} {_named(place)}" for i, place in enumerate(places)]


def _named(place: Place) -> str:
    return visible(f"{place} ({place.document}, {place.start}–{place.end})")


def opened(link: Permalink, found: Opened, *, colour: bool) -> list[str]:
    """A permalink that was opened: its state, its words or how they differ, and where they stand now."""
    head = _coloured(found.state, _STATE_COLOURS[found.state], colour=colour)
    words = marked(found.differences, colour=colour) if found.differences else _known_by(link.exact)
    where = _named(found.place) if found.place else visible(f"was in {link.document}, {link.start}–{link.end}")
    return [f"{head}: “{words}”", f"    — {where}"]


def table(kept: Sequence[tuple[Permalink, Opened]], *, colour: bool) -> list[str]:
    """Kept quotations, one a line: state, document, where it stands now, and the first of its words."""
    rows = []
    width = max((len(link.document) for link, _ in kept), default=0)
    for link, found in kept:
        now = f"{found.place.start}–{found.place.end}" if found.place else "—"
        moved = f"{found.place.document} " if found.place and found.place.document != link.document else ""
        state = _coloured(f"{found.state:<9}", _STATE_COLOURS[found.state], colour=colour)
        where = visible(f"{link.document:<{width}}  {link.start}–{link.end} → {moved}{now}")
        rows.append(f"{state}  {where}  {_known_by(link.exact, 50)}")
    return rows


def _coloured(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[1;{code}m{text}\x1b[0m" if colour else text


def _line(text: str) -> str:
    return visible(" ".join(text.split()))


def _known_by(text: str, length: int = _KNOWN_BY) -> str:
    """The beginning of a text, enough to know it by."""
    line = _line(text)
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + " …"


def marked(differences: Sequence[Difference], *, colour: bool) -> str:
    """A word diff on one line: [-what the essay says-] {+what is quoted instead+}, and the same words."""
    out, put = (("\x1b[31m", "\x1b[0m"), ("\x1b[32m", "\x1b[0m")) if colour else (("[-", "-]"), ("{+", "+}"))
    parts = []
    for one in differences:
        if one.kind == "same":
            parts.append(_line(one.quoted))
            continue
        if one.original:
            parts.append(out[0] + _line(one.original) + out[1])
        if one.quoted:
            parts.append(put[0] + _line(one.quoted) + put[1])
    return " ".join(parts)
