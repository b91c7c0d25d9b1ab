"""What the desk says, as rows of a table: CSV with all that is known, Markdown with what people read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from qa.command.output.formats import Row, markdown_table, table
from qa.quotations.links.permalink import Opened, Permalink
from qa.quotations.report import Finding, Report

Form = Literal["csv", "markdown"]
_PLACE = ("document", "title", "heading", "locator", "paragraph", "line", "start", "end")
_FINDINGS = ("draft", "at", "verdict", "quotation", "citation", "original", *_PLACE)
_READ_OF_FINDINGS = ("at", "verdict", "quotation", "original", "where")
_LINKS = ("state", "quotation", "was_in", "was_start", "was_end", "now", *_PLACE, "link")
_READ_OF_LINKS = ("state", "quotation", "was_in", "now", "where")


def findings(report: Report, form: Form) -> str:
    """A report: a row for each quotation and place, `at` the line of the draft; one without a place if it has none."""
    rows = [row for finding in report for row in _finding_rows(finding, report.draft)]
    return table(rows, _FINDINGS) if form == "csv" else markdown_table(rows, _READ_OF_FINDINGS)


def _finding_rows(finding: Finding, draft: str) -> Iterator[Row]:
    quotation = finding.quotation
    head = {
        "draft": draft,
        "at": quotation.line,
        "verdict": finding.verdict,
        "quotation": quotation.text,
        "citation": quotation.citation,
    }
    for place, original in zip(finding.places, finding.originals, strict=True):
        yield {**head, "original": original, **place.json(), "where": f"{place} ({place.document})"}
    if not finding.places:
        yield head


def links(found: Sequence[tuple[Permalink, Opened]], form: Form) -> str:
    """Permalinks that were opened: a row for each, with what it quotes, what stands there `now`, and where."""
    rows = [_link_row(link, now) for link, now in found]
    return table(rows, _LINKS) if form == "csv" else markdown_table(rows, _READ_OF_LINKS)


def _link_row(link: Permalink, now: Opened) -> Row:
    place = now.place
    return {
        "state": now.state,
        "quotation": link.exact,
        "was_in": link.document,
        "was_start": link.start,
        "was_end": link.end,
        "link": link.address,
        **({"now": now.text, **place.json(), "where": f"{place} ({place.document})"} if place else {}),
    }
