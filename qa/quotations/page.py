"""A report as an HTML page: the draft, its quotations marked, and beside each what is to be said of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from qa.quotations.difference import Difference
from qa.quotations.report import SAID, Finding, Report, counted

_STYLE = """
:root { color-scheme: light dark; --right: #2e7d32; --wrong: #c62828; --rule: #8886; }
body { font: 1rem/1.5 Georgia, serif; margin: 0 auto; padding: 1rem; max-width: 80rem; }
main { display: grid; grid-template-columns: minmax(0, 1.4fr) minmax(0, 1fr); gap: 2rem; }
@media (max-width: 50rem) { main { grid-template-columns: minmax(0, 1fr); } }
.draft { white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: none; color: inherit; border-bottom: 2px solid var(--right); }
mark.wrong { border-bottom: 3px double var(--wrong); }
mark a { color: inherit; text-decoration: none; }
ol { padding-left: 2rem; margin: 0; }
li { border-top: 1px solid var(--rule); padding: .5rem 0; overflow-wrap: anywhere; }
li:target { outline: 2px solid; }
.verdict { font-weight: bold; color: var(--right); }
.wrong .verdict { color: var(--wrong); }
blockquote { margin: .25rem 0 .25rem 1rem; }
del { color: var(--wrong); } ins { color: var(--right); }
cite { display: block; font-size: .9rem; }
"""
# Characters that turn the direction of what follows them.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def page(report: Report) -> str:
    """The report as a page of its own, which needs nothing else and runs nothing."""
    title = _shown(report.draft or "A quotation")
    entries = "".join(_entry(number, finding) for number, finding in enumerate(report, 1))
    unclosed = "".join(f"<p>Line {line}: a quotation begins that is never closed.</p>" for line in report.unclosed)
    stale = "".join(f"<p>{_shown(reason)}</p>" for reason in (report.unchecked, *report.stale) if reason)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}: quotations</title><style>{_STYLE}</style></head><body>"
        f"<h1>{title}</h1><p>{_shown(counted(report))}</p>{stale}{unclosed}"
        f'<main><div class="draft" dir="auto">{"".join(_draft(report))}</div><ol>{entries}</ol></main></body></html>\n'
    )


def _draft(report: Report) -> Iterator[str]:
    at = 0
    for number, finding in enumerate(report, 1):
        one = finding.quotation
        if one.start < at:
            continue
        kind = "right" if finding.right else "wrong"
        yield _shown(report.text[at : one.start])
        inner = _shown(report.text[one.start : one.end])
        yield f'<mark class="{kind}" id="q{number}"><a href="#f{number}">{inner}</a></mark>'
        at = one.end
    yield _shown(report.text[at:])


def _entry(number: int, finding: Finding) -> str:
    kind = "right" if finding.right else "wrong"
    said = SAID[finding.verdict]
    parts = [f'<a href="#q{number}">line {finding.quotation.line}</a>: <span class="verdict">{said}</span>']
    if finding.verdict == "misplaced" and finding.quotation.citation:
        parts.append(f"<div>The draft says: {_shown(finding.quotation.citation)}</div>")
    if finding.differences:
        parts.append(f'<blockquote dir="auto">{" ".join(map(_difference, finding.differences))}</blockquote>')
    for place, text in zip(finding.places, finding.originals, strict=True):
        quoted = "" if finding.differences else f'<blockquote dir="auto">{_shown(text)}</blockquote>'
        parts.append(f"{quoted}<cite>{_shown(str(place))} ({_shown(place.document)}, {place.start}–{place.end})</cite>")
    return f'<li class="{kind}" id="f{number}">{"".join(parts)}</li>'


def _difference(one: Difference) -> str:
    if one.kind == "same":
        return _shown(one.quoted)
    left = f"<del>{_shown(one.original)}</del>" if one.original else ""
    put = f"<ins>{_shown(one.quoted)}</ins>" if one.quoted else ""
    return " ".join(part for part in (left, put) if part)


def _shown(text: str) -> str:
    """`text` as HTML between tags and in attributes; what turns the direction of writing is shown as a sign."""
    return html.escape(_DIRECTIONS.sub("\ufffd", text), quote=True).replace("\r", "&#13;")
