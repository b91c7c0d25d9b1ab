"""`quoth ask`: a question, or many, and what the essays say."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from qa.command.arguments import command, takes_format, takes_index, takes_no_reader
from qa.command.batch import LONGEST, BatchLine, asked, lines_of
from qa.command.output.formats import COLUMNS, as_markdown, rows, table
from qa.command.output.streams import Out, Print
from qa.command.output.terminal import as_text
from source.errors import BadQuestion, UserError

if TYPE_CHECKING:
    from qa.answer import Answer
    from qa.asked import Mode
    from qa.command.arguments import Commands

_FAILED, _MISUSED, _UNANSWERED, _WITHHELD = 1, 2, 3, 4


def add(commands: Commands) -> None:
    """Add `ask`."""
    made = command(
        commands,
        "ask",
        ask,
        about="answer a question by quoting",
        details="Answer QUESTION with passages of the essays, quoted letter for letter. What goes into a pipe or a "
        "file is neither wrapped nor marked.",
    )
    made.add_argument(
        "question",
        nargs="?",
        metavar="QUESTION",
        help='- for standard input; "exact phrases" in double quotation marks',
    )
    made.add_argument("-k", type=int, default=5, metavar="N", help="at most so many quotes (default: 5)")
    made.add_argument("--document", action="append", metavar="NAME", help="ask this document only; may be repeated")
    made.add_argument("--list", action="store_true", help="all N quotes, each by its own score (-k over 10: always)")
    made.add_argument("--nearest", action="store_true", help="where the essays do not say, quote what stands nearest")
    made.add_argument(
        "--marks",
        action=argparse.BooleanOptionalAction,
        help="mark the sentences that answer (default: on a terminal, and in Markdown)",
    )
    takes_format(made)
    made.add_argument("--batch", metavar="FILE", help='answer many: a JSON object a line with "id" and "question"')
    takes_no_reader(made)
    takes_index(made)


def ask(options: argparse.Namespace, out: Out) -> int:
    """Answer QUESTION with passages of the essays, quoted letter for letter."""
    if (options.question is None) == (options.batch is None):
        out.say("quoth ask: give either a QUESTION (- for standard input) or --batch FILE")
        return _MISUSED
    from qa.retrieve import retrieve

    mode: Mode | None = "list" if options.list else None
    answered = partial(
        retrieve, k=options.k, index=options.index, documents=options.document, mode=mode, reader=not options.no_reader
    )
    return _batch(options, answered, out) if options.batch is not None else _one(options, answered, out)


def _one(options: argparse.Namespace, answered: Callable[[str], Answer], out: Out) -> int:
    from qa.asked import checked

    question = checked(_standard_input() if options.question == "-" else options.question, options.k)
    _ensure_index(options.index, out.say)
    answer = answered(question)
    form = options.format or "text"
    if form == "text":
        for message in answer.withheld:
            out.say(f"{message}; rebuild the index with: {_rebuild(options.index)}")
    if form == "csv":
        out.show(table(rows(answer, nearest=options.nearest), COLUMNS))
    else:
        out.show(_shown(answer, form, options, out, indent=2))
    return {"none": _UNANSWERED, "withheld": _WITHHELD}.get(answer.verdict, 0)


def _rebuild(address: str | None) -> str:
    """The command that rebuilds the index that was asked."""
    from qa.retrieve import retriever

    return retriever(address, reader=False).index.about.rebuild


def _batch(options: argparse.Namespace, answered: Callable[[str], Answer], out: Out) -> int:
    """Answer line by line; one that cannot be answered is told in its place, and the next is read."""
    form = options.format or "json"
    wrong = 0
    with lines_of(options.batch, "The questions") as lines:
        _ensure_index(options.index, out.say)
        if form == "csv":
            out.show(table([], COLUMNS))
        for line in asked(lines, options.batch):
            told = _answered(line, answered, options.batch)
            if isinstance(told, str):
                wrong += 1
                out.say(told)
            _show_line(line, told, form, options, out)
    return _FAILED if wrong else 0


def _answered(line: BatchLine, answered: Callable[[str], Answer], name: str) -> Answer | str:
    """The answer to a line, or why there is none."""
    if line.wrong:
        return line.wrong
    try:
        return answered(line.question)
    except BadQuestion as error:
        return f"{name}, line {line.number}: {error}"


def _show_line(line: BatchLine, told: Answer | str, form: str, options: argparse.Namespace, out: Out) -> None:
    if isinstance(told, str):
        values = {"id": line.id, "error": told}
        if form == "json":
            out.show(json.dumps({**values, "line": line.number}, ensure_ascii=False))
        elif form == "csv":
            out.show(table([{**values, "question": line.question}], COLUMNS, head=False))
    elif form == "csv":
        out.show(table(rows(told, nearest=options.nearest, known=line.id), COLUMNS, head=False))
    elif form == "json":
        out.show(json.dumps({"id": line.id, **told.json()}, ensure_ascii=False))
    else:
        question = f"{told.question}\n\n" if form == "text" else ""
        out.show(f"{question}{_shown(told, form, options, out)}\n")


def _shown(answer: Answer, form: str, options: argparse.Namespace, out: Out, indent: int | None = None) -> str:
    if form == "json":
        return json.dumps(answer.json(), ensure_ascii=False, indent=indent)
    if form == "markdown":
        return as_markdown(answer, marks=options.marks is not False, nearest=options.nearest)
    marks = out.colour or out.width is not None if options.marks is None else options.marks
    return as_text(answer, out.width, colour=out.colour, marks=marks, nearest=options.nearest, ranks=out.verbose)


def _ensure_index(address: str | None, say: Print) -> None:
    """Index the shipped essay if the user has no index yet; an index that was named must exist."""
    from index.opening import address_of, current, is_named
    from qa.building import ensure_index

    if is_named(address):
        current(address_of(address))
    else:
        ensure_index(address_of(), say)


def _standard_input() -> str:
    """The question that comes by standard input."""
    data = sys.stdin.buffer.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise BadQuestion(f"The question is longer than {LONGEST:,} bytes; ask many with --batch.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"The question is no UTF-8 (byte {error.start:,}); send it as UTF-8.") from error
