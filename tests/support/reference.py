"""The reference of the command line and of `import quoth`, read from the code itself, as Markdown."""

import argparse
import dataclasses
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import quoth

from qa.command.options import parser

PLACE = Path(__file__).parents[2] / "qa" / "REFERENCE.md"
_HEAD = """# Reference

Made from the code by `python tests/make_reference.py`. What is done with it stands in the [README](../README.md), how
it works [beside this file](README.md).
"""
_ALL = """Every command also takes `-q`, `--quiet` (print results and errors alone), `-v`, `--verbose` (tell more) and
`--color {auto,always,never}`.
"""
# What these are called by `argparse`, and its own `--help`.
_OF_ALL = {"quiet", "verbose", "color", "help"}
# What Python gives every dataclass, value and error.
_COMMON = {"__init__", "__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__", "__getstate__", "__setstate__"}
_TOLD = {"__iter__", "__len__", "__bool__", "__enter__", "__exit__"}


def reference() -> str:
    """The whole file."""
    parts = [_HEAD, "## The command line\n", _ALL, *_commands(), "## `import quoth`\n", *_exports()]
    return "\n".join(parts).rstrip() + "\n"


def _commands() -> Iterator[str]:
    whole = parser()
    (commands,) = (one for one in whole._actions if isinstance(one, argparse._SubParsersAction))
    for name, command in sorted(commands.choices.items()):
        yield f"### quoth {name}\n\n{_cell(command.description or '')}\n"
        actions = [one for one in command._actions if one.dest not in _OF_ALL]
        yield "| option | |\n|---|---|" if actions else ""
        yield from (f"| {_named(one)} | {_cell((one.help or '') % {'default': one.default})} |" for one in actions)
        yield ""


def _named(action: argparse.Action) -> str:
    """An option with what is given to it, as somebody types it."""
    choices = "{" + ",".join(map(str, action.choices)) + "}" if action.choices else ""
    value = action.metavar or choices or action.dest.upper()
    if not action.option_strings:
        more = {"?": f"[{value}]", "*": f"[{value} …]", "+": f"{value} …"}.get(str(action.nargs), str(value))
        return f"`{more}`"
    takes = "" if action.nargs == 0 else f" [{value}]" if action.nargs == "?" else f" {value}"
    return ", ".join(f"`{one}{takes}`" for one in action.option_strings).replace("|", "\\|")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _exports() -> Iterator[str]:
    for name in sorted(quoth.__all__, key=lambda name: (_rank(getattr(quoth, name)), name)):
        found = getattr(quoth, name)
        if inspect.isclass(found):
            yield from _class(name, found)
        elif callable(found):
            yield f"### quoth.{name}\n"
            yield f"`{name}{_signature(found)}`\n\n{inspect.cleandoc(found.__doc__)}\n"


def _rank(found: object) -> int:
    """Functions first, then what they give, then errors."""
    return 2 if inspect.isclass(found) and issubclass(found, Exception) else int(inspect.isclass(found))


def _class(name: str, found: type) -> Iterator[str]:
    base = f" ({found.__base__.__name__})" if issubclass(found, Exception) and found.__base__ else ""
    yield f"### quoth.{name}{base}\n\n{inspect.cleandoc(found.__doc__ or '')}\n"
    if issubclass(found, Exception):
        return
    if dataclasses.is_dataclass(found):
        yield from (f"- `{one.name}: {one.type}`" for one in dataclasses.fields(found) if not one.name.startswith("_"))
    for member, value in found.__dict__.items():
        if (member.startswith("_") and member not in _TOLD) or member in _COMMON:
            continue
        if isinstance(value, property):
            kind = inspect.signature(value.fget).return_annotation
            yield f"- `{member}: {kind}`: {_first(value)}"
        elif inspect.isfunction(value) and value.__doc__:
            yield f"- `{member}{_signature(value)}`: {_first(value)}"
    yield ""


def _first(found: object) -> str:
    return inspect.cleandoc(found.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def _signature(function: Callable[..., object]) -> str:
    """The parameters of a function and what it gives, as they are written."""
    signature = inspect.signature(function)
    parts: list[str] = []
    for one in signature.parameters.values():
        if one.name == "self":
            continue
        if one.kind is one.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        kind = "" if one.annotation is one.empty else f": {one.annotation}"
        otherwise = "" if one.default is one.empty else f" = {one.default!r}"
        parts.append(f"{one.name}{kind}{otherwise}")
    return f"({', '.join(parts)}) -> {signature.return_annotation}"
