"""`quoth check`: are these the essays' own words?

Exits with 0, or with 3 when something is anything but verbatim or formal, or a kept one no longer stands.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qa.command.arguments import command, opened, takes_force, takes_format, takes_index
from qa.command.commands.kept import WRONG, kept
from qa.command.output.streams import Out, check_free, written
from qa.progress import bar
from source.errors import UnreadableFile, UserError

if TYPE_CHECKING:
    from qa.command.arguments import Commands
    from qa.quotations.report import Report
    from source.document import Document

_MOST_BYTES = 64 << 20  # of what comes by standard input


def add(commands: Commands) -> None:
    """Add `check`."""
    made = command(
        commands,
        "check",
        check,
        about="say whether quotations are the essays' own words",
        details="Say of each quotation in a draft (Markdown, HTML, docx, text) whether the essays say it: "
        "verbatim, formal (but for spaces, capitals, marks or an ellipsis), altered, stitched, misplaced or absent. "
        "Exits with 3 when one is anything but verbatim or formal, or a kept one is altered or gone.",
    )
    made.add_argument("draft", nargs="?", metavar="FILE", help="the draft; - for standard input")
    made.add_argument("--text", metavar="TEXT", help="check this quotation alone")
    made.add_argument("--kept", type=Path, metavar="FILE", help="check the quotations in a file of kept ones (JSON)")
    made.add_argument("--document", action="append", metavar="NAME", help="quotations must be from this; repeatable")
    made.add_argument(
        "--all",
        action="store_true",
        help="also what is most likely no quotation: one or two words in marks, titles of essays",
    )
    takes_format(made)
    made.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page, beside the draft's text")
    takes_force(made)
    takes_index(made)


def check(options: argparse.Namespace, out: Out) -> int:
    """Check the quotations of a draft, one quotation, or those that were kept; gives the exit status."""
    given = [one for one in (options.draft, options.text, options.kept) if one is not None]
    if len(given) != 1:
        raise UserError("Give one of: a draft's FILE (- for standard input), --text TEXT, --kept FILE.")
    if options.kept is not None:
        return kept(options, out)
    check_free(options.html, force=options.force)
    from qa.command.output.findings import lines
    from qa.command.output.tables import findings

    report = _report(options)
    for unclosed in report.unclosed:
        out.say(f"{report.draft}:{unclosed}: a quotation begins here that is never closed")
    for reason in filter(None, (report.unchecked, *report.stale)):
        out.say(reason)
    if options.html:
        from qa.quotations.page import page

        written(options.html, page(report), "The report", force=options.force)
    if options.format == "json":
        out.show(json.dumps(report.json(), ensure_ascii=False, indent=2))
    elif options.format in ("csv", "markdown"):
        out.show(findings(report, options.format))
    elif not options.html or not report.right:
        for line in lines(report, colour=out.colour):
            out.show(line)
    return 0 if report.right else WRONG


def _report(options: argparse.Namespace) -> Report:
    from qa.quotations.check import check_draft, check_quotation, read_draft
    from qa.quotations.drafts.draft import single

    if options.text is not None:
        quotation = single(options.text)
        with opened(options) as index:
            return check_quotation(quotation, index, options.document)
    draft = _standard_input() if options.draft == "-" else read_draft(Path(options.draft))
    with opened(options) as index, bar("checking", "quotations") as moved:
        return check_draft(draft, index, options.document, all_marked=options.all, progress=moved)


def _standard_input() -> Document:
    """The draft that comes by standard input: a web page or a Word document if it begins as one, else Markdown."""
    from source.reading import read_data

    data = sys.stdin.buffer.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise UserError(f"The draft is larger than {_MOST_BYTES >> 20} MB; divide it.")
    begins = data[:200].lstrip().lower()
    kind = "docx" if data[:2] == b"PK" else "html" if begins.startswith((b"<!doctype", b"<html")) else "md"
    try:
        return read_data(data, f"draft.{kind}")
    except UnreadableFile as error:
        raise UserError(f"The draft cannot be read: {error}.") from error
