"""The index on this machine, by its address: see `index.opening`."""

from __future__ import annotations

from pathlib import Path

from index.local import manifest
from index.local.build import LocalSink
from index.local.location import current_name
from index.local.snapshot import Snapshot
from index.protocol import Index, Origin


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
