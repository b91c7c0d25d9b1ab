"""`quoth mcp`: the essays for a language model, over standard input and output."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from qa.command.arguments import command, takes_index
from qa.command.output.streams import Out

if TYPE_CHECKING:
    from qa.command.arguments import Commands


def add(commands: Commands) -> None:
    """Add `mcp`."""
    made = command(
        commands,
        "mcp",
        _serve,
        about="let a language model ask, over standard input and output",
        details="Serve the Model Context Protocol over standard input and output, for a program that runs a language "
        "model: it can ask the essays, read them and check quotations, and change nothing. If there is no index yet, "
        "the shipped essay is indexed first. Needs `pip install 'quoth[mcp]'`.",
    )
    takes_index(made)


def _serve(options: argparse.Namespace, out: Out) -> int:
    """Serve until standard input ends."""
    from index.opening import address_of, current, is_named
    from qa.building import ensure_index
    from qa.programs.model_context import server

    address = address_of(options.index)
    made = server(address)
    if is_named(options.index):
        current(address)
    else:
        ensure_index(address, out.say)
    made.run("stdio")
    return 0
