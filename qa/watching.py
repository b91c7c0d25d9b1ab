"""Rebuild an index whenever its essays change, until it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.opening import origin
from index.report import BuildReport
from qa.building import rebuilt
from source.errors import UserError

# Changes that follow each other within so many milliseconds are one; what has failed is tried again after so many.
_TOGETHER, _AGAIN = 1600, 5000
# So many changed documents are named.
_MOST_NAMED = 20


def watch(
    address: str,
    say: Callable[[str], None],
    *,
    stop: threading.Event | None = None,
    built: Callable[[BuildReport], None] = lambda _: None,
) -> None:
    """Rebuild the index at `address` whenever its essays change, and `say` what has, until `stop` is set.

    Each rebuild is whole or changes nothing; one that fails is said once, and tried again. `built` is
    given the report of each that changed something. Raises UserError if the essays cannot be watched, or are gone.
    """
    places = list(map(Path, origin(address).places))
    waiting, said = True, ""  # what changed before the watching began is not told by it
    for changed in _changes(places, stop):
        if gone := next((place for place in places if not place.exists()), None):
            raise UserError(f"The essays in {str(gone)!r} are gone, and with them what to watch.")
        waiting = waiting or changed
        if not waiting:
            continue
        try:
            report = rebuilt(address, progress=_unseen)
        except UserError as error:
            if str(error) != said:
                said = str(error)
                say(f"The index is as it was: {said}")
            continue
        waiting, said = False, ""
        if report.changes.names:
            for line in told(report):
                say(line)
            built(report)


def told(report: BuildReport) -> list[str]:
    """What a rebuild changed, in lines: the documents by name, if they are not too many, and what it did."""
    names = report.changes.names
    lines = names if len(names) <= _MOST_NAMED else [*names[:_MOST_NAMED], f"and {len(names) - _MOST_NAMED} more"]
    return [*lines, *(f"skipped {one}" for one in report.skipped[:_MOST_NAMED]), str(report)]


def _changes(places: Sequence[Path], stop: threading.Event | None) -> Iterator[bool]:
    """Whether anything of the essays has changed, each time that it has or some seconds have passed."""
    import watchfiles

    files = {str(place) for place in places if place.is_file()}
    folders = [place for place in places if str(place) not in files]
    wanted = watchfiles.DefaultFilter()

    def essays(change: watchfiles.Change, path: str) -> bool:
        return path in files or (any(map(Path(path).is_relative_to, folders)) and wanted(change, path))

    try:
        yield from map(
            bool,
            watchfiles.watch(
                *{Path(one).parent for one in files},
                *folders,
                watch_filter=essays,
                debounce=_TOGETHER,
                rust_timeout=_AGAIN,
                yield_on_timeout=True,
                stop_event=stop,
                ignore_permission_denied=True,
            ),
        )
    except (OSError, RuntimeError) as error:  # too many folders for the system, a folder that is not there
        told = ", ".join(map(repr, map(str, places)))
        raise UserError(f"The essays in {told} cannot be watched: {error}.") from error


def _unseen(_done: int, _total: int) -> None:
    """Progress that nobody follows."""
