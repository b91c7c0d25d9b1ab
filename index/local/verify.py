"""Proof that every stored span still says what it said: the source files are read again."""

from __future__ import annotations

from collections.abc import Iterator

from index.local.snapshot import Snapshot
from source.document import Document, Span
from source.errors import UnreadableFile
from source.library import source_file
from source.reading import read_data


def verify(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """What no longer agrees with the source files, as (document, what changed); nothing if all does."""
    for entry in snapshot.entries:
        stored = snapshot.document(entry.name)
        try:
            now = read_data(source_file(snapshot.source, entry.name).data(), entry.name)
        except UnreadableFile as error:
            yield entry.name, str(error)
            continue
        if now.text != stored.text:
            changed = sum(
                now.text[passage.start : passage.end] != stored.text[passage.start : passage.end]
                for passage in stored.passages
            )
            yield entry.name, f"the file has changed; {changed} of {len(stored.passages)} passages differ"
        elif _spans(now) != _spans(stored):
            yield entry.name, "its passages or sentences are divided differently now"


def _spans(document: Document) -> list[Span]:
    return [span for passage in document.passages for span in (Span(passage.start, passage.end), *passage.sentences)]
