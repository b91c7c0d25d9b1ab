"""The files that lie beside the tests."""

import json
from pathlib import Path

TESTS = Path(__file__).parents[1]


def lines(name: str) -> list[dict]:
    """The objects of a JSON-lines file in `tests/`."""
    return [json.loads(line) for line in (TESTS / name).read_text(encoding="utf-8").splitlines()]
