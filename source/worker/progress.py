"""A job while it is read: what its frames add up to, and how long it may still take."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic

from source.document import Document
from source.errors import UserError
from source.formats.archive import LARGEST_WHOLE
from source.worker.wire import SECONDS_PER_MEGABYTE, Frame, Job, Kind, Unpacking, heard

# The files of an archive together may take so many times as long as one file may.
ARCHIVE = 10
# A worker computes for so long at most as a file may take, and ends itself. Who waits for it waits so many times as
# long: others may have the processor meanwhile. Where no system counts for the worker, waiting is all there is.
PATIENCE = 10 if hasattr(signal, "ITIMER_PROF") else 1

# A document, None where the file is what it is known to be, or why it gives no document.
Outcome = Document | None | str


class Exhausted(Exception):
    """A worker has no memory for the file that it reads."""


class Reading:
    """A job while it is read."""

    def __init__(self, job: Job, seconds: float) -> None:
        self.job = replace(job, seconds=seconds)
        self.over = False
        self._name = job.name
        self._begun = 0  # files
        self._unpacked = 0  # bytes
        self._allowed = seconds  # of computing, for the file that is read now
        self._left_in_all = seconds * (ARCHIVE if job.archive else 1)
        self._waited = 0.0  # seconds for that file
        self._spent = 0.0  # seconds of computing, for the files before it
        self._pieces = Unpacking()

    def answers(self, frame: Callable[[float], Frame]) -> Iterator[tuple[str, Outcome]]:
        """The name of each file of the job and what it gives, from what `frame` gives within so many seconds.

        Raises UserError if no file can be read, what `frame` raises, Exhausted, and ValueError, TypeError or
        LookupError for what is no answer.
        """
        while True:
            started = monotonic()
            kind, payload = frame(self._patience())
            self._waited += monotonic() - started
            if kind is Kind.DONE:
                self.over = True
                return
            if kind is Kind.BEGIN:
                self._begin(*heard(payload))
            elif kind is Kind.DOCUMENT:
                document, self._pieces = self._pieces.document(), Unpacking()
                yield self._name, document
            elif kind is Kind.UNCHANGED:
                yield self._name, None
            elif kind is Kind.REFUSED:
                yield self._name, str(heard(payload)[0])
            elif kind is Kind.EXHAUSTED:
                raise Exhausted
            elif kind is Kind.FAILED:
                raise UserError(str(heard(payload)[0]))
            else:
                self._pieces.add(kind, payload)

    def _patience(self) -> float:
        """Seconds to wait for a frame: none where the files have computed for as long as they may together."""
        return PATIENCE * self._allowed - self._waited if self._left_in_all > 0 else 0.0

    def _begin(self, name: str, size: int, spent: float) -> None:
        more = SECONDS_PER_MEGABYTE * size / 1e6
        self._name = name
        self._begun += 1
        self._unpacked += size
        self._allowed = self.job.seconds + more
        self._left_in_all += more - (spent - self._spent)
        self._waited, self._spent = 0.0, spent
        self._pieces = Unpacking()

    def late(self) -> str:
        """Why it is given up when its time is over."""
        return f"given up: reading it took longer than {self._allowed:.0f} s"

    def lost(self, reason: str) -> Iterator[tuple[str, Outcome]]:
        """What is to be said where the process was lost; the job is what is left of it, or `over`."""
        yield self._name, reason
        self._left_in_all -= min(self._waited, self._allowed)
        self.over = not self.job.archive or not self._begun
        if self.job.archive and self._left_in_all <= 0:
            self.over = True
            yield self.job.name, "given up: its files together take too long; unpack it and index the folder"
        left = (LARGEST_WHOLE if self.job.left is None else self.job.left) - self._unpacked
        self.job = replace(self.job, after=self.job.after + self._begun, left=left)
        self._begun = self._unpacked = 0
        self._name, self._allowed = self.job.name, self.job.seconds
        self._waited = self._spent = 0.0
