"""Essays that readers add: taken by what is in them, under nothing but their own name."""

from __future__ import annotations

import hashlib
import os
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from index.protocol import Index
from source.errors import NoDocument, UnreadableFile
from source.files import SourceFile, is_lock
from source.formats.readers import READERS
from source.reading import read_data

# So many files at a time, each so many bytes at most.
MOST_FILES = 50
LARGEST = 20_000_000
# Of a name, so many bytes: a file's name may have 255.
_LONGEST_NAME = 200
# The essays in a reader's folder, and what is called so until all of the first are there.
WHOLE, _BEGUN = "essays", "begun"


@dataclass(frozen=True, slots=True)
class Upload:
    """An essay that may be added: a bare name and the bytes of its file."""

    name: str
    data: bytes


def accepted(paths: Sequence[Path]) -> tuple[list[Upload], list[str]]:
    """Those of the files at `paths` that are essays, and for each of the others why it is not taken."""
    taken: list[Upload] = []
    refused = [f"{path.name}: more than {MOST_FILES} at a time" for path in paths[MOST_FILES:]]
    for path in paths[:MOST_FILES]:
        try:
            taken.append(_essay(path, bare_name(path.name)))
        except UnreadableFile as error:
            refused.append(f"{path.name}: {error}")
    return taken, refused


def bare_name(name: str) -> str:
    """`name` without any folder and without characters that a file's name should not have.

    Raises UnreadableFile if nothing is left or it is no name of an essay.
    """
    kept = plain_name(name)
    stem, suffix = PurePath(kept).stem, PurePath(kept).suffix
    if is_lock(kept):
        raise UnreadableFile("a file that Word lays beside an open document, and no essay")
    if suffix.lower() not in READERS or not stem:
        raise UnreadableFile(f"not a kind of file that can be read; known are {', '.join(READERS)}")
    return kept


def plain_name(name: str) -> str:
    """`name` without any folder, without characters that a file's name should not have, not too long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*').strip(" .")
    suffix = PurePath(kept).suffix if len(PurePath(kept).suffix) < 10 else ""
    stem = kept.removesuffix(suffix).encode()[: _LONGEST_NAME - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix


def _essay(path: Path, name: str) -> Upload:
    size = path.stat().st_size
    if size > LARGEST:
        raise UnreadableFile(f"{size / 1e6:.0f} MB; at most {LARGEST // 1_000_000} MB are taken")
    data = path.read_bytes()
    read_data(data, name)
    return Upload(name, data)


def stored(uploads: Sequence[Upload], folder: Path) -> tuple[list[str], list[str]]:
    """Write `uploads` into `folder`: the names of those that were new, and why others were not written.

    No file is ever replaced. Raises OSError if the folder cannot be written.
    """
    added: list[str] = []
    refused: list[str] = []
    for upload in uploads:
        path = folder / upload.name
        try:
            _write(upload.data, path)
        except FileExistsError:
            refused.append(_there(upload, SourceFile(path, root=folder).sha256()))
            continue
        added.append(upload.name)
    return added, refused


def first_stored(uploads: Sequence[Upload], folder: Path) -> tuple[list[str], list[str]]:
    """Write a reader's first essays into the reader's `folder`, where they are whole or not at all; as `stored`."""
    shutil.rmtree(folder, ignore_errors=True)  # of a first time that was broken off
    begun = folder / _BEGUN
    begun.mkdir(parents=True, mode=0o700)
    added, refused = stored(uploads, begun)
    if added:
        begun.rename(folder / WHOLE)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return added, refused


def new_to(library: Index, uploads: Sequence[Upload]) -> tuple[list[Upload], list[str]]:
    """Those of `uploads` whose names no essay of the library has, and what is said of the others."""
    new: list[Upload] = []
    known: list[str] = []
    for upload in uploads:
        try:
            document = library.document(upload.name)
        except NoDocument:
            new.append(upload)
        else:
            known.append(_there(upload, document.file_sha256))
    return new, known


def _there(upload: Upload, sha256: str) -> str:
    """What is said of an upload, where there is an essay of its name whose file has this SHA-256."""
    if sha256 == hashlib.sha256(upload.data).hexdigest():
        return f"{upload.name}: it is there already"
    return f"{upload.name}: another essay has this name; rename yours"


def _write(data: bytes, path: Path) -> None:
    """Write a new file. Raises FileExistsError if there is one, OSError if it cannot be; then no half of it is there.

    Where the system can, the file has no name before it is whole: nobody who looks meanwhile, and no process that is
    killed, makes half an essay of it.
    """
    try:
        nameless = os.open(path.parent, os.O_WRONLY | os.O_TMPFILE, 0o666)
    except (AttributeError, OSError):  # this system, or this kind of disk, has no files without a name
        with path.open("xb") as file:
            try:
                _fill(file, data)
            except OSError:
                path.unlink()
                raise
        return
    with os.fdopen(nameless, "wb") as file:
        _fill(file, data)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:  # with a folder's number, as Python follows the link of a process' own file only then
            os.link(f"/proc/self/fd/{nameless}", path.name, dst_dir_fd=folder, follow_symlinks=True)
        finally:
            os.close(folder)


def _fill(file: BinaryIO, data: bytes) -> None:
    file.write(data)
    file.flush()
    os.fsync(file.fileno())
