"""Building the index: which folder and model are meant where none is named, and the index to begin with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from index.opening import current, origin, sink
from qa.progress import bar
from source.errors import NoIndex, UserError

if TYPE_CHECKING:
    from index.protocol import Progress
    from index.report import Report


def rebuilt(
    address: Path | str, folder: Path | None = None, model: str | None = None, progress: Progress | None = None
) -> Report:
    """Build the index at `address` of `folder` with `model`, and report what was done.

    Without `progress` there is a bar on a terminal. Where folder and model are None: the folder of the
    last build, whatever its format, and its model if somebody chose that; else the shipped essay, the
    default model. Raises UserError as `index.build.build` does.
    """
    from index.build import build
    from index.encoding.encoder import DEFAULT_MODEL
    from index.encoding.loading import load_encoder
    from source.library import ESSAYS

    last = None
    try:
        last = origin(address)
    except NoIndex:
        folder = folder or ESSAYS
    except UserError:
        if folder is None:  # what the index held is not to be guessed
            raise
    folder = folder or (Path(last.source) if last else ESSAYS)
    try:
        found = folder.exists()
    except OSError as error:
        raise UserError(f"The folder {str(folder)!r} cannot be read: {error.strerror}.") from error
    if not found:  # before the model is loaded
        raise UserError(f"There is no folder {str(folder)!r}; give the folder that holds the essays.")
    encoder = load_encoder(model or (last.model if last and last.chosen else DEFAULT_MODEL))
    chosen = bool(model or (last and last.chosen))
    with bar("embedding", "passages") if progress is None else nullcontext(progress) as show:
        return build(folder, sink(address), encoder=encoder, progress=show, chosen=chosen)[1]


def ensure_index(address: Path | str, say: Callable[[str], None]) -> None:
    """Build the index of the essay that comes with Quoth at `address`, unless an index is there."""
    try:
        current(address)
    except NoIndex:
        say("There is no index yet; indexing the essay that comes with Quoth …")
        say(str(rebuilt(address)))
