"""What a question gets: an Answer made of Quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from qa import verdicts
from qa.markup import notebook
from source.document import Document, Span
from source.proof import Moved

if TYPE_CHECKING:
    from qa import typed
    from qa.markup.escaping import Markup

Status: TypeAlias = verdicts.Status
Verdict: TypeAlias = verdicts.Verdict

STATUS: Mapping[Verdict, Status] = {
    "answers": "found",
    "may_answer": "found",
    "close": "related",
    "none": "none",
    "withheld": "none",
}

# Scores in JSON carry so many decimals: the same question gives the same bytes.
_DECIMALS = 4
# Of a text, so much is shown where it is only named.
_NAMED_BY = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands; `locator` is the page or chapter of the original, "" where it has none.

    `paragraph` is 0 for a line that is no passage, such as the title.
    """

    document: str
    title: str
    heading: str
    paragraph: int
    line: int
    start: int
    end: int
    locator: str = ""

    def __str__(self) -> str:
        path = " › ".join(part for part in (self.title, self.heading) if part)
        paragraph = f"¶ {self.paragraph}" if self.paragraph else ""
        where = (self.locator, paragraph) if self.locator else (paragraph, f"line {self.line}")
        return ", ".join(part for part in (path, *where) if part)

    def json(self) -> typed.PlaceJSON:
        """The place as JSON's values."""
        return {
            "document": self.document,
            "title": self.title,
            "heading": self.heading,
            "paragraph": self.paragraph,
            "line": self.line,
            "start": self.start,
            "end": self.end,
            "locator": self.locator,
        }


@dataclass(frozen=True, slots=True)
class Pair:
    """A word of the question, the word of the passage that matched it best, and their cosine.

    `start` and `end` are the passage's word in the document.
    """

    question: str
    passage: str
    start: int
    end: int
    similarity: float
    weight: float


@dataclass(frozen=True, slots=True, repr=False)
class Quote:
    """A passage, letter for letter: `text == document.text[start:end]`.

    `highlights` are the sentences that answer, in document offsets, never empty. `score` orders
    the quotes of one answer; higher is better. `also` are places that say the same. `why` pairs
    the question's words with the passage's. `ranks` tells at which place each retriever had the
    passage (1-based; 0 where it did not have it). `moved` is where the passage stands in its source
    now, word for word, if that is another place than when it was indexed.
    """

    document: Document
    text: str
    title: str
    heading: str
    paragraph: int
    line: int
    start: int
    end: int
    score: float
    highlights: tuple[Span, ...]
    also: tuple[Place, ...] = ()
    why: tuple[Pair, ...] = ()
    ranks: tuple[tuple[str, int], ...] = ()
    moved: Moved | None = None

    @property
    def place(self) -> Place:
        """Where the quote stands."""
        where = (self.heading, self.paragraph, self.line, self.start, self.end)
        return Place(self.document.name, self.title, *where, self.document.locator(self.start))

    @property
    def marked(self) -> tuple[str, ...]:
        """The sentences that answer, as text."""
        return tuple(self.document.text[span.start : span.end] for span in self.highlights)

    @property
    def inserted(self) -> tuple[Span, ...]:
        """The characters of the quote that its file does not have, such as what parts the cells of a row."""
        return self.document.inserted_in(Span(self.start, self.end))

    def __repr__(self) -> str:
        return f"<Quote {self.document.name} {self.start}–{self.end} {shortened(self.text)!r}>"

    def _repr_html_(self) -> Markup:
        return notebook.quotation(self.document.text, Span(self.start, self.end), self.highlights, str(self.place))

    def json(self) -> typed.QuoteJSON:
        """The quote as JSON's values; offsets count characters of the document."""
        return {
            **self.place.json(),
            "text": self.text,
            "score": round(self.score, _DECIMALS),
            "highlights": _spans(self.highlights),
            "marked": list(self.marked),
            "inserted": _spans(self.inserted),
            "also": [place.json() for place in self.also],
            "moved": {"start": self.moved.start, "end": self.moved.end, "line": self.moved.line}
            if self.moved
            else None,
        }


def shortened(text: str) -> str:
    """The beginning of a text on one line, enough to know it by."""
    line = " ".join(text[: 4 * _NAMED_BY].split())
    return line if len(line) <= _NAMED_BY else line[:_NAMED_BY].rsplit(" ", 1)[0] + " …"


def _spans(spans: Iterable[Span]) -> list[typed.SpanJSON]:
    return [{"start": span.start, "end": span.end} for span in spans]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known of an essay itself: `what` it is, its `value`, and where it was `read`.

    `place` is the line that says it, a heading's first paragraph, or nothing (`start == end`) where the
    text does not say it.
    """

    what: verdicts.Known
    value: str
    read: str
    place: Place

    def json(self) -> typed.AboutJSON:
        """What is known as JSON's values."""
        return {"what": self.what, "value": self.value, "read": self.read, **self.place.json()}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an answer was made from: the same receipt and question give the same answer."""

    index: str
    model: str
    model_sha256: str
    documents: tuple[tuple[str, str], ...]

    def json(self) -> typed.ReceiptJSON:
        """The receipt as JSON's values: `documents` maps each quoted document to its text's SHA-256."""
        return {
            "index": self.index,
            "model": self.model,
            "model_sha256": self.model_sha256,
            "documents": dict(self.documents),
        }


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The answer to a question: iterable over its quotes, best first, and true, if the essays say something to it.

    `verdict` is "answers" or "may_answer" (the first quote does), "close" (nothing answers outright,
    these come closest), "none" (the essays do not say; `quotes` are only what stands `nearest`) or
    "withheld" (what would come first is held back, and nothing else answers). `confidence` is the
    calibrated probability that the first quote answers. `withheld` says why quotes were held back,
    each reason once: their source no longer matches the index; `withheld_count` is their number.
    `unchecked` says that the essays themselves could not be read, "" if they could. `about` is what
    is known of the essays themselves, where the question asks for that.
    """

    question: str
    verdict: Verdict
    confidence: float | None
    quotes: tuple[Quote, ...]
    receipt: Receipt
    withheld: tuple[str, ...] = ()
    withheld_count: int = 0
    unchecked: str = ""
    about: tuple[Fact, ...] = ()

    @property
    def status(self) -> Status:
        """The verdict in three words: "found", "related" or "none"."""
        return STATUS[self.verdict]

    @property
    def nearest(self) -> tuple[Quote, ...]:
        """What stands nearest where the essays do not say: the `quotes` of such an answer; none of any other."""
        return self.quotes if self.status == "none" else ()

    def __iter__(self) -> Iterator[Quote]:
        return iter(() if self.status == "none" else self.quotes)

    def __len__(self) -> int:
        return 0 if self.status == "none" else len(self.quotes)

    def __bool__(self) -> bool:
        return self.status != "none"

    def __repr__(self) -> str:
        sure = "" if self.confidence is None else f" {self.confidence:.2f}"
        quotes = f"{len(self.quotes)} quote{'' if len(self.quotes) == 1 else 's'}"
        return f"<Answer {self.verdict}{sure} to {shortened(self.question)!r}: {quotes}>"

    def _repr_html_(self) -> Markup:
        known = [f"{one.what}: {one.value} ({one.place.title}, {one.read})" for one in self.about]
        said = [*self.withheld, *filter(None, [self.unchecked]), *known]
        return notebook.answer(self.question, self.verdict, said, [quote._repr_html_() for quote in self])

    def json(self) -> typed.AnswerJSON:
        """The answer as JSON's values."""
        return {
            "question": self.question,
            "status": self.status,
            "verdict": self.verdict,
            "confidence": None if self.confidence is None else round(self.confidence, _DECIMALS),
            "quotes": [quote.json() for quote in self.quotes],
            "about": [one.json() for one in self.about],
            "withheld": list(self.withheld),
            "withheld_count": self.withheld_count,
            "unchecked": self.unchecked,
            "receipt": self.receipt.json(),
        }


def withheld_because(reason: str) -> str:
    """What an answer says of a quotation that is withheld."""
    return f"A quotation is withheld: {reason}"
