"""A report as an HTML page: the draft, its quotations marked, and beside each what is to be said of it."""

from __future__ import annotations

from collections.abc import Iterator

from qa.markup.escaping import Markup, undirected
from qa.quotations.difference import Difference
from qa.quotations.report import SAID, Finding, Report, counted

_STYLE = Markup("""
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
""")
_PAGE = Markup("""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">\
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\
<title>{title}: quotations</title><style>{style}</style></head><body><h1>{title}</h1><p>{counted}</p>{notes}\
<main><div class="draft" dir="auto">{draft}</div><ol>{entries}</ol></main></body></html>
""")


def page(report: Report) -> Markup:
    """The report as a page of its own, which needs nothing else and runs nothing."""
    notes = [reason for reason in (report.unchecked, *report.stale) if reason]
    notes += [f"Line {line}: a quotation begins that is never closed." for line in report.unclosed]
    return _PAGE.format(
        title=undirected(report.draft or "A quotation"),
        style=_STYLE,
        counted=counted(report),
        notes=Markup("").join(Markup("<p>{}</p>").format(undirected(note)) for note in notes),
        draft=Markup("").join(_draft(report)),
        entries=Markup("").join(_entry(number, finding) for number, finding in enumerate(report, 1)),
    )


def _draft(report: Report) -> Iterator[str]:
    at = 0
    for number, finding in enumerate(report, 1):
        one = finding.quotation
        if one.start < at:
            continue
        yield undirected(report.text[at : one.start])
        yield Markup('<mark class="{}" id="q{number}"><a href="#f{number}">{}</a></mark>').format(
            _kind(finding), undirected(report.text[one.start : one.end]), number=number
        )
        at = one.end
    yield undirected(report.text[at:])


def _entry(number: int, finding: Finding) -> Markup:
    quotation = finding.quotation
    parts = [
        Markup('<a href="#q{}">line {}</a>: <span class="verdict">{}</span>').format(
            number, quotation.line, SAID[finding.verdict]
        )
    ]
    if finding.verdict == "misplaced" and quotation.citation:
        parts.append(Markup("<div>The draft says: {}</div>").format(undirected(quotation.citation)))
    if finding.differences:
        parts.append(_quoted(Markup(" ").join(map(_difference, finding.differences))))
    for place, text in zip(finding.places, finding.originals, strict=True):
        parts += [] if finding.differences else [_quoted(undirected(text))]
        where = undirected(f"{place} ({place.document}, {place.start}–{place.end})")
        parts.append(Markup("<cite>{}</cite>").format(where))
    return Markup('<li class="{}" id="f{}">{}</li>').format(_kind(finding), number, Markup("").join(parts))


def _kind(finding: Finding) -> str:
    return "right" if finding.right else "wrong"


def _quoted(words: str) -> Markup:
    return Markup('<blockquote dir="auto">{}</blockquote>').format(words)


def _difference(one: Difference) -> Markup:
    if one.kind == "same":
        return Markup.escape(undirected(one.quoted))
    left = [Markup("<del>{}</del>").format(undirected(one.original))] if one.original else []
    put = [Markup("<ins>{}</ins>").format(undirected(one.quoted))] if one.quoted else []
    return Markup(" ").join([*left, *put])
