"""How one question was answered, against what is known to answer it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa.answer import STATUS, Answer, Quote, Status, Verdict
from source.document import Document, Span
from source.errors import UserError
from source.library import suffixes

if TYPE_CHECKING:
    from index.protocol import Index

# So many quotes are asked for, by what a set's questions need.
QUOTES = {"any": 10, "all": 5, "document": 50}


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question of a set and what answers it; spans and grades are by document name without suffix.

    `line` is that of its file on which it stands, 0 where it is of none.
    """

    id: str
    question: str
    answerable: bool
    need: str
    spans: tuple[tuple[str, Span], ...]
    grades: Mapping[str, int]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a question was answered: `values` are its measures, `right` whether the first quote answers."""

    id: str
    verdict: Verdict
    confidence: float | None
    right: bool
    values: Mapping[str, float]
    milliseconds: float

    @property
    def status(self) -> Status:
        """The verdict, coarsely."""
        return STATUS[self.verdict]


def without_suffix(name: str) -> str:
    """A document's name without its suffix, as question sets write it."""
    path = PurePosixPath(name)
    return str(path.with_suffix("")) if path.suffix in (".txt", ".md", ".markdown") else name


class Judge:
    """Compares answers with what answers; knows the documents of the index by name without suffix."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._starts: dict[str, NDArray[np.int64]] = {}

    def outcome(self, asked: LabelledQuestion, answer: Answer, milliseconds: float) -> Outcome:
        """How `answer` did."""
        values: dict[str, float] = {}
        right = False
        if asked.answerable and asked.need == "document":
            right = bool(answer.quotes) and without_suffix(answer.quotes[0].document.name) in asked.grades
            values = {"ndcg@10": _ndcg(asked.grades, answer)}
        elif asked.answerable:
            right = bool(answer.quotes) and bool(_held(asked, answer.quotes[0]))
            values = _first_of(asked, answer) if asked.need == "any" else self._share(asked, answer)
        return Outcome(asked.id, answer.verdict, answer.confidence, right, values, milliseconds)

    def _share(self, asked: LabelledQuestion, answer: Answer) -> dict[str, float]:
        """recall@5 over characters, and the words that are marked, wanted, and both."""
        shown = _characters(
            (without_suffix(quote.document.name), Span(quote.start, quote.end)) for quote in answer.quotes[:5]
        )
        wanted = _characters(asked.spans)
        quotes = answer.quotes if answer.status == "found" else ()
        marked = self._words((quote.document, span) for quote in quotes for span in quote.highlights)
        right = self._words((self._document(name), span) for name, span in asked.spans)
        both, either = len(marked & right), len(marked | right)
        return {
            "recall@5": len(wanted & shown) / max(len(wanted), 1),
            "marks_iou": both / max(either, 1),
            "words_marked": len(marked),
            "words_wanted": len(right),
            "words_both": both,
        }

    def _words(self, spans: Iterable[tuple[Document, Span]]) -> set[tuple[str, int]]:
        """The words (runs of signs that are no space) that `spans` touch, by document and place."""
        found = set()
        for document, span in spans:
            if document.name not in self._starts:
                bounds = [word.span() for word in re.finditer(r"\S+", document.text)]
                self._starts[document.name] = np.asarray(bounds, np.int64).reshape(-1, 2)
            bounds_of = self._starts[document.name]
            first = int(np.searchsorted(bounds_of[:, 1], span.start, "right"))
            last = int(np.searchsorted(bounds_of[:, 0], span.end, "left"))
            found |= {(document.name, word) for word in range(first, last)}
        return found

    def _document(self, name: str) -> Document:
        for suffix in suffixes():
            with contextlib.suppress(UserError):
                return self._index.document(name + suffix)
        raise UserError(f"A question names the document {name!r}, which the set does not hold.")


def _held(asked: LabelledQuestion, quote: Quote) -> list[Span]:
    """The spans that lie wholly inside the quote."""
    name = without_suffix(quote.document.name)
    return [s for document, s in asked.spans if document == name and quote.start <= s.start and s.end <= quote.end]


def _first_of(asked: LabelledQuestion, answer: Answer) -> dict[str, float]:
    """Where the first quote that holds a span stands, and whether its mark holds it."""
    held = [_held(asked, quote) for quote in answer.quotes]
    ranking = [str(i) for i in range(len(held))]
    relevant = {str(i): 1 for i, spans in enumerate(held) if spans}
    measures = _library()
    wanted = {"hit@1": measures.Success @ 1, "hit@5": measures.Success @ 5, "hit@10": measures.Success @ 10}
    wanted["mrr@10"] = measures.RR @ 10
    values = _aggregate(wanted, relevant, ranking)
    marks = answer.quotes[0].highlights if held and held[0] else ()
    marked = any(m.start <= s.start and s.end <= m.end for s in (held[0] if held else ()) for m in marks)
    return values | {"marked@1": float(marked)}


def _ndcg(grades: Mapping[str, int], answer: Answer) -> float:
    """nDCG@10 over documents in the order in which they are first quoted."""
    ranking = list(dict.fromkeys(without_suffix(quote.document.name) for quote in answer.quotes))
    return _aggregate({"ndcg@10": _library().nDCG @ 10}, grades, ranking)["ndcg@10"]


def _aggregate(wanted: Mapping[str, Any], relevant: Mapping[str, int], ranking: Sequence[str]) -> dict[str, float]:
    """Measures of one ranking, by the library `ir_measures`; all 0 where there is nothing to find or found."""
    if not relevant or not ranking:
        return dict.fromkeys(wanted, 0.0)
    run = {name: float(len(ranking) - i) for i, name in enumerate(ranking)}
    found = _library().calc_aggregate(list(wanted.values()), {"q": dict(relevant)}, {"q": run})
    return {name: float(found[measure]) for name, measure in wanted.items()}


def _library() -> Any:  # noqa: ANN401 (the library has no types)
    try:
        import ir_measures
    except ImportError as error:
        raise UserError("Measuring needs one more package: pip install 'quoth[eval]'") from error
    return ir_measures


def _characters(spans: Iterable[tuple[str, Span]]) -> set[tuple[str, int]]:
    return {(name, i) for name, span in spans for i in range(span.start, span.end)}
