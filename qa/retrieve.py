"""The Python API: `retrieve` and `highlight`."""

from __future__ import annotations

import threading
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answer import Answer
from source.document import Span

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder
    from index.local.snapshot import Snapshot
    from qa.retriever import Retriever

_LOCK = threading.RLock()
_OPEN: dict[Path, Retriever] = {}  # the index used last stands last
_MOST_OPEN = 16


def retrieve(
    question: str,
    *,
    k: int = 5,
    index: Path | str | Snapshot | None = None,
    documents: Collection[str] | None = None,
) -> Answer:
    """The answer to `question` in up to `k` quotations.

    `index` is a path or an open snapshot (default: the user's index); `documents` names the
    documents to ask, by their paths in the library (default: all). Safe to call from many threads;
    a snapshot published meanwhile is used from the next question on.

    Raises ValueError if the question is empty or `k` is less than 1, UserError if there is no
    index or it cannot be used.
    """
    return retriever(index).answer(question, k, documents)


def highlight(question: str, text: str) -> list[Span]:
    """The sentences of `text` that answer `question`, as spans of its characters; [] when none does.

    Needs no index. Raises ValueError if the question is empty.
    """
    from index.encoding.encoder import DEFAULT_MODEL
    from qa.highlighter import highlights

    return highlights(_encoder(DEFAULT_MODEL), question, text)


def retriever(index: Path | str | Snapshot | None = None) -> Retriever:
    """The retriever over the current snapshot of `index`; opened once, and again when it was rebuilt."""
    from index.local.location import current_name, default_location
    from index.local.snapshot import Snapshot
    from qa.retriever import Retriever

    if isinstance(index, Snapshot):
        return Retriever(index, _encoder(index.model))
    location = Path(index) if index is not None else default_location()
    name = current_name(location)
    with _LOCK:
        held = _OPEN.pop(location, None)
        if held is None or held.index.name != name:
            snapshot = Snapshot.open(location)
            held = Retriever(snapshot, _encoder(snapshot.model))
        _OPEN[location] = held
        if len(_OPEN) > _MOST_OPEN:
            del _OPEN[next(iter(_OPEN))]
        return held


def _encoder(model: str) -> Encoder:
    """The encoder `model`; what loads it is imported when it is needed."""
    from index.encoding.loading import load_encoder

    return load_encoder(model)
