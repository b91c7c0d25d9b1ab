"""What a rebuild takes over from the last snapshot, and what has changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from index.encoder import Encoder
from index.snapshot import Embedded, Snapshot
from index.tokens import Projection, shipped_projection

_READ = 1024  # passages at a time


class LastSnapshot:
    """The embedded passages of the snapshot before, found by what they say under which headings."""

    def __init__(self, snapshot: Snapshot | None) -> None:
        self._snapshot = snapshot
        self._numbers: dict[bytes, int] = {}
        total = snapshot.statistics.passages if snapshot else 0
        for start in range(0, total, _READ):
            numbers = range(start, min(start + _READ, total))
            stored = snapshot.passages(numbers) if snapshot else []
            self._numbers |= {_key(one.context, one.text): n for n, one in zip(numbers, stored, strict=True)}

    @classmethod
    def usable(cls, snapshot: Snapshot | None, encoder: Encoder) -> LastSnapshot:
        """`snapshot`, if `encoder` would give the vectors it holds once more; else nothing."""
        shipped = shipped_projection(encoder.fingerprint)
        same = (
            snapshot is not None
            and snapshot.model_sha256 == encoder.fingerprint
            and snapshot.manifest.settings.get("window") == encoder.window
            and snapshot.manifest.counts["truncated"] == 0
            and snapshot.statistics.passages > 0
            and (shipped is None or snapshot.projection.equals(shipped))
        )
        return cls(snapshot if same else None)

    @property
    def projection(self) -> Projection | None:
        """The projection of token vectors that is taken over with them."""
        return self._snapshot.projection if self._snapshot else None

    def embedded(self, context: str, text: str) -> Embedded | None:
        """The vectors of a passage, if it was embedded before."""
        number = self._numbers.get(_key(context, text))
        return self._snapshot.embedded(number) if self._snapshot and number is not None else None


def _key(context: str, text: str) -> bytes:
    return hashlib.blake2b(f"{context}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Changes:
    """How the documents differ from those of the last snapshot; `renamed` pairs the old and the new name."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    unchanged: int

    @classmethod
    def between(cls, before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
        """The changes between two libraries, given as SHA-256 of the text by name."""
        gone = {name: text for name, text in before.items() if name not in after}
        new = {name: text for name, text in after.items() if name not in before}
        old_names = {text: name for name, text in reversed(gone.items())}
        renamed = []
        for name, text in new.items():
            if text in old_names:
                renamed.append((old_names.pop(text), name))
        moved = {name for pair in renamed for name in pair}
        return cls(
            added=tuple(name for name in new if name not in moved),
            changed=tuple(name for name in after if name in before and before[name] != after[name]),
            removed=tuple(name for name in gone if name not in moved),
            renamed=tuple(renamed),
            unchanged=sum(before.get(name) == text for name, text in after.items()),
        )

    def __str__(self) -> str:
        counts = (
            ("added", len(self.added)),
            ("changed", len(self.changed)),
            ("removed", len(self.removed)),
            ("renamed", len(self.renamed)),
            ("unchanged", self.unchanged),
        )
        return ", ".join(f"{count} {what}" for what, count in counts)
