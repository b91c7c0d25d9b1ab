"""What Quoth has made in an index's folder, how that is told, and its removal: nothing else is ever removed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
from pathlib import Path

from index.local.files.names import MANIFEST, MARKER, is_snapshot_file
from source.files import regular

# What a build works on, and what is being removed: never read, always cleared.
BUILDING = "building-"
# The second's fractions are missing from the names that the first Quoth gave.
_NAME = re.compile(rf"(?:{BUILDING})?(\d{{8}}T\d{{6}}(?:\.\d{{6}})?-[0-9a-f]{{6}})")
_MARK = "A snapshot of a Quoth index: {}\n"
_LARGEST = 256_000_000  # bytes of a manifest: it names every file that was left out


def make(folder: Path) -> None:
    """Make the folder of a new snapshot, and the marker in it. Raises OSError, and then leaves nothing."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # `parents` alone would leave it open to others
    folder.mkdir(mode=0o700)
    try:
        (folder / MARKER).write_text(_MARK.format(folder.name.removeprefix(BUILDING)), encoding="utf-8")
    except BaseException:
        with contextlib.suppress(OSError):
            (folder / MARKER).unlink(missing_ok=True)
            folder.rmdir()
        raise


def is_ours(folder: Path) -> bool:
    """Whether Quoth made `folder`: it is named like a snapshot and holds the marker, or a manifest of any format.

    A build that was stopped in its first moment leaves a folder that holds nothing yet.
    """
    named = _NAME.fullmatch(folder.name)
    try:
        if named is None or not stat.S_ISDIR(folder.lstat().st_mode):
            return False
        found = [path.name for path in folder.iterdir()]
        mark = _content(folder / MARKER)
    except OSError:
        return False
    begun = folder.name.startswith(BUILDING) and (not found or (found == [MARKER] and mark == b""))
    return begun or mark == _MARK.format(named[1]).encode() or _manifest(folder) is not None


def remove(folder: Path) -> None:
    """Remove a snapshot's folder, the marks last. What lies in there and is not Quoth's stays, and the folder with it.

    As far as that is possible; a folder that is not ours is left as it is.
    """
    if not is_ours(folder):
        return
    listed = _manifest(folder) or {}
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir(), key=lambda path: path.name in (MARKER, MANIFEST)):
            own = is_snapshot_file(path.name) or path.name in listed
            with contextlib.suppress(OSError):
                if own and regular(path, follow=False):
                    path.unlink()
        folder.rmdir()


def _manifest(folder: Path) -> dict[str, object] | None:
    """The files that a manifest names; None if there is no manifest that Quoth wrote."""
    try:
        values = json.loads(_content(folder / MANIFEST))
        files = values["files"]
        if type(values["format"]) is int and isinstance(values["quoth"], str) and isinstance(files, dict):
            return files
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return None


def _content(path: Path) -> bytes:
    """The bytes of a small regular file, none where there is no such file."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            if regular(file.fileno()).st_size <= _LARGEST:
                return file.read(_LARGEST)
    except OSError:
        pass
    return b""
