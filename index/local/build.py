"""Where snapshots are built: one build at a time, whose snapshot becomes current as a whole or is removed."""

from __future__ import annotations

import contextlib
import datetime
import secrets
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from filelock import FileLock, Timeout

import index.build
from index.encoding.encoder import DEFAULT_MODEL, Encoder
from index.generation import Progress
from index.local.generation import LocalGeneration
from index.local.location import LOCK, SNAPSHOTS, check_name, check_place, clear, default_location, publish
from index.local.removal import BUILDING, make, remove
from index.local.snapshot import Snapshot
from index.protocol import Index
from index.report import BuildReport
from source.errors import UserError
from source.selection import ALL, Selection


def build(
    folder: Path,
    location: Path | None = None,
    *,
    encoder: Encoder,
    progress: Progress | None = None,
    chosen: bool | None = None,
    beside: Index | None = None,
    selection: Selection = ALL,
) -> tuple[Snapshot, BuildReport]:
    """Index the essays in `folder` and publish the snapshot at `location`: see `index.build.build`."""
    sink = LocalSink(location or default_location())
    built, report = index.build.build(
        folder, sink, encoder=encoder, progress=progress, chosen=chosen, beside=beside, selection=selection
    )
    return cast(Snapshot, built), report


@dataclass(frozen=True, slots=True)
class LocalSink:
    """Takes snapshots of the index at `location`."""

    location: Path

    @contextlib.contextmanager
    def generation(
        self, folder: Path, encoder: Encoder, *, chosen: bool | None, selection: Selection = ALL
    ) -> Iterator[LocalGeneration]:
        """See `Sink.generation`.

        Raises UserError if `location` is a folder of something else or lies in the essays or around them,
        another build is running, or the disk is full or read-only.
        """
        location = self.location
        for one in (folder, location):
            check_name(one)
        check_place(location, folder, encoder.model, selection)
        try:
            location.mkdir(mode=0o700, parents=True, exist_ok=True)
            _close(location)
            with FileLock(location / LOCK, timeout=0, mode=0o600):
                with self._snapshot(folder, encoder, chosen, selection) as new:
                    yield new
                if new.published:
                    clear(location, new.name)
        except Timeout as error:
            raise UserError(f"Another build of {str(location)!r} is running; try again when it has ended.") from error
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UserError(
                f"The index at {str(location)!r} could not be written: {reason}; it is as it was."
            ) from error

    @contextlib.contextmanager
    def _snapshot(
        self, folder: Path, encoder: Encoder, chosen: bool | None, selection: Selection
    ) -> Iterator[LocalGeneration]:
        """A new snapshot, which is removed unless it was made current."""
        last = Snapshot.usable(self.location)
        chosen = _was_chosen(last, encoder) if chosen is None else chosen
        clear(self.location, last.name if last else None)
        name = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(3)}"
        work = self.location / SNAPSHOTS / f"{BUILDING}{name}"
        make(work)
        try:
            new = LocalGeneration(work, last, folder, encoder, self._complete, chosen=chosen, selection=selection)
            del last  # once it is published it reads it no more
            with new:
                yield new
        finally:
            remove(work)  # a snapshot that is complete has another name

    def _complete(self, work: Path, shared: Collection[str]) -> Snapshot:
        """Make the snapshot in `work` the current one, which has files in common with the last one.

        An interruption from here on removes nothing: the pointer may name the new snapshot already. What is left
        unnamed, the next build clears.
        """
        complete = work.rename(work.with_name(work.name.removeprefix(BUILDING)))
        try:
            publish(self.location, complete)
        except OSError:
            remove(complete)
            raise
        return Snapshot.open(self.location, taken_over=shared)


def _close(location: Path) -> None:
    """Let nobody else in: an index holds whole essays."""
    with contextlib.suppress(OSError):  # it is another user's, who decides
        location.chmod(0o700)


def _was_chosen(last: Snapshot | None, encoder: Encoder) -> bool:
    return last.manifest.origin.chosen if last and last.model == encoder.model else encoder.model != DEFAULT_MODEL
