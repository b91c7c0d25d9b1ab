"""A snapshot is on the disk itself before it becomes the current one."""

import errno
import os
from pathlib import Path

import pytest
from crash import answers, library
from small_encoder import SmallEncoder

from index.local.build import build
from index.local.location import POINTER, current_name
from source.errors import UserError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot open folders; renames are journalled there")


class Disk:
    """Tells which files and folders are on the disk as they are now: what `os.fsync` was called for since."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, location: Path) -> None:
        self.location = location
        self.missing: list[list[str]] = []  # at each replacement of the pointer, what was not on the disk
        self._synced: dict[int, object] = {}
        self._fsync, self._replace = os.fsync, os.replace
        monkeypatch.setattr(os, "fsync", self.fsync)
        monkeypatch.setattr(os, "replace", self.replace)

    def fsync(self, descriptor: int) -> None:
        self._fsync(descriptor)
        state = os.fstat(descriptor)
        self._synced[state.st_ino] = self._state(state)

    def replace(self, source: str | Path, target: str | Path) -> None:
        if Path(target) == self.location / POINTER:
            folder = self.location / "snapshots" / Path(source).read_text(encoding="utf-8").split()[0]
            wanted = [*folder.iterdir(), folder, folder.parent, Path(source)]
            self.missing.append([path.name for path in wanted if not self.holds(path)])
        self._replace(source, target)

    def holds(self, path: Path) -> bool:
        state = path.stat()
        return self._synced.get(state.st_ino) == self._state(state)

    @staticmethod
    def _state(state: os.stat_result) -> tuple[int, int]:
        return state.st_mtime_ns, state.st_size


def test_all_of_a_snapshot_is_on_the_disk_before_it_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = tmp_path / "index"
    disk = Disk(monkeypatch, location)
    build(library(tmp_path / "one", "first"), location, encoder=SmallEncoder())
    # A rebuild takes files over, too.
    (tmp_path / "one" / "more.txt").write_text("One more.", encoding="utf-8")
    build(tmp_path / "one", location, encoder=SmallEncoder())
    assert disk.missing == [[], []]
    # So is the pointer itself, in the end.
    assert disk.holds(location / POINTER)


def test_the_pointer_is_on_the_disk_when_the_build_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = tmp_path / "index"
    order: list[str] = []
    fsync, replace = os.fsync, os.replace

    def syncing(descriptor: int) -> None:
        fsync(descriptor)
        if location.is_dir() and os.path.samestat(os.fstat(descriptor), location.stat()):
            order.append("folder")

    def replacing(source: str | Path, target: str | Path) -> None:
        replace(source, target)
        if Path(target).name == POINTER:
            order.append("pointer")

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(os, "replace", replacing)
    build(library(tmp_path / "one", "first"), location, encoder=SmallEncoder())
    assert order[order.index("pointer") :] == ["pointer", "folder"]


def test_a_disk_that_does_not_take_it_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = tmp_path / "index"
    build(library(tmp_path / "one", "first"), location, encoder=SmallEncoder())
    before, name = answers(location), current_name(location)

    def failing(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    other = library(tmp_path / "two", "second")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with pytest.raises(UserError, match="could not be written: Input/output error; it is as it was"):
            build(other, location, encoder=SmallEncoder())
    assert (answers(location), current_name(location)) == (before, name)
    assert [path.name for path in (location / "snapshots").iterdir()] == [name]
