"""Files of a library: on disk, or members of a zip archive on disk."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from source.errors import UnreadableFile

if TYPE_CHECKING:
    from source.formats.archive import Archive

LARGEST = 256_000_000  # bytes; a larger file is no essay
ARCHIVE = ".zip"
_NO_FILE = "cannot be read: it is no file but a pipe, socket or device"
_CHANGED = "changed while it was read; index again"
# Nothing waits for the other end of a pipe, no terminal is taken over, no program inherits the file.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0) | _NO_LINK | _FLAGS


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file at `path`, or the one called `member` in the zip archive there.

    Links are followed as long as they stay inside the folder `root`, if one is given.
    """

    path: Path
    member: str = ""
    root: Path | None = field(default=None, compare=False)

    def data(self) -> bytes:
        """Its bytes as they were at one moment.

        Raises UnreadableFile, with the reason, if it cannot be read, is too large or is being written.
        """
        if self.member:
            try:
                state = self.state()
            except OSError as error:
                raise _closed(error) from error
            return _member(self, *state)
        with self.open() as file:
            return whole(file)

    def open(self) -> BinaryIO:
        """The regular file on disk, open for reading. Raises UnreadableFile as `data` does."""
        return opened(self.path, self.root)

    def sha256(self) -> str:
        """SHA-256 of its bytes as hexadecimal digits, "" if it cannot be read."""
        try:
            return hashlib.sha256(self.data()).hexdigest()
        except UnreadableFile:
            return ""

    def state(self) -> tuple[int, ...]:
        """What tells the file on disk from any other or later one. Raises OSError if it is not there.

        Times in ns and size in bytes; copying programs set the time of writing, but none the time of the last change.
        """
        found = self.path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ctime_ns, found.st_ino, found.st_dev


def regular(file: Path | int, *, follow: bool = True) -> os.stat_result:
    """The state of a regular file, by its path (at the end of a link, if links are to `follow`) or its descriptor.

    Raises OSError if there is none, or a folder, or a pipe or device, which would never end.
    """
    found = os.stat(file, follow_symlinks=follow)  # noqa: PTH116 (no method takes descriptors)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "No file, but a pipe, device or folder", str(file))
    return found


def check_name(name: str) -> None:
    """Raise UnreadableFile if a file called `name`, relative to its library, is not to be read."""
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise UnreadableFile("its name is not UTF-8; rename it") from error
    parts = name.split("/")
    if ".." in parts or "" in parts:
        raise UnreadableFile("its name leads out of the archive")
    if any(part.startswith(".") for part in parts) or "__MACOSX" in parts:
        raise UnreadableFile("hidden")


def is_lock(name: str) -> bool:
    """Whether a file is one that Word lays beside a document while it is open: nobody's essay."""
    return name.rpartition("/")[2].startswith("~$")


def check_size(size: int) -> None:
    """Raise UnreadableFile if a file of `size` bytes is too large to be an essay."""
    if size > LARGEST:
        raise UnreadableFile(f"{size / 1e6:,.0f} MB; a file may have {LARGEST // 1_000_000} MB")


def opened(path: Path, root: Path | None = None) -> BinaryIO:
    """The regular file at `path`, open for reading; links are followed that stay inside the folder `root`.

    Raises UnreadableFile, with the reason, for what is no such file, or larger than LARGEST.
    """
    try:
        real = Path(os.path.realpath(path))
        if root is not None and not real.is_relative_to(os.path.realpath(root)):
            raise UnreadableFile("a link that leads out of the folder; put the file itself there")
        _check_kind(real.stat())
        descriptor = _descriptor(real, root)
    except OSError as error:
        raise _closed(error) from error
    try:
        _check_kind(os.fstat(descriptor))  # what was looked at need not be what was opened
    except BaseException:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb", buffering=0)


def whole(file: BinaryIO) -> bytes:
    """All bytes of a file that was `opened`, as they were at one moment.

    Raises UnreadableFile if it is written meanwhile or cannot be read.
    """
    return b"".join(in_pieces(file, LARGEST + 1))


def in_pieces(file: BinaryIO, size: int = 1 << 20) -> Iterator[bytes]:
    """The same in pieces of at most `size` bytes; that they are of one moment is known when all are read."""
    try:
        file.seek(0)
        before = os.fstat(file.fileno())
        left = before.st_size + 1  # one more would show that it grows
        while left and (data := file.read(min(size, left))):
            left -= len(data)
            yield data
        after = os.fstat(file.fileno())
    except OSError as error:
        raise _closed(error) from error
    if left != 1 or _moment(before) != _moment(after):
        raise UnreadableFile(_CHANGED)


class Content(Protocol):
    """The bytes of a file: whole, or in pieces, which may be asked for again."""

    def whole(self) -> bytes: ...
    def pieces(self) -> Iterable[bytes]: ...


def sha256(content: Content) -> str:
    """SHA-256 of the bytes of a file as hexadecimal digits."""
    digest = hashlib.sha256()
    for piece in content.pieces():
        digest.update(piece)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Held:
    """Content that is held in memory."""

    data: bytes = field(repr=False)

    def whole(self) -> bytes:
        """See `Content`."""
        return self.data

    def pieces(self) -> Iterable[bytes]:
        """See `Content`."""
        return (self.data,)


@dataclass(frozen=True, slots=True)
class OnDisk:
    """Content of a file that was `opened`. Both raise UnreadableFile as `source.files.whole` does."""

    file: BinaryIO

    def whole(self) -> bytes:
        """See `Content`."""
        return whole(self.file)

    def pieces(self) -> Iterable[bytes]:
        """See `Content`."""
        return in_pieces(self.file)


def _descriptor(real: Path, root: Path | None) -> int:
    """`real`, whose links are resolved, opened so that a link put in its place meanwhile leads nowhere."""
    if root is None or os.open not in os.supports_dir_fd:
        return os.open(real, _FLAGS | _NO_LINK)
    root = Path(os.path.realpath(root))
    *folders, name = real.relative_to(root).parts
    at = os.open(root, _FOLDER)
    try:
        for folder in folders:
            below = os.open(folder, _FOLDER, dir_fd=at)
            os.close(at)
            at = below
        return os.open(name, _FLAGS | _NO_LINK, dir_fd=at)
    finally:
        os.close(at)


def _check_kind(found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise UnreadableFile("cannot be read: Is a directory")
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableFile(_NO_FILE)
    check_size(found.st_size)


def _moment(found: os.stat_result) -> tuple[int, ...]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _closed(error: OSError) -> UnreadableFile:
    return UnreadableFile(f"cannot be read: {error.strerror or error}")


def _member(file: SourceFile, *state: int) -> bytes:
    from source.formats.archive import Budget, within

    with within(Budget()):
        return _archive(file.path, file.root, *state).read(file.member)


@lru_cache(maxsize=4)
def _archive(path: Path, root: Path | None, *_state: int) -> Archive:
    """The archive at `path`, open; opened again when its state changes."""
    from source.formats.archive import Archive

    return Archive(opened(path, root))
