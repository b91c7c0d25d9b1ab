"""Quotations for programs that manage references: BibTeX (as biblatex reads it), RIS, CSL-JSON.

Each essay is one reference; what is quoted of it, where, and what was noted, is its annotation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from qa.quotations.citations.cited import Cited
from qa.quotations.citations.metadata import Item, date_of, names_of

# CSL's types: biblatex's and RIS's. What is of another type is a document of no certain kind.
_TYPES = {
    "article-journal": ("article", "JOUR"),
    "article-magazine": ("article", "MGZN"),
    "article-newspaper": ("article", "NEWS"),
    "book": ("book", "BOOK"),
    "chapter": ("incollection", "CHAP"),
    "paper-conference": ("inproceedings", "CPAPER"),
    "report": ("report", "RPRT"),
    "thesis": ("thesis", "THES"),
    "webpage": ("online", "ELEC"),
    "post-weblog": ("online", "BLOG"),
    "manuscript": ("unpublished", "UNPB"),
}
_ANY = ("misc", "GEN")
# CSL's variables: biblatex's fields and RIS's tags.
_FIELDS = {
    "title": ("title", "TI"),
    "container-title": ("", "T2"),
    "publisher": ("publisher", "PB"),
    "publisher-place": ("location", "CY"),
    "volume": ("volume", "VL"),
    "issue": ("number", "IS"),
    "edition": ("edition", "ET"),
    "ISBN": ("isbn", "SN"),
    "ISSN": ("issn", "SN"),
    "DOI": ("doi", "DO"),
    "URL": ("url", "UR"),
    "language": ("", "LA"),
}
_ROLES = {"author": ("author", "AU"), "editor": ("editor", "A2"), "translator": ("translator", "A4")}
_ADDRESSES = ("url", "doi")
# A brace that is only escaped would still end a field or never let it end: BibTeX and Biber count braces.
_LATEX = {
    "\\": "\\textbackslash{}",
    "{": "\\textbraceleft{}",
    "}": "\\textbraceright{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}


def csl_json(quotations: Sequence[Cited]) -> str:
    """CSL-JSON: an item for each essay; its `note` holds what is quoted, letter for letter."""
    values = [{**item, "id": key, "note": "\n".join(map(_noted, those))} for key, item, those in _essays(quotations)]
    return json.dumps(values, ensure_ascii=False, indent=2)


def bibtex(quotations: Sequence[Cited]) -> str:
    """BibTeX for biblatex: an entry for each essay; spaces and line breaks of what is quoted are one space each."""
    entries = []
    for key, item, those in _essays(quotations):
        kind = _TYPES.get(str(item.get("type")), _ANY)[0]
        fields = {
            field: _address(value) if field in _ADDRESSES else _latex(value) for field, value in _bibtex(item, kind)
        }
        fields |= {name: " and ".join(map(_latex_name, names_of(item, csl))) for csl, (name, _) in _ROLES.items()}
        fields["annotation"] = _latex("; ".join(_noted(one) for one in those))
        lines = [f"  {field} = {{{value}}}," for field, value in fields.items() if value]
        entries.append("\n".join([f"@{kind}{{{key},", *lines, "}"]))
    return "\n\n".join(entries)


def ris(quotations: Sequence[Cited]) -> str:
    """RIS: a record for each essay; spaces and line breaks of what is quoted are one space each."""
    records = []
    for key, item, those in _essays(quotations):
        lines = [("TY", _TYPES.get(str(item.get("type")), _ANY)[1]), ("ID", key)]
        lines += [(tag, _full(one)) for csl, (_, tag) in _ROLES.items() for one in names_of(item, csl)]
        lines += [(tag, str(item[csl])) for csl, (_, tag) in _FIELDS.items() if item.get(csl)]
        parts, said = date_of(item)
        if parts:
            lines += [("PY", f"{parts[0]:04}"), ("DA", "/".join([_number(parts, at) for at in range(3)] + [""]))]
        elif said:
            lines.append(("DA", said))
        first, dash, last = str(item.get("page", "")).replace("–", "-").partition("-")
        lines += [("SP", first)] if first else []
        lines += [("EP", last)] if dash else []
        lines += [("N1", _noted(one)) for one in those] + [("ER", "")]
        records.append("\n".join(f"{tag}  - {' '.join(value.split())}" for tag, value in lines))
    return "\n\n".join(records)


def _essays(quotations: Iterable[Cited]) -> Iterator[tuple[str, Item, list[Cited]]]:
    """Each essay that is quoted, with a name of its own, and what is quoted of it."""
    found: dict[str, list[Cited]] = {}
    for one in quotations:
        found.setdefault(one.place.document, []).append(one)
    taken: set[str] = set()
    for those in found.values():
        wanted = str(those[0].item["id"])
        key = next(name for name in _names(wanted) if name not in taken)
        taken.add(key)
        yield key, those[0].item, those


def _names(wanted: str) -> Iterator[str]:
    yield wanted
    number = 2
    while True:
        yield f"{wanted}-{number}"
        number += 1


def _noted(one: Cited) -> str:
    """A quotation, where it stands, its permalink, and what was noted to it."""
    note = f" — {one.note}" if one.note.strip() else ""
    return f"“{one.text}” ({one.locator}, characters {one.place.start}–{one.place.end}){note}"


def _bibtex(item: Item, kind: str) -> Iterator[tuple[str, str]]:
    for csl, (field, _) in _FIELDS.items():
        name = field
        if csl == "container-title":
            name = "journaltitle" if kind == "article" else "booktitle"
        if name and item.get(csl):
            yield name, str(item[csl])
    if item.get("page"):
        yield "pages", str(item["page"]).replace("–", "--")
    parts, said = date_of(item)
    if parts:
        yield "date", "-".join(f"{part:0{4 if at == 0 else 2}}" for at, part in enumerate(parts))
    elif said:
        yield "note", said  # `date` takes dates of the calendar alone


def _address(text: str) -> str:
    """A field that LaTeX takes letter for letter; braces and spaces would end it."""
    return re.sub(r"[{}\\\s]", lambda found: quote(found[0]), text)


def _latex(text: str) -> str:
    return re.sub(r"[\\{}~^&%$#_]", lambda found: _LATEX[found[0]], " ".join(text.split()))


def _latex_name(name: Mapping[str, str]) -> str:
    if "family" not in name:
        return f"{{{_latex(name.get('literal') or name.get('given', ''))}}}"
    particle = " ".join(name[part] for part in ("dropping-particle", "non-dropping-particle") if part in name)
    family = _latex(f"{particle} {name['family']}".strip())
    return ", ".join([family, *(_latex(name[part]) for part in ("suffix", "given") if part in name)])


def _full(name: Mapping[str, str]) -> str:
    """A name as RIS writes it: `Family, Given, Suffix`."""
    if "family" not in name:
        return name.get("literal") or name.get("given", "")
    particles = (name.get("dropping-particle", ""), name.get("non-dropping-particle", ""))
    family = " ".join(part for part in (*particles, name["family"]) if part)
    return ", ".join(part for part in (family, name.get("given", ""), name.get("suffix", "")) if part)


def _number(parts: Sequence[int], at: int) -> str:
    return f"{parts[at]:0{4 if at == 0 else 2}}" if at < len(parts) else ""
