"""How good answers are, against what is known to answer: the measures of `quoth eval`."""

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
# The table's measures, and whether more is better.
MEASURES = {
    "hit@1": True,
    "hit@5": True,
    "hit@10": True,
    "mrr@10": True,
    "marked@1": True,
    "recall@5": True,
    "marks_precision": True,
    "marks_recall": True,
    "marks_f1": True,
    "marks_iou": True,
    "ndcg@10": True,
    "found": True,
    "answers": True,
    "may_answer": True,
    "close": False,
    "wrong_refusals": False,
    "near_refusals": True,
    "near_answers": False,
    "near_may_answer": False,
    "near_close": True,
    "near_none": True,
    "near_auroc": True,
    "far_answers": False,
    "far_may_answer": False,
    "far_close": False,
    "far_refusals": True,
    "answers_precision": True,
    "risk_area": False,
    "calibration_error": False,
}


@dataclass(frozen=True, slots=True)
class Asked:
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


@dataclass(frozen=True, slots=True)
class Run:
    """The measures of one set, and the outcomes they were made of."""

    name: str
    measures: Mapping[str, float]
    outcomes: tuple[Outcome, ...]

    @property
    def reliability(self) -> list[tuple[float, float, int]]:
        """How often answers of about the same confidence were right: see `reliability`."""
        return reliability(_sure(self.outcomes))

    def json(self) -> dict[str, object]:
        """The run as JSON's values."""
        return {
            "set": self.name,
            "measures": {name: round(value, 4) for name, value in self.measures.items()},
            "reliability": [
                {"confidence": round(confidence, 4), "right": round(right, 4), "questions": count}
                for confidence, right, count in self.reliability
            ],
            "outcomes": [
                {
                    "id": one.id,
                    "status": one.status,
                    "verdict": one.verdict,
                    "confidence": None if one.confidence is None else round(one.confidence, 4),
                    "right": one.right,
                    **{name: round(value, 4) for name, value in one.values.items()},
                }
                for one in self.outcomes
            ],
        }


def stem(name: str) -> str:
    """A document's name without its suffix, as question sets write it."""
    path = PurePosixPath(name)
    return str(path.with_suffix("")) if path.suffix in (".txt", ".md", ".markdown") else name


class Judge:
    """Compares answers with what answers; knows the documents of the index by name without suffix."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._starts: dict[str, NDArray[np.int64]] = {}

    def outcome(self, asked: Asked, answer: Answer, milliseconds: float) -> Outcome:
        """How `answer` did."""
        values: dict[str, float] = {}
        right = False
        if asked.answerable and asked.need == "document":
            right = bool(answer.quotes) and stem(answer.quotes[0].document.name) in asked.grades
            values = {"ndcg@10": _ndcg(asked.grades, answer)}
        elif asked.answerable:
            right = bool(answer.quotes) and bool(_held(asked, answer.quotes[0]))
            values = _first_of(asked, answer) if asked.need == "any" else self._share(asked, answer)
        return Outcome(asked.id, answer.verdict, answer.confidence, right, values, milliseconds)

    def _share(self, asked: Asked, answer: Answer) -> dict[str, float]:
        """recall@5 over characters, and the words that are marked, wanted, and both."""
        shown = _characters((stem(quote.document.name), Span(quote.start, quote.end)) for quote in answer.quotes[:5])
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

    def _document(self, stem: str) -> Document:
        for suffix in suffixes():
            with contextlib.suppress(UserError):
                return self._index.document(stem + suffix)
        raise UserError(f"A question names the document {stem!r}, which the set does not hold.")


def _held(asked: Asked, quote: Quote) -> list[Span]:
    """The spans that lie wholly inside the quote."""
    name = stem(quote.document.name)
    return [s for document, s in asked.spans if document == name and quote.start <= s.start and s.end <= quote.end]


def _first_of(asked: Asked, answer: Answer) -> dict[str, float]:
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
    ranking = list(dict.fromkeys(stem(quote.document.name) for quote in answer.quotes))
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


def measured(asked: Sequence[Asked], outcomes: Sequence[Outcome], foreign: Sequence[Verdict]) -> dict[str, float]:
    """The measures of a set: means over its answerable questions, and of its verdicts; `foreign` are those on
    questions that nothing in it answers."""
    answerable = [outcome for one, outcome in zip(asked, outcomes, strict=True) if one.answerable]
    near = [outcome for one, outcome in zip(asked, outcomes, strict=True) if not one.answerable]
    values = {
        name: float(np.mean([outcome.values[name] for outcome in answerable if name in outcome.values]))
        for name in MEASURES
        if any(name in outcome.values for outcome in answerable)
    }
    values |= _marked_words(answerable)
    if answerable:
        shares = _shares([outcome.verdict for outcome in answerable])
        values |= {"found": shares["answers"] + shares["may_answer"], "wrong_refusals": shares.pop("none"), **shares}
    if near:
        shares = _shares([outcome.verdict for outcome in near])
        values["near_refusals"] = 1 - shares["answers"] - shares["may_answer"]
        values |= {f"near_{verdict}": share for verdict, share in shares.items()}
    if foreign:
        shares = _shares(foreign)
        values["far_refusals"] = shares.pop("none")
        values |= {f"far_{verdict}": share for verdict, share in shares.items()}
    said = [outcome.right for outcome in outcomes if outcome.verdict == "answers"]
    if said:
        values["answers_precision"] = float(np.mean(said))
    if sure := _sure(outcomes):
        if near and answerable:
            values["near_auroc"] = auroc([c for c, _ in _sure(answerable)], [c for c, _ in _sure(near)])
        values |= {"risk_area": risk_area(sure), "calibration_error": calibration_error(sure)}
    values["ms"] = float(np.median([outcome.milliseconds for outcome in outcomes]))
    return values


def _sure(outcomes: Iterable[Outcome]) -> list[tuple[float, bool]]:
    """Confidence and truth of those outcomes that have a confidence."""
    return [(one.confidence, one.right) for one in outcomes if one.confidence is not None]


def _shares(verdicts: Sequence[Verdict]) -> dict[str, float]:
    """The share of each verdict; what is withheld is none."""
    total = len(verdicts)
    named = {name: verdicts.count(name) / total for name in ("answers", "may_answer", "close", "none")}
    named["none"] += verdicts.count("withheld") / total
    return {str(name): share for name, share in named.items()}


def _marked_words(answerable: Sequence[Outcome]) -> dict[str, float]:
    """Precision, recall and F1 of the marked words of all questions together."""
    totals = {
        name: sum(outcome.values.get(f"words_{name}", 0.0) for outcome in answerable)
        for name in ("marked", "wanted", "both")
    }
    if not totals["wanted"]:
        return {}
    precision, recall = totals["both"] / max(totals["marked"], 1), totals["both"] / totals["wanted"]
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"marks_precision": precision, "marks_recall": recall, "marks_f1": f1}


def risk_area(outcomes: Sequence[tuple[float, bool]]) -> float:
    """The area under the curve of risk at coverage: the share of wrong answers among the surest, over how many
    are answered (El-Yaniv and Wiener, 2010); of equally sure ones each counts as their mean."""
    confidence, right = (np.asarray(values, np.float64) for values in zip(*outcomes, strict=True))
    _, group = np.unique(-confidence, return_inverse=True)
    mean = np.bincount(group, 1 - right) / np.bincount(group)
    wrong = np.cumsum(mean[np.sort(group)])
    return float((wrong / np.arange(1, len(outcomes) + 1)).mean())


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The share of pairs in which the positive one has the higher value; ties count half."""
    ordered = np.sort(np.asarray(negative))
    below = np.searchsorted(ordered, positive, "left") + np.searchsorted(ordered, positive, "right")
    return float(below.mean() / (2 * len(ordered)))


def reliability(outcomes: Sequence[tuple[float, bool]], bins: int = 10) -> list[tuple[float, float, int]]:
    """The reliability diagram: (mean confidence, share right, count) in `bins` equal bins of confidence."""
    rows = []
    for i in range(bins):
        inside = [(c, right) for c, right in outcomes if i <= c * bins < i + 1 or (i == bins - 1 and c >= 1)]
        if inside:
            rows.append((float(np.mean([c for c, _ in inside])), float(np.mean([r for _, r in inside])), len(inside)))
    return rows


def calibration_error(outcomes: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error in ten bins (Naeini, Cooper and Hauskrecht, 2015)."""
    rows = reliability(outcomes)
    return sum(abs(confidence - right) * count for confidence, right, count in rows) / max(len(outcomes), 1)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same questions: which got better, which worse, and a two-sided sign test of it."""

    measure: str
    better: tuple[str, ...]
    worse: tuple[str, ...]
    p_value: float

    def __str__(self) -> str:
        lists = "".join(
            f"\n  {name}: {' '.join(ids)}" for name, ids in (("better", self.better), ("worse", self.worse)) if ids
        )
        counts = f"{self.measure} better on {len(self.better)}, worse on {len(self.worse)} questions"
        return f"{counts}, p = {self.p_value:.3f}{lists}"


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Compare two runs (as `Run.json` gives them) question by question on the set's main measure."""
    from scipy.stats import binomtest

    old = {one["id"]: one for one in before["outcomes"]}
    new = {one["id"]: one for one in after["outcomes"]}
    main = next((m for m in ("hit@1", "recall@5", "ndcg@10") if any(m in one for one in new.values())), "right")
    both = [name for name in new if name in old and main in new[name] and main in old[name]]
    better = tuple(name for name in both if new[name][main] > old[name][main])
    worse = tuple(name for name in both if new[name][main] < old[name][main])
    changed = len(better) + len(worse)
    return Comparison(main, better, worse, float(binomtest(len(better), changed).pvalue) if changed else 1.0)
