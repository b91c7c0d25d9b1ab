"""Where an index lies or may lie, which of its snapshots is current, and the command that builds it anew."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs

import index.command
from index.local.files.checksums import checksum
from index.local.files.names import MANIFEST
from index.local.leases import remove_unread
from index.local.overlap import overlap
from index.local.removal import BUILDING, is_ours, remove
from index.manifest import selection_in
from index.protocol import Origin
from source.errors import DamagedIndex, NoIndex, UserError
from source.files import regular
from source.selection import ALL, Selection

POINTER = "CURRENT"
SNAPSHOTS = "snapshots"
LOCK = "LOCK"
# The setting that says whether somebody chose the model. Before it was kept, these models came unasked.
CHOSEN = "model_chosen"
_DEFAULTS = ("all-MiniLM-L6-v2",)
# The pointer: the name that a build gives a snapshot, and the checksum of its manifest.
# Earlier formats had the name alone.
_POINTER = re.compile(r"(\d{8}T\d{6}(?:\.\d{6})?-[0-9a-f]{6})(?: ([0-9a-f]{32})\n|\n?)")
_LONGEST_POINTER = 100  # bytes
_COLLECTION = re.compile(r"[^\W_][\w-]{0,63}")


def default_location() -> Path:
    """The index that is used when none is named: in the user's data directory."""
    return platformdirs.user_data_path("quoth") / "index"


def collection(name: str) -> Path:
    """Where the user's collection of this name lies. Raises UserError if none can be called so."""
    if not _COLLECTION.fullmatch(name):
        raise UserError(
            f"No collection can be called {name[:80]!r}; give up to 64 letters, digits, dashes and underscores."
        )
    return _collections() / name


def collection_names() -> list[str]:
    """The names of the user's collections, in order."""
    try:
        found = sorted(path.name for path in _collections().iterdir())
    except OSError:  # there are none, or none that can be read
        return []
    return [name for name in found if _COLLECTION.fullmatch(name) and _published(_collections() / name)]


def _collections() -> Path:
    return platformdirs.user_data_path("quoth") / "collections"


def check_name(folder: Path) -> None:
    """Raise UserError if a folder's name is not text: neither the manifest nor faiss could take it."""
    try:
        str(folder).encode()
    except UnicodeEncodeError as error:
        raise UserError(f"The name of the folder {str(folder)!r} is not UTF-8; rename it.") from error


def check_place(location: Path, folder: Path, model: str, selection: Selection = ALL) -> None:
    """Raise UserError unless an index of the `selection` of essays in `folder` may be written at `location`.

    It may where there is nothing yet or an index already, and where neither lies in the other.
    """
    for place in selection.places(folder):
        if where := overlap(place, location):
            lies = f"lies inside the essays in {str(place)!r}" if where == "inside" else f"lies around {str(place)!r}"
            advice = mending(_elsewhere(location, place), Origin(str(folder), model, True, selection))
            raise UserError(f"The index at {str(location)!r} {lies}; build it elsewhere: {advice}")
    try:
        names = {path.name for path in location.iterdir()}
    except OSError:  # there is nothing, or nothing that can be written: the build will say so
        return
    if names and not _is_index(location, names):
        raise UserError(
            f"The folder {str(location)!r} is not empty and holds no index; give a new or empty one with --index."
        )
    if SNAPSHOTS in names and not (location / SNAPSHOTS).is_dir():
        raise UserError(f"{str(location / SNAPSHOTS)!r} is no folder; move it away and build the index again.")


def _is_index(location: Path, names: set[str]) -> bool:
    """Whether `location`, which holds `names`, is an index, however damaged, or what a first build left of one."""
    if _POINTER.fullmatch(_pointed(location / POINTER)):
        return True
    try:
        inside = list((location / SNAPSHOTS).iterdir())
    except OSError:
        inside = []
    if any(map(is_ours, inside)):
        return True
    locked = location / LOCK
    return names <= {LOCK, SNAPSHOTS} and not inside and not (locked.exists() and locked.stat().st_size)


def _pointed(path: Path) -> str:
    """What a pointer holds, "" where it is none."""
    try:
        if regular(path, follow=False).st_size <= _LONGEST_POINTER:
            return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        pass
    return ""


def _elsewhere(location: Path, folder: Path) -> Path:
    """Where an index of `folder` may lie instead."""
    beside = folder.parent / f"{folder.name}-index"
    return next((one for one in (beside, default_location()) if one != location and not overlap(folder, one)), beside)


def current_name(location: Path) -> str:
    """The name of the current snapshot. Raises NoIndex if there is none, UserError if that is not to be read."""
    return pointer(location)[0]


def pointer(location: Path) -> tuple[str, str]:
    """The name of the current snapshot, and the checksum of its manifest, "" where an earlier format had none.

    Raises as `current_name` does.
    """
    path = location / POINTER
    damaged = f"The index's file {str(path)!r} is missing or damaged; rebuild it: {mending(location)}"
    try:
        short = regular(path).st_size < _LONGEST_POINTER
        found = _POINTER.fullmatch(path.read_text(encoding="utf-8")) if short else None
    except (FileNotFoundError, NotADirectoryError) as error:
        if _published(location):
            raise DamagedIndex(damaged) from error
        raise NoIndex(f"There is no index at {str(location)!r}; build one with: {mending(location)}") from error
    except PermissionError as error:
        raise UserError(f"The index at {str(location)!r} cannot be read: {error.strerror}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndex(damaged) from error
    if found is None:
        raise DamagedIndex(damaged)
    return found[1], found[2] or ""


def publish(location: Path, folder: Path) -> None:
    """Make the complete snapshot in `folder` the current one of `location`, durably and at once.

    Raises OSError if it cannot be; then the pointer is as it was.
    """
    for path in folder.iterdir():
        path.chmod(0o600)
        _sync(path)
    for path in (folder, folder.parent):
        _sync(path)
    new = location / f"{POINTER}.new"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{folder.name} {checksum(folder / MANIFEST)}\n")
    _sync(new)
    new.replace(location / POINTER)
    with contextlib.suppress(OSError):  # it is current now, whether or not the folder can be synced
        _sync(location)


def clear(location: Path, current: str | None) -> None:
    """Remove what interrupted builds left, and the snapshots but `current` that nobody reads.

    If `current` is None no published snapshot is touched; and nothing that Quoth has not made.
    """
    with contextlib.suppress(OSError):
        for path in filter(is_ours, list((location / SNAPSHOTS).iterdir())):
            if path.name.startswith(BUILDING) or not (path / MANIFEST).is_file():
                remove(path)
            elif current is not None and path.name != current:
                remove_unread(path, path / MANIFEST)
        new = location / f"{POINTER}.new"
        if _POINTER.fullmatch(_pointed(new)) or not regular(new, follow=False).st_size:
            new.unlink()


def origin_of(manifest: Mapping[str, Any]) -> Origin:
    """The origin in a manifest of any format."""
    source, model = (found if isinstance(found := manifest.get(key), str) else "" for key in ("source", "model"))
    settings = manifest.get("settings")
    chosen = settings.get(CHOSEN) if isinstance(settings, Mapping) else None
    chosen = model not in ("", *_DEFAULTS) if chosen is None else bool(chosen)
    return Origin(source, model, chosen, selection_in(settings))


def mending(location: Path, origin: Origin | None = None) -> str:
    """The command that builds the index at `location` anew, from the same origin as far as that is known."""
    if location.parent == _collections() and _COLLECTION.fullmatch(location.name):
        return index.command.command(origin, f"@{location.name}")
    return index.command.command(origin, "" if location == default_location() else str(location))


def _published(location: Path) -> bool:
    """Whether `location` holds any snapshot, whatever the pointer says."""
    try:
        inside = list((location / SNAPSHOTS).iterdir())
        return any(not path.name.startswith(BUILDING) and is_ours(path) for path in inside)
    except OSError:
        return False


def _sync(path: Path) -> None:
    """Bring a file or folder to the disk itself."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open folders; renames are journalled there
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
