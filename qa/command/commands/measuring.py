"""`quoth eval`: how good the answers are, on questions with known answers; `quoth questions` makes those."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.command.arguments import command, count, opened, takes_force, takes_index, takes_no_reader
from qa.command.batch import LONGEST, lines_of
from qa.command.output.streams import Out, check_free, written
from qa.progress import bar
from source.errors import UserError
from source.given import given_text
from source.strict_json import loads

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder
    from index.protocol import Index
    from qa.command.arguments import Commands
    from qa.evaluation.judge import LabelledQuestion
    from qa.evaluation.runs import Run
    from qa.ranking.reader import Reader

_FAILED = 1
_MOST_BYTES = 256 << 20  # of a file of runs


def add(commands: Commands) -> None:
    """Add `eval` and `questions`."""
    made = command(
        commands,
        "eval",
        measure,
        about="measure on questions with known answers",
        details="Ask the questions of each SET of its own documents, and say how good the answers are.",
    )
    made.add_argument("sets", nargs="+", type=Path, metavar="SET", help="a folder: documents/ and questions.jsonl")
    made.add_argument("--limit", type=count, metavar="N", help="ask only N questions of each set")
    made.add_argument("--json", type=Path, metavar="FILE", help="write measures and every outcome as JSON")
    takes_force(made)
    made.add_argument("--compare", type=Path, metavar="FILE", help="compare with a run that --json wrote")
    made.add_argument("--reliability", action="store_true", help="show how often each confidence was right")
    made.add_argument("--ablate", action="store_true", help="measure also without each part of the ranking")
    made.add_argument("--model", help="a sentence-transformers model, by name or path (default: quoth-minilm)")
    made.add_argument("--index", metavar="PATH", help="ask this index, which holds the documents of the one SET")
    takes_no_reader(made)
    drafts = command(
        commands,
        "questions",
        make_questions,
        about="make a set for eval: find where its answers stand",
        details="Print the questions of a set, each with the places of the texts that answer it. DRAFT has a JSON "
        'object a line: {"question": "…", "answers": ["words of the essays", …], "document": "NAME, if only there"} '
        'or {"question": "…", "answerable": false}. A line that cannot be used is said, and the others are printed.',
    )
    drafts.add_argument("draft", metavar="DRAFT", help="a file of drafted questions; - for standard input")
    takes_index(drafts)


def measure(options: argparse.Namespace, out: Out) -> int:
    """Ask the questions of each SET of its own documents, and say how good the answers are."""
    from index.encoding.encoder import DEFAULT_MODEL
    from index.encoding.loading import load_encoder
    from qa.evaluation.evaluate import diagram, questions, table
    from qa.evaluation.runs import compare
    from qa.ranking.minilm_reader import load_reader

    if options.index and len(options.sets) != 1:
        raise UserError(f"One index holds the documents of one set, not of {len(options.sets)}; name one SET.")
    check_free(options.json, force=options.force)
    before = _runs(options.compare) if options.compare else {}
    sets = {folder: questions(folder) for folder in options.sets}
    encoder = load_encoder(options.model or DEFAULT_MODEL)
    reader = None if options.no_reader else load_reader()
    runs: list[Run] = []
    for folder in options.sets:
        with _index(options.index, folder, encoder) as index:
            ablated = _measured(folder, index, sets, encoder, reader, limit=options.limit, ablate=options.ablate)
        runs.append(ablated[0])
        if options.ablate:
            out.show(f"{table(ablated)}\n")
    out.show(table(runs))
    if options.reliability:
        out.show("\n".join(diagram(run) for run in runs))
    if options.json:
        values = {"command": " ".join(sys.argv), "runs": [run.json() for run in runs]}
        written(
            options.json, json.dumps(values, ensure_ascii=False, indent=1) + "\n", "The measures", force=options.force
        )
    for run in runs:
        if run.name in before:
            out.show(f"{run.name}: {compare(before[run.name], run.json())}")
    return 0


def _index(address: str | None, folder: Path, encoder: Encoder) -> Index:
    """The index at `address`, or one that is built of the documents of the set in `folder`."""
    from index.opening import open_index
    from qa.evaluation.evaluate import cached_index

    if address is not None:
        return open_index(address)
    with bar(f"indexing {folder.name}", "passages") as show:
        return cached_index(folder, encoder, show)


def _measured(
    folder: Path,
    index: Index,
    sets: Mapping[Path, Sequence[LabelledQuestion]],
    encoder: Encoder,
    reader: Reader | None,
    *,
    limit: int | None,
    ablate: bool,
) -> list[Run]:
    """The run of one set, and those without each part of the ranking where it is to `ablate`."""
    from qa.evaluation.evaluate import ABLATIONS, NO_READER, QUESTIONS, evaluate, foreign_questions
    from qa.evaluation.sets import check_set
    from qa.ranking.scoring import DEFAULT
    from qa.retriever import Retriever

    check_set(folder / QUESTIONS, sets[folder], index)
    runs = []
    for name, settings in {"": DEFAULT, **(ABLATIONS if ablate else {})}.items():
        foreign = [] if name else foreign_questions(sets, folder)
        with bar(f"asking {folder.name} {name}", "questions") as show:
            retriever = Retriever(index, encoder, settings, None if name == NO_READER else reader)
            run = evaluate(folder, retriever, limit=limit, foreign=foreign, progress=show)
        runs.append(replace(run, name=name or run.name))
    return runs


def make_questions(options: argparse.Namespace, out: Out) -> int:
    """Print the questions of a set, each with the places of the texts that answer it."""
    from qa.evaluation.sets import drafted

    wrong = 0
    with opened(options) as index, lines_of(options.draft, "The questions") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                if len(line) > LONGEST:
                    raise UserError(f"it is longer than {LONGEST:,} bytes")
                values = drafted(loads(line), index)
            except (UserError, ValueError) as error:
                wrong += 1
                reason = error if isinstance(error, UserError) else f"it is not JSON: {error}"
                out.say(f"{options.draft}, line {number}: {reason}")
            else:
                out.show(json.dumps({"id": str(number), **values}, ensure_ascii=False))
    return _FAILED if wrong else 0


def _runs(path: Path) -> dict[str, dict[str, object]]:
    """The runs in a file that `quoth eval --json` wrote, by set."""
    text = given_text(path, "The runs to compare with", _MOST_BYTES)
    try:
        return {run["set"]: run for run in loads(text)["runs"]}
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{str(path)!r} holds no runs of `quoth eval --json`: {error!r}") from error
