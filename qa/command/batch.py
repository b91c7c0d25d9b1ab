"""Many questions at once: a file with a JSON object a line, each with an `id` and a `question`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from source.errors import UserError


def asked(lines: Iterable[bytes], name: str) -> Iterator[dict[str, str]]:
    """The questions in `lines` of the file `name`. Raises UserError that names the line if one is wrong."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except ValueError as error:
            raise UserError(f"{name}, line {number} is not JSON: {error}") from error
        if not isinstance(values, dict) or not isinstance(values.get("question"), str):
            raise UserError(f'{name}, line {number} has no "question"; write {{"id": …, "question": "…"}}')
        if not values["question"].strip():
            raise UserError(f"{name}, line {number}: the question is empty")
        yield values
