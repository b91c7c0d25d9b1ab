"""The page for who has no JavaScript: it stands in the page that Gradio makes, and is made anew each time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_END = b"</body>"


class WithPlain:
    """An app whose page at `/` has `plain()`, a piece of HTML, at its end."""

    def __init__(self, app: ASGIApp, plain: Callable[[], str]) -> None:
        self._app = app
        self._plain = plain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self._app(scope, receive, kept)
        if not start:
            return  # who asked has gone
        at = body.rfind(_END)
        if start["status"] == 200 and at >= 0:
            body[at:at] = (await asyncio.to_thread(self._plain)).encode()
            MutableHeaders(scope=start)["content-length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": bytes(body)})
