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
    from qa.ranking.reader import Reader
    from qa.retriever import Mode, Retriever

_LOCK = threading.RLock()
_OPEN: dict[tuple[Path, bool], Retriever] = {}  # the index used last stands last
_MOST_OPEN = 16


def retrieve(
    question: str,
    *,
    k: int = 5,
    index: Path | str | Snapshot | None = None,
    documents: Collection[str] | None = None,
    mode: Mode | None = None,
    reader: bool = True,
) -> Answer:
    """The answer to `question` in up to `k` quotations.

    `index` is a path or an open snapshot (default: the user's index); `documents` names the
    documents to ask, by their paths in the library (default: all). With the `mode` "answer" the
    quotes end where the next is worth clearly less, with "list" all up to `k` are given, each by
    its own score; left out, it is a list where `k` is over 10. Without the `reader` answers come
    sooner, and none is said to answer. Safe to call from many threads; a snapshot published
    meanwhile is used from the next question on.

    Raises ValueError if the question is empty, `k` is less than 1 or there is no such mode,
    UserError if there is no index or it cannot be used.
    """
    return retriever(index, reader=reader).answer(question, k, documents, mode)


def highlight(question: str, text: str) -> list[Span]:
    """The sentences of `text` that answer `question`, as spans of its characters; [] when none does.

    Needs no index. Raises ValueError if the question is empty.
    """
    from index.encoding.encoder import DEFAULT_MODEL
    from qa.highlighter import highlights

    with _LOCK:
        reads = _reader()
    return highlights(_encoder(DEFAULT_MODEL), reads, question, text)


def retriever(index: Path | str | Snapshot | None = None, *, reader: bool = True) -> Retriever:
    """The retriever over the current snapshot of `index`; opened once, and again when it was rebuilt.

    Without the `reader` its weights are not loaded.
    """
    from index.local.location import current_name, default_location
    from index.local.snapshot import Snapshot

    if isinstance(index, Snapshot):
        return _over(index, reader=reader)
    location = Path(index) if index is not None else default_location()
    name = current_name(location)
    with _LOCK:
        held = _OPEN.pop((location, reader), None)
        if held is None or held.index.name != name:
            held = _over(Snapshot.open(location), reader=reader)
        _OPEN[location, reader] = held
        if len(_OPEN) > _MOST_OPEN:
            del _OPEN[next(iter(_OPEN))]
        return held


def _over(snapshot: Snapshot, *, reader: bool) -> Retriever:
    from qa.retriever import Retriever

    with _LOCK:
        return Retriever(snapshot, _encoder(snapshot.model), reader=_reader() if reader else None)


def _reader() -> Reader:
    """The shipped reader; what loads it is imported when it is needed."""
    from qa.ranking.minilm_reader import load_reader

    return load_reader()


def _encoder(model: str) -> Encoder:
    """The encoder `model`; what loads it is imported when it is needed."""
    from index.encoding.loading import load_encoder

    return load_encoder(model)
