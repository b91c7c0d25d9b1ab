"""A reader's own copy of the library, with the essays that were added to it: there whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.protocol import Index
from qa.page.server.uploads import Upload, stored
from source.errors import UnreadableFile
from source.files import SourceFile
from source.library import source_file

# The essays in a reader's folder, and what is called so until all of them are there.
WHOLE, _BEGUN = "essays", "begun"


def first_copy(library: Index, uploads: Sequence[Upload], folder: Path) -> tuple[list[str], list[str]]:
    """Make the copy in a reader's `folder`, with the reader's first essays.

    Returns the names of the essays that were added, and why others, or what of the library, were not; where none
    was added, there is no copy. Raises OSError if there is no room.
    """
    shutil.rmtree(folder, ignore_errors=True)  # of a first time that was broken off
    begun = folder / _BEGUN
    begun.mkdir(parents=True, mode=0o700)
    missing = _copied(library, begun)
    added, refused = stored(uploads, begun)
    if not added:
        shutil.rmtree(folder, ignore_errors=True)
        return [], refused
    begun.rename(folder / WHOLE)
    return added, [*missing, *refused]


def _copied(library: Index, target: Path) -> list[str]:
    """Copy the library's essays to `target` and say which cannot be read. Raises OSError if there is no room."""
    missing: list[str] = []
    for name, file in _files(library).items():
        try:
            data = file.data()
        except UnreadableFile as error:
            missing.append(f"{name}: your copy of the library is without it, as it cannot be read: {error}")
            continue
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return missing


def _files(library: Index) -> dict[str, SourceFile]:
    """The files of the essays by name; an archive is one, as its members may have names that no file can have."""
    about = library.about
    files: dict[str, SourceFile] = {}
    for entry in library.entries:
        file = source_file(about.source, entry.name, about.selection)
        name = entry.name.removesuffix(f"/{file.member}") if file.member else entry.name
        files[name] = replace(file, member="")
    return files
