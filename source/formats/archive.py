"""Zip files and XML from strangers: limits before anything is unpacked, no entities, nothing outside.

Members are read into memory one at a time and never written to disk, so their names lead nowhere.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from source.errors import UnreadableFile

if TYPE_CHECKING:
    from lxml import etree

# An archive may hold so many files, and each so many bytes; all that is read of it together as well.
MOST_MEMBERS = 100_000
LARGEST_MEMBER = 256_000_000
LARGEST_WHOLE = 2_000_000_000
# Prose is packed to a third, repetitive markup to a fiftieth; deflate can reach a thousandth.
LARGEST_RATIO = 200
# Small files may be as empty of meaning as they like.
_HARMLESS = 5_000_000
_PREFIX = re.compile(r"\{.*\}|^[^:]*:")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass(slots=True)
class Budget:
    """How many bytes may still be unpacked of an archive and of all the archives in it."""

    left: int = LARGEST_WHOLE


# What is read while a budget is set takes from it, so that archives inside an archive have no more than it has.
_BUDGET: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextlib.contextmanager
def within(budget: Budget) -> Iterator[None]:
    """All archives that are opened meanwhile share `budget`."""
    token = _BUDGET.set(budget)
    try:
        yield
    finally:
        _BUDGET.reset(token)


class Archive:
    """A zip file whose members are read one at a time, within limits; a context manager."""

    def __init__(self, file: IO[bytes] | bytes) -> None:
        """Open the zip `file`, or the one in these bytes; an open file is closed with the archive.

        Raises UnreadableFile if it is none or too large.
        """
        self._file = io.BytesIO(file) if isinstance(file, bytes) else file
        self._own = Budget()  # where no other is set
        try:
            self._zip = zipfile.ZipFile(self._file)
        except _DAMAGED as error:
            self._file.close()
            raise UnreadableFile(f"not a whole zip archive ({_reason(error)}); make it again") from error
        # Some archivers of Windows separate folders by backslashes.
        members = [info for info in self._zip.infolist() if not info.is_dir()]
        self._members = {info.filename.replace("\\", "/"): info for info in reversed(members)}
        if len(members) > MOST_MEMBERS:
            self.close()
            raise UnreadableFile(f"holds {len(members):,} files; at most {MOST_MEMBERS:,} are read")

    def close(self) -> None:
        """Close the archive and its file."""
        self._zip.close()
        self._file.close()

    def __del__(self) -> None:
        self._file.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def names(self) -> list[str]:
        """The names of all files, in order, with forward slashes."""
        return sorted(self._members)

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises UnreadableFile if it is missing, encrypted, damaged or a bomb."""
        info = self._members.get(name)
        if info is None:
            raise UnreadableFile(f"its part {name!r} is missing")
        if info.flag_bits & 1:
            raise UnreadableFile("encrypted; save it without a password")
        if info.file_size > _HARMLESS and info.file_size > LARGEST_RATIO * max(info.compress_size, 1):
            raise UnreadableFile(f"a decompression bomb: {info.compress_size:,} bytes would become {info.file_size:,}")
        budget = _BUDGET.get() or self._own
        if info.file_size > min(LARGEST_MEMBER, budget.left):
            raise UnreadableFile(f"{info.file_size / 1e6:,.0f} MB unpacked, which is more than is read of an archive")
        budget.left -= info.file_size
        try:
            # ZipFile reads no more than the size stated, and refuses members that overlap.
            data = self._zip.read(info)
        except _DAMAGED as error:
            raise UnreadableFile(f"damaged ({_reason(error)}); make it again") from error
        return data

    def size(self, name: str) -> int:
        """How many bytes a member says it has; 0 if it is missing."""
        return self._members[name].file_size if name in self._members else 0


def xml(data: bytes, what: str) -> etree._Element:
    """The root of an XML document; entities, external or not, are never looked up.

    Raises UnreadableFile, naming `what`, if it is not well-formed.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFile(f"{what} is damaged ({error}); save it again") from error
    internal = root.getroottree().docinfo.internalDTD
    if internal is not None and next(internal.iterentities(), None) is not None:
        raise UnreadableFile(f"{what} declares entities of its own, which no document needs; save it again")
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str, default: str = "") -> str:
    """The value of the attribute `name` in whatever namespace; in HTML a prefix stands for it."""
    if element is None:
        return default
    values = (str(value) for key, value in element.attrib.items() if _PREFIX.sub("", str(key)) == name)
    return next(values, default)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant along these names, one level each, in whatever namespace."""
    for name in path:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
