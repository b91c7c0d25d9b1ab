"""What is costly to make and is made once."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")


class Once(Generic[Made]):
    """Makes a thing of each name once, in one thread while others wait."""

    def __init__(self, make: Callable[[str], Made]) -> None:
        self._make = make
        self.made: dict[str, Made] = {}
        self.lock = threading.Lock()
        _ALL.add(self)

    def __call__(self, name: str) -> Made:
        """The thing of this name."""
        with self.lock:
            if name not in self.made:
                self.made[name] = self._make(name)
            return self.made[name]


_ALL: weakref.WeakSet[Once[Any]] = weakref.WeakSet()


def _free_locks() -> None:
    """In a forked child nobody is left who could give a lock back."""
    for one in _ALL:
        one.lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_free_locks)
