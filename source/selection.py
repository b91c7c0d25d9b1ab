"""Which files under the folder of a library are its essays.

Several folders are one library: its folder is the nearest one that holds them all, so that each document has one name,
its path below that. Patterns are read as `.gitignore` reads them: one without a slash is for a file or folder of that
name anywhere, one with a slash for a path below the library's folder; what is for a folder is for all in it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from source.errors import UserError
from source.patterns import pattern


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of a library: those in `parts`, if there are any, that match `include`, if any, and no `exclude`.

    `parts` are folders or files, by their paths relative to the library's folder.
    """

    parts: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, name: str) -> bool:
        """Whether the patterns take the file `name`, relative to the library's folder."""
        included = not self.include or any(pattern(one).is_for(name) for one in self.include)
        return included and not any(pattern(one).is_for(name) for one in self.exclude)

    def places(self, folder: Path) -> list[Path]:
        """The folders and files to look into for the library in `folder`."""
        return [folder / part for part in self.parts] or [folder]

    def root(self, folder: Path, name: str) -> Path | None:
        """The folder out of which no link of the document `name` may lead; None for a file that was named itself."""
        place = next((one for one in self.places(folder) if (folder / name).is_relative_to(one)), folder)
        return place if place.is_dir() else None

    def told(self, folder: Path) -> str:
        """The folders and files of the library in `folder`, and the patterns, as somebody may read them."""
        patterns = (("only", self.include), ("without", self.exclude))
        said = [f"{word} {', '.join(found)}" for word, found in patterns if found]
        return "; ".join([", ".join(map(str, self.places(folder))), *said])

    def values(self) -> dict[str, list[str]]:
        """What a manifest keeps of it: nothing of what is not said."""
        return {key: list(found) for key in self.__slots__ if (found := getattr(self, key))}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Selection:
        """The selection that a manifest keeps, of whatever kind its values are."""
        found = {key: values.get(key) for key in cls.__slots__}
        return cls(**{key: tuple(map(str, one)) for key, one in found.items() if isinstance(one, list)})


ALL = Selection()


def selected(
    folders: Sequence[Path], include: Sequence[str] = (), exclude: Sequence[str] = ()
) -> tuple[Path, Selection]:
    """The folder of the library of `folders`, each a folder or a file, and which of its files are meant.

    Raises UserError if there is none of them, they have no folder in common, or a pattern cannot be read.
    """
    for written in (*include, *exclude):
        pattern(written)
    for folder in folders:
        if not _exists(folder):
            raise UserError(f"There is no folder {str(folder)!r}; give the folder that holds the essays.")
    real = [Path(os.path.realpath(folder)) for folder in folders]
    outermost = [
        one for one in dict.fromkeys(real) if not any(one != other and one.is_relative_to(other) for other in real)
    ]
    patterns = tuple(include), tuple(exclude)
    if len(outermost) == 1:
        return outermost[0], Selection((), *patterns)
    try:
        common = Path(os.path.commonpath(outermost))
    except ValueError as error:  # they lie on several drives
        raise UserError("The folders have no folder in common; index one of them, or put them side by side.") from error
    parts = sorted(one.relative_to(common).as_posix() for one in outermost)
    hidden = next((part for part in parts if any(step.startswith(".") for step in part.split("/"))), None)
    if hidden:
        raise UserError(f"{hidden!r} is hidden in {str(common)!r}, where the folders lie; name it without a dot.")
    return common, Selection(tuple(parts), *patterns)


def _exists(folder: Path) -> bool:
    try:
        return folder.exists()
    except OSError as error:
        raise UserError(f"The folder {str(folder)!r} cannot be read: {error.strerror}.") from error
