"""Proof that every stored span still says what it said: the source files are read again."""

from __future__ import annotations

from collections.abc import Iterator

from index.protocol import Index
from source.document import Document, Span
from source.errors import UnreadableFile, UserError
from source.library import source_file
from source.proof import is_readable, standing_in
from source.reading import read_data


def verify(index: Index) -> Iterator[tuple[str, str]]:
    """What no longer agrees with the source files, as (document, what changed); nothing if all does.

    Raises UserError if the source as a whole cannot be read.
    """
    source, selection = index.about.source, index.about.selection
    if not is_readable(source):
        raise UserError(
            f"The essays in {str(source)!r} cannot be read, so nothing can be verified; "
            "make them readable, or index another folder."
        )
    for entry in index.entries:
        stored = index.document(entry.name)
        try:
            now = read_data(source_file(source, entry.name, selection).data(), entry.name)
        except UnreadableFile as error:
            yield entry.name, str(error)
            continue
        except OSError as error:
            yield entry.name, f"cannot be read: {error.strerror}"
            continue
        if now.text != stored.text:
            found = [standing_in(now, stored, passage.start, passage.end) for passage in stored.passages]
            changed, moved = sum(bool(one.reason) for one in found), sum(one.moved is not None for one in found)
            elsewhere = f", {moved} stand at another place" if moved else ""
            yield entry.name, f"the file has changed; {changed} of {len(found)} passages differ{elsewhere}"
        elif _spans(now) != _spans(stored):
            yield entry.name, "its passages or sentences are divided differently now"


def _spans(document: Document) -> list[Span]:
    return [span for passage in document.passages for span in (Span(passage.start, passage.end), *passage.sentences)]
