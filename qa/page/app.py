"""The page: served, or as an app to be served elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from fastapi import FastAPI

from qa.building import ensure_index
from qa.page.guard.door import Access, Guard, is_loopback
from qa.page.guard.limits import Limits
from qa.page.opening import pieces
from qa.page.server.api import add_api
from qa.page.server.listening import Server, address_of, listening, share_memory
from qa.page.server.model_context import ModelContext
from qa.page.server.pieces import WithPieces
from qa.page.server.routes import add_routes
from qa.page.server.site import Site
from qa.page.widgets import mount
from qa.watching import watch
from source.errors import UserError

# So many seconds a rebuild that is under way when the page ends is waited for; it harms nothing where it is not.
_PATIENCE = 10


def serve(
    index: Path | str,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    auth: tuple[str, str] | None = None,
    uploads: bool = True,
    open_browser: bool = False,
    limits: Limits | None = None,
    say: Callable[[str], None] = lambda _: None,
    watched: bool = False,
) -> None:
    """Serve the page over the index at the address `index` until it is interrupted; `say` gets what is to be told.

    Where there is no index, that of the essay that comes with Quoth is built first. `auth` is a
    name and a password; without it only the loopback is listened on. `limits` say how much one
    client may take. Where the essays are `watched`, the index is rebuilt whenever they change. Raises
    UserError if the page cannot be served.
    """
    if auth is None and not is_loopback(host):
        raise UserError(f"Listening on {host} needs a password, as others could reach the page; give one with --auth.")
    share_memory()
    ensure_index(index, say)
    with listening(host, port) as listener:
        address = address_of(host, listener)
        app = create_app(index, host=host, auth=auth, uploads=uploads, limits=limits)

        def ready() -> None:
            say(f"Quoth answers at {address}")
            if open_browser:
                webbrowser.open(address)

        with _watched(str(index), say) if watched else contextlib.nullcontext():
            Server(app, ready).run(sockets=[listener])


@contextlib.contextmanager
def _watched(index: str, say: Callable[[str], None]) -> Iterator[None]:
    """Rebuild the index whenever its essays change, meanwhile; what ends that is said, and ends nothing else."""
    stop = threading.Event()

    def run() -> None:
        try:
            watch(index, say, stop=stop)
        except UserError as error:
            say(str(error))

    thread = threading.Thread(target=run, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_PATIENCE)


def create_app(
    index: Path | str,
    *,
    host: str = "127.0.0.1",
    auth: tuple[str, str] | None = None,
    uploads: bool = True,
    limits: Limits | None = None,
) -> Guard:
    """The page over the index at the address `index` as an ASGI app, to be served on `host`."""
    site = Site(index, Access.on(host, auth, uploads=uploads, limits=limits))
    site.warm()
    models = ModelContext(index)

    @contextlib.asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        tidying = asyncio.create_task(site.tidied())
        try:
            async with models.running(app):
                yield
        finally:
            tidying.cancel()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=running)
    add_routes(app, site)
    models.add_to(app)
    app.add_middleware(WithPieces, pieces=lambda: pieces(site.snapshot().entries))
    add_api(app, site)
    return Guard(app, site.access, mount(app, site))
