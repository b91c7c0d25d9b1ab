"""A progress bar, where there is a terminal."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar

_WANTED: ContextVar[bool] = ContextVar("_WANTED", default=True)


@contextlib.contextmanager
def bars(*, wanted: bool) -> Iterator[None]:
    """Whether bars are `wanted` meanwhile."""
    before = _WANTED.set(wanted)
    try:
        yield
    finally:
        _WANTED.reset(before)


@contextlib.contextmanager
def bar(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, if that is a terminal that can move its cursor; gives what moves the bar."""
    from tqdm import tqdm

    unseen = True if not _WANTED.get() or os.environ.get("TERM") == "dumb" else None
    with tqdm(desc=what, unit=f" {unit}", disable=unseen, leave=False, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
