"""The command line: `quoth index | ask | serve | verify | check`.

Results go to standard output, all else to standard error. Exit status: 0, 1 (a UserError), 2
(usage), 3 (`ask`: the essays do not answer; `check`: not as the essays say), 4 (`ask`: what would answer is withheld).
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from qa.command.batch import asked
from qa.command.options import parser
from qa.command.terminal import as_text, visible
from qa.progress import bar
from source.errors import UserError

if TYPE_CHECKING:
    from qa.retriever import Mode

FAILED, MISUSED, UNANSWERED, WITHHELD, INTERRUPTED, TERMINATED = 1, 2, 3, 4, 130, 143
# So many essays are named of which more than a little is left out.
_MOST_LEFT_OUT = 10


class _Terminated(BaseException):
    """The system asked the command to end."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a stream that a caller has put in their place
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    options = parser().parse_args(arguments)
    return guarded(lambda: _COMMANDS[options.command](options))


def guarded(command: Callable[[], int]) -> int:
    """Run `command` and return its exit status; what stops it is told in one sentence."""
    try:
        with _terminable():
            return command()
    except UserError as error:
        _say(f"quoth: {error}")
        return FAILED
    except (KeyboardInterrupt, _Terminated) as stop:
        _say("quoth: stopped; the index is whole.")
        return INTERRUPTED if isinstance(stop, KeyboardInterrupt) else TERMINATED
    except BrokenPipeError:
        # The reader of our output has gone (`quoth ask … | head`); nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end a command as Ctrl-C does: nothing half done stays behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _index(options: argparse.Namespace) -> int:
    """Index the essays of FOLDER: the folder indexed last if none is named, the shipped essay at first."""
    from index.opening import address_of
    from qa.building import rebuilt
    from qa.command.check import kept_before, kept_touched

    address = address_of(options.index)
    before = kept_before(options.kept, address) if options.kept else []
    report = rebuilt(address, options.folder, options.model)
    for skip in report.skipped:
        _say(f"skipped {skip}")
    for name, encoding in report.decoded:
        _say(f"read {name} as {encoding}, which is not UTF-8")
    for one in report.left_out[:_MOST_LEFT_OUT]:
        _say(str(one))
    if len(report.left_out) > _MOST_LEFT_OUT:
        _say(f"and more than a little of {len(report.left_out) - _MOST_LEFT_OUT} other documents")
    _say(f"documents: {report.in_languages}")
    if report.advice:
        _say(report.advice)
    _say(f"{report.changes}; {report.embedded} of {report.passages} passages embedded")
    if before:
        kept_touched(before, address, print)
    print(report)
    return 0


def _ask(options: argparse.Namespace) -> int:
    """Answer QUESTION with passages of the essays, quoted letter for letter."""
    if (options.question is None) == (options.batch is None):
        _say("quoth ask: give either a QUESTION or --batch FILE")
        return MISUSED
    from qa.retrieve import retrieve
    from qa.retriever import checked

    mode: Mode | None = "list" if options.list else None
    answered = partial(
        retrieve, k=options.k, index=options.index, documents=options.document, mode=mode, reader=not options.no_reader
    )
    if options.batch is not None:
        with _opened(options.batch) as file:
            _ensure_index(options.index)
            for values in asked(file, options.batch):
                answer = answered(values["question"])
                print(_json({"id": values.get("id"), **answer.json()}), flush=True)
        return 0
    question = checked(options.question, options.k)
    _ensure_index(options.index)
    answer = answered(question)
    if options.json:
        print(_json(answer.json(), indent=2))
    else:
        for message in answer.withheld:
            _say(message)
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        print(as_text(answer, min(shutil.get_terminal_size().columns, 100), colour=colour))
    return {"none": UNANSWERED, "withheld": WITHHELD}.get(answer.verdict, 0)


def _serve(options: argparse.Namespace) -> int:
    """Open the web page on this machine; if there is no index yet, the shipped essay is indexed first."""
    from index.opening import address_of
    from qa.page.app import serve
    from qa.page.guard.limits import Limits
    from qa.page.guard.password import password_in

    serve(
        address_of(options.index),
        host=options.host,
        port=options.port,
        auth=password_in(options.auth),
        uploads=not options.no_uploads,
        limits=Limits(kept_days=options.keep_days, kept_bytes=int(options.keep_mb * 1_000_000)),
        open_browser=options.open,
        say=_say,
    )
    return 0


def _verify(options: argparse.Namespace) -> int:
    """Read every source file again and prove that each stored span still says what it said."""
    from index.opening import address_of, open_index
    from index.verify import verify

    with open_index(address_of(options.index)) as index:
        about, changes = index.about, list(verify(index))
    for name, change in changes:
        print(visible(f"{name}: {change}"))
    if changes:
        raise UserError(
            f"{len(changes)} of {about.counts.documents} documents differ from the index; rebuild it: {about.rebuild}"
        )
    counts = about.counts
    print(
        f"{counts.documents} documents, {counts.passages} passages, {counts.sentences} sentences: "
        "every one says what its file says"
    )
    return 0


def _check(options: argparse.Namespace) -> int:
    """Say of quotations whether they are the essays' own words."""
    from qa.command.check import check

    return check(options, print, _say)


def _link(options: argparse.Namespace) -> int:
    """Open a permalink, or make one."""
    from qa.command.check import link

    return link(options, print)


def _eval(options: argparse.Namespace) -> int:
    """Ask the questions of each SET of its own documents, and say how good the answers are."""
    from index.encoding.encoder import DEFAULT_MODEL
    from index.encoding.loading import load_encoder
    from qa.evaluation.evaluate import (
        ABLATIONS,
        NO_READER,
        cached_index,
        diagram,
        evaluate,
        foreign_questions,
        questions,
        table,
    )
    from qa.evaluation.measures import Run, compare
    from qa.ranking.minilm_reader import load_reader
    from qa.ranking.scoring import DEFAULT
    from qa.retriever import Retriever

    before = _runs(options.compare) if options.compare else {}
    sets = {folder: questions(folder) for folder in options.sets}
    encoder = load_encoder(options.model or DEFAULT_MODEL)
    reader = None if options.no_reader else load_reader()
    runs: list[Run] = []
    for folder in options.sets:
        with bar(f"indexing {folder.name}", "passages") as show:
            snapshot = cached_index(folder, encoder, show)
        ablated = []
        for name, settings in {"": DEFAULT, **(ABLATIONS if options.ablate else {})}.items():
            foreign = [] if name else foreign_questions(sets, folder)
            with bar(f"asking {folder.name} {name}", "questions") as show:
                retriever = Retriever(snapshot, encoder, settings, None if name == NO_READER else reader)
                run = evaluate(folder, retriever, limit=options.limit, foreign=foreign, progress=show)
            ablated.append(replace(run, name=name or run.name))
        runs.append(ablated[0])
        if options.ablate:
            print(table(ablated), end="\n\n")
    print(table(runs))
    if options.reliability:
        print("\n".join(diagram(run) for run in runs))
    if options.json:
        values = {"command": " ".join(sys.argv), "runs": [run.json() for run in runs]}
        options.json.write_text(_json(values, indent=1) + "\n", encoding="utf-8")
    for run in runs:
        if run.name in before:
            print(f"{run.name}: {compare(before[run.name], run.json())}")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    """Say what is installed, whether the model's weights are the official ones, and how the index is."""
    from index.encoding.default_model import checked_weights, default_model_folder
    from index.opening import address_of, open_index

    print(f"quoth {importlib.metadata.version('quoth')}, Python {sys.version.split()[0]}, {sys.platform}")
    for package in ("onnxruntime", "sentence-transformers", "torch", "faiss-cpu", "gradio"):
        print(f"{package} {importlib.metadata.version(package)}")
    print(f"model: {checked_weights(default_model_folder())}, weights as published")
    with open_index(address_of(options.index)) as index:
        about = index.about
    counts = about.counts
    print(f"index: {about.address}, {about.size / 1e6:.1f} MB, every file as it was written")
    print(f"  {counts.documents} documents, {counts.passages} passages, {counts.truncated} truncated")
    print(f"  built {about.built} from {about.source} with {about.model}")
    return 0


def _runs(path: Path) -> dict[str, dict[str, object]]:
    """The runs in a file that `quoth eval --json` wrote, by set."""
    try:
        return {run["set"]: run for run in json.loads(path.read_text(encoding="utf-8"))["runs"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(f"{str(path)!r} holds no runs of `quoth eval --json`: {error!r}") from error


def _ensure_index(address: str | None) -> None:
    """Index the shipped essay if the user has no index yet; an index that was named must exist."""
    from index.opening import address_of, current
    from qa.building import ensure_index

    if address is not None:
        current(address)
    else:
        ensure_index(address_of(), _say)


def _opened(path: str) -> contextlib.AbstractContextManager[IO[bytes]]:
    """The file at `path` to read; `-` is standard input."""
    try:
        return contextlib.nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb")
    except OSError as error:
        raise UserError(f"The questions in {path!r} cannot be read: {error.strerror}") from error


def _json(values: object, indent: int | None = None) -> str:
    return json.dumps(values, ensure_ascii=False, indent=indent)


def _say(message: str) -> None:
    print(visible(message), file=sys.stderr)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "index": _index,
    "ask": _ask,
    "serve": _serve,
    "verify": _verify,
    "check": _check,
    "link": _link,
    "eval": _eval,
    "doctor": _doctor,
}
