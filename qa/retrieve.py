"""The Python API: `retrieve` and `highlight`."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answer import Answer
from source.document import Span

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder
    from index.protocol import Index
    from qa.asked import Mode
    from qa.ranking.reader import Reader
    from qa.retriever import Retriever

_LOG = logging.getLogger(__name__)
_MOST_OPEN = 16


class _Place:
    """Where an index lies, and its current generation once one was asked for: the retrievers with a reader and without.

    `lock` is held while the index is opened; other indexes can be asked meanwhile.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.index: Index | None = None
        self.held: dict[bool, Retriever] = {}

    def retriever(self, name: str, *, reader: bool) -> Retriever | None:
        """The retriever over the generation `name`, if it is held."""
        held = self.held.get(reader)
        return held if held is not None and held.index.name == name else None

    def hold(self, index: Index) -> None:
        """Answer from `index` from now on; the generation before ends with its last question."""
        self.index = index
        self.held = {}


_LOCK = threading.Lock()
_OPEN: dict[str, _Place] = {}  # the index used last stands last


def retrieve(
    question: str,
    *,
    k: int = 5,
    index: Path | str | Index | None = None,
    documents: Collection[str] | None = None,
    mode: Mode | None = None,
    reader: bool = True,
) -> Answer:
    """The answer to `question` in up to `k` quotations.

    `index` is a path, an address or an open index (default: the user's index); `documents` names
    the documents to ask, by their paths in the library (default: all). If the user has no index yet,
    that of the essay that comes with Quoth is built first, as `quoth ask` does. With the `mode` "answer" the
    quotes end where the next is worth clearly less, with "list" all up to `k` are given, each by
    its own score; left out, it is a list where `k` is over 10. Without the `reader` answers come
    sooner, and none is said to answer. Safe to call from many threads; a generation published
    meanwhile is used from the next question on.

    Raises BadQuestion, a ValueError, if the question is empty, `k` is less than 1, there is no such
    mode, or any of them is of another kind; NoIndex if there is no index where one is named, and
    UserError if it cannot be used.
    """
    from qa.asked import checked

    checked(question, k, mode, documents)  # before the model is loaded
    return retriever(index, reader=reader).answer(question, k, documents, mode)


def highlight(question: str, text: str) -> list[Span]:
    """The sentences of `text` that answer `question`, as spans of its characters; [] when none does.

    Needs no index. Raises BadQuestion, a ValueError, if the question is empty.
    """
    from index.encoding.encoder import DEFAULT_MODEL
    from qa.highlighter import highlights

    return highlights(_encoder(DEFAULT_MODEL), _reader(), question, text)


def retriever(index: Path | str | Index | None = None, *, reader: bool = True) -> Retriever:
    """The retriever over the current generation of `index`; opened once, and again when it was rebuilt.

    The user's own is built if there is none yet. Without the `reader` its weights are not loaded.
    """
    from index.opening import address_of, current, open_index

    if not isinstance(index, Path | str | None):
        return _over(index, reader=reader)
    address = address_of(index)
    if index is None:
        begun(address)
    place, name = _place(address), current(address)
    if held := place.retriever(name, reader=reader):
        return held
    with place.lock:
        name = current(address)
        if held := place.retriever(name, reader=reader):
            return held
        opened = place.index
        if opened is None or opened.name != name:
            opened = open_index(address)
            place.hold(opened)
        held = place.held[reader] = _over(opened, reader=reader)
        return held


def begun(address: str) -> None:
    """See that there is an index at `address`: the user's own begins with the essay that comes with Quoth."""
    from qa.building import ensure_index

    ensure_index(address, _LOG.info)


def hand_on(index: Path | str, built: Index) -> None:
    """Let the next questions to the index at an address be asked of the generation that was `built` there."""
    from index.opening import address_of

    place = _place(address_of(index))
    with place.lock:
        place.hold(built)


def _place(address: str) -> _Place:
    with _LOCK:
        place = _OPEN.pop(address) if address in _OPEN else _Place()
        _OPEN[address] = place
        if len(_OPEN) > _MOST_OPEN:
            del _OPEN[next(iter(_OPEN))]
        return place


def _over(index: Index, *, reader: bool) -> Retriever:
    from qa.asked import check_index
    from qa.retriever import Retriever

    check_index(index)
    found = Retriever(index, _encoder(index.model), reader=_reader() if reader else None)
    if not found.is_calibrated:
        _say_uncalibrated(index.model)
    return found


@cache
def _say_uncalibrated(model: str) -> None:
    """Say it once for each model."""
    _LOG.warning(
        "No probabilities were fitted for the model %s: nothing is said to answer, and answers have no confidence.",
        model,
    )


def _reader() -> Reader:
    """The shipped reader; what loads it is imported when it is needed."""
    from qa.ranking.minilm_reader import load_reader

    return load_reader()


def _encoder(model: str) -> Encoder:
    """The encoder `model`; what loads it is imported when it is needed."""
    from index.encoding.loading import load_encoder

    return load_encoder(model)


def _free_locks() -> None:
    """In a forked child nobody is left who could give a lock back."""
    global _LOCK  # noqa: PLW0603
    _LOCK = threading.Lock()
    for place in _OPEN.values():
        place.lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_free_locks)
