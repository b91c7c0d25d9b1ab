"""A folder → Documents: which files, in which order, and why some are left out."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from source.document import Document
from source.errors import UserError
from source.files import ARCHIVE, SourceFile, is_lock
from source.formats.readers import READERS
from source.reading import job
from source.selection import ALL, Selection
from source.worker.pool import POOL

if TYPE_CHECKING:
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


# What a file of a library gives.
Item = Document | Unchanged | Skipped
# A file's path relative to the library's folder, and the folder out of which no link of it may lead; None if it may
# lead anywhere.
File = tuple[str, Path | None]


def read_library(folder: Path, known: Mapping[str, str] = NOTHING_KNOWN, selection: Selection = ALL) -> Iterator[Item]:
    """Every essay of the `selection` under `folder` (or the one file it names), in the order of their names.

    `known` maps names to the SHA-256 that a file is known to have; one that still has it is not
    read again. Files and folders that cannot be read are given as Skipped with the reason, so that
    one of them never stops the others. Raises UserError if `folder`, or a part of it that is selected, cannot be read.
    """
    files, closed = library_files(folder, selection)
    yield from read_files(folder, files, known)
    yield from closed


def prepare_reading() -> None:
    """Begin to start what reads files: who will soon read a library has other things to do first."""
    POOL.prepare()


def library_files(folder: Path, selection: Selection) -> tuple[list[File], list[Skipped]]:
    """All files that `read_library` looks at, in order, and the folders that cannot be looked into.

    Raises UserError as it does.
    """
    closed: list[Skipped] = []
    top = _top(folder)
    files = [
        (name, None if _is_file(place) else place)
        for place in selection.places(folder)
        for name in _names(place, top, closed)
        if selection.takes(name)
    ]
    return sorted(files), closed


def read_files(folder: Path, files: Iterable[File], known: Mapping[str, str]) -> Iterator[Item]:
    """These files of the library `folder`, in this order: see `read_library`."""
    jobs = _jobs(_top(folder), files, known)
    with POOL.worker(wait=False) as worker:
        while some := list(islice(jobs, _AT_ONCE)):
            for name, outcome in worker.answers(some):
                yield _item(name, outcome)


def parts(
    files: Sequence[File], known: Mapping[str, str], most: int
) -> Iterator[tuple[Sequence[File], dict[str, str]]]:
    """The `files` of a library, at `most` so many at a time, and what is `known` of them and in them."""
    in_order = sorted(known)
    for at in range(0, len(files), most):
        some = files[at : at + most]
        names = (one for name, _ in some for one in (name, *_inside(in_order, name)))
        yield some, {name: known[name] for name in names if name in known}


def _top(folder: Path) -> Path:
    """What the names of a library's files are relative to; `folder` may be one file."""
    return folder.parent if _is_file(folder) else folder


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


def _jobs(top: Path, files: Iterable[File], known: Mapping[str, str]) -> Iterator[Job]:
    """What a worker is asked for to read these files of the folder `top`, each of which may be an archive."""
    in_order = sorted(known)
    for name, root in files:
        file = SourceFile(top / name, root=root)
        if file.path.suffix.lower() != ARCHIVE:
            yield replace(job(file, name), known={name: known[name]} if name in known else {})
            continue
        yield replace(job(file, name), known={one: known[one] for one in _inside(in_order, name)}, archive=True)


def _inside(in_order: Sequence[str], name: str) -> Sequence[str]:
    """Those of the names that are of what is in the archive `name`."""
    return in_order[bisect_left(in_order, f"{name}/") : bisect_left(in_order, f"{name}0")]  # "0" follows "/"


def _item(name: str, outcome: Outcome) -> Item:
    if isinstance(outcome, Document):
        return outcome
    return Unchanged(name) if outcome is None else Skipped(_shown(name), outcome)


def suffixes() -> tuple[str, ...]:
    """The suffixes of the files that can be read, with the dot."""
    return tuple(READERS)
