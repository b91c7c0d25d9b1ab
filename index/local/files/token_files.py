"""The tokens of all passages, in files that snapshots share.

What a rebuild embeds goes to a file of its own. Of the files of the last snapshot those that are
large and mostly still needed are linked, not copied: nothing in them changes, and they are on the
disk already. What is needed of the others is copied into the new file, so there are never many.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from index.encoding.arrays import Bytes, load_array
from index.encoding.tokens import Projection, record, unpacked_tokens
from index.local.files.checksums import CheckedFile
from index.local.files.names import PLACES, TOKENS
from index.numbers import PassageNumber
from index.protocol import Tokens

Numbers = NDArray[np.int64]

# A file is linked that holds this share of all rows at least, if this share of its own is still needed.
_LARGE, _NEEDED = 1 / 16, 3 / 4


class TokenFiles:
    """The tokens of each passage, a span and a packed vector each, in files that are read here and there.

    `files` are those of the snapshot in `folder` that `is_token_file` names; in the order of their
    names they are as one. `places` (passages, 2) holds the first row of each passage's tokens and
    the row behind the last, `starts` the first row of each file and the number of all rows.
    """

    def __init__(self, folder: Path, files: Mapping[str, CheckedFile], projection: Projection) -> None:
        self.folder = folder
        self.names = sorted(files)
        self.places = load_array(folder / PLACES)
        self._files = [files[name] for name in self.names]
        self._projection = projection
        self._record = record(projection)
        self.starts = np.cumsum([0, *(len(file) // self._record.itemsize for file in self._files)])

    def files_of(self, passages: Numbers) -> Numbers:
        """The number of the file that each of these passages' tokens lie in."""
        return np.asarray(np.searchsorted(self.starts[1:], self.places[passages, 0], "right"), np.int64)

    def needed(self, passages: Numbers) -> Numbers:
        """How many rows of each file these passages have."""
        counts = self.places[passages, 1] - self.places[passages, 0]
        return np.bincount(self.files_of(passages), counts, len(self.names)).astype(np.int64)[: len(self.names)]

    def rows(self, passage: int) -> Bytes:
        """The tokens of a passage as they lie in the file, shape (n, bytes). Raises UserError if they are damaged."""
        first, last = self.places[passage].tolist()
        size = self._record.itemsize
        if first == last:
            return np.zeros((0, size), np.uint8)
        file = int(np.searchsorted(self.starts[1:], first, "right"))
        start = int(self.starts[file])
        return self._files[file].read((first - start) * size, (last - start) * size).reshape(-1, size)

    def tokens(self, passages: Sequence[PassageNumber]) -> list[Tokens]:
        """The tokens of each of these passages, in this order."""
        parts = [self.rows(passage) for passage in passages]
        if not parts:
            return []
        vectors, spans = unpacked_tokens(self._projection, np.concatenate(parts))
        ends = np.cumsum([len(part) for part in parts])
        return [
            Tokens(vectors[end - len(part) : end], spans[end - len(part) : end])
            for part, end in zip(parts, ends.tolist(), strict=True)
        ]


class TokenWriter:
    """Gives a new snapshot in `folder` its tokens: new ones, and those of the `last` snapshot.

    `known` holds for each passage the number that it had in the last snapshot, -1 if it is new.
    Every new passage is to be added, every known one to be kept.
    """

    def __init__(self, folder: Path, projection: Projection, last: TokenFiles | None, known: Numbers) -> None:
        self._folder = folder
        self._size = record(projection).itemsize
        self._last = last
        self._known = known
        self._places = np.zeros((len(known), 2), np.int64)
        self._placed = np.zeros(len(known), np.bool_)
        self._rows = 0
        newest = self._link(last) if last else 0
        self._file = (folder / f"{TOKENS}{newest + 1:06}.bin").open("wb", buffering=1 << 20)

    def __enter__(self) -> TokenWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._file.close()
        if error is None:
            np.save(self._folder / PLACES, self._places)

    def _link(self, last: TokenFiles) -> int:
        """Link the files of the last snapshot that are worth it; the number of the newest."""
        kept = np.flatnonzero(self._known >= 0)
        passages, files = self._known[kept], last.files_of(self._known[kept])
        needed = last.needed(np.unique(passages))
        newest = 0
        for number, name in enumerate(last.names):
            rows = int(last.starts[number + 1] - last.starts[number])
            if rows < _LARGE * needed.sum() or needed[number] < _NEEDED * rows:
                continue
            try:
                os.link(last.folder / name, self._folder / name)
            except OSError:  # this file system has no links
                continue
            inside = kept[files == number]
            self._places[inside] = last.places[self._known[inside]] + (self._rows - int(last.starts[number]))
            self._placed[inside] = True
            self._rows += rows
            newest = int(name.removeprefix(TOKENS).removesuffix(".bin"))
        return newest

    def add(self, number: int, rows: Bytes) -> None:
        """Write the tokens of passage `number`, an array of as many bytes."""
        self._file.write(np.ascontiguousarray(rows).data)
        end = self._rows + rows.nbytes // self._size
        self._places[number] = self._rows, end
        self._rows = end

    def keep(self, start: int, end: int) -> None:
        """Take over the tokens of the passages `start` to `end` (excluded), all known."""
        if self._last is not None:
            for number in (start + np.flatnonzero(~self._placed[start:end])).tolist():
                self.add(number, self._last.rows(int(self._known[number])))
