"""`quoth list` and `quoth show`: which essays there are, and what they say."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.command.arguments import command, opened, takes_index
from qa.command.output.formats import Row, markdown_table, table
from qa.command.output.streams import Out
from qa.command.output.terminal import visible, visible_text
from source.document import Document, Passage, Span
from source.errors import NoIndex, UserError

if TYPE_CHECKING:
    from qa.command.arguments import Commands

_COLUMNS = ("document", "title", "author", "date", "language", "passages", "sha256")
_OWN = ("collection", "essays", "address")


def add(commands: Commands) -> None:
    """Add `list` and `show`."""
    essays = command(
        commands,
        "list",
        list_essays,
        about="list the essays",
        details="List the essays of the index: name, title, author, date, language, number of passages.",
    )
    essays.add_argument("--collections", action="store_true", help="list your collections (--index @NAME) instead")
    essays.add_argument("--format", choices=("text", "markdown", "csv", "json"), default="text", help="how to print")
    essay = command(
        commands,
        "show",
        show,
        about="print an essay, or passages of it",
        details="Print the text of DOCUMENT as it was indexed, letter for letter, or of its passages in PLACE.",
    )
    essay.add_argument("document", metavar="DOCUMENT", help="the name of a document, as `quoth list` gives it")
    essay.add_argument("place", nargs="?", type=_place, metavar="PLACE", help="the number (¶) of a passage, or 12-15")
    essay.add_argument("--outline", action="store_true", help="print its headings, and where their passages begin")
    essay.add_argument("--json", action="store_true", help="print text and passages as JSON")
    for made in (essays, essay):
        takes_index(made)


def list_essays(options: argparse.Namespace, out: Out) -> int:
    """List the essays of an index, or the user's collections."""
    rows = _collections() if options.collections else _essays(options)
    columns: tuple[str, ...] = _OWN if options.collections else _COLUMNS
    shown = [name for name in columns if name != "sha256"]  # to people
    if options.format == "json":
        out.show(json.dumps(rows, ensure_ascii=False, indent=2))
    elif options.format == "csv":
        out.show(table(rows, columns))
    elif options.format == "markdown":
        out.show(markdown_table(rows, shown))
    else:
        widths = [max((len(str(row[name])) for row in rows), default=0) for name in shown]
        for row in rows:
            cells = (f"{row[name]!s:<{width}}" for name, width in zip(shown, widths, strict=True) if width)
            out.show(visible("  ".join(cells).rstrip()))
    return 0


def _essays(options: argparse.Namespace) -> list[Row]:
    with opened(options) as index:
        return [
            {
                "document": one.name,
                "title": one.title,
                "author": one.author,
                "date": one.date,
                "language": one.language,
                "passages": one.passages,
                "sha256": one.sha256,
            }
            for one in index.entries
        ]


def _collections() -> list[Row]:
    from index.opening import collections, origin

    found: list[Row] = []
    for name, address in collections().items():
        try:
            essays = origin(address).essays
        except (NoIndex, UserError) as error:
            essays = str(error)
        found.append({"collection": name, "essays": essays, "address": address})
    return found


def show(options: argparse.Namespace, out: Out) -> int:
    """Print an essay, or passages of it."""
    with opened(options) as index:
        document = index.document(options.document)
        passages = _chosen(document, options.place)
        whole = options.place is None
        span = Span(0, len(document.text)) if whole else Span(passages[0].start, passages[-1].end)
        changed = index.unchecked or index.standing(document.name, span.start, span.end).reason
    if changed:
        out.say(f"This is the essay as it was indexed: {changed.removesuffix('.')}.")
    if options.json:
        out.show(json.dumps(_json(document, span, passages), ensure_ascii=False, indent=2))
    elif options.outline:
        for line in _outline(document):
            out.show(visible(line))
    else:
        text = document.text[span.start : span.end]
        out.show(text if out.width is None else visible_text(text))
    return 0


def _place(text: str) -> tuple[int, int]:
    """The first and the last passage that are meant."""
    found = re.fullmatch(r"(\d{1,9})(?:[-–](\d{1,9}))?", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text[:30]!r} is no place; give the number of a passage, or two: 12-15")
    return int(found[1]), int(found[2] or found[1])


def _chosen(document: Document, place: tuple[int, int] | None) -> Sequence[Passage]:
    if place is None:
        return document.passages
    first, last = place
    if not 1 <= first <= last <= len(document.passages):
        named = f"{first}" if first == last else f"{first}-{last}"
        raise UserError(f"{document.name} has passages 1 to {len(document.passages)}; {named} is none of them.")
    return document.passages[first - 1 : last]


def _outline(document: Document) -> list[str]:
    lines = []
    for heading in document.headings:
        following = next((one.number for one in document.passages if one.start >= heading.end), None)
        where = f"  (¶ {following})" if following else ""
        lines.append(f"{'  ' * heading.level}{heading.title}{where}")
    return lines


def _json(document: Document, span: Span, passages: Sequence[Passage]) -> dict[str, object]:
    return {
        "document": document.name,
        "title": document.title,
        "author": document.author,
        "date": document.date,
        "language": document.language,
        "sha256": document.sha256,
        "start": span.start,
        "end": span.end,
        "text": document.text[span.start : span.end],
        "passages": [
            {
                "paragraph": one.number,
                "heading": one.heading,
                "locator": document.locator(one.start),
                "line": one.line,
                "start": one.start,
                "end": one.end,
            }
            for one in passages
        ],
    }
