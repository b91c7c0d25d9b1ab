"""Who may talk to the page, and of what: pure ASGI middleware.

Against pages elsewhere that send the reader's browser here: the Host must be a name of this
machine (a foreign name that resolves here is DNS rebinding), the Origin must be the page itself.
Beyond the loopback every request needs the password. Only the routes of `allowed.ALLOWED` exist,
and what is sent to functions is reduced to what they take. `policy` says what a browser may do.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import ipaddress
import re
import socket
from collections.abc import Collection
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.page.guard.admission import Admission, Functions, TurnedAway, patient
from qa.page.guard.allowed import LONGEST_ADDRESS, Route, allowed
from qa.page.guard.clients import Guesses, Turns
from qa.page.guard.limits import Limits, client_of
from qa.page.guard.policy import protecting
from qa.page.guard.seats import leaving

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# What programs know a refusal by.
_ERRORS = {
    400: "bad_request",
    401: "password_needed",
    403: "other_site",
    404: "not_found",
    408: "broken_off",
    411: "length_needed",
    413: "too_long",
    414: "too_long",
    429: "too_many",
}
# What a browser says of a request that the page itself made, or its reader; another port is the `same-site`.
_OWN_SITE = frozenset({"same-origin", "none"})
# What proxies put before an address, and Gradio would believe.
_NOT_BELIEVED = re.compile(rb"x-.*|forwarded")
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
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def on(cls, host: str, auth: tuple[str, str] | None, *, uploads: bool, limits: Limits | None = None) -> Access:
        """Access to a page that listens on `host`."""
        limits = limits or Limits()
        if is_loopback(host):
            return cls(LOOPBACK | {host}, auth, uploads, limits=limits)
        names = {host, socket.gethostname(), f"{socket.gethostname()}.local"}
        return cls(LOOPBACK | {name.lower() for name in names}, auth, uploads, anywhere=True, limits=limits)

    def refusal(self, headers: Headers) -> tuple[int, str] | None:
        """Why a request with these headers is refused, as status and reason; None if it is not."""
        host = headers.get("host", "")
        if not self._knows(host):
            return 400, "This is not the address of this page; open it by the address Quoth printed."
        origin = headers.get("origin")
        if (origin is not None and origin.partition("://")[2] != host) or (
            headers.get("sec-fetch-site", "none") not in _OWN_SITE and not _visits(headers)
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
        except ValueError:  # no base64, or not even ASCII
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
    """Lets in what `access` and the table of routes allow, within the limits, and protects what is sent back."""

    def __init__(self, app: ASGIApp, access: Access, functions: Functions) -> None:
        self._app = app
        self._access = access
        self._admission = Admission(functions, access.limits)
        self._guesses = Guesses(access.limits.wrong_passwords_a_minute)
        self._turns = Turns(access.limits.shown_of_one)
        self._seats = functions.seats
        self.limits = access.limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        send = protecting(send, scope["path"])
        client = client_of(scope["client"][0] if scope["client"] else None)
        try:
            route = self._route(scope, client)
            receive = await self._let_in(scope, receive, route)
        except TurnedAway as refusal:
            if refusal.status == 429:
                await asyncio.sleep(self.limits.refusal_seconds)
            await _told(refusal)(scope, receive, send)
            return
        if route.asks:
            async with self._seats.of(client) as leave:
                await self._app(scope, receive, leaving(send, leave))
            return
        async with self._turns.of(client) if route.turns else contextlib.nullcontext():
            await self._app(scope, receive, send)

    def _route(self, scope: Scope, client: str) -> Route:
        """The route that a request of `client` is for. Raises TurnedAway."""
        self._check(Headers(scope=scope), client)
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            raise TurnedAway(414, f"The address is too long: at most {LONGEST_ADDRESS} bytes are taken.")
        route = allowed(scope["method"], scope["path"], uploads=self._access.uploads)
        if route is None:
            raise TurnedAway(404, "Not here.")
        return route

    async def _let_in(self, scope: Scope, receive: Receive, route: Route) -> Receive:
        """What the app is to receive of a request. Raises TurnedAway."""
        headers = Headers(scope=scope)
        # The page is sent as it is, not compressed: its scripts are looked at.
        scope["headers"] = [
            (name, value)
            for name, value in scope["headers"]
            if not _NOT_BELIEVED.fullmatch(name) and not (name == b"accept-encoding" and scope["path"] == "/")
        ]
        if route.answers:
            self._admission.check_awaited(scope)
        if "POST" not in route.methods:
            return receive
        length = headers.get("content-length", "")
        # Who names both a length and pieces would be let in by the one and send as much as it likes by the other.
        if not (length.isascii() and length.isdigit()) or "transfer-encoding" in headers:
            raise TurnedAway(411, "The length is needed, and nothing but the length.")
        if int(length) > route.longest:
            raise TurnedAway(413, f"Too long: at most {route.longest} bytes are taken.")
        receive = patient(receive, int(length), self._access.limits)
        if route.calls:
            return await self._admission.admit(scope, receive)
        return await self._admission.admit_program(scope, receive) if route.asks else receive

    def _check(self, headers: Headers, client: str) -> None:
        if self._access.auth is not None and self._guesses.too_many(client):
            raise TurnedAway(429, "Too many wrong passwords; try again in a minute.")
        refusal = self._access.refusal(headers)
        if refusal is not None:
            if refusal[0] == 401 and "authorization" in headers:
                self._guesses.add(client)
            raise TurnedAway(*refusal)


def _told(refusal: TurnedAway) -> Response:
    """The response that says why a request is not let in, as Gradio's clients and those of `/api` read it."""
    headers = {
        401: {"WWW-Authenticate": 'Basic realm="Quoth", charset="UTF-8"'},
        429: {"Retry-After": "60"},
    }.get(refusal.status)
    return JSONResponse({"error": _ERRORS[refusal.status], "detail": refusal.reason}, refusal.status, headers)
