"""Building the index: which folder and model are meant where none is named, and the index to begin with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from index.opening import current, origin, sink
from qa.progress import bar
from source.errors import NoIndex, UserError
from source.selection import selected

if TYPE_CHECKING:
    from index.build import Workers
    from index.generation import Progress
    from index.report import BuildReport


def rebuilt(
    address: Path | str,
    folders: Sequence[Path] = (),
    model: str | None = None,
    progress: Progress | None = None,
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    ray: str | None = None,
) -> BuildReport:
    """Build the index at `address` of `folders` with `model`, and report what was done.

    Without `progress` there is a bar on a terminal. `include` and `exclude` are patterns of files, see
    `source.selection`. Where no folders are named: those of the last build, whatever its format, with its
    patterns if none are named either; else the shipped essay. Without a model that of the last build if somebody
    chose it, else the default one. The workers of the Ray at the address `ray` read and embed; "" is one on this
    machine, None this process. Raises UserError as `index.build.build` does.
    """
    from index.build import build
    from index.encoding.encoder import DEFAULT_MODEL
    from index.encoding.loading import load_encoder
    from source.library import ESSAYS

    if ray is not None and "://" not in str(address):
        raise UserError("Ray writes into Milvus only; name a collection with --index milvus://HOST:PORT/COLLECTION.")
    last = None
    try:
        last = origin(address)
    except NoIndex:
        folders = folders or [ESSAYS]
    except UserError:
        if not folders:  # what the index held is not to be guessed
            raise
    if last and not folders and not include and not exclude:
        include, exclude = last.selection.include, last.selection.exclude
    named = folders or list(map(Path, last.places if last else [])) or [ESSAYS]
    folder, selection = selected(named, include, exclude)  # before the model is loaded
    encoder = load_encoder(model or (last.model if last and last.chosen else DEFAULT_MODEL))
    chosen = bool(model or (last and last.chosen))
    with _workers(ray) as workers, bar("embedding", "passages") if progress is None else nullcontext(progress) as show:
        return build(
            folder,
            sink(address),
            encoder=encoder,
            progress=show,
            chosen=chosen,
            selection=selection,
            workers=workers,
        )[1]


def _workers(ray: str | None) -> AbstractContextManager[Workers | None]:
    """Those of the Ray at this address; None where there is none."""
    if ray is None:
        return nullcontext()
    from index.ray.starting import workers

    return workers(ray)


def ensure_index(address: Path | str, say: Callable[[str], None]) -> None:
    """Build the index of the essay that comes with Quoth at `address`, unless an index is there."""
    try:
        current(address)
    except NoIndex:
        say("There is no index yet; indexing the essay that comes with Quoth …")
        say(str(rebuilt(address)))
