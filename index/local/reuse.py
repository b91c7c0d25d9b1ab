"""What a rebuild takes over from the last snapshot, and whether it still may be."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import index
import source
from index.encoding.encoder import Encoder
from index.encoding.tokens import shipped_projection
from index.local.snapshot import Snapshot
from index.numbers import DocumentNumber
from source.library import Skipped


class LastSnapshot:
    """The snapshot before, as far as it serves the next one: its texts, its vectors, both or neither."""

    def __init__(self, snapshot: Snapshot | None, encoder: Encoder) -> None:
        self._snapshot = snapshot
        self.texts = snapshot if snapshot and snapshot.manifest.settings.get("reading") == reading() else None
        self.vectors = snapshot if snapshot and _same_vectors(snapshot, encoder) else None

    @property
    def before(self) -> dict[str, str]:
        """SHA-256 of the text of each document by its name."""
        return {entry.name: entry.sha256 for entry in self._snapshot.entries} if self._snapshot else {}

    @property
    def files(self) -> dict[str, tuple[DocumentNumber, str]]:
        """Number and SHA-256 of the file of each document whose passages would be the same once more."""
        return self.texts.files() if self.texts else {}

    @property
    def unread(self) -> dict[str, list[Skipped]]:
        """What could not be read of each document of `files`."""
        found: dict[str, list[Skipped]] = {}
        for name, reason in self.texts.manifest.skipped if self.texts else ():
            found.setdefault(name, []).append(Skipped(name, reason))
        return found

    def numbers(self, keys: Sequence[bytes]) -> list[int]:
        """The numbers of passages whose vectors would be the same once more, -1 where there is none."""
        return self.vectors.keyed(keys) if self.vectors else [-1] * len(keys)


def _same_vectors(snapshot: Snapshot, encoder: Encoder) -> bool:
    shipped = shipped_projection(encoder.fingerprint)
    return (
        snapshot.model_sha256 == encoder.fingerprint
        and snapshot.manifest.settings.get("window") == encoder.window
        and snapshot.manifest.counts["truncated"] == 0
        and snapshot.statistics.passages > 0
        and (shipped is None or snapshot.projection.equals(shipped))
    )


@cache
def reading() -> str:
    """A hash of all that decides how a file is read and stored: the code, and the packages it may use."""
    digest = hashlib.sha256()
    for package in (source, index):
        for path in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            digest.update(path.read_bytes())
    for requirement in sorted(importlib.metadata.requires("quoth") or []):
        name = re.split(r"[^\w.-]", requirement)[0]
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    return digest.hexdigest()
