"""Library → snapshot: read the essays, embed their passages, publish, report."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from index import lexical
from index.arrays import load_array, load_arrays
from index.checksums import CheckedFile, block_checksums, checksum
from index.encoder import DEFAULT_MODEL, Encoder, encode_passages
from index.location import BUILDING, MANIFEST, SNAPSHOTS, check_name, clear, default_location, publish, remove
from index.reuse import Changes, LastSnapshot, reading
from index.rows import Bytes, Rows, RowWriter
from index.snapshot import BLOCKED, FORMAT, TEXT, Manifest, Snapshot
from index.token_files import TokenWriter
from index.tokens import Projection, packed_tokens, shipped_projection
from index.vectors import EXACT_UP_TO, moments, packed_vectors, write_approximate
from index.writing import Writer
from source.document import Document
from source.errors import UserError
from source.language import name_of
from source.library import Skipped, Unchanged, read_library
from source.structure import LONGEST_PASSAGE

# Passages that are sorted by length and then read so many at a time: enough to make batches of like
# length, few enough to hold and to show progress.
_WINDOW, _BATCH = 1024, 64
# A projection of a model that comes without one is fitted to at most so many passages.
_FITTED_PASSAGES = 2048

# What the default model reads (notes too short for their language to be known are let pass), and a
# model that reads fifty languages.
_READ_BY_DEFAULT = ("", "en")
_MULTILINGUAL = "paraphrase-multilingual-MiniLM-L12-v2"

Progress = Callable[[int, int], None]  # passages embedded so far, of how many


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did.

    `embedded` counts the passages that the model had to read, the others were taken over from the
    last snapshot; `truncated` those of which it could not read every token. `decoded` names the
    documents whose files are in another encoding than UTF-8, and that encoding. `languages` counts
    the documents in each, by ISO 639-1 code, "" where it is not known. `advice` says what would
    serve them better, "" if nothing is known of.
    """

    documents: int
    passages: int
    sentences: int
    embedded: int
    truncated: int
    skipped: tuple[Skipped, ...]
    decoded: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, int], ...]
    advice: str
    changes: Changes
    seconds: float

    def __str__(self) -> str:
        counts = [
            _counted(self.documents, "document"),
            _counted(self.passages, "passage"),
            _counted(self.sentences, "sentence"),
        ]
        return f"{', '.join(counts)}, {self.truncated} truncated, {len(self.skipped)} skipped, {self.seconds:.1f} s"

    @property
    def in_languages(self) -> str:
        """How many documents are in which language, in words: `2 in English, 1 in German`."""
        return ", ".join(
            f"{count:,} in {name_of(code)}" if code else f"{count:,} of no known language"
            for code, count in self.languages
        )


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
    folder = Path(os.path.realpath(folder))  # Path.resolve stops at a link that leads to itself
    for one in (folder, location):
        check_name(one)
    try:
        location.mkdir(parents=True, exist_ok=True)
        with FileLock(location / "LOCK", timeout=0):
            last = Snapshot.usable(location)
            clear(location, last.name if last else None)
            name = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(3)}"
            work = location / SNAPSHOTS / f"{BUILDING}{name}"
            work.mkdir(parents=True)
            try:
                report = _fill(work, folder, last, encoder, progress or _unheard, started)
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
            snapshot = Snapshot.open(location)
            del last  # this build reads it no more
            clear(location, name)
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
    work: Path, folder: Path, snapshot: Snapshot | None, encoder: Encoder, progress: Progress, started: float
) -> Report:
    last = LastSnapshot(snapshot, encoder)
    writer = Writer(work / TEXT, last.texts)
    texts, skipped = _read(writer, folder, last)
    if not texts:
        reasons = f" ({'; '.join(map(str, skipped[:3]))})" if skipped else ""
        raise UserError(f"There is no essay to index in {str(folder)!r}{reasons}; give a folder that holds essays.")
    embedded, truncated = _embed(work, writer, last, encoder, progress)
    decoded = tuple(writer.decoded())
    languages = tuple(writer.languages())
    writer.close()
    _search_files(work, encoder.dimension, last.vectors)
    counts = {"documents": writer.documents, "passages": writer.passages, "sentences": writer.sentences}
    settings: dict[str, int | float | str] = {
        "full_text": lexical.TOKENIZER,
        "longest_passage": LONGEST_PASSAGE,
        "window": encoder.window,
        "reading": reading(),
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
        files={path.name: _checksum(path, last.vectors) for path in sorted(work.iterdir())},
    ).write(work / MANIFEST)
    return Report(
        **counts,
        embedded=embedded,
        truncated=truncated,
        skipped=tuple(skipped),
        decoded=decoded,
        languages=languages,
        advice=_advice(encoder.model, languages),
        changes=Changes.between(last.before, texts),
        seconds=time.monotonic() - started,
    )


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


def _embed(work: Path, writer: Writer, last: LastSnapshot, encoder: Encoder, progress: Progress) -> tuple[int, int]:
    """Write the vectors of all passages; how many the model read, and could not read whole."""
    old = last.vectors
    projection = (old and old.projection) or shipped_projection(encoder.fingerprint) or _fitted(encoder, writer)
    projection.save(work / "projection.npz")
    known = _known(writer, last)
    embedded = truncated = 0
    progress(0, writer.passages)
    with (
        RowWriter(work / "vectors.bin", 2 * encoder.dimension) as vectors,
        TokenWriter(work, projection, old.token_files if old else None, known) as tokens,
    ):
        for start in range(0, writer.passages, _WINDOW):
            numbers = known[start : start + _WINDOW].tolist()
            new = [start + i for i, number in enumerate(numbers) if number < 0]
            done = start + len(numbers) - len(new)
            fresh: dict[int, tuple[Bytes, Bytes]] = {}
            for batch in _batches(new, writer.texts(new)):
                read = encode_passages(encoder, [text for _, text in batch])
                for (number, _), one in zip(batch, read, strict=True):
                    fresh[number] = packed_vectors(one.vectors), packed_tokens(projection, one.tokens, one.spans)
                truncated += sum(one.unread > 0 for one in read)
                progress(done + len(fresh), writer.passages)
            for first, behind, at in _runs(numbers):
                if first < 0:
                    vectors.add(fresh[start + at][0])
                    tokens.add(start + at, fresh[start + at][1])
                elif old is not None:
                    vectors.copy(old.rows, first, behind)
                    tokens.keep(start + at, start + at + behind - first)
            embedded += len(new)
            if not new:
                progress(done, writer.passages)
    return embedded, truncated


def _known(writer: Writer, last: LastSnapshot) -> NDArray[np.int64]:
    """The number of each passage in the last snapshot, -1 where its vectors are to be made."""
    known = writer.origins if last.vectors else np.full(writer.passages, -1)
    added = np.flatnonzero(known < 0)
    for start in range(0, len(added), _WINDOW):
        part = added[start : start + _WINDOW]
        known[part] = last.numbers(writer.keys(part.tolist()))
    return known


def _batches(numbers: Sequence[int], texts: Sequence[tuple[str, str]]) -> Iterator[list[tuple[int, tuple[str, str]]]]:
    """Passages of like length together."""
    ordered = sorted(zip(numbers, texts, strict=True), key=lambda passage: len(passage[1][0]) + len(passage[1][1]))
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Runs of neighbours in the last snapshot, as (first, last + 1, place of the first); what is new stands alone."""
    at = 0
    while at < len(numbers):
        end = at + 1
        while numbers[at] >= 0 and end < len(numbers) and numbers[end] == numbers[end - 1] + 1:
            end += 1
        yield numbers[at], numbers[at] + end - at, at
        at = end


def _search_files(work: Path, dimension: int, last: Snapshot | None) -> None:
    """What is computed from all vectors, and the checksums of blocks."""
    rows = Rows(CheckedFile(work / "vectors.bin"), load_array(work / "vectors.npy"), 2 * dimension)
    mean, covariance = moments(rows)
    np.savez(work / "statistics.npz", mean=mean, covariance=covariance)
    if len(rows) > EXACT_UP_TO:
        write_approximate(rows, work / "vectors.faiss")
    known = load_arrays(last.folder / "blocks.npz") if last else {}
    blocks: dict[str, Any] = {  # Any: savez has an option, too
        path.name: known[path.name] if _shared(path, last) else block_checksums(path)
        for path in sorted(work.glob(f"*{BLOCKED}"))
    }
    np.savez(work / "blocks.npz", **blocks)


def _checksum(path: Path, last: Snapshot | None) -> str:
    return last.manifest.files[path.name] if last and _shared(path, last) else checksum(path)


def _shared(path: Path, last: Snapshot | None) -> bool:
    """Whether a file is one with that of the last snapshot, which was checked when it was opened."""
    return bool(last and (last.folder / path.name).exists() and path.samefile(last.folder / path.name))


def _fitted(encoder: Encoder, writer: Writer) -> Projection:
    """A projection fitted to an even sample of the passages."""
    texts = writer.texts(range(0, writer.passages, max(1, writer.passages // _FITTED_PASSAGES)))
    tokens = [passage.tokens for passage in encode_passages(encoder, texts)]
    return Projection.fit(np.concatenate([np.zeros((0, encoder.dimension), np.float32), *tokens]))


def _advice(model: str, languages: Iterable[tuple[str, int]]) -> str:
    if model != DEFAULT_MODEL or all(language in _READ_BY_DEFAULT for language, _ in languages):
        return ""
    return (
        f"{model} reads English only: in other languages passages are found by their words, not by what they mean. "
        f"A multilingual model reads them: hf download sentence-transformers/{_MULTILINGUAL}, "
        f"then quoth index FOLDER --model {_MULTILINGUAL}"
    )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


__all__ = ["Progress", "Report", "build"]
