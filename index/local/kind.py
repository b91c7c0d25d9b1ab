"""The index on this machine, by its address: see `index.opening`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.local import manifest
from index.local.location import current_name
from index.local.snapshot import Snapshot
from index.protocol import Index, Origin

if TYPE_CHECKING:
    from index.local.build import LocalSink


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
    from index.local.build import LocalSink  # who asks builds nothing

    return LocalSink(Path(address))
