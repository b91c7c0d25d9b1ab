"""The names of a snapshot's files."""

from __future__ import annotations

import re

MANIFEST = "manifest.json"
# What tells a folder that Quoth made from others, from its first moment on; holds the snapshot's name.
MARKER = "QUOTH"
TEXT = "text.sqlite"
# SHA-256 of all that is stored of each document and passage: compared whenever one is read.
DIGESTS = "digests.npz"
FILES = (
    TEXT,
    DIGESTS,
    "vectors.bin",
    "vectors.npy",
    "statistics.npz",
    "tokens.npy",
    "projection.npz",
    "words.bin",
    "words.npy",
    "lengths.npy",
    "blocks.npz",
)
# The end of the names of files that are read here and there.
BLOCKED = ".bin"
# Followed by a number, higher than those of the files that were linked, and .bin
TOKENS = "tokens-"
APPROXIMATE = "vectors.faiss"
_TOKENS = re.compile(rf"{TOKENS}\d{{6,}}\.bin")


def is_token_file(name: str) -> bool:
    """Whether a file of this name in a snapshot holds tokens."""
    return _TOKENS.fullmatch(name) is not None


def is_snapshot_file(name: str) -> bool:
    """Whether a build gives this name to a file in a snapshot."""
    return name in (*FILES, APPROXIMATE, MANIFEST, MARKER) or is_token_file(name)
