"""The options of the command line: those of each command stand beside it."""

from __future__ import annotations

import argparse
import importlib.metadata

from qa.command.commands import (
    asking,
    citing,
    completing,
    desk,
    indexing,
    linking,
    looking,
    measuring,
    models,
    reading,
    serving,
)


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    whole = argparse.ArgumentParser(
        prog="quoth", description="Ask a set of essays; the answer is what they say, letter for letter."
    )
    whole.add_argument("--version", action="version", version=f"quoth {importlib.metadata.version('quoth')}")
    commands = whole.add_subparsers(required=True, dest="command", metavar="COMMAND")
    for room in (indexing, asking, serving, reading, desk, linking, citing, looking, measuring, models):
        room.add(commands)
    completing.add(commands, whole)
    return whole
