"""`quoth completion`: what a shell needs to complete commands and their options."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from qa.command.arguments import command
from qa.command.output.streams import Out

if TYPE_CHECKING:
    from qa.command.arguments import Commands

_SHELLS = ("bash", "zsh", "tcsh", "fish", "powershell")


def add(commands: Commands, whole: argparse.ArgumentParser) -> None:
    """Add `completion`, of all commands of `whole`."""
    made = command(
        commands,
        "completion",
        partial(_completion, whole),
        about="print what lets a shell complete commands",
        details='Print the completion of SHELL. For bash, put this into ~/.bashrc: eval "$(quoth completion bash)"; '
        "zsh: put what is printed into a file _quoth on $fpath; fish: into ~/.config/fish/completions/quoth.fish.",
    )
    made.add_argument("shell", choices=_SHELLS, metavar="SHELL", help=", ".join(_SHELLS))


def _completion(whole: argparse.ArgumentParser, options: argparse.Namespace, out: Out) -> int:
    """Print the completion of a shell."""
    import shtab

    for made in _all(whole):
        for action in made._actions:
            if action.metavar in ("FILE", "SET", "FOLDER", "PATH") and not hasattr(action, "complete"):
                found = shtab.FILE if action.metavar == "FILE" else shtab.DIRECTORY
                action.complete = found  # type: ignore[attr-defined]  # where shtab looks for it
    out.show(shtab.complete(whole, options.shell))
    return 0


def _all(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """A parser and those of its commands."""
    groups = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    return [parser, *(made for group in groups for made in group.choices.values())]
