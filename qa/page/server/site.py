"""What the page is served from: the library's index, readers' own essays, the builds of both."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.protocol import Index
from qa.page.guard.door import Access
from qa.page.server.rebuild import Rebuild
from qa.page.server.receiving import Uploads
from qa.page.server.scratch import scratch
from qa.page.server.uploads import Upload, stored
from qa.retrieve import hand_on, retriever
from qa.retriever import Retriever
from source.errors import UnreadableFile, UserError
from source.library import ESSAYS, source_file

# Asked of the essay that ships with Quoth.
EXAMPLES = (
    "What tanks did the Soviet Union supply?",
    "Why did the Soviet Union want Korean seaports?",
    "Did the Soviet Union send its own troops?",
    "What was the Soviet role in the ceasefire?",
)


@dataclass
class _Own:
    """A reader's own copy of the library, with the essays that were added to it, in a folder that is thrown away."""

    folder: Path
    client: str
    rebuild: Rebuild
    snapshot: Index | None = None

    @property
    def essays(self) -> Path:
        return self.folder / "essays"

    def answer_from(self, built: Index) -> None:
        """Answer from what was built."""
        self.snapshot = built


@dataclass
class Site:
    """The page's one state, shared by all who use it; safe to use from many threads."""

    address: Path | str
    access: Access
    rebuild: Rebuild = field(init=False)
    uploads: Uploads = field(init=False)

    def __post_init__(self) -> None:
        self.rebuild = Rebuild(self._answer_from)
        self._folder = Path(tempfile.mkdtemp(dir=scratch()))
        self.uploads = Uploads(self._folder / "uploads", self.access.limits)
        self._own: dict[str, _Own] = {}
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Ask a question, so that the first reader does not wait for the model to load."""
        self.retriever().answer("What is it about?", 1)

    def _answer_from(self, built: Index) -> None:
        hand_on(self.address, built)
        self.warm()

    def retriever(self, own: str = "") -> Retriever:
        """The retriever over the library, or over a reader's own essays."""
        desk = self._own.get(own)
        return retriever(desk.snapshot if desk and desk.snapshot else self.address)

    def snapshot(self, own: str = "") -> Index:
        """The current generation of the library's index, or of that of a reader's own essays."""
        return self.retriever(own).index

    @property
    def examples(self) -> Sequence[str]:
        """Example questions, where the essays are those that ship with Quoth."""
        return EXAMPLES if self.snapshot().about.source == ESSAYS.resolve() else ()

    @property
    def library(self) -> Path | None:
        """The folder to which essays can be added for good; None where there is no such folder."""
        folder = self.snapshot().about.source
        return folder if folder != ESSAYS.resolve() and folder.is_dir() and os.access(folder, os.W_OK) else None

    def build(self) -> Rebuild:
        """Begin to rebuild the library's index from its folder."""
        about = self.snapshot().about
        self.rebuild.start(about.source, self.address, about.model)
        return self.rebuild

    def cancel(self, own: str = "") -> None:
        """Stop the builds of the library and of a reader's own essays."""
        self.rebuild.cancel()
        if own in self._own:
            self._own[own].rebuild.cancel()

    def add_to_library(self, uploads: Sequence[Upload]) -> tuple[Rebuild | None, list[str]]:
        """Write essays into the library's folder and begin to index them; the build, and what was not written."""
        folder = self.library
        if folder is None:
            raise UserError("Essays cannot be added to this library; add them for yourself, or index another folder.")
        try:
            added, refused = stored(uploads, folder)
        except OSError as error:
            raise UserError(f"The folder {str(folder)!r} cannot be written: {error.strerror}.") from error
        return (self.build() if added else None), refused

    def add_own(self, uploads: Sequence[Upload], own: str, client: str = "") -> tuple[str, Rebuild | None, list[str]]:
        """Add essays to a reader's own copy of the library and begin to index it.

        Returns the name of the reader's copy, the build, and what was not added. Raises UserError
        if there are too many copies, of `client` or in all, or no room.
        """
        missing: list[str] = []
        with self._lock:
            desk = self._own.get(own)
            if new := desk is None:
                own = secrets.token_urlsafe(16)
                desk = self._own[own] = self._desk(client)
        try:
            if new:
                missing = self._copy(desk.essays)
            added, refused = stored(uploads, desk.essays)
        except OSError as error:
            if new:
                self.forget(own)
            raise UserError(f"Your essays cannot be kept: {error.strerror}. Nothing was added.") from error
        if added:
            desk.rebuild.start(desk.essays, desk.folder / "index", self.snapshot().model)
        return own, (desk.rebuild if added else None), [*missing, *refused]

    def _desk(self, client: str) -> _Own:
        """A new folder for the essays of `client`."""
        limits = self.access.limits
        if sum(desk.client == client for desk in self._own.values()) >= limits.desks_of_one:
            raise UserError("You have essays of your own in several conversations; close one of these pages first.")
        if len(self._own) >= limits.desks:
            raise UserError("Too many readers have essays of their own just now; try again later.")
        own = _Own(Path(tempfile.mkdtemp(dir=self._folder)), client, Rebuild())
        own.rebuild = Rebuild(own.answer_from)
        return own

    def _copy(self, target: Path) -> list[str]:
        """Copy the library's essays to `target` and say which cannot be read. Raises OSError if there is no room."""
        library = self.snapshot()
        source = library.about.source
        missing: list[str] = []
        target.mkdir()
        for entry in library.entries:
            try:
                data = source_file(source, entry.name).data()
            except (OSError, UnreadableFile) as error:
                reason = error.strerror if isinstance(error, OSError) else error
                missing.append(f"{entry.name}: your copy of the library is without it, as it cannot be read: {reason}")
                continue
            path = target / entry.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return missing

    def forget(self, own: str) -> None:
        """Throw a reader's own essays away."""
        desk = self._own.pop(own, None)
        if desk:
            desk.rebuild.cancel()
            shutil.rmtree(desk.folder, ignore_errors=True)

    def close(self) -> None:
        """Throw away all that readers have sent and stop the build."""
        self.rebuild.cancel()
        for own in list(self._own):
            self.forget(own)
        shutil.rmtree(self._folder, ignore_errors=True)
