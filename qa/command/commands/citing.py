"""`quoth cite`: quotations with what is known of their essays, for references, notes and documents.

Exits with 0, or with 3 when a quotation no longer stands; it is said, and left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa.command.arguments import command, opened, takes_force, takes_index
from qa.command.commands.kept import WRONG
from qa.command.output import streams
from qa.command.output.streams import Out
from qa.command.output.terminal import visible
from qa.quotations.citations.cited import Cited, cited
from qa.quotations.citations.metadata import items_in
from qa.quotations.citations.written import FORMATS, STYLES, written
from source.document import Span
from source.errors import UserError

if TYPE_CHECKING:
    from index.protocol import Index
    from qa.command.arguments import Commands
    from qa.quotations.links.permalink import Permalink


def add(commands: Commands) -> None:
    """Add `cite`."""
    made = command(
        commands,
        "cite",
        cite,
        about="export quotations with their citations",
        details="Print the quotations of permalinks, or of a file of kept ones, with what is known of their essays. "
        "Titles, authors and dates are those that the essays give, or of metadata.csl.json beside them (a list of "
        "CSL-JSON items, the id of each the name of a document). A quotation that no longer stands is said and left "
        "out; then it exits with 3.",
    )
    made.add_argument("link", nargs="*", metavar="LINK", help="a permalink, as `quoth link --make` prints it")
    made.add_argument("--kept", type=Path, metavar="FILE", help="quotations of a file of kept ones, or of an answer")
    made.add_argument("--text", metavar="TEXT", help="a quotation, letter for letter")
    takes_citation(made)
    made.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to a file (docx must be)")
    takes_force(made)
    takes_index(made)


def takes_citation(made: argparse.ArgumentParser) -> None:
    """Let a command be told how to cite."""
    made.add_argument("--as", choices=FORMATS, default="text", dest="form", help="the format (default: text)")
    made.add_argument(
        "--style", choices=STYLES, help="notes and bibliography of this style, in text, markdown, html and docx"
    )


def cite(options: argparse.Namespace, out: Out) -> int:
    """Print quotations with their citations."""
    if not (options.link or options.kept or options.text):
        raise UserError("Give what to cite: a LINK, --kept FILE or --text TEXT.")
    if options.form == "docx" and options.output is None:
        raise UserError("A Word document is written to a file; name it with --output FILE.")
    streams.check_free(options.output, force=options.force)
    wanted = list(_wanted(options))
    with opened(options) as index:
        found, gone = _standing(wanted, options.text, index)
    for one in gone:
        out.say(visible(f"Left out, as it no longer stands in {one.document}: “{' '.join(one.exact.split())}”"))
    if found:
        data = written(found, options.form, options.style)
        if options.output is None:
            out.show(data.decode().removesuffix("\n"))
        else:
            streams.written(options.output, data, "The citations", force=options.force)
    return WRONG if gone else 0


def _wanted(options: argparse.Namespace) -> Iterator[Permalink]:
    from qa.quotations.links.kept import kept_in
    from qa.quotations.links.permalink import parsed

    yield from map(parsed, options.link)
    if options.kept:
        yield from kept_in(options.kept)


def _standing(wanted: Sequence[Permalink], text: str | None, index: Index) -> tuple[list[Cited], list[Permalink]]:
    """The quotations as they are to be cited, and those that no longer stand."""
    from qa.quotations.links.reopened import as_today, reopened
    from qa.quotations.search import Library, occurrences

    about, library, essays = index.about, Library(index), as_today(index)
    items = items_in(about.source, about.selection)
    found: list[Cited] = []
    gone: list[Permalink] = []
    for link in wanted:
        now = reopened(link, essays, library)
        document = essays(now.place.document) if now.stands and now.place else None
        if document is None or now.place is None:
            gone.append(link)
        else:
            found.append(cited(document, Span(now.place.start, now.place.end), items))
    if text:
        place = next((one for one in occurrences(library, text) if one.verbatim), None)
        if place is None:
            raise UserError("The essays do not say that letter for letter; `quoth check --text` tells what they say.")
        found.append(cited(place.region.document, place.span, items))
    return found, gone
