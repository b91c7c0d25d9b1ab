"""The public face of the three layers, for programs: build an index, open it, ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from qa.answer import Answer, Quote
from qa.retrieve import begun, retriever
from source.errors import BadQuestion, UserError

if TYPE_CHECKING:
    from index.protocol import Entry, Index
    from index.report import BuildReport
    from qa.asked import Mode
    from qa.quotations.report import Report
    from qa.retriever import Retriever
    from source.document import Document

Progress = Callable[[int, int], None]  # passages embedded so far, of how many


def build(
    folder: Path | str | Sequence[Path | str],
    *,
    index: Path | str | None = None,
    model: str | None = None,
    progress: Progress | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> BuildReport:
    """Read the essays under `folder`, or several, and publish their index whole, or change nothing; what was done.

    `index` is a path or an address (default: the user's index), `model` a sentence-transformers model
    (default: that of the last build, or the default model), `include` and `exclude` are patterns of the
    files that are meant, as in `.gitignore`. `progress` is told how many passages are embedded, of how
    many; what it raises stops the build. Raises UserError if a folder cannot be read or the index not be written.
    """
    from index.opening import address_of
    from qa.building import rebuilt

    folders = [folder] if isinstance(folder, Path | str) else folder
    if not isinstance(folders, Sequence) or not folders or not all(map(_is_path, folders)):
        raise UserError(f"folder is {folder!r}; give the path of the folder that holds the essays.")
    if not isinstance(model, str | None) or model == "":
        raise UserError(f"model is {model!r}; give the name or the folder of a sentence-transformers model.")
    for name, patterns in (("include", include), ("exclude", exclude)):
        if isinstance(patterns, str) or not (isinstance(patterns, Sequence) and all(map(_is_text, patterns))):
            raise UserError(f"{name} is {patterns!r}; give a list of patterns, as ['*.md'].")
    return rebuilt(
        address_of(_address(index)),
        list(map(Path, folders)),
        model,
        progress or (lambda _done, _total: None),
        include=include,
        exclude=exclude,
    )


def _is_path(given: object) -> bool:
    return isinstance(given, Path | str) and bool(str(given))


def _is_text(given: object) -> bool:
    return isinstance(given, str)


async def build_async(
    folder: Path | str | Sequence[Path | str],
    *,
    index: Path | str | None = None,
    model: str | None = None,
    progress: Progress | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> BuildReport:
    """As `build`, in a thread; so `progress` is told in that thread."""
    return await asyncio.to_thread(
        build, folder, index=index, model=model, progress=progress, include=include, exclude=exclude
    )


class Essays:
    """Essays whose index is open: one generation of it, however often it is rebuilt meanwhile, until it is closed.

    Used as a context manager, or closed with `close()`; safe to use from many threads. Every method
    has a form to await, named `…_async`, which works in a thread.
    """

    def __init__(self, index: Index, *, reader: bool = True) -> None:
        self._index: Index | None = index
        self._reader = reader
        self._retrievers: dict[bool, Retriever] = {}

    def ask(
        self, question: str, *, k: int = 5, documents: Collection[str] | None = None, mode: Mode | None = None
    ) -> Answer:
        """The answer to `question` in up to `k` quotations; see `retrieve`. Raises BadQuestion as it does."""
        from qa.asked import checked

        checked(question, k, mode, documents)  # before the model is loaded
        return self._retriever(reader=self._reader).answer(question, k, documents, mode)

    def ask_many(
        self,
        questions: Iterable[str],
        *,
        k: int = 5,
        documents: Collection[str] | None = None,
        mode: Mode | None = None,
    ) -> Iterator[Answer]:
        """The answers to `questions` in their order, each as it is asked for."""
        if isinstance(questions, str):
            raise BadQuestion(f"questions is the text {questions[:80]!r}; give a list of questions, or use ask.")
        if not isinstance(questions, Iterable):
            raise BadQuestion(f"questions is {repr(questions)[:80]}; give a list of questions.")
        return (self.ask(question, k=k, documents=documents, mode=mode) for question in questions)

    def nearest(self, text: str, *, k: int = 5, documents: Collection[str] | None = None) -> tuple[Quote, ...]:
        """The `k` passages that stand nearest to `text`, the best first, whether they answer it or not."""
        from qa.asked import checked

        checked(text, k, None, documents)
        return self._retriever(reader=False).answer(text, k, documents, "list").quotes

    @property
    def documents(self) -> Sequence[Entry]:
        """All documents without their texts, in the order of the library: name, title, author, date, passages."""
        return self._opened().entries

    def read(self, name: str) -> Document:
        """A whole document, by its name. Raises NoDocument, which names the nearest, if there is none."""
        if not isinstance(name, str):
            raise BadQuestion(f"name is {name!r}; give a document's name, as in `documents`.")
        return self._opened().document(name)

    def check(self, draft: Path | str, *, documents: Collection[str] | None = None, all_marked: bool = False) -> Report:
        """What is to be said of each quotation in the file `draft`, or of `draft` itself, where that is text."""
        from qa.quotations.check import check

        return check(draft, index=self._opened(), documents=documents, all_marked=all_marked)

    async def ask_async(
        self, question: str, *, k: int = 5, documents: Collection[str] | None = None, mode: Mode | None = None
    ) -> Answer:
        """As `ask`."""
        return await asyncio.to_thread(self.ask, question, k=k, documents=documents, mode=mode)

    async def ask_many_async(
        self,
        questions: Iterable[str],
        *,
        k: int = 5,
        documents: Collection[str] | None = None,
        mode: Mode | None = None,
    ) -> list[Answer]:
        """The answers to `questions`, in their order."""
        return await asyncio.to_thread(lambda: list(self.ask_many(questions, k=k, documents=documents, mode=mode)))

    async def nearest_async(
        self, text: str, *, k: int = 5, documents: Collection[str] | None = None
    ) -> tuple[Quote, ...]:
        """As `nearest`."""
        return await asyncio.to_thread(self.nearest, text, k=k, documents=documents)

    async def read_async(self, name: str) -> Document:
        """As `read`."""
        return await asyncio.to_thread(self.read, name)

    async def check_async(
        self, draft: Path | str, *, documents: Collection[str] | None = None, all_marked: bool = False
    ) -> Report:
        """As `check`."""
        return await asyncio.to_thread(self.check, draft, documents=documents, all_marked=all_marked)

    def close(self) -> None:
        """Let go of the index; nothing can be asked after that."""
        index, self._index, self._retrievers = self._index, None, {}
        if index is not None:
            index.close()

    def __enter__(self) -> Self:
        self._opened()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._index is None:
            return "<Essays, closed>"
        about = self._index.about
        return f"<Essays at {about.address!r}: {about.counts.documents} documents, {about.counts.passages} passages>"

    def _opened(self) -> Index:
        if self._index is None:
            raise UserError("These essays are closed; open them again with quoth.open.")
        return self._index

    def _retriever(self, *, reader: bool) -> Retriever:
        index = self._opened()
        found = self._retrievers.get(reader)
        if found is None:
            found = self._retrievers[reader] = retriever(index, reader=reader)
        return found


def open_essays(index: Path | str | None = None, *, reader: bool = True) -> Essays:
    """The essays whose index lies at `index`, a path or an address (default: the user's index), to be closed again.

    If the user has no index yet, that of the essay that comes with Quoth is built first. Without the
    `reader` answers come sooner, and none is said to answer. Raises NoIndex if there is no index where
    one is named, and UserError if it cannot be used.
    """
    from index.opening import address_of, open_index

    address = address_of(_address(index))
    if index is None:
        begun(address)
    return Essays(open_index(address), reader=reader)


def _address(index: object) -> Path | str | None:
    if index is not None and (not isinstance(index, Path | str) or not str(index)):
        raise UserError(f"index is {index!r}; give the path of an index, or leave it out for your own.")
    return index
