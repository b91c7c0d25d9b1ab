"""Many questions at once: a file with a JSON object a line, each with an `id` and a `question`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

from source.errors import UserError

LONGEST = 1_000_000  # bytes of a line


def asked(file: IO[bytes], name: str) -> Iterator[dict[str, str]]:
    """The questions in the lines of `file`, called `name`. Raises UserError that names the line if one is wrong."""
    for number, line in enumerate(iter(lambda: file.readline(LONGEST + 1), b""), 1):
        if len(line) > LONGEST:
            raise UserError(f"{name}, line {number} is longer than {LONGEST:,} bytes; divide it")
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except RecursionError as error:
            raise UserError(f"{name}, line {number} is nested too deeply") from error
        except ValueError as error:
            raise UserError(f"{name}, line {number} is not JSON: {error}") from error
        if not isinstance(values, dict) or not isinstance(values.get("question"), str):
            raise UserError(f'{name}, line {number} has no "question"; write {{"id": …, "question": "…"}}')
        if not values["question"].strip():
            raise UserError(f"{name}, line {number}: the question is empty")
        if not isinstance(values.get("id"), str | int | float | None):
            raise UserError(f'{name}, line {number}: the "id" is neither text nor a number')
        yield values
