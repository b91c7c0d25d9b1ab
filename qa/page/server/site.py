"""What the page is served from: the library's index, readers' own essays, the builds of both."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.joined import JoinedIndex
from index.opening import open_index
from index.protocol import Index
from qa.page.guard.door import Access
from qa.page.html.beginnings import Beginning, beginning
from qa.page.scratch import scratch
from qa.page.server.rebuild import Rebuild
from qa.page.server.receiving import Uploads
from qa.page.server.uploads import WHOLE, Upload, first_stored, new_to, stored
from qa.page.sessions.clock import Clock
from qa.page.sessions.readers import Readers
from qa.retrieve import hand_on, retriever
from qa.retriever import Retriever
from source.errors import OtherModel, UserError
from source.library import ESSAYS
from source.proof import is_readable
from source.selection import ALL

# Of so many generations it is kept how they begin.
_MOST_BEGUN = 64
_READER = re.compile("[0-9a-f]{64}")
# A reader who was away so long, in seconds, makes room for another one's essays.
_AWAY = 3600.0


@dataclass
class _Own:
    """A reader's own essays; what is built of them is asked beside the library's index."""

    folder: Path
    client: str
    rebuild: Rebuild
    snapshot: Index | None = None
    joined: JoinedIndex | None = None
    gone: bool = False

    @property
    def essays(self) -> Path:
        return self.folder / WHOLE

    def beside(self, library: Index) -> Index:
        """These essays beside those of the library, once they are built. Raises OtherModel if they are to be again."""
        if self.snapshot is None:
            return library
        if self.joined is None or self.joined.of != (self.snapshot, library):
            self.joined = JoinedIndex(self.snapshot, library)
        return self.joined


@dataclass
class Site:
    """The page's one state, shared by all who use it; safe to use from many threads.

    `kept` is the folder of readers' things, the user's own if it is None; their days are counted by `clock`.
    """

    address: Path | str
    access: Access
    kept: Path | None = None
    clock: Clock = field(default_factory=Clock)
    rebuild: Rebuild = field(init=False)
    uploads: Uploads = field(init=False)
    readers: Readers = field(init=False)

    def __post_init__(self) -> None:
        self.rebuild = Rebuild(self._answer_from)
        self._folder = Path(tempfile.mkdtemp(dir=scratch()))
        self.uploads = Uploads(self._folder / "uploads", self.access.limits)
        self._own: OrderedDict[str, _Own] = OrderedDict()
        self._begun: dict[str, Beginning] = {}
        self._added = 0  # bytes, to the library
        self._lock = threading.Lock()
        library = str(self.address) if "://" in str(self.address) else os.path.realpath(self.address)
        self.readers = Readers(library, self.access.limits, self.kept, self._close, self.clock)

    def warm(self) -> None:
        """Ask a question, so that the first reader does not wait for the model to load."""
        self.retriever().answer("What is it about?", 1)

    def _answer_from(self, built: Index) -> None:
        hand_on(self.address, built)
        self.warm()

    def retriever(self, own: str = "") -> Retriever:
        """The retriever over the library, and over a reader's own essays beside it."""
        of_library, desk = retriever(self.address), self._opened(own)
        if desk is None:
            return of_library
        try:
            index = desk.beside(of_library.index)
        except OtherModel:  # the library has been built with it: until these are, it answers alone
            desk.snapshot = None
            shutil.rmtree(desk.folder / "index", ignore_errors=True)
            self._index(desk)
            return of_library
        return retriever(index) if index is not of_library.index else of_library

    async def tidied(self) -> None:
        """Throw away what has been here too long, now and then, also while nobody comes."""
        while True:
            await asyncio.sleep(self.access.limits.tidy_seconds)
            await asyncio.to_thread(self.uploads.expire)
            await asyncio.to_thread(self.readers.sweep)

    def _opened(self, own: str) -> _Own | None:
        """A reader's own essays, opened if need be; None if there are none."""
        if not _READER.fullmatch(own):
            return None
        with self._lock:
            if own in self._own:
                self._own.move_to_end(own)
                return self._own[own]
        folder = self.readers.own(own)
        if not (folder / WHOLE).is_dir():
            return None
        try:
            snapshot = open_index(folder / "index")
        except UserError:  # never built, of another format, damaged: the essays are there
            snapshot = None
        desk = self._hold(own, self._new(folder, "", snapshot))
        if desk.snapshot is None:  # until it is built the library answers
            self._index(desk)
        return desk

    def _index(self, desk: _Own) -> None:
        """Begin to index a reader's own essays."""
        library = self.snapshot()
        desk.rebuild.start(desk.essays, desk.folder / "index", library.model, library)

    def _new(self, folder: Path, client: str, snapshot: Index | None = None) -> _Own:
        own = _Own(folder, client, Rebuild(), snapshot)

        def built(index: Index) -> None:
            first = own.snapshot is None
            own.snapshot = index
            if first:
                self.readers.read_again(folder.name, self.snapshot(folder.name))
            self.readers.measured(folder.name, client)

        own.rebuild = Rebuild(built, lambda: self._ended(folder.name, own))
        return own

    def _hold(self, own: str, desk: _Own) -> _Own:
        """Keep a reader's own essays open; of too many the one asked last is closed, and opened when it is asked."""
        with self._lock:
            desk = self._own.setdefault(own, desk)
            self._own.move_to_end(own)
            idle = [name for name, one in self._own.items() if not one.rebuild.progress.running]
            for name in idle[: max(len(self._own) - self.access.limits.desks_open, 0)]:
                del self._own[name]
        return desk

    def snapshot(self, own: str = "") -> Index:
        """The current generation of the library's index, and a reader's own essays beside it."""
        return self.retriever(own).index

    def begin(self, own: str = "") -> Beginning:
        """What is shown before the first question, to all or to who has essays of their own."""
        index = self.snapshot(own)
        if index.name not in self._begun:
            if len(self._begun) >= _MOST_BEGUN:
                self._begun.clear()
            self._begun[index.name] = beginning(index)
        return self._begun[index.name]

    @property
    def server(self) -> str:
        """What tells this server from others over the same library; "" where there can be none."""
        return self.readers.server if "://" in str(self.address) else ""

    @property
    def has_essays(self) -> bool:
        """Whether the library's essays are within reach: an index on another machine may be asked without them."""
        return "://" not in str(self.address) or is_readable(self.snapshot().about.source)

    @property
    def library(self) -> Path | None:
        """The folder to which essays can be added for good; None where there is none, or not all in it is meant."""
        about = self.snapshot().about
        folder, whole = about.source, about.selection == ALL and about.source != ESSAYS.resolve()
        return folder if whole and folder.is_dir() and os.access(folder, os.W_OK) else None

    def build(self) -> Rebuild:
        """Begin to rebuild the library's index from its folder."""
        about = self.snapshot().about
        self.rebuild.start(about.source, self.address, about.model, selection=about.selection)
        return self.rebuild

    def cancel(self, own: str = "") -> None:
        """Stop the builds of the library and of a reader's own essays."""
        self.rebuild.cancel()
        if desk := self._opened(own):
            desk.rebuild.cancel()

    def add_to_library(self, uploads: Sequence[Upload]) -> tuple[Rebuild | None, list[str]]:
        """Write essays into the library's folder and begin to index them; the build, and what was not written."""
        folder = self.library
        if folder is None:
            raise UserError("Essays cannot be added to this library; add them for yourself, or index another folder.")
        most, added = self.access.limits.library_bytes, set[str]()
        coming = sum(len(upload.data) for upload in uploads)
        with self._lock:
            if self._added + coming > most:
                raise UserError(f"More than {most:,} bytes of essays were sent to this library; nothing more is added.")
            self._added += coming
        try:
            names, refused = stored(uploads, folder)
            added.update(names)
        except OSError as error:
            raise UserError(f"The folder {str(folder)!r} cannot be written: {error.strerror}.") from error
        finally:  # what was not written takes no room
            with self._lock:
                self._added -= sum(len(upload.data) for upload in uploads if upload.name not in added)
        return (self.build() if added else None), refused

    def add_own(self, uploads: Sequence[Upload], own: str, client: str = "") -> tuple[Rebuild | None, list[str]]:
        """Add essays to those of the reader named `own` and begin to index them.

        Returns the build, and what was not added. Raises UserError if too many readers have essays, of
        `client` or in all, or there is no room.
        """
        uploads, known = new_to(self.snapshot(), uploads)
        if not uploads:
            return None, known
        desk, folder = self._opened(own), self.readers.own(own)
        try:
            if desk is None:
                self._make_room(client)
                self.readers.measured(own, client)  # whatever becomes of them, they are counted and go in time
                added, refused = first_stored(uploads, folder)
            else:
                added, refused = stored(uploads, desk.essays)
        except OSError as error:
            if desk is None:
                self.readers.forget_essays(own)
            raise UserError(f"Your essays cannot be kept: {error.strerror}. Nothing was added.") from error
        refused = [*known, *refused]
        if not added:
            return None, refused
        desk = desk or self._hold(own, self._new(folder, client))
        self.readers.measured(own, client)
        if desk.gone:
            raise UserError("Your essays take more room than readers have here; they are not kept.")
        self._index(desk)
        return desk.rebuild, refused

    def _make_room(self, client: str) -> None:
        """See that another reader may have essays; who was away for long makes room. Raises UserError."""
        limits = self.access.limits
        for whose, most, reason in (
            (client, limits.desks_of_one, "You have essays of your own in several browsers; try again in an hour."),
            (None, limits.desks, "Too many readers have essays of their own just now; try again later."),
        ):
            desks = self.readers.desks(whose)
            if len(desks) < most:
                continue
            oldest, away = desks[0]
            if away < _AWAY:
                raise UserError(reason)
            self.readers.forget_essays(oldest)

    def forget(self, own: str) -> None:
        """Throw a reader's own essays away."""
        self.readers.forget(own)

    def _close(self, own: str, *, gone: bool = True) -> None:
        """Answer a reader from the library, and stop the build; what it makes again of what is `gone` goes, too."""
        with self._lock:
            desk = self._own.pop(own, None)
        if desk:
            desk.gone = gone
            desk.rebuild.cancel()

    def _ended(self, own: str, desk: _Own) -> None:
        """See that a build that has ended leaves nothing where its reader's essays were thrown away."""
        with self._lock:
            if desk.gone and own not in self._own:
                shutil.rmtree(desk.folder, ignore_errors=True)

    def close(self) -> None:
        """Throw away what readers have sent and not added, and stop the builds; what is kept stays."""
        self.rebuild.cancel()
        for own in list(self._own):
            self._close(own, gone=False)
        self.readers.close()
        shutil.rmtree(self._folder, ignore_errors=True)
