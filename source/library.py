"""A folder → Documents: which files, in which order, and why some are left out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from source.document import Document
from source.errors import UnreadableFile, UserError
from source.readers import READERS, read

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
    read again. Files that cannot be read are given as Skipped with the reason, so that one bad
    file never stops the others. Raises UserError if `folder` does not exist.
    """
    if folder.is_file():
        yield _document(folder, folder.name, known)
        return
    if not folder.is_dir():
        raise UserError(f"There is no folder {str(folder)!r}; give the folder that holds the essays.")
    for name in sorted(_names(folder)):
        yield _document(folder / name, name, known)


def source_file(folder: Path, name: str) -> Path:
    """Where the document `name` of the library `folder` lies; `folder` may be that one file."""
    return folder / name if folder.is_dir() or folder.name != name else folder


def _names(folder: Path) -> Iterator[str]:
    """Paths of all files under `folder`, relative to it; links to folders are not followed."""
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in files:
            yield (Path(where) / name).relative_to(folder).as_posix()


def _document(path: Path, name: str, known: Mapping[str, str]) -> Document | Unchanged | Skipped:
    try:
        name.encode()
    except UnicodeEncodeError:
        return Skipped(os.fsencode(name).decode("utf-8", "replace"), "its name is not UTF-8; rename it")
    if any(part.startswith(".") for part in name.split("/")):
        return Skipped(name, "hidden")
    if name in known and file_sha256(path) == known[name]:
        return Unchanged(name)
    try:
        return read(path, name)
    except UnreadableFile as error:
        return Skipped(name, str(error))


def file_sha256(path: Path) -> str:
    """SHA-256 of a file as hexadecimal digits, "" if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def suffixes() -> tuple[str, ...]:
    """The suffixes of the files that can be read, with the dot."""
    return tuple(READERS)
