"""Who may talk to the page, and what the browser may do with it: pure ASGI middleware.

Against pages elsewhere that send the reader's browser here: the Host must be a name of this
machine (a foreign name that resolves here is DNS rebinding), the Origin must be the page itself.
Beyond the loopback every request needs the password. What the page may load is limited to itself,
so that even markup that slipped through could send nothing out.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import re
import socket
from collections.abc import Collection, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
UPLOAD = "/gradio_api/upload"
# Parts of Gradio that nobody needs here.
_CLOSED = (
    "/gradio_api/proxy=",
    "/gradio_api/vibe",
    "/gradio_api/deep_link",
    "/monitoring",
    "/gradio_api/monitoring",
    "/openapi.json",
    "/gradio_api/openapi.json",
    "/docs",
    "/redoc",
)
# The most a request may hold, uploads apart (their limit is Gradio's max_file_size).
_LONGEST_BODY = 1_000_000
_PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_ESSAY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]/@\s]+)(?::\d{1,5})?", re.IGNORECASE)


def is_loopback(host: str) -> bool:
    """Whether `host` can be reached from this machine only."""
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Access:
    """Who may use the page: requests for one of `hosts`, from the page itself, with `auth` where it is set.

    `auth` is a user's name and password. With `anywhere`, the page listens beyond the loopback
    and an address made of digits is as good as a name in `hosts`: it cannot be rebound.
    """

    hosts: Collection[str] = LOOPBACK
    auth: tuple[str, str] | None = field(default=None, repr=False)
    uploads: bool = True
    anywhere: bool = False

    @classmethod
    def on(cls, host: str, auth: tuple[str, str] | None, *, uploads: bool) -> Access:
        """Access to a page that listens on `host`."""
        if is_loopback(host):
            return cls(LOOPBACK | {host}, auth, uploads)
        names = {host, socket.gethostname(), socket.getfqdn(), f"{socket.gethostname()}.local"}
        return cls(LOOPBACK | {name.lower() for name in names}, auth, uploads, anywhere=True)

    def refusal(self, headers: Headers) -> tuple[int, str] | None:
        """Why a request with these headers is refused, as status and reason; None if it is not."""
        host = headers.get("host", "")
        if not self._knows(host):
            return 400, "This is not the address of this page; open it by the address Quoth printed."
        origin = headers.get("origin")
        if (origin is not None and origin.partition("://")[2] != host) or (
            headers.get("sec-fetch-site") == "cross-site" and not _visits(headers)
        ):
            return 403, "Another site may not use this page."
        if not self.knows_password(headers):
            return 401, "A name and a password are needed."
        return None

    def knows_password(self, headers: Headers) -> bool:
        """Whether the request carries the password, or none is set."""
        if self.auth is None:
            return True
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(credentials, validate=True) if scheme.lower() == "basic" else b""
        except binascii.Error:
            return False
        return hmac.compare_digest(given, ":".join(self.auth).encode())

    def _knows(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found[1].strip("[]").lower()
        if name in self.hosts:
            return True
        try:
            return self.anywhere and bool(ipaddress.ip_address(name))
        except ValueError:
            return False


def _visits(headers: Headers) -> bool:
    """Whether the request follows a link: harmless, as it changes nothing and the other site sees nothing."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


class Guard:
    """Refuses what `access` does not allow and sets the headers that protect the rest."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        path = scope["path"]

        async def send_guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                _protect(MutableHeaders(scope=message), path)
            await send(message)

        refusal = self._access.refusal(Headers(scope=scope)) or self._closed(scope)
        if refusal is None:
            await self._app(scope, receive, send_guarded)
            return
        status, reason = refusal
        ask = {"WWW-Authenticate": 'Basic realm="Quoth", charset="UTF-8"'} if status == 401 else None
        await PlainTextResponse(reason, status, ask)(scope, receive, send_guarded)

    def _closed(self, scope: Scope) -> tuple[int, str] | None:
        path = scope["path"].rstrip("/")
        if path.startswith(_CLOSED) or (path == UPLOAD and not self._access.uploads):
            return 404, "Not here."
        if scope["method"] in ("GET", "HEAD", "OPTIONS") or path == UPLOAD:
            return None
        length = Headers(scope=scope).get("content-length", "")
        if not length.isdigit():
            return 411, "The length is needed."
        return (413, "Too long.") if int(length) > _LONGEST_BODY else None


def _protect(headers: MutableHeaders, path: str) -> None:
    headers["Content-Security-Policy"] = _ESSAY_POLICY if path.startswith("/essay/") else _PAGE_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
