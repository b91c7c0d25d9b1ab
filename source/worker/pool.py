"""The workers of this process: started when they are needed, kept for the next file, ended with it."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from source.worker.process import Worker

_MOST = 4  # that read single files at the same time
_IDLE = 2  # that are kept


class Pool:
    """Workers that are lent, one at a time each."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        """Have no worker: those of the process this one was forked from are its own."""
        self._lock = threading.Lock()
        self._room = threading.Semaphore(_MOST)
        self._idle: list[Worker] = []
        self._lent: set[Worker] = set()

    @contextlib.contextmanager
    def worker(self, *, wait: bool = True) -> Iterator[Worker]:
        """A worker; who lends one for long does not `wait` for those of others, nor make them wait."""
        with self._room if wait else contextlib.nullcontext():
            with self._lock:
                worker = self._idle.pop() if self._idle else _worker()
                self._lent.add(worker)
            try:
                yield worker
            finally:
                self._back(worker)

    def prepare(self) -> None:
        """Begin to start a worker, unless one waits already: who will soon need it has other things to do first."""
        with self._lock:
            if self._idle:
                return
            worker = _worker()
            self._idle.append(worker)
        threading.Thread(target=worker.start, daemon=True).start()

    def _back(self, worker: Worker) -> None:
        with self._lock:
            self._lent.discard(worker)
            kept = len(self._idle) < _IDLE and not worker.swollen
            if kept:
                self._idle.append(worker)
        if not kept:
            worker.stop()

    def stop(self) -> None:
        """End all processes."""
        for worker in [*self._idle, *self._lent]:
            worker.stop()


def _worker() -> Worker:
    from source.worker.process import Worker  # what it needs is not loaded by who reads no file

    return Worker()


POOL = Pool()
atexit.register(POOL.stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=POOL._forget)
