"""`quoth ask`: a question, or many, and what the essays say."""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from qa.command.arguments import command, takes_index, takes_no_reader
from qa.command.batch import asked
from qa.command.output.streams import Out, Print
from qa.command.output.terminal import as_text
from source.errors import UserError

if TYPE_CHECKING:
    from qa.answer import Answer
    from qa.asked import Mode
    from qa.command.arguments import Commands

_MISUSED, _UNANSWERED, _WITHHELD = 2, 3, 4


def add(commands: Commands) -> None:
    """Add `ask`."""
    made = command(
        commands,
        "ask",
        ask,
        about="answer a question by quoting",
        details="Answer QUESTION with passages of the essays, quoted letter for letter.",
    )
    made.add_argument("question", nargs="?", metavar="QUESTION", help='"exact phrases" in double quotation marks')
    made.add_argument("-k", type=int, default=5, metavar="N", help="at most so many quotes (default: 5)")
    made.add_argument("--document", action="append", metavar="NAME", help="ask this document only; may be repeated")
    made.add_argument("--list", action="store_true", help="all N quotes, each by its own score (-k over 10: always)")
    made.add_argument("--json", action="store_true", help="print the answer as JSON")
    made.add_argument("--batch", metavar="FILE", help='answer many: a JSON object a line with "id" and "question"')
    takes_no_reader(made)
    takes_index(made)


def ask(options: argparse.Namespace, out: Out) -> int:
    """Answer QUESTION with passages of the essays, quoted letter for letter."""
    if (options.question is None) == (options.batch is None):
        out.say("quoth ask: give either a QUESTION or --batch FILE")
        return _MISUSED
    from qa.retrieve import retrieve

    mode: Mode | None = "list" if options.list else None
    answered = partial(
        retrieve, k=options.k, index=options.index, documents=options.document, mode=mode, reader=not options.no_reader
    )
    return _batch(options, answered, out) if options.batch is not None else _one(options, answered, out)


def _batch(options: argparse.Namespace, answered: Callable[[str], Answer], out: Out) -> int:
    with _opened(options.batch) as file:
        _ensure_index(options.index, out.say)
        for values in asked(file, options.batch):
            answer = answered(values["question"])
            out.show(json.dumps({"id": values.get("id"), **answer.json()}, ensure_ascii=False))
    return 0


def _one(options: argparse.Namespace, answered: Callable[[str], Answer], out: Out) -> int:
    from qa.asked import checked

    question = checked(options.question, options.k)
    _ensure_index(options.index, out.say)
    answer = answered(question)
    if options.json:
        out.show(json.dumps(answer.json(), ensure_ascii=False, indent=2))
    else:
        for message in answer.withheld:
            out.say(message)
        out.show(as_text(answer, min(shutil.get_terminal_size().columns, 100), colour=out.colour))
    return {"none": _UNANSWERED, "withheld": _WITHHELD}.get(answer.verdict, 0)


def _ensure_index(address: str | None, say: Print) -> None:
    """Index the shipped essay if the user has no index yet; an index that was named must exist."""
    from index.opening import address_of, current
    from qa.building import ensure_index

    if address is not None:
        current(address)
    else:
        ensure_index(address_of(), say)


def _opened(path: str) -> contextlib.AbstractContextManager[IO[bytes]]:
    """The file at `path` to read; `-` is standard input."""
    try:
        return contextlib.nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb")
    except OSError as error:
        raise UserError(f"The questions in {path!r} cannot be read: {error.strerror}") from error
