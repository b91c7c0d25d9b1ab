"""Small fitted models, kept as readable JSON with their provenance in `qa/ranking/models/`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: the names of its features, a coefficient each, and an intercept."""

    features: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Logistic:
        """The model that JSON's `values` describe: {"intercept": …, "coefficients": {name: …}}."""
        coefficients = values["coefficients"]
        return cls(tuple(coefficients), tuple(map(float, coefficients.values())), float(values["intercept"]))

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probabilities (r,) for `rows` of features (r, len(features))."""
        return np.asarray(1 / (1 + np.exp(-(rows @ np.asarray(self.coefficients) + self.intercept))))

    def probability(self, values: Mapping[str, float]) -> float:
        """The probability for features given by name."""
        return float(self.probabilities(np.asarray([[values[name] for name in self.features]], np.float32))[0])


@cache
def model(name: str) -> Mapping[str, Any]:
    """The JSON of the model `name` in `qa/ranking/models/`."""
    values: Mapping[str, Any] = json.loads((Path(__file__).parent / "models" / f"{name}.json").read_text("utf-8"))
    return values
