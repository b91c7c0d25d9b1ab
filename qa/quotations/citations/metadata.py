"""What is known of an essay, as a CSL item: what the essay says of itself, or `metadata.csl.json` beside the essays.

That file is a list of CSL-JSON items; the `id` of each is the name of a document, with or without its suffix. What
neither says is not known, and is not made up: a name is given as it is written, unless the file says what of it is the
family's.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from source.errors import UserError
from source.given import given_text
from source.library import METADATA
from source.selection import ALL, Selection
from source.strict_json import loads

Item = Mapping[str, object]
_LARGEST = 16 << 20  # bytes
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
ROLES = (
    *("author", "chair", "collection-editor", "compiler", "composer", "container-author", "contributor", "curator"),
    *("director", "editor", "editorial-director", "guest", "host", "illustrator", "interviewer", "narrator"),
    *("organizer", "original-author", "performer", "producer", "recipient", "reviewed-author", "script-writer"),
    *("series-creator", "translator"),
)
DATES = ("accessed", "available-date", "event-date", "issued", "original-date", "submitted")
_PARTS = ("family", "given", "literal", "dropping-particle", "non-dropping-particle", "suffix")


class Known(Protocol):
    """What an essay says of itself: a document does, and an entry of an index."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def date(self) -> str: ...


def items_in(source: Path, selection: Selection = ALL) -> dict[str, Item]:
    """The items of `metadata.csl.json` in the folder of the essays, by the names of documents; none if it is not there.

    Where several folders are selected, each can have one, for the documents in it. Raises UserError
    if a file cannot be read or is no list of items.
    """
    if source == Path():
        return {}
    folders = {place if place.is_dir() else place.parent for place in selection.places(source)}
    top = source if source.is_dir() else source.parent
    return {
        (folder.relative_to(top) / name).as_posix(): item
        for folder in sorted(folders)
        for name, item in _items(folder / METADATA).items()
    }


def _items(path: Path) -> dict[str, Item]:
    if not path.exists():
        return {}
    text = given_text(path, "The metadata of the essays", _LARGEST)
    try:
        values = loads(text)
    except ValueError as error:
        raise UserError(f"{str(path)!r} is not JSON: {error}.") from error
    if not isinstance(values, list):
        raise UserError(f"{str(path)!r} is no list of CSL-JSON items; write [{{…}}, …].")
    return dict(_item(value, number, path) for number, value in enumerate(values, 1))


def item_of(known: Known, items: Mapping[str, Item]) -> Item:
    """What is known of a document: its item, or what it says of itself."""
    stem = str(PurePosixPath(known.name).with_suffix(""))
    for name in (known.name, stem):
        if name in items:
            return {**items[name], "id": key_of(known.name)}
    found: dict[str, object] = {"id": key_of(known.name), "type": "document"}
    if known.title:
        found["title"] = known.title
    if known.author:
        found["author"] = [{"literal": known.author}]
    if known.date:
        found["issued"] = issued(known.date)
    return found


def key_of(name: str) -> str:
    """What a document is called in a file of references: its name in the letters that all programs take."""
    return re.sub(r"[^A-Za-z0-9]+", "-", str(PurePosixPath(name).with_suffix(""))).strip("-").lower() or "essay"


def issued(date: str) -> dict[str, object]:
    """A date as CSL writes it: in numbers if it is a year, a month or a day of the calendar, else as it is written."""
    found = _DATE.fullmatch(date.strip())
    parts = [int(part) for part in found.groups() if part] if found else []
    try:
        datetime.date(*[*parts, 1, 1][:3])
    except (ValueError, TypeError):
        return {"literal": date}
    return {"date-parts": [parts]}


def _item(value: object, number: int, path: Path) -> tuple[str, Item]:
    where = f"{str(path)!r}, item {number}"
    if not isinstance(value, dict) or not isinstance(value.get("id"), str | int):
        raise UserError(f'{where} has no "id"; give the name of a document.')
    for name, field in value.items():
        if name in ROLES:
            _check_names(field, f"{where}: {name!r}")
        elif name in DATES:
            _check_date(field, f"{where}: {name!r}")
        elif not isinstance(field, str | int | float | list | dict):
            raise UserError(f"{where}: {name!r} is neither text nor a number.")
    return str(value["id"]), {**value, "type": str(value.get("type", "document"))}


def _check_names(field: object, where: str) -> None:
    if not isinstance(field, list) or not all(map(_is_name, field)):
        raise UserError(f'{where} is no list of names; write [{{"family": "…", "given": "…"}}].')


def _is_name(value: object) -> bool:
    if not isinstance(value, dict) or not all(isinstance(value.get(part, ""), str) for part in _PARTS):
        return False
    return any(value.get(part) for part in ("family", "given", "literal"))


def _check_date(field: object, where: str) -> None:
    parts = field.get("date-parts") if isinstance(field, dict) else None
    literal = isinstance(field, dict) and isinstance(field.get("literal", field.get("raw")), str)
    if not literal and not (isinstance(parts, list) and 0 < len(parts) <= 2 and all(map(_is_day, parts))):
        raise UserError(f'{where} is no date; write {{"date-parts": [[1953, 7, 27]]}}.')


def _is_day(part: object) -> bool:
    return isinstance(part, list) and 0 < len(part) <= 3 and all(map(_is_number, part))


def _is_number(value: object) -> bool:
    """Whether a value is a whole number of few digits, however it is written."""
    return not isinstance(value, bool) and re.fullmatch(r"-?\d{1,6}", str(value)) is not None


def names_of(item: Item, role: str = "author") -> Sequence[Mapping[str, str]]:
    """The names in one role, each with the parts that are known of it."""
    names = item.get(role)
    found = [one for one in names if isinstance(one, dict)] if isinstance(names, list) else []
    return [{part: one[part] for part in _PARTS if isinstance(one.get(part), str) and one[part]} for one in found]


def date_of(item: Item) -> tuple[Sequence[int], str]:
    """The date an item was issued: year, month and day as far as they are known, or what is said instead."""
    field = item.get("issued")
    if not isinstance(field, dict):
        return (), ""
    parts = field.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return [int(part) for part in parts[0]], ""
    return (), str(field.get("literal", field.get("raw", "")))
