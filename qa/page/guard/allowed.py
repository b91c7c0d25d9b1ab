"""Every route that the page's server answers, with what it is for; all others do not exist.

Gradio alone has a hundred routes: they fetch addresses, serve files, edit the app. What is here is
what the page, `gradio_client`'s `/retrieve` and other programs ask for, and no more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_READ = frozenset({"GET"})
_SEND = frozenset({"POST"})
# A name that Gradio's client makes up for a session, or its server for a call.
ID = r"[A-Za-z0-9-]{1,64}"
# The name of a file of Gradio's: of a longer one the disk could not even say that there is none.
_FILE = r"[A-Za-z0-9_.-]{1,200}"


@dataclass(frozen=True, slots=True)
class Route:
    """A route: methods, a pattern of whole paths, what it is for, and the most bytes that may be sent to it.

    What is sent to a route with `calls` calls a function of the page, see `qa.page.guard.calls`;
    from one with `answers` the answer is read. One with `turns` is much work, and a client waits for its
    turn; one that `asks` is answered beside the page's questions, the clients in turn.
    """

    methods: frozenset[str]
    path: re.Pattern[str]
    purpose: str
    longest: int = 0
    calls: bool = False
    answers: bool = False
    uploads: bool = False
    turns: bool = False
    asks: bool = False


def _route(methods: frozenset[str], path: str, purpose: str, longest: int = 0, **more: bool) -> Route:
    return Route(methods, re.compile(path, re.DOTALL), purpose, longest, **more)


# So many bytes may one upload hold, a call, and a call with one question.
LONGEST_UPLOAD = 100_000_000
LONGEST_CALL = 1_000_000
LONGEST_ASKING = 250_000
# So many bytes may an address have, with what is asked; the library that Gradio reads addresses with takes few more.
LONGEST_ADDRESS = 60_000

ALLOWED = (
    _route(_READ | {"HEAD"}, "/", "the page", turns=True),
    _route(_READ, r"/quoth/[a-z_]{1,40}\.(css|js|svg)", "Quoth's own style, script and icon"),
    _route(_READ, r"/essay/.+", "an essay, as a page of its own or beside the quotations", turns=True),
    _route(_READ, r"/q/.+", "a permalink: what has become of a quotation, and its essay", turns=True),
    _route(_READ, rf"/assets/{_FILE}", "Gradio's scripts and styles"),
    _route(_READ, r"/static/js/iframeResizer\.contentWindow\.min\.js", "a script that Gradio's page asks for"),
    _route(_READ, r"/theme\.css", "the page's colours"),
    _route(_READ, r"/config", "the page's widgets, for gradio_client", turns=True),
    _route(_READ, r"/gradio_api/info", "what /retrieve takes, for programs", turns=True),
    _route(_READ, r"/gradio_api/app_id", "whether the server was started anew, after a lost connection"),
    _route(_READ, rf"/gradio_api/heartbeat/{ID}", "tells when a reader has left"),
    _route(_SEND, r"/gradio_api/queue/join", "asks, from the page or gradio_client", LONGEST_CALL, calls=True),
    _route(_READ, r"/gradio_api/queue/data", "the answers to these, as they come", answers=True),
    _route(_SEND, r"/gradio_api/run/predict", "chooses essays, cancels a build", LONGEST_CALL, calls=True),
    _route(_SEND, r"/gradio_api/call/retrieve", "asks, from a program", LONGEST_CALL, calls=True),
    _route(_READ, rf"/gradio_api/call/retrieve/{ID}", "the answer to that", answers=True),
    _route(_SEND, r"/api/ask", "asks, from any program, in one call", LONGEST_ASKING, asks=True),
    _route(_SEND, r"/api/check", "checks quotations", LONGEST_CALL, asks=True),
    _route(_READ, r"/api/essays", "the list of essays", turns=True),
    _route(_READ, r"/api/essays/.+", "a whole essay", turns=True),
    _route(_READ, r"/api/passages/.+/\d{1,9}", "a passage", turns=True),
    _route(_READ, r"/api", "what programs can ask, as a page"),
    _route(_READ, r"/api/openapi\.json", "the same for programs"),
    _route(_READ, r"/health", "tells that Quoth answers"),
    _route(_SEND, r"/mcp", "asks, from a language model", LONGEST_ASKING, asks=True),
    _route(_READ | {"DELETE"}, r"/mcp", "tells it that there is no stream to read and no session to end"),
    _route(_SEND, r"/gradio_api/upload", "takes essays that a reader adds", LONGEST_UPLOAD, uploads=True),
    _route(_READ, r"/gradio_api/upload_progress", "tells the page that they were taken", uploads=True),
)


def allowed(method: str, path: str, *, uploads: bool) -> Route | None:
    """The route that a request is for; None if there is none, or it is closed as `uploads` are."""
    for route in ALLOWED:
        if method in route.methods and route.path.fullmatch(path) and (uploads or not route.uploads):
            return route
    return None
