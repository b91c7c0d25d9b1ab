"""The files of a snapshot: one table that tells the name of each and what it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

MANIFEST = "manifest.json"
# What tells a folder that Quoth made from others, from its first moment on; holds the snapshot's name.
MARKER = "QUOTH"
TEXT = "text.sqlite"
# Compared whenever a document or passage is read.
DIGESTS = "digests.npz"
VECTORS, VECTOR_STARTS, STATISTICS = "vectors.bin", "vectors.npy", "statistics.npz"
APPROXIMATE = "vectors.faiss"
PLACES, PROJECTION = "tokens.npy", "projection.npz"
LISTS, LIST_STARTS, LENGTHS = "words.bin", "words.npy", "lengths.npy"
BLOCKS = "blocks.npz"
# Followed by a number, higher than those of the files that were linked, and .bin
TOKENS = "tokens-"
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
    SnapshotFile(VECTORS, "pooled vectors of the passages"),
    SnapshotFile(VECTOR_STARTS, "where each passage's vectors start"),
    SnapshotFile(APPROXIMATE, "only where vectors are many: how the likely ones are found", listed=False),
    SnapshotFile(STATISTICS, "mean of the vectors"),
    SnapshotFile(PLACES, "where each passage's tokens lie, in files called tokens-NUMBER.bin"),
    SnapshotFile(PROJECTION, "how token vectors were projected"),
    SnapshotFile(LISTS, "in which passages each frequent term stands, and how often"),
    SnapshotFile(LIST_STARTS, "where each frequent term's passages start"),
    SnapshotFile(LENGTHS, "how many terms each passage has"),
    SnapshotFile(BLOCKS, "checksums of the blocks of the .bin files"),
)
FILES = tuple(file.name for file in TABLE if file.listed)
_TOKENS = re.compile(rf"{TOKENS}\d{{6,}}\.bin")


def is_token_file(name: str) -> bool:
    """Whether a file of this name in a snapshot holds tokens."""
    return _TOKENS.fullmatch(name) is not None


def is_snapshot_file(name: str) -> bool:
    """Whether a build gives this name to a file in a snapshot."""
    return name in {file.name for file in TABLE} or is_token_file(name)
