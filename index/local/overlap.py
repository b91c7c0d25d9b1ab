"""Whether an index and its essays lie in each other, whatever names lead there: links, dots, capitals, mounts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_Identity = tuple[int, int]  # device and number of a folder


def overlap(folder: Path, location: Path) -> str:
    """ "inside" if the index at `location` lies in the essays' `folder` or is it, "around" if the essays lie in it,
    "" if neither does."""
    essays, index = (Path(os.path.realpath(path)) for path in (folder, location))
    if index.is_relative_to(essays):
        return "inside"
    if essays.is_relative_to(index):
        return "around"
    above = set(_identities(index))
    own = _identity(essays)
    if own in above or any(number in above for number in _folders(essays, {number for _, number in above})):
        return "inside"
    return "around" if _identity(index) in set(_identities(essays)) else ""


def _identities(path: Path) -> Iterator[_Identity]:
    """Of a path and all that is above it, as far as they are there."""
    for one in (path, *path.parents):
        if (found := _identity(one)) is not None:
            yield found


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_ino else None


def _folders(top: Path, numbers: set[int]) -> Iterator[_Identity]:
    """Of the folders below `top` those with one of these numbers: a part of the essays may be mounted elsewhere."""
    waiting = [str(top)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                below = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        waiting += [entry.path for entry in below]
        for entry in below:
            if entry.inode() in numbers and (found := _identity(Path(entry.path))) is not None:
                yield found
