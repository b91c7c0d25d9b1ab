"""`/mcp`: what language models ask over the Model Context Protocol, beside the page and `/api`.

A message is one call with one answer in JSON: no session is kept for anybody, no stream stays open.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.programs.model_context import server
from source.errors import UserError

if TYPE_CHECKING:
    from mcp.server.transport_security import TransportSecuritySettings


class ModelContext:
    """The app at `/mcp` over the index at `address`, which answers while it is `running`."""

    def __init__(self, address: Path | str) -> None:
        self._address = address
        self._app: ASGIApp = _missing("Language models are not answered here.")

    def add_to(self, app: FastAPI) -> None:
        """Add `/mcp` to `app`; it is reached by the methods that stand in `allowed`."""
        app.router.routes.append(Route("/mcp", self, methods=["POST", "GET", "DELETE"]))

    @contextlib.asynccontextmanager
    async def running(self, _: FastAPI) -> AsyncIterator[None]:
        """Answer meanwhile; where the package `mcp` is not installed, who asks is told so."""
        try:
            made = server(self._address)
        except UserError as error:
            self._app = _missing(str(error))
            yield
            return
        self._app = made.streamable_http_app(
            stateless_http=True, json_response=True, transport_security=_guarded_already()
        )
        async with made.session_manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._app if scope["method"] == "POST" else _ONLY_SENT)(scope, receive, send)


def _missing(reason: str) -> ASGIApp:
    return JSONResponse({"error": "not_found", "detail": reason}, 404)


# What clients of the protocol expect where there is no stream to read and no session to end.
_ONLY_SENT = JSONResponse(
    {"error": "not_found", "detail": "There is nothing to read here; send messages with POST."}, 405, {"Allow": "POST"}
)


def _guarded_already() -> TransportSecuritySettings:
    """No checks of Host and Origin: the page's guard has made them, and knows more names than can be told here."""
    from mcp.server.transport_security import TransportSecuritySettings

    return TransportSecuritySettings(enable_dns_rebinding_protection=False)
