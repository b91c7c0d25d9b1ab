"""The command that builds an index, as somebody may type it."""

from __future__ import annotations

import os
import re
import shlex

from index.encoding.encoder import DEFAULT_MODEL


def command(source: str, model: str, address: str) -> str:
    """The command that builds the index at `address` of the essays in `source` with `model`, as far as it is known.

    "" is the address of the user's own.
    """
    words = f"quoth index {_quoted(source) if source else 'FOLDER'}"
    if model not in ("", DEFAULT_MODEL):
        words += f" --model {_quoted(model)}"
    return words + (f" --index {_quoted(address)}" if address else "")


def _quoted(argument: str) -> str:
    """`argument` as a shell takes it."""
    if any(sign in '"$`\\!' or not sign.isprintable() for sign in argument) and os.name != "nt":
        return shlex.quote(argument)
    return argument if argument.isascii() and not re.search(r"[\s'&|;<>()*?#~\[\]{}]", argument) else f'"{argument}"'
