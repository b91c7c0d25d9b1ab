"""`quoth serve`: the web page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from qa.command.arguments import amount, command, port, takes_index
from qa.command.output.streams import Out

if TYPE_CHECKING:
    from qa.command.arguments import Commands


def add(commands: Commands) -> None:
    """Add `serve`."""
    made = command(
        commands,
        "serve",
        serve,
        about="open the web page",
        details="Open the web page on this machine; if there is no index yet, the shipped essay is indexed first.",
    )
    made.add_argument("--port", type=port, metavar="N", help="port to listen on (default: a free one from 7860)")
    made.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on; needs a password")
    made.add_argument("--auth", type=Path, metavar="FILE", help="a file that holds USER:PASSWORD; or set QUOTH_AUTH")
    made.add_argument("--no-uploads", action="store_true", help="let nobody add essays on the page")
    made.add_argument(
        "--keep-days", type=amount, default=30.0, metavar="N", help="keep readers' things so long (default: 30)"
    )
    made.add_argument(
        "--keep-mb", type=amount, default=1000.0, metavar="N", help="keep so much of them in all (default: 1000)"
    )
    made.add_argument("--open", action="store_true", help="open the page in the browser")
    made.add_argument("--watch", action="store_true", help="index again whenever the essays change")
    takes_index(made)


def serve(options: argparse.Namespace, out: Out) -> int:
    """Open the web page on this machine; if there is no index yet, the shipped essay is indexed first."""
    from index.opening import address_of
    from qa.page.app import serve
    from qa.page.guard.limits import Limits
    from qa.page.guard.password import password_in

    serve(
        address_of(options.index),
        host=options.host,
        port=options.port,
        auth=password_in(options.auth),
        uploads=not options.no_uploads,
        limits=Limits(kept_days=options.keep_days, kept_bytes=int(options.keep_mb * 1_000_000)),
        open_browser=options.open,
        say=out.say,
        watched=options.watch,
    )
    return 0
