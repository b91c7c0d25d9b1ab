"""What every manifest says of its index, whatever kind of index it is."""

from __future__ import annotations

import datetime
import importlib.metadata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.encoding.encoder import Encoder
from index.protocol import About, Counts
from index.reading import reading
from source.library import Skipped
from source.selection import ALL, Selection

# The setting that says which files of the folder are meant, where not all are.
_SELECTION = "selection"


@dataclass(frozen=True, slots=True)
class Head:
    """What comes first in a manifest: the `format` of the index, by what, when and of what it was built, how much it
    holds, and the `settings` on which that depends."""

    format: int
    quoth: str
    built: str
    source: str
    model: str
    model_sha256: str
    dimension: int
    counts: Mapping[str, int]
    settings: Mapping[str, object]

    @property
    def selection(self) -> Selection:
        """Which files of the source are meant."""
        return selection_in(self.settings)

    def described(self, address: str, skipped: tuple[Skipped, ...], rebuild: str, size: int) -> About:
        """What the index at `address` says of itself: see `About`."""
        counts = Counts(**self.counts)
        return About(address, Path(self.source), self.model, self.built, counts, skipped, rebuild, size, self.selection)


def selection_in(settings: object) -> Selection:
    """The selection in the settings of a manifest, of whatever kind these are; all files where none is kept."""
    kept = settings.get(_SELECTION) if isinstance(settings, Mapping) else None
    return Selection.of(kept) if isinstance(kept, Mapping) else ALL


def head(folder: Path, encoder: Encoder, selection: Selection, **settings: object) -> dict[str, Any]:
    """The head, but for its format and counts, of an index of the `selection` of essays in `folder`, built now.

    The `settings` are those of its kind.
    """
    from source.structure.passages import LONGEST_PASSAGE

    return {
        "quoth": importlib.metadata.version("quoth"),
        "built": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "source": str(folder),
        "model": encoder.model,
        "model_sha256": encoder.fingerprint,
        "dimension": encoder.dimension,
        "settings": {
            "longest_passage": LONGEST_PASSAGE,
            "window": encoder.window,
            "reading": reading(),
            **settings,
            **({_SELECTION: selection.values()} if selection != ALL else {}),
        },
    }
