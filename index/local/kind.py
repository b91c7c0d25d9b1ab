"""The index on this machine, by its address: see `index.opening`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.encoding.encoder import Encoder
from index.local import build, manifest
from index.local.location import current_name
from index.local.snapshot import Snapshot
from index.protocol import Index, Origin, Progress
from index.report import Report


def open_index(address: str) -> Index:
    """See `index.opening.open_index`."""
    return Snapshot.open(address)


def current(address: str) -> str:
    """See `index.opening.current`."""
    return current_name(Path(address))


def origin(address: str) -> Origin:
    """See `index.opening.origin`."""
    return manifest.origin(Path(address))


def sink(address: str) -> LocalSink:
    """See `index.opening.sink`."""
    return LocalSink(Path(address))


@dataclass(frozen=True, slots=True)
class LocalSink:
    """Takes snapshots of the index at `location`."""

    location: Path

    def build(
        self, folder: Path, *, encoder: Encoder, progress: Progress | None, chosen: bool | None, like: Index | None
    ) -> tuple[Index, Report]:
        """See `Sink.build`."""
        return build.build(folder, self.location, encoder=encoder, progress=progress, chosen=chosen, like=like)
