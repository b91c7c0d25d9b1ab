"""Building an index while the page goes on answering: one build at a time, watched or cancelled by anyone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.build import build
from index.encoding.encoder import DEFAULT_MODEL
from index.encoding.loading import load_encoder
from index.opening import sink
from index.protocol import Index
from qa.page.progress import BuildProgress
from qa.programs.folders import without_folders
from source.errors import UserError
from source.selection import ALL, Selection

_LOG = logging.getLogger(__name__)
_CANCELLED = BuildProgress(failure="Cancelled. The index is as it was.")


class Cancelled(Exception):
    """The reader asked the build to stop."""


@dataclass(frozen=True, slots=True)
class _Build:
    folder: Path
    address: Path | str
    model: str
    beside: Index | None
    selection: Selection


class Rebuild:
    """The one build of the page; safe to use from many threads."""

    def __init__(
        self, built: Callable[[Index], None] = lambda _: None, ended: Callable[[], None] = lambda: None
    ) -> None:
        """`built` is given each index that was built, before the build is said to have `ended`."""
        self.progress = BuildProgress()
        self._built, self._ended = built, ended
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._next: _Build | None = None

    def start(
        self,
        folder: Path,
        address: Path | str,
        model: str = DEFAULT_MODEL,
        beside: Index | None = None,
        selection: Selection = ALL,
    ) -> None:
        """Begin to index `folder` at `address`; see `index.build.build`.

        Where a build is running, which may have passed by what is new, another follows it.
        """
        with self._lock:
            self._next = _Build(folder, address, model, beside, selection)
            if self.progress.running:
                return
            self.progress = BuildProgress(running=True)
        threading.Thread(target=self._run, name="rebuild", daemon=True).start()

    def cancel(self) -> None:
        """Stop the running build, and what was to follow it; the index stays as it is."""
        with self._lock:
            self._next = None
            self._stop.set()

    def _run(self) -> None:
        ended = _CANCELLED
        try:
            while build := self._due(ended):
                ended = self._outcome(build)
        finally:
            self._ended()

    def _due(self, ended: BuildProgress) -> _Build | None:
        """The build to be run now; None if there is none, and then how the last one `ended` is what is shown."""
        with self._lock:
            due, self._next = self._next, None
            self._stop.clear()
            if due is None:
                self.progress = ended
            return due

    def _outcome(self, what: _Build) -> BuildProgress:
        """How a build ended."""
        try:
            encoder, target = load_encoder(what.model), sink(what.address)
            index, report = build(
                what.folder,
                target,
                encoder=encoder,
                progress=self._advance,
                beside=what.beside,
                selection=what.selection,
            )
            self._built(index)
            said = "; ".join(filter(None, [str(report), report.in_languages, str(report.changes), report.advice]))
            return BuildProgress(report=said, skipped=tuple(map(str, report.skipped)))
        except Cancelled:
            return _CANCELLED
        except UserError as error:
            return BuildProgress(failure=without_folders(str(error)))
        except Exception:  # a fault of ours or of a library
            _LOG.exception("The build of %s failed.", what.address)
            return BuildProgress(failure="The build failed, and the index is as it was. The terminal says more.")

    def _advance(self, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Cancelled
        self.progress = BuildProgress(done, total, running=True)
