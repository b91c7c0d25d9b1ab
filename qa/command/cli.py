"""The command line: `quoth COMMAND …`.

Results go to standard output, all else to standard error. Exit status: 0, 1 (a UserError), 2
(usage), 3 (`ask`: the essays do not answer; `check`: not as the essays say), 4 (`ask`: what would answer is withheld).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence

from qa.command.arguments import Command
from qa.command.options import parser
from qa.command.output.streams import Out
from qa.command.output.terminal import visible
from qa.progress import bars
from source.errors import NoIndex, UserError

FAILED, INTERRUPTED, TERMINATED = 1, 130, 143


class _Terminated(BaseException):
    """The system asked the command to end."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a stream that a caller has put in their place
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    options = parser().parse_args(arguments)
    run: Command = options.run
    out = Out.of(_show, _say, when=options.color, quiet=options.quiet, verbose=options.verbose)
    with bars(wanted=not options.quiet):
        return guarded(lambda: run(options, out), lambda: _left(options))


def guarded(command: Callable[[], int], left: Callable[[], str]) -> int:
    """Run `command` and return its exit status; what stops it is told in one sentence, with what it has `left`."""
    try:
        with _terminable():
            return command()
    except UserError as error:
        _say(f"quoth: {error}")
        return FAILED
    except (KeyboardInterrupt, _Terminated) as stop:
        _say(f"quoth: stopped{left()}.")
        return INTERRUPTED if isinstance(stop, KeyboardInterrupt) else TERMINATED
    except MemoryError:
        _say("quoth: there is not enough memory for this; end other programs, or divide what is to be read.")
        return FAILED
    except BrokenPipeError:  # the reader of our output has gone (`quoth ask … | head`)
        _write_no_more()
        return 0
    except OSError as error:
        what = repr(error.filename) if error.filename else "What the command reads or writes"
        _say(f"quoth: {what} cannot be read or written: {error.strerror or error}.")
        _write_no_more()
        return FAILED


def _left(options: argparse.Namespace) -> str:
    """What is true of the index that a command was given when it was stopped, so far as that can be told at once."""
    from index.opening import address_of, current

    try:
        address = address_of(options.index)
        if "://" in address:  # whoever stops a command may have waited for just that server
            return ""
        current(address)
    except NoIndex:
        return "; there is no index yet"
    except (AttributeError, UserError):  # a command without an index, or one that is damaged
        return ""
    return "; the index is whole"


def _open_closed_streams() -> None:
    """Let no file that is opened later be taken for standard input, output or errors where these are closed."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 (open to the end)


def _write_no_more() -> None:
    """Throw away what is not written yet: Python would try again at its end."""
    with contextlib.suppress(OSError):  # a stream that a caller has put in its place has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end a command as Ctrl-C does: nothing half done stays behind.

    Before and after, both end the process at once; where Ctrl-C is ignored, it stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise _Terminated

    silent = signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    if silent:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if silent:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


def _show(text: str) -> None:
    print(text, flush=True)


def _say(message: str) -> None:
    print(visible(message), file=sys.stderr)
