"""Permalinks: the address of a quotation that survives change, and what has become of it since.

An address holds the document's name, offsets, the quotation's SHA-256 and, as the W3C's Web
Annotation Data Model has it, a TextPositionSelector and a TextQuoteSelector (the words, and some
before and behind them):

    /q/NAME?start=8257&end=8342&sha256=…&exact=…&prefix=…&suffix=…
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from qa.answer import Place
from qa.quotations.difference import Difference
from source.document import Document
from source.errors import UserError

State = Literal["unchanged", "moved", "altered", "gone"]
STANDING: frozenset[State] = frozenset({"unchanged", "moved"})
PATH = "/q/"
# So many characters before and behind the words are kept with them.
CONTEXT = 32
LONGEST_QUOTATION = 20_000  # characters
_LONGEST_ADDRESS = 12 * LONGEST_QUOTATION
_LONGEST_NAME = 1000


@dataclass(frozen=True, slots=True)
class Permalink:
    """A quotation of a document as it was: `exact` stood from `start` to `end`, between `prefix` and `suffix`."""

    document: str
    start: int
    end: int
    exact: str
    prefix: str = ""
    suffix: str = ""

    @property
    def sha256(self) -> str:
        """SHA-256 of the words in UTF-8, as hexadecimal digits."""
        return hashlib.sha256(self.exact.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def address(self) -> str:
        """The permalink's path and query, as the page serves it."""
        values = {"start": self.start, "end": self.end, "sha256": self.sha256, "exact": self.exact}
        context = {name: words for name, words in (("prefix", self.prefix), ("suffix", self.suffix)) if words}
        query = urlencode({**values, **context}, quote_via=quote, safe="", errors="surrogatepass")
        return f"{PATH}{quote(self.document, safe='/', errors='surrogatepass')}?{query}"

    def json(self) -> dict[str, object]:
        """The permalink as JSON's values; `target` is that of a Web Annotation."""
        quoted = {"type": "TextQuoteSelector", "exact": self.exact, "prefix": self.prefix, "suffix": self.suffix}
        position = {"type": "TextPositionSelector", "start": self.start, "end": self.end}
        return {
            "link": self.address,
            "sha256": self.sha256,
            "target": {"source": self.document, "selector": [quoted, position]},
        }


@dataclass(frozen=True, slots=True)
class Opened:
    """What has become of a quotation: `place` is where it stands now, or what it was altered to; None if gone."""

    state: State
    place: Place | None = None
    text: str = ""
    differences: tuple[Difference, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether the words still stand there, letter for letter."""
        return self.state in STANDING

    def json(self) -> dict[str, object]:
        """What was found as JSON's values."""
        place = {**self.place.json(), "text": self.text} if self.place else None
        return {"state": self.state, "now": place, "differences": [one.json() for one in self.differences]}


def permalink(document: Document, start: int, end: int) -> Permalink:
    """The permalink of `text[start:end]` of a document. Raises UserError if it is empty or too long to be one."""
    if not 0 <= start < end <= len(document.text) or end - start > LONGEST_QUOTATION:
        raise UserError(
            f"Characters {start} to {end} of {document.name} are no quotation of up to {LONGEST_QUOTATION:,}."
        )
    text = document.text
    prefix, suffix = text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT]
    return Permalink(document.name, start, end, text[start:end], prefix, suffix)


def parsed(address: str) -> Permalink:
    """The permalink with this address, whatever server's name stands before it.

    Raises UserError if it is none, or its words are not those that it was made with.
    """
    if len(address) > _LONGEST_ADDRESS:
        raise UserError(f"The link has {len(address):,} characters; no permalink has more than {_LONGEST_ADDRESS:,}.")
    try:
        whole = urlsplit(address.strip())
        values = parse_qs(whole.query, keep_blank_values=True, errors="surrogatepass", max_num_fields=20)
        _, mark, name = whole.path.partition(PATH)
        name = unquote(name, errors="surrogatepass")
        found = {key: values[key][0] for key in ("start", "end", "sha256", "exact")}
        start, end = (_offset(found[key]) for key in ("start", "end"))
    except (ValueError, KeyError) as error:
        raise UserError(f"{address[:80]!r} is no permalink of a quotation; copy it whole.") from error
    context = [values.get(key, [""])[0][: 4 * CONTEXT] for key in ("prefix", "suffix")]
    link = Permalink(name, start, end, found["exact"], *context)
    if not (mark and 0 < len(name) <= _LONGEST_NAME and link.exact and len(link.exact) == end - start):
        raise UserError(f"{address[:80]!r} is no permalink of a quotation; copy it whole.")
    if link.sha256 != found["sha256"]:
        raise UserError("The words in the link are not those that it was made with; copy it whole.")
    return link


def _offset(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) < 14):
        raise ValueError(digits)
    return int(digits)


Essays = Callable[[str], Document | None]  # a document by its name, None if there is none
