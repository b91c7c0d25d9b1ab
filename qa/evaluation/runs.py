"""A set's measures as they are kept, and two runs beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qa.evaluation.judge import Outcome
from qa.evaluation.measures import reliability, told


@dataclass(frozen=True, slots=True)
class Run:
    """The measures of one set, and the outcomes they were made of."""

    name: str
    measures: Mapping[str, float]
    outcomes: tuple[Outcome, ...]

    @property
    def reliability(self) -> list[tuple[float, float, int]]:
        """How often answers of about the same confidence were right: see `reliability`."""
        return reliability(told(self.outcomes))

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
