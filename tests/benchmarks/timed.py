"""What adds up the seconds that the methods of something take, which may be an index or an encoder."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial


class Timed:
    """Passes everything on to `inner` and adds up what each method takes, in `seconds`, by the part of its name."""

    def __init__(self, inner: object, parts: Mapping[str, str], seconds: dict[str, float] | None = None) -> None:
        """`parts` names the methods that are timed, and the part that each is of; several may share `seconds`."""
        self._inner, self._parts = inner, parts
        self.seconds: dict[str, float] = defaultdict(float) if seconds is None else seconds

    def __getattr__(self, name: str) -> object:
        value = getattr(self._inner, name)
        return partial(self._call, name, value) if name in self._parts else value

    def _call(self, name: str, method: Callable[..., object], *arguments: object, **named: object) -> object:
        started = time.perf_counter()
        try:
            return method(*arguments, **named)
        finally:
            self.seconds[self._parts[name]] += time.perf_counter() - started
