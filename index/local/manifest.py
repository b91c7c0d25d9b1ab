"""What a snapshot says of itself, and which one is current."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.local.files.checksums import checksum
from index.local.files.names import MANIFEST
from index.local.leases import Lease
from index.local.location import SNAPSHOTS, current_name, mending, origin_of, pointer
from index.manifest import Head
from index.protocol import About, Origin
from source.errors import DamagedIndex
from source.files import regular
from source.library import Skipped

FORMAT = 14
# From this format on the pointer holds the manifest's checksum.
_FIRST_CHECKED = 5
_LARGEST = 256_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Manifest(Head):
    """What a snapshot says of itself; `format` stands first in the file."""

    skipped: Sequence[Sequence[str]]
    files: Mapping[str, str]

    def write(self, path: Path) -> None:
        """Write the manifest as JSON, the format version first."""
        values = {name: getattr(self, name) for name in _KINDS}
        path.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path, written: str, location: Path) -> Manifest:
        """Read the manifest, whose checksum is `written`, of the index at `location`.

        Raises DamagedIndex, with the command that builds the index anew, if it cannot be or has another format.
        """
        values = _values(path, written, location)
        if values["format"] != FORMAT:
            raise DamagedIndex(
                f"The index has format {values['format']}, this Quoth reads format {FORMAT}; "
                f"rebuild it: {mending(location, origin_of(values))}"
            )
        if values.keys() != _KINDS.keys() or not all(isinstance(values[name], kind) for name, kind in _KINDS.items()):
            raise DamagedIndex(_damaged(path, location))
        manifest = cls(**values)
        try:
            manifest.about(location, 0)
        except (TypeError, ValueError) as error:
            raise DamagedIndex(_damaged(path, location)) from error
        return manifest

    def about(self, location: Path, size: int) -> About:
        """What the index at `location`, of `size` bytes, says of itself."""
        skipped = tuple(Skipped(name, reason) for name, reason in self.skipped)
        return self.described(str(location), skipped, mending(location, self.origin), size)

    @property
    def origin(self) -> Origin:
        """What the index was built from."""
        return origin_of({name: getattr(self, name) for name in ("source", "model", "settings")})


_KINDS: Mapping[str, type] = {
    "format": int,
    "quoth": str,
    "built": str,
    "source": str,
    "model": str,
    "model_sha256": str,
    "dimension": int,
    "counts": dict,
    "settings": dict,
    "skipped": list,
    "files": dict,
}


def origin(location: Path) -> Origin:
    """What the index at `location` was built from, whatever its format is and its other files hold.

    Raises NoIndex if there is none, and DamagedIndex if its manifest cannot be read.
    """
    folder, written, _lease = leased(location)
    found = origin_of(_values(folder / MANIFEST, written, location))
    if not found.source:
        raise DamagedIndex(_damaged(folder / MANIFEST, location))
    return found


def _values(path: Path, written: str, location: Path) -> dict[str, Any]:
    """What a manifest of any format holds, its format among it; raises DamagedIndex if it cannot be read."""
    try:
        if regular(path).st_size > _LARGEST or (written and checksum(path) != written):
            raise ValueError("another size or checksum")
        values = json.loads(path.read_text(encoding="utf-8"))
        if type(values["format"]) is not int or (not written and values["format"] >= _FIRST_CHECKED):
            raise ValueError("another format")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedIndex(_damaged(path, location)) from error
    found: dict[str, Any] = values
    return found


def _damaged(path: Path, location: Path) -> str:
    return f"The index's manifest {str(path)!r} is missing or damaged; rebuild it: {mending(location)}"


def leased(location: Path) -> tuple[Path, str, Lease | None]:
    """The folder of the current snapshot, its manifest's checksum, and what keeps it there; None where that fails."""
    while True:
        name, written = pointer(location)
        folder = location / SNAPSHOTS / name
        try:
            return folder, written, Lease(folder / MANIFEST)
        except OSError:
            if current_name(location) == name:  # not replaced meanwhile: something is wrong with it
                return folder, written, None
