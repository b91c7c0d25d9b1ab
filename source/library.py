"""A folder → Documents: which files, in which order, and why some are left out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from source.document import Document
from source.errors import UnreadableFile, UserError
from source.files import ARCHIVE, SourceFile, members
from source.formats.readers import READERS, check_suffix, read_data

ESSAYS = Path(__file__).parent / "essays"
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


def read_library(folder: Path, known: Mapping[str, str] = NOTHING_KNOWN) -> Iterator[Document | Unchanged | Skipped]:
    """Every essay under `folder` (or the one file it names), in the order of their names.

    `known` maps names to the SHA-256 that a file is known to have; one that still has it is not
    read again. Files and folders that cannot be read are given as Skipped with the reason, so that
    one of them never stops the others. Raises UserError if `folder` itself cannot be read.
    """
    try:
        is_file, is_folder = folder.is_file(), folder.is_dir()
    except OSError as error:
        raise _unreadable(folder, error) from error
    if is_file:
        yield from _documents(folder, folder.name, known)
        return
    if not is_folder:
        raise UserError(f"There is no folder {str(folder)!r}; give the folder that holds the essays.")
    closed: list[Skipped] = []
    for name in sorted(_names(folder, closed)):
        yield from _documents(folder / name, name, known)
    yield from closed


def source_file(folder: Path, name: str) -> SourceFile:
    """Where the document `name` of the library `folder` lies; `folder` may be one file."""
    path = folder / name if folder.is_dir() else folder.parent / name
    archive = next((one for one in path.parents if one.suffix.lower() == ARCHIVE and one.is_file()), None)
    return SourceFile(archive, path.relative_to(archive).as_posix()) if archive else SourceFile(path)


def _names(folder: Path, closed: list[Skipped]) -> Iterator[str]:
    """Paths of all files under `folder`, relative to it; links to folders are not followed.

    Folders that cannot be looked into are added to `closed`. Raises UserError if `folder` is one.
    """

    def note(error: OSError) -> None:
        where = Path(os.fsdecode(error.filename or folder))
        if where == folder:
            raise _unreadable(folder, error) from error
        closed.append(Skipped(_shown(where.relative_to(folder).as_posix()), f"cannot be read: {error.strerror}"))

    for where, folders, files in os.walk(folder, onerror=note):
        folders.sort()
        for name in files:
            yield (Path(where) / name).relative_to(folder).as_posix()


def _unreadable(folder: Path, error: OSError) -> UserError:
    return UserError(f"The folder {str(folder)!r} cannot be read: {error.strerror}.")


def _shown(name: str) -> str:
    """`name` as text, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "replace")


def _documents(path: Path, name: str, known: Mapping[str, str]) -> Iterator[Document | Unchanged | Skipped]:
    """The document in the file at `path`, or the documents in the zip archive there."""
    if path.suffix.lower() != ARCHIVE:
        yield _document(SourceFile(path), name, known)
        return
    try:
        inside = members(path)
    except UnreadableFile as error:
        yield Skipped(name, str(error))
        return
    except OSError as error:
        yield Skipped(name, f"cannot be read: {error.strerror}")
        return
    for file in inside:
        yield _document(file, f"{name}/{file.member}", known)


def _document(file: SourceFile, name: str, known: Mapping[str, str]) -> Document | Unchanged | Skipped:
    try:
        name.encode()
    except UnicodeEncodeError:
        return Skipped(_shown(name), "its name is not UTF-8; rename it")
    parts = name.split("/")
    if ".." in parts or "" in parts:
        return Skipped(name, "its name leads out of the archive")
    if any(part.startswith(".") for part in parts) or "__MACOSX" in parts:
        return Skipped(name, "hidden")
    if name in known and file.sha256() == known[name]:
        return Unchanged(name)
    try:
        check_suffix(name)
        return read_data(file.data(), name)
    except UnreadableFile as error:
        return Skipped(name, str(error))
    except UserError:
        raise
    except Exception as error:  # a fault of ours or of a library: it must not cost the other essays
        return Skipped(name, f"cannot be read: {type(error).__name__}: {error}; please report this")


def suffixes() -> tuple[str, ...]:
    """The suffixes of the files that can be read, with the dot."""
    return tuple(READERS)
