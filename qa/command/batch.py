"""Many questions at once: a file with a JSON object a line, each with an `id` and a `question`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from source.given import given
from source.strict_json import loads

LONGEST = 1_000_000  # bytes of a line


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A line of a batch: the `question` it asks, or the `wrong` that is the matter with it."""

    number: int
    id: str | int | float | None = None
    question: str = ""
    wrong: str = ""


@contextlib.contextmanager
def lines_of(name: str, what: str) -> Iterator[Iterator[bytes]]:
    """The lines of the file called `name` that holds `what` ("The questions"); `-` is standard input.

    Of a line that is longer than `LONGEST` a little more than that is given. Raises UserError as `given` does.
    """
    if name == "-":
        yield _lines(sys.stdin.buffer)
        return
    with given(Path(name), what) as file:
        yield _lines(file)


def asked(lines: Iterable[bytes], name: str) -> Iterator[BatchLine]:
    """What the lines of a file called `name` ask, but for empty ones; of a wrong one, what is wrong, and where."""
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST:
            yield BatchLine(number, wrong=f"{name}, line {number} is longer than {LONGEST:,} bytes; divide it")
        elif line.strip():
            yield _line(line, number, f"{name}, line {number}")


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file; of one that is too long, a little more than may be."""
    while line := file.readline(LONGEST + 1):
        yield line
        while len(line) > LONGEST and not line.endswith(b"\n"):
            line = file.readline(LONGEST + 1)
            if not line:
                return


def _line(line: bytes, number: int, where: str) -> BatchLine:
    try:
        values = loads(line)
    except ValueError as error:
        return BatchLine(number, wrong=f"{where} is not JSON: {error}")
    if not isinstance(values, dict):
        return BatchLine(number, wrong=f'{where} has no "question"; write {{"id": …, "question": "…"}}')
    known = values.get("id")
    if not isinstance(known, str | int | float | None):
        return BatchLine(number, wrong=f'{where}: the "id" is neither text nor a number')
    if not isinstance(values.get("question"), str):
        return BatchLine(number, known, wrong=f'{where} has no "question"; write {{"id": …, "question": "…"}}')
    if not values["question"].strip():
        return BatchLine(number, known, wrong=f"{where}: the question is empty")
    return BatchLine(number, known, values["question"])
