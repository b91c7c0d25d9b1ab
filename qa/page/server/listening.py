"""Listening: the socket, the web server, and the memory of its threads."""

from __future__ import annotations

import ctypes
import socket
import sys
from collections.abc import Callable

import uvicorn

from qa.page.guard.door import Guard
from qa.page.server.connections import limited, open_files
from source.errors import UserError

PORT = 7860
_PORTS_TRIED = 20
# M_ARENA_MAX of glibc's malloc.h, and how many arenas there may be.
_ARENA_MAX, _ARENAS = -8, 2


def share_memory() -> None:
    """Let all threads take memory from few arenas: glibc gives threads their own, which keep what was freed."""
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_ARENA_MAX, _ARENAS)


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that listens on `host`, at `port` or else the first free one from 7860 on.

    Raises UserError if there is none.
    """
    ports = [port] if port is not None else range(PORT, PORT + _PORTS_TRIED)
    reason = ""
    for candidate in ports:
        try:
            family = socket.getaddrinfo(host, candidate, type=socket.SOCK_STREAM)[0][0]
            return socket.create_server((host, candidate), family=family)
        except OSError as error:
            reason = error.strerror or str(error)
    at = f"port {port}" if port is not None else f"ports {PORT} to {PORT + _PORTS_TRIED - 1}"
    raise UserError(f"The page cannot listen on {host}, {at}: {reason}; give another one with --port.")


class Server(uvicorn.Server):
    """A web server that tells `ready` once it answers."""

    def __init__(self, app: Guard, ready: Callable[[], None]) -> None:
        open_files()
        config = uvicorn.Config(
            app,
            http=limited(app.limits),
            log_level="error",  # what strangers send is no news
            access_log=False,
            server_header=False,
            ws="none",
            proxy_headers=False,  # whoever connects is the client, whatever it says
            # Browsers keep a stream open as long as the page is: nobody waits for it to end.
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self._ready()


def address_of(host: str, listener: socket.socket) -> str:
    """The address to open in a browser on this machine."""
    port = listener.getsockname()[1]
    name = "127.0.0.1" if host in ("0.0.0.0", "::", "") else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{name}:{port}/"
