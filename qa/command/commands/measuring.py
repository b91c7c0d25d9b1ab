"""`quoth eval`: how good the answers are, on questions with known answers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.command.arguments import command, takes_no_reader
from qa.command.output.streams import Out
from qa.progress import bar
from source.errors import UserError

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder
    from qa.command.arguments import Commands
    from qa.evaluation.measures import Asked, Run
    from qa.ranking.reader import Reader


def add(commands: Commands) -> None:
    """Add `eval`."""
    made = command(
        commands,
        "eval",
        measure,
        about="measure on questions with known answers",
        details="Ask the questions of each SET of its own documents, and say how good the answers are.",
    )
    made.add_argument("sets", nargs="+", type=Path, metavar="SET", help="a folder: documents/ and questions.jsonl")
    made.add_argument("--limit", type=int, metavar="N", help="ask only N questions of each set")
    made.add_argument("--json", type=Path, metavar="FILE", help="write measures and every outcome as JSON")
    made.add_argument("--compare", type=Path, metavar="FILE", help="compare with a run that --json wrote")
    made.add_argument("--reliability", action="store_true", help="show how often each confidence was right")
    made.add_argument("--ablate", action="store_true", help="measure also without each part of the ranking")
    made.add_argument("--model", help="a sentence-transformers model, by name or path (default: all-MiniLM-L6-v2)")
    takes_no_reader(made)


def measure(options: argparse.Namespace, out: Out) -> int:
    """Ask the questions of each SET of its own documents, and say how good the answers are."""
    from index.encoding.encoder import DEFAULT_MODEL
    from index.encoding.loading import load_encoder
    from qa.evaluation.evaluate import diagram, questions, table
    from qa.evaluation.measures import compare
    from qa.ranking.minilm_reader import load_reader

    before = _runs(options.compare) if options.compare else {}
    sets = {folder: questions(folder) for folder in options.sets}
    encoder = load_encoder(options.model or DEFAULT_MODEL)
    reader = None if options.no_reader else load_reader()
    runs: list[Run] = []
    for folder in options.sets:
        ablated = _measured(folder, sets, encoder, reader, limit=options.limit, ablate=options.ablate)
        runs.append(ablated[0])
        if options.ablate:
            out.show(f"{table(ablated)}\n")
    out.show(table(runs))
    if options.reliability:
        out.show("\n".join(diagram(run) for run in runs))
    if options.json:
        values = {"command": " ".join(sys.argv), "runs": [run.json() for run in runs]}
        options.json.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for run in runs:
        if run.name in before:
            out.show(f"{run.name}: {compare(before[run.name], run.json())}")
    return 0


def _measured(
    folder: Path,
    sets: Mapping[Path, Sequence[Asked]],
    encoder: Encoder,
    reader: Reader | None,
    *,
    limit: int | None,
    ablate: bool,
) -> list[Run]:
    """The run of one set, and those without each part of the ranking where it is to `ablate`."""
    from qa.evaluation.evaluate import ABLATIONS, NO_READER, cached_index, evaluate, foreign_questions
    from qa.ranking.scoring import DEFAULT
    from qa.retriever import Retriever

    with bar(f"indexing {folder.name}", "passages") as show:
        index = cached_index(folder, encoder, show)
    runs = []
    for name, settings in {"": DEFAULT, **(ABLATIONS if ablate else {})}.items():
        foreign = [] if name else foreign_questions(sets, folder)
        with bar(f"asking {folder.name} {name}", "questions") as show:
            retriever = Retriever(index, encoder, settings, None if name == NO_READER else reader)
            run = evaluate(folder, retriever, limit=limit, foreign=foreign, progress=show)
        runs.append(replace(run, name=name or run.name))
    return runs


def _runs(path: Path) -> dict[str, dict[str, object]]:
    """The runs in a file that `quoth eval --json` wrote, by set."""
    try:
        return {run["set"]: run for run in json.loads(path.read_text(encoding="utf-8"))["runs"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(f"{str(path)!r} holds no runs of `quoth eval --json`: {error!r}") from error
