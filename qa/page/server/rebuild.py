"""Building an index while the page goes on answering: one build at a time, watched or cancelled by anyone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
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


class Cancelled(Exception):
    """The reader asked the build to stop."""


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

    def start(
        self,
        folder: Path,
        address: Path | str,
        model: str = DEFAULT_MODEL,
        like: Index | None = None,
        selection: Selection = ALL,
    ) -> None:
        """Begin to index `folder` at `address`, unless a build is running already; see `index.build.build`."""
        with self._lock:
            if self.progress.running:
                return
            self._stop.clear()
            self.progress = BuildProgress(running=True)
        given = folder, address, model, like, selection
        threading.Thread(target=self._run, args=given, name="rebuild", daemon=True).start()

    def cancel(self) -> None:
        """Stop the running build; the index stays as it is."""
        self._stop.set()

    def _run(self, folder: Path, address: Path | str, model: str, like: Index | None, selection: Selection) -> None:
        try:
            encoder, target = load_encoder(model), sink(address)
            index, report = build(
                folder, target, encoder=encoder, progress=self._advance, like=like, selection=selection
            )
            self._built(index)
            said = "; ".join(filter(None, [str(report), report.in_languages, str(report.changes), report.advice]))
            self.progress = BuildProgress(report=said, skipped=tuple(map(str, report.skipped)))
        except Cancelled:
            self.progress = BuildProgress(failure="Cancelled. The index is as it was.")
        except UserError as error:
            self.progress = BuildProgress(failure=without_folders(str(error)))
        except Exception:  # a fault of ours or of a library
            _LOG.exception("The build of %s failed.", address)
            self.progress = BuildProgress(
                failure="The build failed, and the index is as it was. The terminal says more."
            )
        finally:
            self._ended()

    def _advance(self, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Cancelled
        self.progress = BuildProgress(done, total, running=True)
