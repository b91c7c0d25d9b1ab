"""Files of a library: on disk, or members of a zip archive on disk."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from source.errors import UnreadableFile

if TYPE_CHECKING:
    from source.formats.archive import Archive

LARGEST = 256_000_000  # bytes; a larger file is no essay
ARCHIVE = ".zip"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file at `path`, or the one called `member` in the zip archive there."""

    path: Path
    member: str = ""

    def data(self) -> bytes:
        """Its bytes as they were at one moment.

        Raises UnreadableFile, with the reason, if it cannot be read, is too large or is being written.
        """
        try:
            if self.member:
                return _archive(self.path, *self.state()).read(self.member)
            before = self.state()
            data = self._whole()
            if self.state() != before:
                raise UnreadableFile("changed while it was read; index again")
        except OSError as error:
            raise UnreadableFile(f"cannot be read: {error.strerror or error}") from error
        return data

    def sha256(self) -> str:
        """SHA-256 of its bytes as hexadecimal digits, "" if it cannot be read."""
        try:
            return hashlib.sha256(self.data()).hexdigest()
        except UnreadableFile:
            return ""

    def state(self) -> tuple[int, int]:
        """When the file on disk was written, in ns, and its size in bytes. Raises OSError if it is not there."""
        found = self.path.stat()
        return found.st_mtime_ns, found.st_size

    def _whole(self) -> bytes:
        found = self.path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise UnreadableFile("cannot be read: Is a directory")
        if not stat.S_ISREG(found.st_mode):  # a pipe would wait for ever
            raise UnreadableFile("cannot be read: it is no file but a pipe, socket or device")
        if found.st_size > LARGEST:
            raise UnreadableFile(f"{found.st_size / 1e6:,.0f} MB; a file may have {LARGEST // 1_000_000} MB")
        return self.path.read_bytes()


@lru_cache(maxsize=4)
def _archive(path: Path, _modified: int, _size: int) -> Archive:
    """The archive at `path`, open; opened again when its time or size changes."""
    from source.formats.archive import Archive

    return Archive(path, whole=None)


def members(path: Path) -> list[SourceFile]:
    """The files in the zip archive at `path`, in the order of their names. Raises UnreadableFile if it is none."""
    archive = _archive(path, *SourceFile(path).state())
    return [SourceFile(path, name) for name in archive.names]
