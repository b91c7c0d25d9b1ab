"""What the options of several commands have in common."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from qa.command.output.streams import Out
from source.errors import NoDocument, UserError

if TYPE_CHECKING:
    from index.protocol import Index

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

Command = Callable[[argparse.Namespace, Out], int]  # gives the exit status
_MOST = 1e9


def command(commands: Commands, name: str, run: Command, *, about: str, details: str) -> argparse.ArgumentParser:
    """A new command called `name` that is `run`, to take its options."""
    made = commands.add_parser(name, help=about, description=details)
    made.set_defaults(run=run)
    told = made.add_mutually_exclusive_group()
    told.add_argument("-q", "--quiet", action="store_true", help="print results and errors alone")
    told.add_argument("-v", "--verbose", action="store_true", help="tell more")
    made.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour what is printed (default: auto, on a terminal; see also NO_COLOR and FORCE_COLOR)",
    )
    return made


def takes_index(made: argparse.ArgumentParser) -> None:
    """Let a command be told which index is meant."""
    made.add_argument(
        "--index",
        metavar="PATH",
        help="where the index lies, @NAME for a collection of your own, or milvus://HOST:PORT/COLLECTION "
        "(default: QUOTH_INDEX, or user's data)",
    )


@contextlib.contextmanager
def opened(options: argparse.Namespace) -> Iterator[Index]:
    """The index that is meant, open."""
    from index.opening import address_of, open_index

    with open_index(address_of(options.index)) as index:
        try:
            yield index
        except NoDocument as error:  # which one is nearest only an open index can tell
            raise UserError(str(error)) from error


def takes_format(made: argparse.ArgumentParser) -> None:
    """Let a command be told how to print what it found."""
    form = made.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    form.add_argument("--format", choices=("text", "markdown", "csv", "json"), help="how to print (default: text)")


def takes_no_reader(made: argparse.ArgumentParser) -> None:
    """Let a command answer without the reader."""
    made.add_argument("--no-reader", action="store_true", help="answer sooner, and never say that one answers")


def takes_force(made: argparse.ArgumentParser) -> None:
    """Let a command write over a file that is there."""
    made.add_argument("--force", action="store_true", help="write over a file that is there")


def amount(text: str) -> float:
    """A number that is not negative, and in reach."""
    number = float(text)
    if not 0 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"{text[:30]} is out of reach; give a number up to {_MOST:,.0f}")
    return number


def count(text: str) -> int:
    """A number from 1 on."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text[:30]} is too few; give a number from 1 on")
    return number


def port(text: str) -> int:
    """The number of a port."""
    number = int(text)
    if not 0 <= number < 1 << 16:
        raise argparse.ArgumentTypeError(f"{text[:30]} is no port; give a number up to 65535")
    return number
