"""Kept quotations on the command line: `quoth check --kept` and `quoth index --kept`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from qa.command.arguments import opened
from qa.command.output.streams import Out
from source.errors import UserError

if TYPE_CHECKING:
    from qa.quotations.links.kept import Drift

WRONG = 3  # the exit status where a quotation is not as it should be


def kept(options: argparse.Namespace, out: Out) -> int:
    """Kept quotations against the essays as they are today."""
    from qa.command.output.findings import table
    from qa.command.output.tables import links
    from qa.quotations.links.kept import drift, kept_in
    from qa.quotations.links.reopened import as_today

    with opened(options) as index:
        found = drift(kept_in(options.kept), index, as_today(index))
    if options.format == "json":
        values = [{**link.json(), **now.json()} for link, now in found]
        out.show(json.dumps(values, ensure_ascii=False, indent=2))
    elif options.format in ("csv", "markdown"):
        out.show(links(found, options.format))
    else:
        for line in table(found, colour=out.colour):
            out.show(line)
    return 0 if all(now.stands for _, now in found) else WRONG


def kept_before(path: Path, address: str) -> Drift:
    """What has become of kept quotations in the index at an address, before it is rebuilt; there may be none yet."""
    from index.opening import open_index
    from qa.quotations.links.kept import drift, kept_in
    from qa.quotations.links.permalink import Opened
    from qa.quotations.links.reopened import as_indexed

    kept = kept_in(path)
    try:
        with open_index(address) as index:
            return drift(kept, index, as_indexed(index))
    except UserError:
        return [(link, Opened("gone")) for link in kept]


def kept_touched(before: Drift, address: str, out: Out) -> None:
    """Show which kept quotations a rebuild touched."""
    from index.opening import open_index
    from qa.command.output.findings import table
    from qa.quotations.links.kept import drift, touched
    from qa.quotations.links.reopened import as_indexed

    with open_index(address) as index:
        found = touched(before, drift([link for link, _ in before], index, as_indexed(index)))
    for line in table(found, colour=out.colour):
        out.show(line)
    out.show(f"{len(found)} of {len(before)} kept quotations were touched")
