"""A quotation that a reader keeps: it says what it said, and whether its source still does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from index.protocol import Index
from qa.answer import Place
from source.document import Document
from source.errors import BadQuestion, UserError

FORMAT = 1
# So many quotations are kept, each with a note of so many letters.
MOST_KEPT = 500
LONGEST_NOTE = 2000
# From a text that is chosen in an essay, so much is kept at most.
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A quotation as it was when it was kept: `text` is what the document said from `start` to `end`.

    `sha256` is that of the text in UTF-8, `author` and `date` are the document's.
    """

    place: Place
    text: str
    sha256: str
    author: str = ""
    date: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """What tells it from all others that are kept: the place and the text, in 16 hexadecimal digits."""
        place = self.place
        return _sha256(f"{place.document}\n{place.start}-{place.end}\n{self.sha256}")[:16]

    def json(self) -> dict[str, object]:
        """The quotation as JSON's values."""
        place = dict(self.place.json())
        head = {name: place.pop(name) for name in ("document", "start", "end")}
        about = {"author": self.author, "date": self.date}
        return {**head, "text": self.text, "sha256": self.sha256, "place": {**place, **about}, "note": self.note}


def kept(document: Document, start: int, end: int) -> Kept:
    """What `document` says from `start` to `end`, widened to whole sentences of one passage or several.

    Raises BadQuestion if no sentence is chosen, or too many are.
    """
    inside = [p for p in document.passages if p.start < end and p.end > start]
    sentences = [one for passage in inside for one in passage.sentences if one.start < end and one.end > start]
    if start >= end or not sentences:
        raise BadQuestion("Choose a sentence of the essay first.")
    start, end = min(one.start for one in sentences), max(one.end for one in sentences)
    if end - start > _LONGEST:
        raise BadQuestion(f"Choose at most {_LONGEST:,} letters at a time.")
    first = inside[0]
    where = (first.heading, first.number, first.line, start, end, document.locator(start))
    place = Place(document.name, document.title, *where)
    text = document.text[start:end]
    return Kept(place, text, _sha256(text), document.author, document.date)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def changed(quotation: Kept, index: Index) -> str:
    """Why `quotation` is no longer what its source says; "" if it is, letter for letter."""
    place = quotation.place
    try:
        document = index.document(place.document)
        if document.text[place.start : place.end] != quotation.text:
            return f"{place.document} has changed since this was kept"
        return index.standing(place.document, place.start, place.end).reason
    except UserError:
        return f"{place.document} is no longer among the essays"


def as_json(quotations: Sequence[Kept], index: Index) -> str:
    """`quotations.json`: every quotation, why a source no longer says it, and why none can be checked."""
    values = [{**one.json(), "changed": changed(one, index)} for one in quotations]
    whole = {"format": FORMAT, "unchecked": index.unchecked, "quotations": values}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def read(values: dict[str, object]) -> Kept:
    """A quotation from what `asdict` made of it. Raises TypeError, KeyError if it is none."""
    place = values["place"]
    return Kept(**{**values, "place": Place(**place)})  # type: ignore[arg-type]


def written(quotation: Kept) -> dict[str, object]:
    """A quotation as values that `read` reads."""
    return asdict(quotation)
