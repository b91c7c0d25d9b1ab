"""What is known of an essay itself, and where it was read: as quotes where it stands in the text."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from qa.about.asking import Known
from qa.answer import Fact, Place, Quote, Verdict
from source.document import Document, Heading, Lines, Reason, Span

# Of so many essays the openings are quoted where it is asked what they are about; of more their titles are told.
MOST_OPENED = 3
_HEADS = (Reason.FRONT_MATTER, Reason.METADATA)
_LABELS = {
    "author": r"(?:authors?|autor(?:in|a|es)?|auteure?|autore|verfasser(?:in)?|from|creator)",
    "date": r"(?:date|datum|fecha|data|published|sent|year|release date|posting date)",
    "title": r"(?:title|titel|titre|t[ií]tulo|titolo|subject)",
}
# A date so labelled is that of the file that was made of a work, not the work's.
_EDITION = re.compile(r"\W*(?:release|posting)\b", re.IGNORECASE)
# Where metadata lies that does not stand in the text, by the format of the file.
_PROPERTIES = {
    ".docx": "properties of the Word file",
    ".odt": "properties of the OpenDocument file",
    ".rtf": "properties of the RTF file",
    ".epub": "metadata of the e-book",
    ".pdf": "properties of the PDF",
    ".eml": "head of the mail",
    **dict.fromkeys((".html", ".htm", ".xhtml"), "metadata of the web page"),
}


def told(kind: Known, essay: Document) -> tuple[Fact, Quote | None, Verdict] | None:
    """The author, the date or the title of an essay, the line that says it, and what that is worth.

    None where it is not known. What does not stand in the text has no line.
    """
    value = {"author": essay.author, "date": essay.date, "title": essay.title}[kind]
    if not value:
        return None
    if kind == "title" and not essay.titled:
        return Fact(kind, value, "first line; it has no title", _nowhere(essay)), None, "may_answer"
    verdict: Verdict = "answers"
    if (found := _line(kind, value, essay)) is None:
        read = _read_in(kind, essay)
        # The date in an e-book is as often that of the edition.
        verdict = "may_answer" if kind == "date" and essay.name.lower().endswith(".epub") else verdict
        return Fact(kind, value, read, _nowhere(essay)), None, verdict
    line, mark, read = found
    if kind == "date" and _EDITION.match(essay.text, line.start):
        verdict = "close"
    place = _place(essay, line)
    quote = Quote(
        essay, essay.text[line.start : line.end], essay.title, "", 0, place.line, line.start, line.end, 1.0, (mark,)
    )
    return Fact(kind, value, read, place), quote, verdict


def opening(essay: Document) -> Quote | None:
    """The first paragraph of an essay, its first sentence marked."""
    for passage in essay.passages[:1]:
        text = essay.text[passage.start : passage.end]
        marks = tuple(Span(one.start, one.end) for one in passage.sentences[:1])
        where = (passage.heading, passage.number, passage.line, passage.start, passage.end)
        return Quote(essay, text, essay.title, *where, 1.0, marks)
    return None


def headings(essay: Document) -> list[Fact]:
    """The headings of an essay, each at the first paragraph below it."""
    below = [
        (heading, next((p for p in essay.passages if p.start >= heading.end), None))
        for heading in essay.headings
        if heading.level > 0
    ]
    return [
        Fact("heading", heading.title, "heading", _below(essay, heading, (p.number, p.line, p.start, p.end)))
        for heading, p in below
        if p is not None
    ]


def _below(essay: Document, heading: Heading, where: tuple[int, int, int, int]) -> Place:
    return Place(essay.name, essay.title, heading.title, *where, essay.locator(where[2]))


def _nowhere(essay: Document) -> Place:
    return Place(essay.name, essay.title, "", 0, 0, 0, 0)


def _place(essay: Document, span: Span) -> Place:
    line = Lines(essay.text).number(span.start)
    return Place(essay.name, essay.title, "", 0, line, span.start, span.end, essay.locator(span.start))


def _line(kind: Known, value: str, essay: Document) -> tuple[Span, Span, str] | None:
    """The line that says `value`, the value in it, and what the line is."""
    for heading in essay.headings[:1] if kind == "title" else ():
        if heading.level == 0 and heading.title == value:
            span = Span(heading.start, heading.end)
            return span, span, "title line"
    said = r"\s+".join(map(re.escape, value.split()))
    label = rf"[\s#>*_]*{_LABELS[kind]}[\s*_]*:[\s*_]*[\"'\[]?"
    shapes = [rf"{label}({said})[\"'\]*_]*(?:\s*\[e-?(?:book|text)[^\]\n]{{0,20}}\])?", rf"\s*({said})"]
    if kind == "author":
        shapes.append(rf"(?:[^\n]{{0,300}}\b)?(?:by|von|par|por|di)\s+({said})[.\s]*")
        shapes.append(rf"From:\s*\"?({said})\"?\s*<[^>\n]*>")
    for shape in shapes:
        pattern = re.compile(rf"^{shape}[^\S\n]*$", re.IGNORECASE | re.MULTILINE)
        for furniture in essay.furniture:
            if furniture.reason in _HEADS and (found := pattern.search(essay.text[furniture.start : furniture.end])):
                return _spans(found, furniture.start, furniture.reason)
    return None


def _spans(found: re.Match[str], offset: int, reason: Reason) -> tuple[Span, Span, str]:
    """The line that was found, without the white space around it, and the value in it."""
    whole = found[0]
    start = found.start() + len(whole) - len(whole.lstrip())
    end = found.end() - (len(whole) - len(whole.rstrip()))
    line, mark = Span(offset + start, offset + end), Span(offset + found.start(1), offset + found.end(1))
    return line, mark, str(reason.value)


def _read_in(kind: Known, essay: Document) -> str:
    """Where a value lies of which no line says it alone."""
    label = re.compile(rf"^\W*{_LABELS[kind]}\W*:", re.IGNORECASE | re.MULTILINE)
    for furniture in essay.furniture:
        if furniture.reason in _HEADS and label.search(essay.text[furniture.start : furniture.end]):
            return str(furniture.reason.value)
    return _PROPERTIES.get(PurePosixPath(essay.name).suffix.lower(), "metadata")
