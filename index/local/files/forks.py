"""SQLite and `os.fork`: a process is divided only while no other thread is within SQLite.

SQLite holds locks of its own for all connections of a process. A child that is forked while another thread holds one
has nobody to give it back, and would wait for ever when it opens a connection.
"""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Threads are within, any number of them at a time, or one of them forks.

    A fork waits so many seconds, its `patience`, for the threads within: who is there longer may not come out.
    """

    def __init__(self, patience: float = 10.0) -> None:
        self._patience = patience
        self._changed = threading.Condition()
        self._within: Counter[int] = Counter()  # how often each thread is
        self._forking: int | None = None  # which thread is

    @contextmanager
    def within(self) -> Iterator[None]:
        """Be within; who is already may be again."""
        here = threading.get_ident()
        with self._changed:
            if not self._within[here]:
                self._changed.wait_for(lambda: self._forking in (None, here))
            self._within[here] += 1
        try:
            yield
        finally:
            with self._changed:
                self._within[here] -= 1
                if not self._within[here]:
                    del self._within[here]
                    self._changed.notify_all()

    def before_fork(self) -> None:
        """Wait until the other threads are out, and let none in."""
        here = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: self._forking is None)
            self._forking = here
            self._changed.wait_for(lambda: self._within.keys() <= {here}, self._patience)

    def after_fork(self) -> None:
        """Let them in again."""
        with self._changed:
            self._forking = None
            self._changed.notify_all()

    def after_fork_in_child(self) -> None:
        """Of the threads there were only this one is left."""
        here = threading.get_ident()
        self._changed = threading.Condition()
        self._within = Counter({one: often for one, often in self._within.items() if one == here})
        self._forking = None


SQLITE = Gate()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=SQLITE.before_fork,
        after_in_parent=SQLITE.after_fork,
        after_in_child=SQLITE.after_fork_in_child,
    )
