"""`quoth link`: what has become of the quotation that a permalink names.

Exits with 0, or with 3 when it is altered or gone.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from qa.command.arguments import command, opened, takes_format, takes_index
from qa.command.commands.kept import WRONG
from qa.command.output.streams import Out
from source.errors import UserError

if TYPE_CHECKING:
    from qa.command.arguments import Commands


def add(commands: Commands) -> None:
    """Add `link`."""
    made = command(
        commands,
        "link",
        link,
        about="open the permalink of a quotation",
        details="Say where the quotation of a permalink stands today: unchanged, moved, altered or gone. "
        "Exits with 3 when it is altered or gone. With --make, print the permalink of TEXT.",
    )
    made.add_argument("link", metavar="LINK", help="a permalink, with or without the page's address before it")
    made.add_argument("--make", action="store_true", help="LINK is the text of a quotation: print its permalink")
    takes_format(made)
    takes_index(made)


def link(options: argparse.Namespace, out: Out) -> int:
    """Open a permalink, or make one; gives the exit status."""
    from qa.command.output.findings import opened as told
    from qa.command.output.tables import links
    from qa.quotations.links.permalink import parsed
    from qa.quotations.links.reopened import as_today, reopened
    from qa.quotations.search import Library

    if options.make:
        return _make(options, out)
    known = parsed(options.link)
    with opened(options) as index:
        now = reopened(known, as_today(index), Library(index))
    if options.format == "json":
        out.show(json.dumps({**known.json(), **now.json()}, ensure_ascii=False, indent=2))
    elif options.format in ("csv", "markdown"):
        out.show(links([(known, now)], options.format))
    else:
        for line in told(known, now, colour=out.colour):
            out.show(line)
    return 0 if now.stands else WRONG


def _make(options: argparse.Namespace, out: Out) -> int:
    """Print the permalink of a text."""
    from qa.quotations.links.permalink import permalink
    from qa.quotations.search import Library, occurrences

    with opened(options) as index:
        found = next((one for one in occurrences(Library(index), options.link) if one.verbatim), None)
        if found is None:
            raise UserError("The essays do not say that letter for letter; `quoth check --text` tells what they say.")
        made = permalink(found.region.document, found.span.start, found.span.end)
    out.show(json.dumps(made.json(), ensure_ascii=False, indent=2) if options.format == "json" else made.address)
    return 0
