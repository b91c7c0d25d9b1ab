"""Library → snapshot: read the essays, embed their passages, publish, report."""

from __future__ import annotations

import contextlib
import datetime
import importlib.metadata
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from index import lexical
from index.encoder import Encoder, Vectors, encode_passages
from index.reuse import Changes, LastSnapshot
from index.snapshot import (
    FILES,
    FORMAT,
    Embedded,
    Manifest,
    Snapshot,
    checksum,
    current_name,
    default_location,
    publish,
)
from index.storage import Writer
from index.tokens import Projection, packed, record, shipped_projection
from index.vectors import PassageVectors
from source.document import Document
from source.errors import UserError
from source.library import Skipped, read_library
from source.structure import LONGEST_PASSAGE

# Passages embedded at a time: enough to batch texts of like length, few enough to show progress.
_BATCH = 64
# A projection of a model that comes without one is fitted to at most so many passages.
_FITTED_PASSAGES = 2048
# The current snapshot and the one before it, which a reader may still be using.
_KEPT_SNAPSHOTS = 2

Progress = Callable[[int, int], None]  # passages embedded so far, of how many


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did.

    `embedded` counts the passages that the model had to read, the others were taken over from the
    last snapshot; `truncated` those of which it could not read every token. `decoded` names the
    documents whose files are in another encoding than UTF-8, and that encoding.
    """

    documents: int
    passages: int
    sentences: int
    embedded: int
    truncated: int
    skipped: tuple[Skipped, ...]
    decoded: tuple[tuple[str, str], ...]
    changes: Changes
    seconds: float

    def __str__(self) -> str:
        counts = [
            _counted(self.documents, "document"),
            _counted(self.passages, "passage"),
            _counted(self.sentences, "sentence"),
        ]
        return f"{', '.join(counts)}, {self.truncated} truncated, {len(self.skipped)} skipped, {self.seconds:.1f} s"


def build(
    folder: Path, location: Path | None = None, *, encoder: Encoder, progress: Progress | None = None
) -> tuple[Snapshot, Report]:
    """Index the essays in `folder` and publish the snapshot at `location`.

    Either the whole new snapshot is published or nothing changes. `progress` is called with the
    number of passages embedded and of all; what it raises stops the build. Raises UserError if
    the folder holds no essay, another build is running, or the disk is full or read-only.
    """
    started = time.monotonic()
    location = location or default_location()
    folder = folder.resolve()
    try:
        location.mkdir(parents=True, exist_ok=True)
        with FileLock(location / "LOCK", timeout=0):
            _clear(location)
            name = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
            work = location / "snapshots" / f"building-{name}"
            work.mkdir(parents=True)
            last = Snapshot.usable(location)
            try:
                report = _fill(work, folder, last, encoder, progress or _unheard, started)
            except BaseException:
                shutil.rmtree(work, ignore_errors=True)
                raise
            # From here on nothing is removed: the pointer may name the new snapshot already. What an
            # interruption leaves unnamed, the next build clears.
            publish(location, work.rename(work.with_name(name)))
            snapshot = Snapshot.open(location)
    except Timeout as error:
        raise UserError(f"Another build of {str(location)!r} is running; try again when it has ended.") from error
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(
            f"The index at {str(location)!r} could not be written: {reason}; nothing was changed."
        ) from error
    return snapshot, report


def _unheard(_done: int, _total: int) -> None:
    """Progress that nobody follows."""


def _fill(
    work: Path, folder: Path, last: Snapshot | None, encoder: Encoder, progress: Progress, started: float
) -> Report:
    writer = Writer(work / "text.sqlite")
    skipped: list[Skipped] = []
    texts: dict[str, str] = {}
    decoded: list[tuple[str, str]] = []
    for item in read_library(folder):
        if isinstance(item, Document):
            writer.add(item)
            texts[item.name] = item.sha256
            skipped += [Skipped(item.name, part) for part in item.unread]
            decoded += [(item.name, item.encoding)] if item.encoding != "utf-8" else []
        else:
            skipped.append(item)
    if not writer.documents:
        reasons = f" ({'; '.join(map(str, skipped[:3]))})" if skipped else ""
        raise UserError(f"There is no essay to index in {str(folder)!r}{reasons}; give a folder of .txt or .md files.")
    embedded, truncated = _embed(work, writer, LastSnapshot.usable(last, encoder), encoder, progress)
    writer.close()
    counts = {"documents": writer.documents, "passages": writer.passages, "sentences": writer.sentences}
    Manifest(
        format=FORMAT,
        quoth=importlib.metadata.version("quoth"),
        built=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        source=str(folder),
        model=encoder.model,
        model_sha256=encoder.fingerprint,
        dimension=encoder.dimension,
        counts={**counts, "truncated": truncated},
        settings={"full_text": lexical.TOKENIZER, "longest_passage": LONGEST_PASSAGE, "window": encoder.window},
        skipped=[[skip.name, skip.reason] for skip in skipped],
        files={name: checksum(work / name) for name in FILES},
    ).write(work / "manifest.json")
    before = {entry.name: entry.sha256 for entry in last.entries} if last else {}
    return Report(
        **counts,
        embedded=embedded,
        truncated=truncated,
        skipped=tuple(skipped),
        decoded=tuple(decoded),
        changes=Changes.between(before, texts),
        seconds=time.monotonic() - started,
    )


def _embed(work: Path, writer: Writer, last: LastSnapshot, encoder: Encoder, progress: Progress) -> tuple[int, int]:
    """Write the vectors of all passages; how many the model read, and could not read whole."""
    vectors: list[Vectors] = []
    owners: list[int] = []
    starts = [0]
    embedded = truncated = 0
    projection = last.projection or shipped_projection(encoder.fingerprint) or _fitted(encoder, writer)
    size = record(len(projection.scale)).itemsize
    progress(0, writer.passages)
    with (work / "tokens.bin").open("wb") as file:
        for start in range(0, writer.passages, _BATCH):
            texts = writer.texts(start, min(start + _BATCH, writer.passages))
            known = [last.embedded(*text) for text in texts]
            read = encode_passages(encoder, [text for text, old in zip(texts, known, strict=True) if old is None])
            embedded += len(read)
            truncated += sum(passage.unread > 0 for passage in read)
            fresh = (Embedded(one.vectors, packed(projection, one.tokens, one.spans)) for one in read)
            for old in known:
                passage = old or next(fresh)
                vectors.append(passage.vectors)
                owners += [len(starts) - 1] * len(passage.vectors)
                file.write(passage.tokens)
                starts.append(starts[-1] + len(passage.tokens) // size)
            progress(start + len(texts), writer.passages)
    PassageVectors.write(encoder.dimension, vectors, owners, work / "vectors.faiss", work / "owners.npy")
    mean, covariance = PassageVectors.open(work / "vectors.faiss", work / "owners.npy").moments()
    np.savez(work / "statistics.npz", mean=mean, covariance=covariance)
    np.save(work / "tokens.npy", np.asarray(starts, np.int64))
    projection.save(work / "projection.npz")
    return embedded, truncated


def _fitted(encoder: Encoder, writer: Writer) -> Projection:
    """A projection fitted to an even sample of the passages."""
    step = max(1, writer.passages // _FITTED_PASSAGES)
    texts = [text for i in range(0, writer.passages, step) for text in writer.texts(i, i + 1)]
    tokens = [passage.tokens for passage in encode_passages(encoder, texts)]
    return Projection.fit(np.concatenate([np.zeros((0, encoder.dimension), np.float32), *tokens]))


def _clear(location: Path) -> None:
    """Remove what interrupted builds left, and snapshots that no reader should need any more."""
    snapshots = location / "snapshots"
    if not snapshots.is_dir():
        return
    with contextlib.suppress(UserError):
        current = current_name(location)
        names = sorted(path.name for path in snapshots.iterdir() if not path.name.startswith("building-"))
        kept = {current, *[name for name in names if name < current][-(_KEPT_SNAPSHOTS - 1) :]}
        for path in snapshots.iterdir():
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)
    for path in snapshots.glob("building-*"):
        shutil.rmtree(path, ignore_errors=True)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


__all__ = ["Progress", "Report", "build"]
