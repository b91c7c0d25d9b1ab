"""`quoth check` and `quoth link`: are these the essays' own words, and do they still stand there?

Both exit with 0, or with 3 when something is anything but verbatim or formal, unchanged or moved.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qa.progress import bar
from source.errors import UnreadableFile, UserError

if TYPE_CHECKING:
    from index.protocol import Index
    from qa.quotations.links.kept import Drift
    from qa.quotations.report import Report
    from source.document import Document

WRONG = 3
_MOST_BYTES = 64 << 20  # of what comes by standard input

Print = Callable[[str], None]


def check(options: argparse.Namespace, show: Print, say: Print) -> int:
    """Check the quotations of a draft, one quotation, or those that were kept; gives the exit status."""
    given = [one for one in (options.draft, options.text, options.kept) if one is not None]
    if len(given) != 1:
        raise UserError("Give one of: a draft's FILE (- for standard input), --text TEXT, --kept FILE.")
    if options.kept is not None:
        return _kept(options, show)
    from qa.command.findings import lines

    report = _report(options)
    for unclosed in report.unclosed:
        say(f"{report.draft}:{unclosed}: a quotation begins here that is never closed")
    for reason in filter(None, (report.unchecked, *report.stale)):
        say(reason)
    if options.html:
        from qa.quotations.page import page

        _write(options.html, page(report))
    if options.json:
        show(json.dumps(report.json(), ensure_ascii=False, indent=2))
    elif not options.html or not report.right:
        for line in lines(report, colour=_colour()):
            show(line)
    return 0 if report.right else WRONG


def _report(options: argparse.Namespace) -> Report:
    from qa.quotations.check import check_draft, check_quotation, read_draft
    from qa.quotations.drafts.draft import single

    if options.text is not None:
        quotation = single(options.text)
        with _opened(options) as index:
            return check_quotation(quotation, index, options.document)
    draft = _standard_input() if options.draft == "-" else read_draft(Path(options.draft))
    with _opened(options) as index, bar("checking", "quotations") as moved:
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


def _kept(options: argparse.Namespace, show: Print) -> int:
    """Kept quotations against the essays as they are today."""
    from qa.command.findings import table
    from qa.quotations.links.kept import drift, kept_in
    from qa.quotations.links.reopened import as_today

    kept = kept_in(options.kept)
    with _opened(options) as index:
        found = drift(kept, index, as_today(index))
    if options.json:
        values = [{**link.json(), **opened.json()} for link, opened in found]
        show(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        for line in table(found, colour=_colour()):
            show(line)
    return 0 if all(opened.stands for _, opened in found) else WRONG


def link(options: argparse.Namespace, show: Print) -> int:
    """Open a permalink, or make one; gives the exit status."""
    from qa.command.findings import opened
    from qa.quotations.links.permalink import parsed, permalink
    from qa.quotations.links.reopened import as_today, reopened
    from qa.quotations.search import Library, occurrences

    known = None if options.make else parsed(options.link)
    with _opened(options) as index:
        if known is None:
            found = next((one for one in occurrences(Library(index), options.link) if one.verbatim), None)
            if found is None:
                raise UserError(
                    "The essays do not say that letter for letter; `quoth check --text` tells what they say."
                )
            made = permalink(found.region.document, found.span.start, found.span.end)
            show(json.dumps(made.json(), ensure_ascii=False, indent=2) if options.json else made.address)
            return 0
        now = reopened(known, as_today(index), Library(index))
    if options.json:
        show(json.dumps({**known.json(), **now.json()}, ensure_ascii=False, indent=2))
    else:
        for line in opened(known, now, colour=_colour()):
            show(line)
    return 0 if now.stands else WRONG


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


def kept_touched(before: Drift, address: str, show: Print) -> None:
    """Show which kept quotations a rebuild touched."""
    from index.opening import open_index
    from qa.command.findings import table
    from qa.quotations.links.kept import drift, touched
    from qa.quotations.links.reopened import as_indexed

    with open_index(address) as index:
        found = touched(before, drift([link for link, _ in before], index, as_indexed(index)))
    for line in table(found, colour=_colour()):
        show(line)
    show(f"{len(found)} of {len(before)} kept quotations were touched")


def _colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


@contextlib.contextmanager
def _opened(options: argparse.Namespace) -> Iterator[Index]:
    from index.opening import address_of, open_index

    with open_index(address_of(options.index)) as index:
        yield index


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(f"The report cannot be written to {str(path)!r}: {error.strerror}.") from error
