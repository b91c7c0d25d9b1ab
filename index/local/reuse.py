"""What a rebuild takes over from the last snapshot, and whether it still may be."""

from __future__ import annotations

from collections.abc import Sequence

from index.encoding.encoder import Encoder
from index.encoding.projection import shipped_projection
from index.local.files.names import TOKENS, VECTORS
from index.local.files.shared_rows import SharedRows
from index.local.snapshot import Snapshot
from index.numbers import DocumentNumber
from index.reading import reading
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

    @property
    def rows(self) -> dict[str, SharedRows]:
        """The rows of passages that would be the same once more, by their kind."""
        last = self.vectors
        return {VECTORS: last.rows, TOKENS: last.token_files.rows} if last else {}

    def slots(self, keys: Sequence[bytes]) -> list[int]:
        """Where passages lie whose vectors would be the same once more, -1 where there is none."""
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
