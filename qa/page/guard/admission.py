"""A call of a function comes in: its payload reduced, its client within the limits, its session noted."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import QueryParams
from starlette.types import Message, Receive, Scope

from qa.page.guard.calls import Calls, Refused
from qa.page.guard.clients import Sessions
from qa.page.guard.limits import Limits, client_of
from qa.page.guard.seats import Seats


@dataclass(frozen=True, slots=True)
class Functions:
    """The mounted page, as seen from its door.

    `calls` says what its functions take, `outstanding` how many calls of a client, or of all, are
    not answered yet, `awaits` whether there is anything to read for a session or a call, `unread`
    whether a session has calls that are not answered and read yet, `forget` throws a session away with
    all that is kept for it. `seats` are those of programs that ask beside the page.
    """

    calls: Calls
    outstanding: Callable[[str | None], int]
    awaits: Callable[[str], bool]
    unread: Callable[[str], bool]
    forget: Callable[[str], None]
    seats: Seats


class TurnedAway(Exception):
    """A request is not let in: the status and the sentence that say so."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Admission:
    """Lets calls of `functions` in, as far as `limits` go."""

    def __init__(self, functions: Functions, limits: Limits) -> None:
        self._functions = functions
        self._limits = limits
        self._sessions = Sessions(limits.sessions, limits.sessions_of_one, functions.forget)
        # A call whose answer was read holds nothing; one that is still being answered is not to go for it.
        self._calls = Sessions(limits.calls, limits.calls_of_one, functions.forget, functions.unread)

    async def admit(self, scope: Scope, receive: Receive) -> Receive:
        """What Gradio is to receive instead of the call that `receive` brings. Raises TurnedAway."""
        client = self._within(scope)
        body = await self._body(receive)
        called = "/gradio_api/call/" in scope["path"]
        try:
            call = self._functions.calls.reduced(body, secrets.token_hex(16) if called else "")
        except Refused as refused:
            raise TurnedAway(400, str(refused)) from None
        (self._calls if call.public else self._sessions).used(call.session, client)
        _set_length(scope, len(call.body))
        return _replay(call.body, receive)

    async def admit_program(self, scope: Scope, receive: Receive) -> Receive:
        """What is to be received of a program's question: all of it, before it takes a seat. Raises TurnedAway."""
        body = await self._body(receive)
        self._within(scope)  # now, as it takes its seat at once
        return _replay(body, receive)

    def _within(self, scope: Scope) -> str:
        """The client of a request, which may ask more. Raises TurnedAway."""
        client = client_of(scope["client"][0] if scope["client"] else None)
        own, all_clients = (
            self._functions.outstanding(one) + self._functions.seats.outstanding(one) for one in (client, None)
        )
        if own >= self._limits.outstanding_of_one:
            raise TurnedAway(429, f"{own} questions of yours are waiting; ask again when they are done.")
        if all_clients >= self._limits.outstanding:
            raise TurnedAway(429, "Too many questions are waiting just now; ask again in a while.")
        return client

    def check_awaited(self, scope: Scope) -> None:
        """See that there is something to read where answers are read. Raises TurnedAway."""
        asked = QueryParams(scope["query_string"]).get("session_hash") or scope["path"].rpartition("/")[2]
        if not self._functions.awaits(asked):
            raise TurnedAway(404, "There is no answer here: it was read already, or nobody asked. Ask again.")

    async def _body(self, receive: Receive) -> bytes:
        """The whole body, of which the length is known to be small."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise TurnedAway(408, "The request did not come to its end.")
            body += message.get("body", b"")
            if not message.get("more_body"):
                return bytes(body)


def patient(receive: Receive, length: int, limits: Limits) -> Receive:
    """`receive`, which takes a client for gone that pauses, dawdles, or sends more than the `length` it named."""
    left, more, late = length, True, time.monotonic() + limits.body_seconds + length / limits.slowest

    async def received() -> Message:
        nonlocal left, more
        if not more:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), min(limits.body_seconds, late - time.monotonic()))
        except TimeoutError:
            return {"type": "http.disconnect"}
        left, more = left - len(message.get("body", b"")), message.get("more_body", False)
        return message if left >= 0 else {"type": "http.disconnect"}

    return received


def _set_length(scope: Scope, length: int) -> None:
    kept = [(name, value) for name, value in scope["headers"] if name not in (b"content-length", b"content-type")]
    scope["headers"] = [*kept, (b"content-length", str(length).encode()), (b"content-type", b"application/json")]


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that brings `body`, and then what the client does."""
    sent = False

    async def replayed() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
