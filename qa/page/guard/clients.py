"""Many clients, one server: whose turn it is, whose session goes when there are too many, who guesses passwords."""

from __future__ import annotations

import asyncio
import contextlib
import time
from bisect import bisect_right
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

from qa.page.guard.limits import client_of

# So many clients who gave a wrong password are remembered.
_MOST_GUESSERS = 10_000


class FairQueue(list[Any]):
    """Gradio's waiting events, of which the first is always that of whose turn it is.

    It is the turn of the client who has the fewest of the `running` events; among these, of one
    client's many, each waits a round of all others. Of the `most` that may run each client has its
    share, at least one: where others are, a client's flood does not take all of the processor. To
    Gradio the queue is as long as there are events that may run now.
    """

    def __init__(self, running: Callable[[], Iterable[Any]], most: int | None) -> None:
        super().__init__()
        self._running, self._most = running, most

    def __len__(self) -> int:
        if self._most is None or not super().__len__():
            return super().__len__()
        busy = self._busy()
        share = self._most // len({*busy, *(event.client for event in self)}) or 1
        return sum(busy[event.client] < share for event in self)

    def _busy(self) -> Counter[str]:
        return Counter(event.client for event in self._running())

    def append(self, event: Any) -> None:  # noqa: ANN401
        """Let `event` wait: after the last of its client by a round, or in the round that is on."""
        event.client = client_of(event.request.client.host if event.request.client else None)
        turns = [other.turn for other in self]
        own = [other.turn for other in self if other.client == event.client]
        event.turn = own[-1] + 1 if own else turns[0] if turns else 0
        self.insert(bisect_right(turns, event.turn), event)

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401
        """The event whose turn it is, at 0."""
        if at != 0 or not len(self):
            return super().__getitem__(at)
        busy = self._busy()
        return min(self, key=lambda event: busy[event.client])  # the first of those who have as few


class Sessions:
    """The sessions of each client, the one used last at the end; `forget` is told of those that must go.

    Where there are too many, those that do not `hold` anything go before any that does.
    """

    def __init__(
        self, most: int, most_of_one: int, forget: Callable[[str], None], hold: Callable[[str], bool] = lambda _: True
    ) -> None:
        self._most, self._most_of_one, self._forget, self._hold = most, most_of_one, forget, hold
        self._client: dict[str, str] = {}
        self._of: dict[str, OrderedDict[str, None]] = {}

    def used(self, session: str, client: str) -> None:
        """Note that `client` uses `session`; where there are too many, the oldest of the client who has most goes."""
        before = self._client.get(session, client)
        if before != client:
            self._remove(before, session)
        self._client[session] = client
        own = self._of.setdefault(client, OrderedDict())
        own[session] = None
        own.move_to_end(session)
        if len(own) > self._most_of_one:
            self._drop(client)
        if len(self._client) > self._most:
            self._drop(max(self._of, key=lambda one: len(self._of[one])))

    def _drop(self, client: str) -> None:
        own = list(self._of[client])
        for session in [one for one in own[:-1] if not self._hold(one)] or own[:1]:
            self._remove(client, session)
            self._forget(session)

    def _remove(self, client: str, session: str) -> None:
        del self._client[session], self._of[client][session]
        if not self._of[client]:
            del self._of[client]


class Turns:
    """Of each client, `most` requests are worked on at a time; others of it wait, first come, first served."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of: dict[str, asyncio.Semaphore] = {}
        self._here: Counter[str] = Counter()

    @contextlib.asynccontextmanager
    async def of(self, client: str) -> AsyncIterator[None]:
        """A turn of `client`."""
        self._here[client] += 1
        try:
            async with self._of.setdefault(client, asyncio.Semaphore(self._most)):
                yield
        finally:
            self._here[client] -= 1
            if not self._here[client]:
                del self._here[client], self._of[client]


class Guesses:
    """Wrong passwords of the last minute, by client."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def add(self, client: str) -> None:
        """Note a wrong password."""
        self._times.setdefault(client, deque(maxlen=self._most)).append(self._clock())
        self._times.move_to_end(client)
        if len(self._times) > _MOST_GUESSERS:
            self._times.popitem(last=False)

    def too_many(self, client: str) -> bool:
        """Whether `client` must wait until a minute is over before another password is looked at."""
        times = self._times.get(client)
        return times is not None and len(times) == self._most and self._clock() - times[0] < 60
