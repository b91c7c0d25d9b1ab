"""How a passage stands in its source: as indexed, moved, changed, or nobody can tell."""

import os
import shutil
from pathlib import Path

import pytest

from source.document import Document
from source.proof import Moved, Standing, is_readable, standing
from source.reading import read

TEXT = "War\n\nTanks came over the river.\n\nNobody saw them come. It was long.\n\nPeace was signed.\n"
PASSAGE = "Nobody saw them come. It was long."
STANDS, CHANGED = Standing(), Standing("war.txt has changed since it was indexed")
GONE = Standing("war.txt can no longer be read")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "war.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def stands(path: Path, indexed: Document, text: str = PASSAGE) -> Standing:
    start = indexed.text.index(text)
    return standing(path.parent, indexed.name, indexed.file_sha256, start, start + len(text), lambda: indexed)


def test_a_file_as_it_was_indexed_is_not_read_again(path: Path) -> None:
    indexed = read(path, "war.txt")
    assert standing(path.parent, "war.txt", indexed.file_sha256, 5, 9, lambda: pytest.fail("read")) == STANDS


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (TEXT + "\nMore.\n", STANDS),
        (TEXT.replace("Tanks", "Tank"), Standing(moved=Moved(32, 66, 5))),
        (TEXT.replace("War\n", "The War\n\nA word before.\n"), Standing(moved=Moved(53, 87, 7))),
        ("Nobody saw them come. It was long.\n\nTanks came.\n", Standing(moved=Moved(0, 34, 1))),
        (TEXT.replace("War", "The War").replace("saw", "had seen"), CHANGED),
        (TEXT.replace("War", "The War").replace("Nobody", "Hardly Nobody"), CHANGED),  # inside another sentence
        (TEXT.replace("War", "The War").replace("It was long.", "It was long.5 days"), CHANGED),
        (TEXT.replace("It was long.", "It was long.5 days"), CHANGED),  # and where it stood before
        (TEXT.replace("river.\n\n", "rivers, "), CHANGED),
        (TEXT.replace("War", "The War").replace(" It was", "  It was"), CHANGED),
        (TEXT.replace("War", "The War") + f"\n{PASSAGE}\n", CHANGED),  # at two places
        ("", GONE),
    ],
)
def test_what_moved_is_told_from_what_changed(path: Path, now: str, expected: Standing) -> None:
    indexed = read(path, "war.txt")
    path.write_text(now, encoding="utf-8")
    found = stands(path, indexed)
    assert found == expected
    if found.moved:
        assert now[found.moved.start : found.moved.end] == PASSAGE
        assert found.moved.line == now[: found.moved.start].count("\n") + 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no time of change")
def test_a_file_replaced_with_its_size_and_time_is_noticed(path: Path, tmp_path: Path) -> None:
    indexed = read(path, "war.txt")
    assert stands(path, indexed) == STANDS
    other = tmp_path / "other"
    for written in (TEXT.replace("Nobody saw", "Nobody had"), TEXT.replace("long", "slow")):
        other.write_text(written, encoding="utf-8")
        shutil.copystat(path, other)
        before = path.stat()
        shutil.copy2(other, path)  # as cp -p and rsync -t --inplace do
        assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
        assert stands(path, indexed) == CHANGED
        path.write_text(TEXT, encoding="utf-8")
        assert stands(path, indexed) == STANDS
        shutil.copystat(path, other)
        other.replace(path)  # as rsync -t does
        assert stands(path, indexed) == CHANGED
        path.write_text(TEXT, encoding="utf-8")


def test_a_file_that_is_gone_or_a_folder_can_no_longer_be_read(path: Path) -> None:
    indexed = read(path, "war.txt")
    path.unlink()
    assert stands(path, indexed) == GONE
    path.mkdir()
    assert stands(path, indexed) == GONE


def test_whether_essays_can_be_read(path: Path, tmp_path: Path) -> None:
    assert is_readable(tmp_path)
    assert is_readable(path)
    assert not is_readable(tmp_path / "nowhere")
    assert not is_readable(path / "inside")
    (tmp_path / "loop").symlink_to("loop")
    assert not is_readable(tmp_path / "loop")
    if hasattr(os, "geteuid"):
        (tmp_path / "closed").mkdir(mode=0)
        assert is_readable(tmp_path / "closed") == (os.geteuid() == 0)
        assert is_readable(tmp_path / "closed" / "inside") is False
