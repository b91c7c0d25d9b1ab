"""Quotations with their citations in every format that they can be taken away in."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, get_args
from urllib.parse import quote

from qa.markup.escaping import Markup
from qa.quotations.citations.cited import Cited
from qa.quotations.citations.metadata import date_of, names_of
from qa.quotations.citations.references import bibtex, csl_json, ris
from qa.quotations.citations.styles import Style, in_style
from qa.quotations.markdown import block, plain
from source.errors import UserError

Format = Literal["bibtex", "ris", "csl-json", "annotation", "markdown", "html", "docx", "text"]
FORMATS: tuple[Format, ...] = get_args(Format)
STYLES: tuple[Style, ...] = get_args(Style)
SUFFIXES: Mapping[Format, str] = {
    "bibtex": "bib",
    "ris": "ris",
    "csl-json": "json",
    "annotation": "jsonld",
    "markdown": "md",
    "html": "html",
    "docx": "docx",
    "text": "txt",
}


def written(quotations: Sequence[Cited], form: Format, style: Style | None = None) -> bytes:
    """The quotations in one format, in UTF-8 where that is text.

    In a `style`, text, Markdown, HTML and docx have its note under each quotation and its bibliography behind them;
    else where it stands. Raises UserError if what that needs is not installed.
    """
    if form in _REFERENCES:
        return _encoded(_REFERENCES[form](quotations))
    notes = [_place(one) for one in quotations]
    works: list[str] = []
    if style is not None:
        notes, works = in_style(quotations, style, html=form == "html")
    if form == "docx":
        return _docx(quotations, notes, works)
    if form == "html":
        return _encoded(_html(quotations, notes, works))
    return _encoded((_markdown if form == "markdown" else _text)(quotations, notes, works))


def web_annotations(quotations: Sequence[Cited]) -> str:
    """A page of W3C Web Annotations: the target of each is the quotation, its body what was noted to it."""
    items = []
    for one in quotations:
        selectors = one.link.json()["target"]
        noted = {"body": {"type": "TextualBody", "value": one.note, "format": "text/plain"}} if one.note.strip() else {}
        target = {
            **(selectors if isinstance(selectors, dict) else {}),
            "source": quote(one.place.document, safe="/", errors="surrogatepass"),
        }
        motivation = "commenting" if noted else "bookmarking"
        head = {"id": one.link.address, "type": "Annotation", "motivation": motivation}
        items.append({**head, **noted, "target": target})
    context = "http://www.w3.org/ns/anno.jsonld"
    page = {"@context": context, "type": "AnnotationPage", "startIndex": 0, "items": items}
    return json.dumps(page, ensure_ascii=False, indent=2)


_REFERENCES: Mapping[str, Callable[[Sequence[Cited]], str]] = {
    "bibtex": bibtex,
    "ris": ris,
    "csl-json": csl_json,
    "annotation": web_annotations,
}


def _place(one: Cited) -> str:
    """Where a quotation stands, as a line: who wrote it, when, in what, and where in that."""
    names = ", ".join(
        name.get("literal") or " ".join(name[part] for part in ("given", "family") if part in name)
        for name in names_of(one.item)
    )
    parts, said = date_of(one.item)
    date = said or "-".join(f"{part:0{4 if at == 0 else 2}}" for at, part in enumerate(parts))
    known = [names, str(one.item.get("title", "")), one.place.heading, date, str(one.locator)]
    return ", ".join(part for part in known if part)


def _text(quotations: Sequence[Cited], notes: Sequence[str], works: Sequence[str]) -> str:
    parts = []
    for one, note in zip(quotations, notes, strict=True):
        parts.append("\n".join([f"“{one.text}”", f"— {note}", *([one.note] if one.note.strip() else [])]))
    return "\n\n".join([*parts, *(["\n".join(works)] if works else [])])


def _markdown(quotations: Sequence[Cited], notes: Sequence[str], works: Sequence[str]) -> str:
    parts = []
    for one, note in zip(quotations, notes, strict=True):
        parts.append(block(one.text, note))
        parts += [f"{plain(one.note)}\n"] if one.note.strip() else []
    if works:
        parts.append("## Bibliography\n")
        parts += [f"{plain(work)}\n" for work in works]
    return "\n".join(parts).removesuffix("\n")


def _html(quotations: Sequence[Cited], notes: Sequence[str], works: Sequence[str]) -> Markup:
    """A page of its own; what is no Markup yet is escaped."""
    figure = Markup(
        '<figure><blockquote style="white-space: pre-wrap" dir="auto" cite="{}">{}</blockquote>'
        "<figcaption>— {}</figcaption>{}</figure>"
    )
    paragraph = Markup("<p>{}</p>")
    parts = [
        figure.format(one.link.address, one.text, note, paragraph.format(one.note) if one.note.strip() else "")
        for one, note in zip(quotations, notes, strict=True)
    ]
    if works:
        parts += [Markup("<h2>Bibliography</h2>"), *(paragraph.format(work) for work in works)]
    head = Markup('<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Quotations</title></head><body>')
    return Markup("\n").join([head, *parts, Markup("</body></html>")])


def _docx(quotations: Sequence[Cited], notes: Sequence[str], works: Sequence[str]) -> bytes:
    try:
        import docx
    except ImportError as error:
        raise UserError("Word's format needs one more package: pip install 'quoth[cite]'.") from error
    made = docx.Document()
    for one, note in zip(quotations, notes, strict=True):
        made.add_paragraph(_for_xml(one.text), style="Quote")
        made.add_paragraph(_for_xml(f"— {note}"))
        if one.note.strip():
            made.add_paragraph(_for_xml(one.note))
    if works:
        made.add_heading("Bibliography", level=1)
        for work in works:
            made.add_paragraph(_for_xml(work))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _for_xml(text: str) -> str:
    """`text` without the few characters that no XML can hold, each of which is shown as one that is not known."""
    return "".join(sign if sign in "\t\n\r" or _is_of_xml(ord(sign)) else "\ufffd" for sign in text)


def _is_of_xml(code: int) -> bool:
    return 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF


def _encoded(text: str) -> bytes:
    return f"{text}\n".encode("utf-8", "replace")
