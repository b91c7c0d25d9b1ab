"""Connections, within limits: uvicorn has none for how many there are and how long one may say nothing."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys

from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.page.guard.limits import Limits, client_of

_FULL = "Too many connections; close some, or try again later."
# Files that a process may have open: connections, the index, uploads.
_FILES = 4096
# What SO_LINGER takes: on, for no second.
_AT_ONCE = struct.pack("ii" if sys.platform != "win32" else "hh", 1, 0)


class Connection(H11Protocol):
    """A connection that is closed where there are too many, or where no request comes."""

    limits = Limits()
    refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.late: asyncio.TimerHandle | None = None
        self.unread: asyncio.TimerHandle | None = None
        self.who = client_of(self.client[0] if self.client else None)
        own = sum(isinstance(one, Connection) and one.who == self.who for one in self.connections)
        if own > 2 * self.limits.connections_of_one or len(self.connections) > 2 * self.limits.connections:
            self._cut()
        elif own > self.limits.connections_of_one or len(self.connections) > self.limits.connections:
            # Not at once: who is refused at once tries again at once.
            self.refused = True
            self.late = self.loop.call_later(self.limits.refusal_seconds, self._refuse)
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        self._stop_looking()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.refused:
            return
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete:
            self._wait()

    def pause_writing(self) -> None:
        """More was sent than the client has read."""
        self.flow.pause_writing()
        self._look_again()

    def resume_writing(self) -> None:
        """The client has read nearly all of it."""
        self._stop_looking()
        if self.late is not None:
            self._wait()
        self.flow.resume_writing()

    def _look_again(self) -> None:
        self._stop_looking()
        waiting = self.transport.get_write_buffer_size()
        self.unread = self.loop.call_later(self.limits.unread_seconds, self._look, waiting)

    def _look(self, before: int) -> None:
        """End the connection if too little was read since `before` bytes were waiting."""
        read = before - self.transport.get_write_buffer_size()
        if read < self.limits.unread_seconds * self.limits.slowest:
            self._cut()
        else:
            self._look_again()

    def _stop_looking(self) -> None:
        if self.unread is not None:
            self.unread.cancel()
            self.unread = None

    def _refuse(self) -> None:
        said = _FULL.encode()
        head = f"HTTP/1.1 503 Service Unavailable\r\nContent-Length: {len(said)}\r\nConnection: close\r\n\r\n"
        self.transport.write(head.encode() + said)
        self.transport.close()

    def _wait(self) -> None:
        self._stop()
        self.late = self.loop.call_later(self.limits.header_seconds, self._end)

    def _end(self) -> None:
        """No request came in time; but who is still reading an answer is let read it."""
        if self.unread is None:
            self._cut()
        else:
            self._wait()

    def _cut(self) -> None:
        """End the connection, and let the system forget what it has not sent yet."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()

    def _stop(self) -> None:
        if self.late is not None:
            self.late.cancel()
            self.late = None


def limited(limits: Limits) -> type[asyncio.Protocol]:
    """The protocol of connections that keep to `limits`."""
    return type("Limited", (Connection,), {"limits": limits})


def open_files() -> None:
    """Let this process have as many files open as all connections need, where the system allows it."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
