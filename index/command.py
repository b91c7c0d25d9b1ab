"""The command that builds an index, as somebody may type it."""

from __future__ import annotations

import os
import re
import shlex

from index.encoding.encoder import DEFAULT_MODEL
from index.protocol import Origin


def command(origin: Origin | None, address: str) -> str:
    """The command that builds the index at `address` from `origin`, as far as it is known.

    "" is the address of the user's own.
    """
    words = ["quoth index", *(map(_quoted, origin.places) if origin and origin.source else ["FOLDER"])]
    if origin:
        for option, patterns in (("include", origin.selection.include), ("exclude", origin.selection.exclude)):
            words += [f"--{option} {_quoted(pattern)}" for pattern in patterns]
        if origin.chosen and origin.model not in ("", DEFAULT_MODEL):
            words.append(f"--model {_quoted(origin.model)}")
    return " ".join([*words, *([f"--index {_quoted(address)}"] if address else [])])


def _quoted(argument: str) -> str:
    """`argument` as a shell takes it."""
    if any(sign in '"$`\\!' or not sign.isprintable() for sign in argument) and os.name != "nt":
        return shlex.quote(argument)
    return argument if argument.isascii() and not re.search(r"[\s'&|;<>()*?#~\[\]{}]", argument) else f'"{argument}"'
