"""An index of several folders, or of what patterns say: it remembers them, and all that looks at the essays does."""

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import quoth
from small_encoder import SmallEncoder

from index.local.build import build
from index.local.manifest import origin
from index.local.snapshot import Snapshot
from index.opening import open_index
from index.verify import verify
from qa.quotations.citations.metadata import items_in
from qa.watching import watch
from source.errors import UserError
from source.selection import selected

ESSAYS = {
    "a/war.txt": "The war began in 1950.\n",
    "a/old/war.txt": "The old war ended in 1945.\n",
    "b/war.txt": "Another war began elsewhere.\n",
    "c/peace.txt": "Peace was made in 1953.\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in ESSAYS.items():
        path = tmp_path / "essays" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "essays"


@pytest.fixture
def built(folder: Path, tmp_path: Path, small_encoder: SmallEncoder) -> Callable[..., Snapshot]:
    def make(folders: list[Path], **patterns: list[str]) -> Snapshot:
        top, selection = selected(folders, **patterns)
        return build(top, tmp_path / "index", encoder=small_encoder, selection=selection)[0]

    return make


def names(index: Snapshot) -> list[str]:
    return [one.name for one in index.entries]


def test_an_index_remembers_its_folders_and_patterns(folder: Path, tmp_path: Path, built) -> None:
    with built([folder / "a", folder / "b"], exclude=["old"]) as index:
        assert names(index) == ["a/war.txt", "b/war.txt"]
        assert index.about.essays == f"{folder / 'a'}, {folder / 'b'}; without old"
        assert index.about.rebuild == (
            f"quoth index {folder / 'a'} {folder / 'b'} --exclude old --model small --index {tmp_path / 'index'}"
        )
        assert list(verify(index)) == []
    known = origin(tmp_path / "index")
    assert (known.places, known.selection.exclude) == ([str(folder / "a"), str(folder / "b")], ("old",))


def test_an_index_of_one_folder_is_written_as_before(folder: Path, built) -> None:
    with built([folder]) as index:
        assert names(index) == sorted(ESSAYS)
        assert "selection" not in index.manifest.settings


def test_what_is_quoted_is_proved_in_its_folder(folder: Path, built) -> None:
    with built([folder / "a", folder / "b"]) as index:
        assert index.standing("b/war.txt", 0, 28).reason == ""
        (folder / "b" / "war.txt").write_text("Nothing of it.\n")
        assert "b/war.txt has changed" in index.standing("b/war.txt", 0, 28).reason
        assert index.standing("a/war.txt", 0, 22).reason == ""


def test_an_index_may_lie_beside_its_folders_but_not_in_one(folder: Path, small_encoder: SmallEncoder) -> None:
    top, selection = selected([folder / "a", folder / "b"])
    build(top, folder / "index", encoder=small_encoder, selection=selection)[0].close()
    with pytest.raises(UserError, match=r"lies inside the essays in .*b'; build it elsewhere"):
        build(top, folder / "b" / "index", encoder=small_encoder, selection=selection)


def test_each_folder_may_say_what_its_essays_are(folder: Path) -> None:
    (folder / "b" / "metadata.csl.json").write_text(json.dumps([{"id": "war.txt", "title": "Another War"}]))
    assert items_in(*selected([folder / "a", folder / "b"]))["b/war.txt"]["title"] == "Another War"


def test_a_rebuild_alone_reads_the_same_again(folder: Path, tmp_path: Path) -> None:
    location = tmp_path / "index"
    with pytest.raises(UserError, match=r"include is '\*\.md'; give a list of patterns"):
        quoth.build(folder, index=location, include="*.md")
    assert quoth.build([folder / "a", folder / "b"], index=location, exclude=["old"]).documents == 2
    (folder / "a" / "more.txt").write_text("The armistice was signed at Panmunjom.\n")
    (folder / "c" / "more.txt").write_text("This was not named.\n")

    from qa.building import rebuilt

    assert rebuilt(location, progress=lambda *_: None).documents == 3
    assert rebuilt(location, include=["more.txt"], progress=lambda *_: None).documents == 1
    assert rebuilt(location, progress=lambda *_: None).documents == 1
    with quoth.open(location) as essays:
        assert [quote.document.name for quote in essays.ask("Where was the armistice signed?")] == ["a/more.txt"]
    assert rebuilt(location, [folder / "c"], progress=lambda *_: None).documents == 2


def test_all_folders_are_watched(folder: Path, tmp_path: Path) -> None:
    location = tmp_path / "index"
    quoth.build([folder / "a", folder / "c" / "peace.txt"], index=location, exclude=["old"])
    stop, said = threading.Event(), []
    (folder / "a" / "war.txt").write_text("The war began early.\n")

    def built(_: object) -> None:
        if len(said) > 2:
            stop.set()
        (folder / "b" / "war.txt").write_text("It was not named.\n")
        (folder / "c" / "peace.txt").write_text("Peace was made at last.\n")

    watch(str(location), said.append, stop=stop, built=built)
    assert [line for line in said if line.startswith("changed")] == ["changed a/war.txt", "changed c/peace.txt"]
    shutil.rmtree(folder / "a")
    with pytest.raises(UserError, match=r"a' are gone"):
        watch(str(location), said.append)
    with open_index(str(location)) as index:
        assert [one.name for one in index.entries] == ["a/war.txt", "c/peace.txt"]


def test_patterns_that_leave_nothing_are_named(folder: Path, built) -> None:
    with pytest.raises(UserError, match=r"no essay to index in '.*essays; only \*\.md; without old'; give"):
        built([folder], include=["*.md"], exclude=["old"])
