"""The command line: `quoth index | ask | serve | verify`.

Results go to standard output, all else to standard error. Exit status: 0, 1 (a UserError), 2
(usage), 3 (`ask`: the essays do not answer).
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from qa.answer import Answer, Quote
from source.errors import UserError

if TYPE_CHECKING:
    from index.build import Report
    from index.snapshot import Snapshot

FAILED, MISUSED, UNANSWERED, INTERRUPTED = 1, 2, 3, 130

_STATUS = {
    "found": "",
    "related": "Nothing answers outright; these passages come closest.",
    "none": "The essays do not say.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a stream that a caller has put in their place
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (UserError, ValueError) as error:
        _say(f"quoth: {error}")
        return FAILED
    except KeyboardInterrupt:
        _say("quoth: stopped; nothing was changed.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`quoth ask … | head`); nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    whole = argparse.ArgumentParser(
        prog="quoth", description="Ask a set of essays; the answer is what they say, letter for letter."
    )
    whole.add_argument("--version", action="version", version=f"quoth {importlib.metadata.version('quoth')}")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")

    index = commands.add_parser("index", help="index the essays of a folder", description=_index.__doc__)
    index.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="the folder that holds the essays")
    index.add_argument("--model", help="a sentence-transformers model, by name or path (default: all-MiniLM-L6-v2)")
    index.set_defaults(run=_index)

    ask = commands.add_parser("ask", help="answer a question by quoting", description=_ask.__doc__)
    ask.add_argument("question", nargs="?", metavar="QUESTION", help='"exact phrases" in double quotation marks')
    ask.add_argument("-k", type=int, default=5, metavar="N", help="at most so many quotes (default: 5)")
    ask.add_argument("--document", action="append", metavar="NAME", help="ask this document only; may be repeated")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    ask.add_argument("--batch", metavar="FILE", help='answer many: a JSON object a line with "id" and "question"')
    ask.set_defaults(run=_ask)

    serve = commands.add_parser("serve", help="open the web page", description=_serve.__doc__)
    serve.add_argument("--port", type=int, metavar="N", help="port to listen on (default: a free one from 7860)")
    serve.set_defaults(run=_serve)

    verify = commands.add_parser("verify", help="prove every quotation", description=_verify.__doc__)
    verify.set_defaults(run=_verify)

    for command in (index, ask, serve, verify):
        command.add_argument("--index", type=Path, metavar="PATH", help="where the index lies (default: user's data)")
    return whole


def _index(options: argparse.Namespace) -> int:
    """Index the essays of FOLDER: the folder indexed last if none is named, the shipped essay at first."""
    report = _build(options.index, options.folder, options.model)
    for skip in report.skipped:
        _say(f"skipped {skip}")
    print(report)
    return 0


def _ask(options: argparse.Namespace) -> int:
    """Answer QUESTION with passages of the essays, quoted letter for letter."""
    if (options.question is None) == (options.batch is None):
        _say("quoth ask: give either a QUESTION or --batch FILE")
        return MISUSED
    from qa.library import retrieve

    _ensure_index(options.index)
    if options.batch is not None:
        for asked in _asked(options.batch):
            answer = retrieve(asked["question"], k=options.k, index=options.index, documents=options.document)
            print(_json({"id": asked.get("id"), **answer.json()}), flush=True)
        return 0
    answer = retrieve(options.question, k=options.k, index=options.index, documents=options.document)
    if options.json:
        print(_json(answer.json(), indent=2))
    else:
        _print_answer(answer)
    return UNANSWERED if answer.status == "none" else 0


def _serve(options: argparse.Namespace) -> int:
    """Open the web page on this machine; if there is no index yet, the shipped essay is indexed first."""
    from index.snapshot import default_location
    from qa.web import serve

    serve(options.index or default_location(), port=options.port, say=_say)
    return 0


def _verify(options: argparse.Namespace) -> int:
    """Read every source file again and prove that each stored span still says what it said."""
    from index.snapshot import Snapshot, mending
    from index.verify import verify

    snapshot = Snapshot.open(options.index)
    changes = list(verify(snapshot))
    for name, change in changes:
        print(f"{name}: {change}")
    if changes:
        location = snapshot.folder.parent.parent
        raise UserError(
            f"{len(changes)} of {snapshot.manifest.counts['documents']} documents differ from the index; "
            f"rebuild it: {mending(location, snapshot.manifest)}"
        )
    counts = snapshot.manifest.counts
    print(
        f"{counts['documents']} documents, {counts['passages']} passages, {counts['sentences']} sentences: "
        "every one says what its file says"
    )
    return 0


def _ensure_index(location: Path | None) -> None:
    """Index the shipped essay if the user has no index yet; an index that was named must exist."""
    from index.snapshot import NoIndex, current_name, default_location

    try:
        current_name(location or default_location())
    except NoIndex:
        if location is not None:
            raise
        _say("There is no index yet; indexing the essay that comes with Quoth …")
        _build(None, None, None)


def _build(location: Path | None, folder: Path | None, model: str | None) -> Report:
    from tqdm import tqdm

    from index.build import build
    from index.encoder import DEFAULT_MODEL, load_encoder
    from index.snapshot import default_location
    from source.library import ESSAYS

    location = location or default_location()
    last = _last(location)
    folder = folder or (last.source if last else ESSAYS)
    if not folder.exists():  # before the model is loaded
        raise UserError(f"There is no folder {str(folder)!r}; give the folder that holds the essays.")
    encoder = load_encoder(model or (last.model if last else DEFAULT_MODEL))
    with tqdm(desc="embedding", unit=" passages", disable=None, leave=False, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        _, report = build(folder, location, encoder=encoder, progress=show)
    return report


def _last(location: Path) -> Snapshot | None:
    """The index at `location` as it is, or None if there is none that can be used."""
    from index.snapshot import Snapshot

    try:
        return Snapshot.open(location)
    except UserError:
        return None


def _asked(path: str) -> Iterator[dict[str, str]]:
    """The questions of a JSON-lines file; `-` is standard input."""
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    asked = json.loads(line)
                except ValueError as error:
                    raise UserError(f"{path}, line {number} is not JSON: {error}") from error
                if not isinstance(asked, dict) or not isinstance(asked.get("question"), str):
                    raise UserError(f'{path}, line {number} has no "question"; write {{"id": …, "question": "…"}}')
                if not asked["question"].strip():
                    raise UserError(f"{path}, line {number}: the question is empty")
                yield asked
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"The questions in {path!r} cannot be read: {error}") from error


def _opened(path: str) -> contextlib.AbstractContextManager[IO[str]]:
    return contextlib.nullcontext(sys.stdin) if path == "-" else Path(path).open(encoding="utf-8")


def _json(values: object, indent: int | None = None) -> str:
    return json.dumps(values, ensure_ascii=False, indent=indent)


def _print_answer(answer: Answer) -> None:
    for message in answer.withheld:
        _say(message)
    if line := _STATUS[answer.status]:
        print(line)
    if answer.status == "none":
        return
    width = min(shutil.get_terminal_size().columns, 100)
    for quote in answer:
        print()
        print(_wrapped(quote, width))
        print(f"    — {quote.place}")
        for place in quote.also:
            print(f"    also {place}")


def _wrapped(quote: Quote, width: int) -> str:
    """The quote as lines, its marked sentences emphasised: in colour on a terminal, between ▸ and ◂ elsewhere."""
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    on, off = ("\x1b[1;33m", "\x1b[0m") if colour else ("▸", "◂")
    text, at = "", quote.start
    for span in quote.highlights:
        text += quote.document.text[at : span.start] + on + quote.document.text[span.start : span.end] + off
        at = span.end
    text += quote.document.text[at : quote.end]
    lines = [
        textwrap.fill(line, width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
        for line in text.splitlines()
        if line.strip()
    ]
    return "\n".join(lines)


def _say(message: str) -> None:
    print(message, file=sys.stderr)
