"""JSON of somebody else, as its standard has it: what was read can be written again."""

from __future__ import annotations

import json
import math
from typing import Any

# Lists and objects may stand so many within each other.
DEEPEST = 50


def loads(text: str | bytes) -> Any:  # noqa: ANN401 (values of JSON)
    """The value that `text` holds.

    Raises ValueError if it is no JSON, is nested too deeply, or names a number that JSON cannot write (NaN, 1e999).
    """
    try:
        values = json.loads(text, parse_constant=_number, parse_float=_number)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    level, depth = [values], 0
    while level:
        if (depth := depth + 1) > DEEPEST + 1:
            raise ValueError("it is nested too deeply")
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return values


def _number(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(f"{written[:40]} is no number that it can hold")
    return number
