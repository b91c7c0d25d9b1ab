"""Fitted numbers, kept as readable JSON with their provenance in `qa/ranking/models/`; logistic models among them.

`order.json` holds what orders passages. `marks.json` and `confidence.json` hold a fit for each encoder,
with the reader and without, told by the checksums of their weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODELS = Path(__file__).parent / "models"


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
    """The JSON of `name` in `qa/ranking/models/`."""
    values: Mapping[str, Any] = json.loads((MODELS / f"{name}.json").read_text("utf-8"))
    return values


def fit(name: str, encoder: str, reader: str | None) -> Mapping[str, Any] | None:
    """The fit of `name` for the encoder and the reader with these weights' checksums, None if there is none."""
    for values in model(name)["fits"]:
        if (values["encoder_sha256"], values["reader_sha256"]) == (encoder, reader):
            found: Mapping[str, Any] = values
            return found
    return None
