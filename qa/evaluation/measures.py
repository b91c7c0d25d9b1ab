"""How good answers are, against what is known to answer: the measures of `quoth eval`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from qa.answer import Verdict
from qa.evaluation.judge import LabelledQuestion, Outcome

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


def measured(
    asked: Sequence[LabelledQuestion], outcomes: Sequence[Outcome], foreign: Sequence[Verdict]
) -> dict[str, float]:
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
    if sure := told(outcomes):
        if near and answerable:
            values["near_auroc"] = auroc([c for c, _ in told(answerable)], [c for c, _ in told(near)])
        values |= {"risk_area": risk_area(sure), "calibration_error": calibration_error(sure)}
    values["ms"] = float(np.median([outcome.milliseconds for outcome in outcomes]))
    return values


def told(outcomes: Iterable[Outcome]) -> list[tuple[float, bool]]:
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
