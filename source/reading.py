"""A file → a Document, read by a worker."""

from __future__ import annotations

import os
from pathlib import Path

from source.document import Document
from source.files import SourceFile, check_size
from source.formats.readers import check_suffix
from source.worker.pool import POOL
from source.worker.wire import Job


def read(path: Path, name: str) -> Document:
    """The document in the file `path`, called `name`.

    Raises UnreadableFile, with the reason, if the file is no essay in a known format, or takes
    too much time or memory.
    """
    return read_source(SourceFile(path), name)


def read_source(file: SourceFile, name: str) -> Document:
    """As `read`, also for a member of an archive; no link may lead out of the file's `root`."""
    check_suffix(name)
    with POOL.worker() as worker:
        return worker.read(job(file, name))


def read_data(data: bytes, name: str) -> Document:
    """The document in these bytes of a file called `name`, as `read` gives it."""
    check_suffix(name)
    check_size(len(data))
    with POOL.worker() as worker:
        return worker.read(Job(name, data=data))


def job(file: SourceFile, name: str) -> Job:
    """What a worker is asked for to read `file`; it need not have this process' working folder."""
    root = os.path.realpath(file.root) if file.root else ""
    path = os.path.abspath(file.path)  # noqa: PTH100 - links are for the worker to follow
    return Job(name, path, root, file.member)
