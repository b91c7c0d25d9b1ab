"""Where an index lies, which of its snapshots is current, and the command that builds it anew."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from index.encoding.encoder import DEFAULT_MODEL
from index.local.files.checksums import checksum
from index.local.leases import remove_unread
from source.errors import UserError

if TYPE_CHECKING:
    from index.local.manifest import Manifest

MANIFEST = "manifest.json"
POINTER = "CURRENT"
SNAPSHOTS = "snapshots"
# What a build works on: never read, always cleared.
BUILDING = "building-"
# The pointer: the name that a build gives a snapshot, and the checksum of its manifest.
_POINTER = re.compile(r"(\d{8}T\d{6}\.\d{6}-[0-9a-f]{6}) ([0-9a-f]{32})\n")


class NoIndex(UserError):
    """There is no index where one was looked for."""


def default_location() -> Path:
    """The index that is used when none is named: in the user's data directory."""
    return platformdirs.user_data_path("quoth") / "index"


def check_name(folder: Path) -> None:
    """Raise UserError if a folder's name is not text: neither the manifest nor faiss could take it."""
    try:
        str(folder).encode()
    except UnicodeEncodeError as error:
        raise UserError(f"The name of the folder {str(folder)!r} is not UTF-8; rename it.") from error


def current_name(location: Path) -> str:
    """The name of the current snapshot. Raises NoIndex if there is none, UserError if that is not to be read."""
    return pointer(location)[0]


def pointer(location: Path) -> tuple[str, str]:
    """The name of the current snapshot, and the checksum of its manifest. Raises as `current_name` does."""
    path = location / POINTER
    damaged = f"The index's file {str(path)!r} is missing or damaged; rebuild it: {mending(location)}"
    try:
        found = _POINTER.fullmatch(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        if _published(location):
            raise UserError(damaged) from error
        raise NoIndex(f"There is no index at {str(location)!r}; build one with: {mending(location)}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(damaged) from error
    if found is None:
        raise UserError(damaged)
    return found[1], found[2]


def publish(location: Path, folder: Path) -> None:
    """Make the complete snapshot in `folder` the current one of `location`, durably and at once.

    Raises OSError if it cannot be; then the pointer is as it was.
    """
    for path in [*folder.iterdir(), folder, folder.parent]:
        _sync(path)
    new = location / f"{POINTER}.new"
    new.write_text(f"{folder.name} {checksum(folder / MANIFEST)}\n", encoding="utf-8")
    _sync(new)
    if (location / POINTER).is_dir():  # nothing of ours, and no file can take its place
        remove(location / POINTER)
    new.replace(location / POINTER)
    with contextlib.suppress(OSError):  # it is current now, whether or not the folder can be synced
        _sync(location)


def clear(location: Path, current: str | None) -> None:
    """Remove what interrupted builds left, and the snapshots but `current` that nobody reads.

    If `current` is None no published snapshot is touched.
    """
    snapshots = location / SNAPSHOTS
    with contextlib.suppress(OSError):
        if not snapshots.is_dir():
            remove(snapshots)  # a file, or a link that leads nowhere: nothing can be read there
            return
        for path in list(snapshots.iterdir()):
            if path.name.startswith(BUILDING) or not (path / MANIFEST).is_file():
                remove(path)
            elif current is not None and path.name != current:
                remove_unread(path, path / MANIFEST)
        remove(location / f"{POINTER}.new")


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder, as far as that is possible."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def mending(location: Path, manifest: Manifest | None = None) -> str:
    """The command that builds the index at `location` anew."""
    command = f"quoth index {_quoted(manifest.source) if manifest else 'FOLDER'}"
    if manifest and manifest.model != DEFAULT_MODEL:
        command += f" --model {_quoted(manifest.model)}"
    return command + ("" if location == default_location() else f" --index {_quoted(str(location))}")


def _published(location: Path) -> bool:
    """Whether `location` holds any snapshot, whatever the pointer says."""
    try:
        return any(not path.name.startswith(BUILDING) for path in (location / SNAPSHOTS).iterdir())
    except OSError:
        return False


def _quoted(argument: str) -> str:
    """`argument` as a shell takes it."""
    if any(sign in '"$`\\!' or not sign.isprintable() for sign in argument) and os.name != "nt":
        return shlex.quote(argument)
    return argument if argument.isascii() and not re.search(r"[\s'&|;<>()*?#~\[\]{}]", argument) else f'"{argument}"'


def _sync(path: Path) -> None:
    """Bring a file or folder to the disk itself."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open folders; renames are journalled there
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
