"""What of ours stands in the page that Gradio makes, as it is sent: it is there before Gradio is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class WithPieces:
    """An app whose page at `/` has `pieces()`, made anew each time: HTML by the tag that it stands before."""

    def __init__(self, app: ASGIApp, pieces: Callable[[], Mapping[str, str]]) -> None:
        self._app = app
        self._pieces = pieces

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
        if start["status"] == 200:
            for tag, piece in (await asyncio.to_thread(self._pieces)).items():
                at = max(body.rfind(tag.encode()), 0)
                body[at:at] = piece.encode()
            MutableHeaders(scope=start)["content-length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": bytes(body)})
