"""Library → snapshot: read the essays, embed their passages, publish, report."""

from __future__ import annotations

import contextlib
import datetime
import importlib.metadata
import os
import secrets
import sqlite3
import time
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from index.encoding.arrays import load_array, load_arrays
from index.encoding.encoder import DEFAULT_MODEL, Encoder
from index.local.embedding import embed
from index.local.files import schema
from index.local.files.checksums import CheckedFile, block_checksums, checksum
from index.local.files.names import (
    APPROXIMATE,
    BLOCKED,
    BLOCKS,
    MANIFEST,
    MARKER,
    STATISTICS,
    TEXT,
    VECTOR_STARTS,
    VECTORS,
)
from index.local.files.rows import Rows
from index.local.files.vectors import EXACT_UP_TO, mean_of, write_approximate
from index.local.location import CHOSEN, LOCK, SNAPSHOTS, check_name, check_place, clear, default_location, publish
from index.local.manifest import FORMAT, Manifest
from index.local.removal import BUILDING, make, remove
from index.local.reuse import LastSnapshot, reading
from index.local.snapshot import Snapshot
from index.local.writing import Writer
from index.protocol import Index, Progress
from index.report import Changes, Report, advice
from source.document import Document
from source.errors import UserError
from source.library import Skipped, Unchanged, read_library
from source.structure.passages import LONGEST_PASSAGE


def build(
    folder: Path,
    location: Path | None = None,
    *,
    encoder: Encoder,
    progress: Progress | None = None,
    chosen: bool | None = None,
    like: Index | None = None,
) -> tuple[Snapshot, Report]:
    """Index the essays in `folder` and publish the snapshot at `location`.

    Either the whole new snapshot is published or nothing changes. `progress` is called with the
    number of passages embedded and of all; what it raises stops the build. `chosen` says whether
    somebody asked for this encoder, so that it is kept when the default becomes another; None if
    it is as before. Where there is no snapshot yet, what `like` holds of the same is taken over. Raises
    UserError if the folder holds no essay, `location` is a folder of something else or lies in the essays or
    around them, another build is running, or the disk is full or read-only.
    """
    started = time.monotonic()
    location = location or default_location()
    folder = Path(os.path.realpath(folder))  # Path.resolve stops at a link that leads to itself
    for one in (folder, location):
        check_name(one)
    check_place(location, folder, encoder.model)
    try:
        location.mkdir(mode=0o700, parents=True, exist_ok=True)
        _close(location)
        with FileLock(location / LOCK, timeout=0, mode=0o600):
            last = Snapshot.usable(location)
            chosen = _was_chosen(last, encoder) if chosen is None else chosen
            clear(location, last.name if last else None)
            name = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(3)}"
            work = location / SNAPSHOTS / f"{BUILDING}{name}"
            make(work)
            try:
                taken = last or (like if isinstance(like, Snapshot) else None)
                report = _fill(work, folder, taken, encoder, progress or _unheard, started, chosen)
            except BaseException:
                remove(work)
                raise
            # An interruption from here on removes nothing: the pointer may name the new snapshot
            # already. What is left unnamed, the next build clears.
            complete = work.rename(work.with_name(name))
            try:
                publish(location, complete)
            except OSError:
                remove(complete)
                raise
            snapshot = Snapshot.open(location, just_written=True)
            del last, taken  # this build reads it no more
            clear(location, name)
    except Timeout as error:
        raise UserError(f"Another build of {str(location)!r} is running; try again when it has ended.") from error
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(
            f"The index at {str(location)!r} could not be written: {reason}; nothing was changed."
        ) from error
    return snapshot, report


def _close(location: Path) -> None:
    """Let nobody else in: an index holds whole essays."""
    with contextlib.suppress(OSError):  # it is another user's, who decides
        location.chmod(0o700)


def _unheard(_done: int, _total: int) -> None:
    """Progress that nobody follows."""


def _fill(
    work: Path,
    folder: Path,
    snapshot: Snapshot | None,
    encoder: Encoder,
    progress: Progress,
    started: float,
    chosen: bool,
) -> Report:
    last = LastSnapshot(snapshot, encoder)
    writer = Writer(work / TEXT, last.texts)
    texts, skipped = _read(writer, folder, last)
    if not texts:
        reasons = f" ({'; '.join(map(str, skipped[:3]))})" if skipped else ""
        raise UserError(f"There is no essay to index in {str(folder)!r}{reasons}; give a folder that holds essays.")
    embedded, truncated = embed(work, writer, last, encoder, progress)
    decoded = tuple(writer.decoded())
    left_out = tuple(writer.left_out())
    languages = tuple(writer.languages())
    writer.close()
    _search_files(work, encoder.dimension, last.vectors)
    counts = {"documents": writer.documents, "passages": writer.passages, "sentences": writer.sentences}
    settings: dict[str, int | float | str] = {
        "full_text": schema.TOKENIZER,
        "longest_passage": LONGEST_PASSAGE,
        "window": encoder.window,
        "reading": reading(),
        CHOSEN: chosen,
    }
    Manifest(
        format=FORMAT,
        quoth=importlib.metadata.version("quoth"),
        built=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        source=str(folder),
        model=encoder.model,
        model_sha256=encoder.fingerprint,
        dimension=encoder.dimension,
        counts={**counts, "truncated": truncated},
        settings=settings,
        skipped=[[skip.name, skip.reason] for skip in skipped],
        files={path.name: _checksum(path, last.vectors) for path in sorted(work.iterdir()) if path.name != MARKER},
    ).write(work / MANIFEST)
    return Report(
        **counts,
        embedded=embedded,
        truncated=truncated,
        skipped=tuple(skipped),
        decoded=decoded,
        left_out=left_out,
        languages=languages,
        advice=advice(encoder.model, languages),
        changes=Changes.between(last.before, texts),
        seconds=time.monotonic() - started,
    )


def _was_chosen(last: Snapshot | None, encoder: Encoder) -> bool:
    return last.manifest.origin.chosen if last and last.model == encoder.model else encoder.model != DEFAULT_MODEL


def _read(writer: Writer, folder: Path, last: LastSnapshot) -> tuple[dict[str, str], list[Skipped]]:
    """Write the texts of the library; SHA-256 of each document's text by its name, and what was left out."""
    files, before, unread = last.files, last.before, last.unread
    texts: dict[str, str] = {}
    skipped: list[Skipped] = []
    for item in read_library(folder, {name: digest for name, (_, digest) in files.items()}):
        if isinstance(item, Document):
            writer.add(item)
            texts[item.name] = item.sha256
            skipped += [Skipped(item.name, part) for part in item.unread]
        elif isinstance(item, Unchanged):
            writer.keep(files[item.name][0])
            texts[item.name] = before[item.name]
            skipped += unread.get(item.name, ())
        else:
            skipped.append(item)
    writer.finish()
    return texts, skipped


def _search_files(work: Path, dimension: int, last: Snapshot | None) -> None:
    """What is computed from all vectors, and the checksums of blocks."""
    rows = Rows(CheckedFile(work / VECTORS), load_array(work / VECTOR_STARTS), 2 * dimension)
    np.savez(work / STATISTICS, mean=mean_of(rows))
    if len(rows) > EXACT_UP_TO:
        write_approximate(rows, work / APPROXIMATE)
    known = load_arrays(last.folder / BLOCKS) if last else {}
    blocks: dict[str, Any] = {  # Any: savez has an option, too
        path.name: known[path.name] if _shared(path, last) else block_checksums(path)
        for path in sorted(work.glob(f"*{BLOCKED}"))
    }
    np.savez(work / BLOCKS, **blocks)


def _checksum(path: Path, last: Snapshot | None) -> str:
    return last.manifest.files[path.name] if last and _shared(path, last) else checksum(path)


def _shared(path: Path, last: Snapshot | None) -> bool:
    """Whether a file is one with that of the last snapshot, which was checked when it was opened."""
    return bool(last and (last.folder / path.name).exists() and path.samefile(last.folder / path.name))
