"""Kept and exported quotations, as JSON: the page's `quotations.json`, its conversations, answers of `quoth ask`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.protocol import Index
from qa.quotations.links.permalink import LONGEST_QUOTATION, Essays, Opened, Permalink
from qa.quotations.links.reopened import reopened
from qa.quotations.search import Library
from source.errors import UserError
from source.given import given_text
from source.strict_json import loads

LARGEST = 64 << 20  # bytes
MOST = 100_000

Drift = list[tuple[Permalink, Opened]]  # kept quotations, and what has become of each


def kept_in(path: Path) -> tuple[Permalink, ...]:
    """The quotations in a JSON file, or one with a JSON value a line: whatever has document, start, end and text.

    Raises UserError if there are none, too many, or one is not what its SHA-256 says.
    """
    text = given_text(path, "The kept quotations", LARGEST)
    try:
        found = list(dict.fromkeys(_quotations(_values(text), path)))
    except ValueError as error:
        raise UserError(f"{str(path)!r} is not JSON: {error}.") from error
    if not found:
        raise UserError(f"{str(path)!r} holds no quotation (document, start, end and text); export it again.")
    if len(found) > MOST:
        raise UserError(f"{str(path)!r} holds {len(found):,} quotations; divide it into files of {MOST:,}.")
    return tuple(found)


def drift(kept: Sequence[Permalink], index: Index, essays: Essays) -> Drift:
    """What has become of each kept quotation in these essays."""
    library = Library(index)
    return [(link, reopened(link, essays, library)) for link in kept]


def touched(before: Drift, after: Drift) -> Drift:
    """Those of the same quotations of which something else has become `after` a rebuild than `before` it."""
    return [now for old, now in zip(before, after, strict=True) if old[1] != now[1]]


def _values(text: str) -> object:
    try:
        return loads(text)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [loads(line) for line in lines]


def _quotations(values: object, path: Path) -> Iterator[Permalink]:
    """Every object of the values, however deep, that is a quotation."""
    if isinstance(values, list):
        for one in values:
            yield from _quotations(one, path)
    elif isinstance(values, dict):
        if (found := _quotation(values, path)) is not None:
            yield found
            return
        for one in values.values():
            yield from _quotations(one, path)


def _quotation(values: dict[str, object], path: Path) -> Permalink | None:
    document, start, end, text = (values.get(key) for key in ("document", "start", "end", "text"))
    if not (isinstance(document, str) and isinstance(text, str) and type(start) is int and type(end) is int):
        return None
    if not (document and start >= 0 and 0 < len(text) == end - start <= LONGEST_QUOTATION):
        raise UserError(f"{str(path)!r}: what stands from {start} to {end} of {document[:80]!r} is no quotation.")
    digest = values.get("sha256")
    own = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    if isinstance(digest, str) and digest != own:
        raise UserError(f"{str(path)!r}: the text kept of {document[:80]!r}, {start}, is not that of its SHA-256.")
    return Permalink(document, start, end, text)
