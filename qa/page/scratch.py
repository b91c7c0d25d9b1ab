"""A folder for what must not outlive the page: uploads, readers' own essays. Nobody else can look into it."""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from source.errors import UserError


@cache
def scratch() -> Path:
    """This process's own folder, which goes when the process ends; what killed ones left is removed first.

    Raises UserError if there can be no such folder.
    """
    shared = private(
        Path(tempfile.gettempdir()) / f"quoth-{os.getuid()}", "uploads", "set TMPDIR to a folder of your own"
    )
    _sweep(shared)
    folder = shared / secrets.token_hex(8)
    lock = FileLock(folder.with_suffix(".lock"))  # as long as it is held, the folder is in use
    lock.acquire()
    folder.mkdir(mode=0o700)
    atexit.register(_end, folder, lock)
    return folder


def private(folder: Path, purpose: str, remedy: str = "make it your own") -> Path:
    """`folder`, made if need be, for this user alone. Raises UserError, with the `remedy`, if it cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise UserError(
            f"The folder for {purpose} {str(folder)!r} cannot be made: {error.strerror}; {remedy}."
        ) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise UserError(
            f"The folder for {purpose} {str(folder)!r} belongs to another user or is open to others; "
            f"remove it, or {remedy}."
        )
    return folder


def _sweep(shared: Path) -> None:
    """Remove the folders of processes that have ended: their locks can be taken."""
    for path in shared.glob("*.lock"):
        lock = FileLock(path)
        with contextlib.suppress(Timeout, OSError):
            lock.acquire(timeout=0)
            _end(path.with_suffix(""), lock)


def _end(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()
