"""A folder → Documents: which files, in which order, and why some are left out."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from source.document import Document
from source.errors import UserError
from source.files import ARCHIVE, SourceFile, is_lock
from source.formats.readers import READERS
from source.reading import job
from source.selection import ALL, Selection
from source.worker.pool import POOL
from source.worker.progress import Outcome
from source.worker.wire import Job

ESSAYS = Path(__file__).parent / "essays"
METADATA = "metadata.csl.json"  # what is known of the essays in the folder; no essay itself
_AT_ONCE = 64  # files that a worker is asked for
NOTHING_KNOWN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out, relative to the folder, and the reason."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file that still holds what it is known to hold."""

    name: str


def read_library(
    folder: Path, known: Mapping[str, str] = NOTHING_KNOWN, selection: Selection = ALL
) -> Iterator[Document | Unchanged | Skipped]:
    """Every essay of the `selection` under `folder` (or the one file it names), in the order of their names.

    `known` maps names to the SHA-256 that a file is known to have; one that still has it is not
    read again. Files and folders that cannot be read are given as Skipped with the reason, so that
    one of them never stops the others. Raises UserError if `folder`, or a part of it that is selected, cannot be read.
    """
    closed: list[Skipped] = []
    top = folder.parent if _is_file(folder) else folder
    names = [
        (name, None if _is_file(place) else place)
        for place in selection.places(folder)
        for name in _names(place, top, closed)
        if selection.takes(name)
    ]
    jobs = _jobs(top, sorted(names), known)
    with POOL.worker(wait=False) as worker:
        while some := list(islice(jobs, _AT_ONCE)):
            for name, outcome in worker.answers(some):
                yield _item(name, outcome)
    yield from closed


def source_file(folder: Path, name: str, selection: Selection = ALL) -> SourceFile:
    """Where the document `name` of the library `folder` lies; `folder` may be one file."""
    path = folder / name if folder.is_dir() else folder.parent / name
    root = selection.root(folder, name)
    archive = next((one for one in path.parents if one.suffix.lower() == ARCHIVE and one.is_file()), None)
    if archive is None:
        return SourceFile(path, root=root)
    return SourceFile(archive, path.relative_to(archive).as_posix(), root)


def _is_file(place: Path) -> bool:
    """Whether `place` is a file and not a folder. Raises UserError if it is neither."""
    try:
        is_file = place.is_file()
        if not is_file and not place.is_dir():
            raise UserError(f"There is no folder {str(place)!r}; give the folder that holds the essays.")
    except OSError as error:
        raise _unreadable(place, error) from error
    return is_file


def _names(folder: Path, top: Path, closed: list[Skipped]) -> Iterator[str]:
    """Paths of all files under `folder`, or of itself, relative to `top`; links to folders are not followed.

    Folders that cannot be looked into are added to `closed`. Raises UserError if `folder` is one.
    """
    if _is_file(folder):
        yield folder.relative_to(top).as_posix()
        return

    def note(error: OSError) -> None:
        where = Path(os.fsdecode(error.filename or folder))
        if where == folder:
            raise _unreadable(folder, error) from error
        closed.append(Skipped(_shown(where.relative_to(top).as_posix()), f"cannot be read: {error.strerror}"))

    for where, folders, files in os.walk(folder, onerror=note):
        folders.sort()
        for name in files:
            if not is_lock(name) and name != METADATA:
                yield (Path(where) / name).relative_to(top).as_posix()


def _unreadable(folder: Path, error: OSError) -> UserError:
    return UserError(f"The folder {str(folder)!r} cannot be read: {error.strerror}.")


def _shown(name: str) -> str:
    """`name` as text, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "replace")


def _jobs(top: Path, names: Iterable[tuple[str, Path | None]], known: Mapping[str, str]) -> Iterator[Job]:
    """What a worker is asked for to read these files of the folder `top`, each of which may be an archive.

    Beside each name stands the folder out of which no link of it may lead; None if it may lead anywhere.
    """
    in_order = sorted(known)
    for name, root in names:
        file = SourceFile(top / name, root=root)
        if file.path.suffix.lower() != ARCHIVE:
            yield replace(job(file, name), known={name: known[name]} if name in known else {})
            continue
        inside = in_order[bisect_left(in_order, f"{name}/") : bisect_left(in_order, f"{name}0")]  # "0" follows "/"
        yield replace(job(file, name), known={one: known[one] for one in inside}, archive=True)


def _item(name: str, outcome: Outcome) -> Document | Unchanged | Skipped:
    if isinstance(outcome, Document):
        return outcome
    return Unchanged(name) if outcome is None else Skipped(_shown(name), outcome)


def suffixes() -> tuple[str, ...]:
    """The suffixes of the files that can be read, with the dot."""
    return tuple(READERS)
