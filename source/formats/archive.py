"""Zip files and XML from strangers: limits before anything is unpacked, no entities, nothing outside.

Members are read into memory one at a time and never written to disk, so their names lead nowhere.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import IO

from lxml import etree

from source.errors import UnreadableFile

# An archive may hold so many files, and each so many bytes; all that is read of it together as well.
MOST_MEMBERS = 100_000
LARGEST_MEMBER = 256_000_000
LARGEST_WHOLE = 2_000_000_000
# Prose is packed to a third, repetitive markup to a fiftieth; deflate can reach a thousandth.
LARGEST_RATIO = 200
# Small files may be as empty of meaning as they like.
_HARMLESS = 5_000_000
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Archive:
    """A zip file whose members are read one at a time, within limits; a context manager."""

    def __init__(self, file: Path | bytes, whole: int | None = LARGEST_WHOLE) -> None:
        """Open the zip `file`, or the one in these bytes, of which at most `whole` bytes are unpacked in all.

        Raises UnreadableFile if it is none or too large.
        """
        source: Path | IO[bytes] = io.BytesIO(file) if isinstance(file, bytes) else file
        try:
            self._zip = zipfile.ZipFile(source)
        except _DAMAGED as error:
            raise UnreadableFile(f"not a whole zip archive ({_reason(error)}); make it again") from error
        # Some archivers of Windows separate folders by backslashes.
        members = [info for info in self._zip.infolist() if not info.is_dir()]
        self._members = {info.filename.replace("\\", "/"): info for info in reversed(members)}
        if len(members) > MOST_MEMBERS:
            self._zip.close()
            raise UnreadableFile(f"holds {len(members):,} files; at most {MOST_MEMBERS:,} are read")
        self._left = whole

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

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
        if info.file_size > (LARGEST_MEMBER if self._left is None else min(LARGEST_MEMBER, self._left)):
            raise UnreadableFile(f"{info.file_size / 1e6:,.0f} MB unpacked, which is more than is read of an archive")
        try:
            # ZipFile reads no more than the size stated, and refuses members that overlap.
            data = self._zip.read(info)
        except _DAMAGED as error:
            raise UnreadableFile(f"damaged ({_reason(error)}); make it again") from error
        if self._left is not None:
            self._left -= len(data)
        return data


def xml(data: bytes, what: str) -> etree._Element:
    """The root of an XML document; entities, external or not, are never looked up.

    Raises UnreadableFile, naming `what`, if it is not well-formed.
    """
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
    """The value of the attribute `name` in whatever namespace."""
    if element is None:
        return default
    values = (str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name)
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
