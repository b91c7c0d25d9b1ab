"""A folder → Documents: which files, in which order, and why some are left out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from source.document import Document
from source.errors import UnreadableFile, UserError
from source.readers import READERS, read

ESSAYS = Path(__file__).parent / "essays"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out, relative to the folder, and the reason."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


def read_library(folder: Path) -> Iterator[Document | Skipped]:
    """Every essay under `folder` (or the one file it names), in the order of their names.

    Files that cannot be read are given as Skipped with the reason, so that one bad file never
    stops the others. Raises UserError if `folder` does not exist.
    """
    if folder.is_file():
        yield _document(folder, folder.name)
        return
    if not folder.is_dir():
        raise UserError(f"There is no folder {str(folder)!r}; give the folder that holds the essays.")
    for name in sorted(_names(folder)):
        yield _document(folder / name, name)


def source_file(folder: Path, name: str) -> Path:
    """Where the document `name` of the library `folder` lies; `folder` may be that one file."""
    return folder / name if folder.is_dir() or folder.name != name else folder


def _names(folder: Path) -> Iterator[str]:
    """Paths of all files under `folder`, relative to it; links to folders are not followed."""
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in files:
            yield (Path(where) / name).relative_to(folder).as_posix()


def _document(path: Path, name: str) -> Document | Skipped:
    try:
        name.encode()
    except UnicodeEncodeError:
        return Skipped(os.fsencode(name).decode("utf-8", "replace"), "its name is not UTF-8; rename it")
    if any(part.startswith(".") for part in name.split("/")):
        return Skipped(name, "hidden")
    try:
        return read(path, name)
    except UnreadableFile as error:
        return Skipped(name, str(error))


def suffixes() -> tuple[str, ...]:
    """The suffixes of the files that can be read, with the dot."""
    return tuple(READERS)
