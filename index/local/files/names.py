"""The files of a snapshot: one table that tells the name of each and what it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

MANIFEST = "manifest.json"
# What tells a folder that Quoth made from others, from its first moment on; holds the snapshot's name.
MARKER = "QUOTH"
TEXT = "text.sqlite"
# While a snapshot is built: the documents that are new.
ADDED = "added.sqlite"
# Compared whenever a document or passage is read.
DIGESTS = "digests.npz"
ORDER = "order.npy"
STATISTICS, APPROXIMATE = "statistics.npz", "vectors.faiss"
PROJECTION = "projection.npz"
LISTS, LIST_STARTS, LENGTHS = "words.bin", "words.npy", "lengths.npy"
BLOCKS = "blocks.npz"
# What snapshots share: the beginning of the names of the files, see `shared_name`.
VECTORS, TOKENS = "vectors", "tokens"
# The end of the names of files that are read here and there.
BLOCKED = ".bin"


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """A file of a snapshot and what it `holds`; `listed` with its checksum in the manifest of every snapshot."""

    name: str
    holds: str
    listed: bool = True


TABLE = (
    SnapshotFile(MANIFEST, "format version first; model, counts, settings, checksums", listed=False),
    SnapshotFile(MARKER, "the snapshot's name", listed=False),
    SnapshotFile(TEXT, "documents, passages, sentences, full text, words"),
    SnapshotFile(DIGESTS, "SHA-256 of what is stored of each document and passage"),
    SnapshotFile(ORDER, "number, first slot and passages of each document, in the order of the library"),
    SnapshotFile(f"{VECTORS}.npy", "where each passage's pooled vectors lie, in files called vectors-NUMBER.bin"),
    SnapshotFile(APPROXIMATE, "only where vectors are many: how the likely ones are found", listed=False),
    SnapshotFile(STATISTICS, "mean and sum of the vectors"),
    SnapshotFile(f"{TOKENS}.npy", "where each passage's tokens lie, in files called tokens-NUMBER.bin"),
    SnapshotFile(PROJECTION, "how token vectors were projected"),
    SnapshotFile(LISTS, "in which passages each frequent term stands, and how often"),
    SnapshotFile(LIST_STARTS, "where each frequent term's passages start"),
    SnapshotFile(LENGTHS, "how many terms each passage has"),
    SnapshotFile(BLOCKS, "checksums of the blocks of the .bin files"),
)
FILES = tuple(file.name for file in TABLE if file.listed)
_SHARED = re.compile(rf"({VECTORS}|{TOKENS})-\d{{6,}}\.bin")


def shared_name(kind: str, number: int) -> str:
    """The name of a file of this kind that snapshots share; numbers are higher than those of the files linked."""
    return f"{kind}-{number:06}{BLOCKED}"


def shared_kind(name: str) -> str:
    """Of which kind a file of this name is, "" if it is none that snapshots share."""
    found = _SHARED.fullmatch(name)
    return found[1] if found else ""


def is_snapshot_file(name: str) -> bool:
    """Whether a build gives this name to a file in a snapshot, or did before snapshots shared vectors."""
    return name in {file.name for file in TABLE} | {ADDED, "vectors.bin"} or bool(shared_kind(name))
