"""Whose turn it is of the programs that ask: a few are answered at a time, clients in turn."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from starlette.types import Message, Send


@dataclass(eq=False, slots=True)
class Seat:
    """The place of a client's question; `taken` once it is being answered."""

    client: str
    taken: asyncio.Event = field(default_factory=asyncio.Event)


class Seats:
    """Of all programs, `most` are answered at a time, of each client its share of them, at least one.

    It is the turn of the client of whom the fewest questions are being answered, here or on the page
    (`elsewhere` names their clients); of these, of who was not served for longest. All in one event loop.
    """

    def __init__(self, most: int) -> None:
        self.elsewhere: Callable[[], Iterable[str]] = tuple
        self.sitting: list[Seat] = []
        self._waiting: list[Seat] = []
        self._most = most
        self._served: dict[str, int] = {}
        self._count = itertools.count(1)

    def outstanding(self, client: str | None) -> int:
        """How many questions of `client`, or of all, wait or are being answered."""
        return sum(client in (None, seat.client) for seat in (*self._waiting, *self.sitting))

    @contextlib.asynccontextmanager
    async def of(self, client: str) -> AsyncIterator[Callable[[], None]]:
        """A seat of `client`, and what gives it back, should that be before the end."""
        seat = Seat(client)
        self._waiting.append(seat)
        self._fill()
        leave = partial(self._leave, seat)
        try:
            await seat.taken.wait()
            yield leave
        finally:
            leave()

    def _leave(self, seat: Seat) -> None:
        for seats in (self._waiting, self.sitting):
            if seat in seats:
                seats.remove(seat)
        if not self.outstanding(seat.client):
            self._served.pop(seat.client, None)
        self._fill()

    def _fill(self) -> None:
        while len(self.sitting) < self._most and (seat := self._next()):
            self._waiting.remove(seat)
            self.sitting.append(seat)
            self._served[seat.client] = next(self._count)
            seat.taken.set()

    def _next(self) -> Seat | None:
        if not self._waiting:
            return None
        own = Counter(seat.client for seat in self.sitting)
        share = self._most // len({*own, *(seat.client for seat in self._waiting)}) or 1
        busy = own + Counter(self.elsewhere())
        may = [seat for seat in self._waiting if own[seat.client] < share]
        return min(may, key=lambda seat: (busy[seat.client], self._served.get(seat.client, 0)), default=None)


def leaving(send: Send, leave: Callable[[], None]) -> Send:
    """`send`, which gives the seat back as soon as there is an answer: however slowly it is read, others go on."""

    async def sent(message: Message) -> None:
        leave()
        await send(message)

    return sent
