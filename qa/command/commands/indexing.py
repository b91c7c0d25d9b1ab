"""`quoth index`: read the essays, and publish a new index."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from qa.command.arguments import command, takes_index
from qa.command.commands.kept import kept_before, kept_touched
from qa.command.output.streams import Out
from qa.command.output.terminal import visible

if TYPE_CHECKING:
    from index.report import BuildReport
    from qa.command.arguments import Commands

# So many essays are named of which more than a little is left out.
_MOST_LEFT_OUT = 10


def add(commands: Commands) -> None:
    """Add `index`."""
    made = command(
        commands,
        "index",
        index,
        about="index the essays of folders",
        details="Index the essays of FOLDER: what was indexed last if none is named, the shipped essay at first. "
        "Patterns are as in .gitignore, below the folder, or below the one that holds all of several.",
    )
    made.add_argument("folder", nargs="*", type=Path, metavar="FOLDER", help="a folder that holds essays, or an essay")
    made.add_argument(
        "--include", action="append", default=[], metavar="PATTERN", help="only what is called so: '*.md'"
    )
    made.add_argument(
        "--exclude", action="append", default=[], metavar="PATTERN", help="without it: 'drafts', '**/old'"
    )
    made.add_argument("--model", help="a sentence-transformers model, by name or path (default: quoth-minilm)")
    made.add_argument("--kept", type=Path, metavar="FILE", help="say which of these kept quotations were touched")
    made.add_argument("--watch", action="store_true", help="go on, and index again whenever the essays change")
    made.add_argument(
        "--ray",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="read with the workers of a Ray (into Milvus): one on this machine, or --ray=HOST:PORT",
    )
    takes_index(made)


def index(options: argparse.Namespace, out: Out) -> int:
    """Index the essays of FOLDER: what was indexed last if none is named, the shipped essay at first."""
    from index.opening import address_of
    from qa.building import rebuilt

    address = address_of(options.index)
    before = kept_before(options.kept, address) if options.kept else []
    report = rebuilt(
        address, options.folder, options.model, include=options.include, exclude=options.exclude, ray=options.ray
    )
    _tell(report, out)
    if before:
        kept_touched(before, address, out)
    out.show(str(report))
    if options.watch:
        _watch(options, address, out)
    return 0


def _watch(options: argparse.Namespace, address: str, out: Out) -> None:
    """Index again whenever the essays change, until the command is stopped."""
    from qa.watching import watch

    before = kept_before(options.kept, address) if options.kept else []

    def built(_report: BuildReport) -> None:
        nonlocal before
        if before:
            kept_touched(before, address, out)
            before = kept_before(options.kept, address)

    out.say("Watching the essays; Ctrl-C ends it.")
    watch(address, lambda line: out.show(visible(line)), built=built)


def _tell(report: BuildReport, out: Out) -> None:
    """Say what is worth knowing of a build beside its result."""
    say = out.say
    for skip in report.skipped:
        say(f"skipped {skip}")
    for name, encoding in report.decoded:
        say(f"read {name} as {encoding}, which is not UTF-8")
    for one in report.left_out[:_MOST_LEFT_OUT]:
        say(str(one))
    if len(report.left_out) > _MOST_LEFT_OUT:
        say(f"and more than a little of {len(report.left_out) - _MOST_LEFT_OUT} other documents")
    say(f"documents: {report.in_languages}")
    if report.advice:
        say(report.advice)
    if out.verbose:
        for line in report.changes.names:
            say(line)
    say(f"{report.changes}; {report.embedded} of {report.passages} passages embedded")
