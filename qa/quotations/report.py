"""What the desk says of quotations: a Report made of Findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from qa import verdicts
from qa.answer import Place, shortened
from qa.markup import notebook
from qa.quotations.difference import Difference
from qa.quotations.drafts.draft import Quotation

if TYPE_CHECKING:
    from qa import typed
    from qa.markup.escaping import Markup

Verdict: TypeAlias = verdicts.Finding
SAID: Mapping[Verdict, str] = {
    "verbatim": "verbatim",
    "formal": "verbatim but for its form",
    "altered": "altered",
    "stitched": "put together from different places",
    "misplaced": "stands elsewhere than the draft says",
    "absent": "not in the essays",
}
RIGHT: frozenset[Verdict] = frozenset({"verbatim", "formal"})


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """What is to be said of a quotation.

    `places` is where it stands ("verbatim", "formal", "misplaced"), where its pieces stand
    ("stitched"), or what it comes nearest to ("altered"); empty if "absent". `originals` are the
    words there, letter for letter, `differences` how an altered quotation departs from them.
    """

    quotation: Quotation
    verdict: Verdict
    places: tuple[Place, ...] = ()
    originals: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def right(self) -> bool:
        """Whether it is quoted as it is written, where the draft says."""
        return self.verdict in RIGHT

    def __repr__(self) -> str:
        return f"<Finding {self.verdict} {shortened(self.quotation.text)!r}>"

    def json(self) -> typed.FindingJSON:
        """The finding as JSON's values; the quotation's offsets count characters of the draft."""
        one = self.quotation
        return {
            "verdict": self.verdict,
            "quotation": one.text,
            "start": one.start,
            "end": one.end,
            "line": one.line,
            "citation": one.citation,
            "places": [{**place.json(), "text": text} for place, text in zip(self.places, self.originals, strict=True)],
            "differences": [each.json() for each in self.differences],
        }


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """What the desk says of a draft: iterable over its findings, in the draft's order.

    `unclosed` are the lines on which a quotation begins that is never closed, `text` is the draft,
    `index` the index it was checked against. `stale` says which of the essays named have changed
    since they were indexed, `unchecked`, if it is not empty, that none of them can be read.
    """

    draft: str
    index: str
    findings: tuple[Finding, ...]
    unclosed: tuple[int, ...] = ()
    text: str = ""
    stale: tuple[str, ...] = ()
    unchecked: str = ""

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @property
    def right(self) -> bool:
        """Whether every quotation is, and its essay still says so."""
        return not self.stale and all(finding.right for finding in self.findings)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many quotations have each verdict."""
        counted = Counter(finding.verdict for finding in self.findings)
        return {verdict: counted[verdict] for verdict in SAID}

    def __repr__(self) -> str:
        return f"<Report {counted(self)}>"

    def _repr_html_(self) -> Markup:
        rows = [(SAID[one.verdict], one.quotation.text, "; ".join(map(str, one.places))) for one in self]
        return notebook.report(counted(self), [*self.stale, *filter(None, [self.unchecked])], rows)

    def json(self) -> typed.ReportJSON:
        """The report as JSON's values."""
        return {
            "draft": self.draft,
            "index": self.index,
            "counts": dict(self.counts),
            "unclosed": list(self.unclosed),
            "stale": list(self.stale),
            "unchecked": self.unchecked,
            "quotations": [finding.json() for finding in self.findings],
        }


def counted(report: Report) -> str:
    """`12 quotations: 10 verbatim, 2 altered`."""
    count = len(report)
    parts = ", ".join(f"{number} {verdict}" for verdict, number in report.counts.items() if number)
    return f"{count} quotation{'' if count == 1 else 's'}" + (f": {parts}" if parts else "")
