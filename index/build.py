"""Library → index: read the essays, embed their passages, publish, report."""

from __future__ import annotations

from pathlib import Path

from index.encoding.encoder import Encoder
from index.protocol import Index, Progress, Sink
from index.report import Report


def build(
    folder: Path,
    sink: Sink,
    *,
    encoder: Encoder,
    progress: Progress | None = None,
    chosen: bool | None = None,
    like: Index | None = None,
) -> tuple[Index, Report]:
    """Index the essays in `folder`, publish them as a new generation in `sink`, and open it.

    Either the whole new generation is published or nothing changes. `progress` is called with the
    number of passages embedded and of all; what it raises stops the build. `chosen` says whether
    somebody asked for this encoder, so that it is kept when the default becomes another; None if it
    is as before. A first generation takes over what it can from `like`, an index that holds much of the
    same. Raises UserError if the folder holds no essay, or the sink cannot take it.
    """
    return sink.build(folder, encoder=encoder, progress=progress, chosen=chosen, like=like)
