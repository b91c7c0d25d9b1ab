"""What a browser may do with what it is sent.

The page's scripts are files of this server, and those that stand in the page as it is sent, each
named by its hash; Gradio makes functions of texts, for which it needs 'unsafe-eval'. So markup that
slipped into the page later runs no script, loads nothing and sends no form, here or elsewhere.
Styles in elements are allowed ('unsafe-inline'), as Gradio sets them. What the policy cannot
promise: that such markup is not seen, or leads nowhere when it is clicked.
"""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

_PAGE = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'self'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_NO_SCRIPT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SCRIPT = re.compile(r"<script(?:\s[^>]*)?>(.*?)</script>", re.DOTALL)


def protecting(send: Send, path: str) -> Send:
    """`send` with the headers that protect a response to a request for `path`."""
    return _Page(send) if path == "/" else _protecting(send)


def _protecting(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            _protect(MutableHeaders(scope=message), _NO_SCRIPT)
        await send(message)

    return guarded


class _Page:
    """Sends the page when all of it is known, with a policy that names its scripts by their hashes."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        scripts = _SCRIPT.findall(self._body.decode(errors="replace"))
        hashes = "".join(f" '{_hash(script)}'" for script in scripts if script)
        _protect(MutableHeaders(scope=self._start), _PAGE.format(hashes=hashes))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": bytes(self._body)})


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _protect(headers: MutableHeaders, policy: str) -> None:
    headers["Content-Security-Policy"] = policy
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
