"""Library → index: read the essays, embed their passages, publish, report."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from index import embedding
from index.encoding.encoder import Encoder
from index.generation import Generation, Progress, Sink
from index.protocol import Index
from index.report import BuildReport, Changes, advice
from source.document import Document
from source.errors import UserError
from source.library import Item, Skipped, Unchanged, prepare_reading, read_library
from source.selection import ALL, Selection


class Workers(Protocol):
    """Who reads the files and the passages of a build: see `source.library.read_library`, `index.embedding.embed`."""

    def read(self, folder: Path, known: Mapping[str, str], selection: Selection) -> Iterator[Item]: ...
    def embed(self, new: Generation, passages: int, encoder: Encoder, progress: Progress) -> tuple[int, int]: ...


def build(
    folder: Path,
    sink: Sink,
    *,
    encoder: Encoder,
    progress: Progress | None = None,
    chosen: bool | None = None,
    beside: Index | None = None,
    selection: Selection = ALL,
    workers: Workers | None = None,
) -> tuple[Index, BuildReport]:
    """Index the `selection` of essays in `folder`, publish them as a new generation in `sink`, and open it.

    Either the whole new generation is published or nothing changes. `progress` is called with the
    number of passages embedded and of all; what it raises stops the build. `chosen` says whether
    somebody asked for this encoder, so that it is kept when the default becomes another; None if it
    is as before. `beside` is an index that it can be joined with: see `index.joined`. The `workers` read files and
    passages; None is this process. Raises UserError if the folder holds no essay, or the sink cannot take it.
    """
    started = time.monotonic()
    if workers is None:
        prepare_reading()  # while the last generation is opened
    folder = Path(os.path.realpath(folder))  # Path.resolve stops at a link that leads to itself
    with sink.generation(folder, encoder, chosen=chosen, selection=selection) as new:
        before = new.before
        read = workers.read if workers else read_library
        after, skipped = _read(new, read(folder, new.known, selection))
        if not after:
            reasons = f" ({'; '.join(map(str, skipped[:3]))})" if skipped else ""
            where = selection.told(folder)
            raise UserError(f"There is no essay to index in {where!r}{reasons}; give a folder that holds essays.")
        contents = new.contents()
        embed = workers.embed if workers else partial(embedding.embed, beside=beside)
        embedded, truncated = embed(new, contents.passages, encoder, progress or _unheard)
        index = new.publish(truncated, skipped)
    return index, BuildReport(
        documents=contents.documents,
        passages=contents.passages,
        sentences=contents.sentences,
        embedded=embedded,
        truncated=truncated,
        skipped=tuple(skipped),
        decoded=contents.decoded,
        left_out=contents.left_out,
        languages=contents.languages,
        advice=advice(encoder.model, contents.languages),
        changes=Changes.between(before, after),
        seconds=time.monotonic() - started,
    )


def _unheard(_done: int, _total: int) -> None:
    """Progress that nobody follows."""


def _read(new: Generation, library: Iterable[Item]) -> tuple[dict[str, str], list[Skipped]]:
    """Give `new` the texts of the library; SHA-256 of each document's text by its name, and what was left out."""
    before = new.before
    after: dict[str, str] = {}
    skipped: list[Skipped] = []
    for item in library:
        if isinstance(item, Document):
            new.add(item)
            after[item.name] = item.sha256
            skipped += [Skipped(item.name, part) for part in item.unread]
        elif isinstance(item, Unchanged):
            skipped += new.keep(item.name)
            after[item.name] = before[item.name]
        else:
            skipped.append(item)
    return after, skipped
