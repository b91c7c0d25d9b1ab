"""What a snapshot says of itself, and which one is current."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.local.files.checksums import checksum
from index.local.files.names import MANIFEST
from index.local.leases import Lease
from index.local.location import SNAPSHOTS, current_name, mending, pointer
from index.protocol import About, Counts
from source.errors import UserError
from source.library import Skipped

FORMAT = 8


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot says of itself; `format` stands first in the file."""

    format: int
    quoth: str
    built: str
    source: str
    model: str
    model_sha256: str
    dimension: int
    counts: Mapping[str, int]
    settings: Mapping[str, int | float | str]
    skipped: Sequence[Sequence[str]]
    files: Mapping[str, str]

    def write(self, path: Path) -> None:
        """Write the manifest as JSON, the format version first."""
        values = {name: getattr(self, name) for name in self.__slots__}
        path.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path, written: str, mend: str) -> Manifest:
        """Read a manifest whose checksum is `written`. Raises UserError, with the command `mend`, if it cannot be."""
        try:
            if checksum(path) != written:
                raise ValueError("another checksum")
            values = json.loads(path.read_text(encoding="utf-8"))
            found = values["format"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(f"The index's manifest {str(path)!r} is missing or damaged; rebuild it: {mend}") from error
        if found != FORMAT:
            raise UserError(f"The index has format {found}, this Quoth reads format {FORMAT}; rebuild it: {mend}")
        return cls(**values)

    def about(self, location: Path, size: int) -> About:
        """What the index at `location`, of `size` bytes, says of itself."""
        return About(
            address=str(location),
            source=Path(self.source),
            model=self.model,
            built=self.built,
            counts=Counts(**self.counts),
            skipped=tuple(Skipped(name, reason) for name, reason in self.skipped),
            rebuild=mending(location, self),
            size=size,
        )

    @classmethod
    def current(cls, location: Path) -> Manifest:
        """The manifest of the current snapshot at `location`, whatever its other files hold.

        Raises NoIndex if there is none, and UserError if the manifest cannot be read.
        """
        folder, written, _lease = leased(location)
        return cls.read(folder / MANIFEST, written, mending(location))


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
