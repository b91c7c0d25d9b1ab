"""Which snapshots are being read: locks that end with their reader, however it ends."""

from __future__ import annotations

import os
import sys
import weakref
from pathlib import Path

from index.local.removal import BUILDING, remove

# Nothing waits for the other end of a pipe, should one be in the place of the file.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)


class Lease:
    """Keeps a snapshot, by its file `locked`, from being removed until it is closed or dropped.

    Raises OSError if the snapshot is gone. On Windows open files cannot be removed anyway.
    """

    def __init__(self, locked: Path) -> None:
        descriptor = os.open(locked, _FLAGS)
        self.close = weakref.finalize(self, os.close, descriptor)
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_SH)
        locked.stat()  # a builder may have removed it before the lock was there


def remove_unread(folder: Path, locked: Path) -> None:
    """Remove the snapshot in `folder`, unless somebody reads it: has a lease by its file `locked`."""
    aside = folder.with_name(f"{BUILDING}{folder.name}")
    try:
        if sys.platform == "win32" or not locked.exists():
            folder.rename(aside)
        else:
            import fcntl

            descriptor = os.open(locked, _FLAGS)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                folder.rename(aside)  # from here on nobody can open it
            finally:
                os.close(descriptor)
    except OSError:
        return
    remove(aside)
