"""One digest for files and values: what it is the same for was made of the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path


def digest(*things: object) -> str:
    """The SHA-256 of all `things` in order: a file by its bytes, a folder by its files, all else as it is written."""
    made = hashlib.sha256()
    for part in (part for thing in things for part in _parts(thing)):
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()


def _parts(thing: object) -> Iterator[bytes]:
    """The bytes that a thing is told apart by; of a folder, what Python compiled is no part."""
    if not isinstance(thing, Path):
        yield repr(thing).encode()
    elif not thing.is_dir():
        yield thing.read_bytes()
    else:
        paths = (path for path in thing.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        for path in sorted(paths):
            yield path.relative_to(thing).as_posix().encode()
            yield path.read_bytes()
