"""What is not Quoth's is never removed, overwritten or mixed with; and what is Quoth's nobody else can read."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.local.build import build
from index.local.location import NoIndex, current_name
from index.local.overlap import overlap
from index.local.snapshot import Snapshot
from qa.retriever import Retriever
from source.errors import UserError

POSIX = pytest.mark.skipif(os.name == "nt", reason="no such links and modes there")
OURS = "20200101T000000.000000-abcdef"


@pytest.fixture
def essays(tmp_path: Path) -> Path:
    folder = tmp_path / "essays"
    folder.mkdir()
    (folder / "war.md").write_text("# War\n\nThe tanks came over the river. It was long.\n")
    return folder


def tree(folder: Path) -> dict[str, object]:
    """Every file and link below `folder` and what it holds."""
    paths = sorted(folder.rglob("*"))
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else (path.read_bytes() if path.is_file() else None)
        for path in paths
    }


def put(*names: str, content: str = "mine") -> Callable[[Path], None]:
    def lay(place: Path) -> None:
        for name in names:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(content)

    return lay


def link(place: Path) -> None:
    (place.parent / "precious").mkdir()
    (place.parent / "precious" / "text.sqlite").write_text("mine")
    (place / "snapshots").mkdir(parents=True)
    (place / "snapshots" / OURS).symlink_to(place.parent / "precious")


DATABASE, LINKED = "a pointer of a database", "a link named like a snapshot"
NO_INDEX = {
    "a project": put("snapshots/vm1/disk.img"),
    "a file": put("notes.txt"),
    "a hidden file": put(".git/config"),
    "a file named like a snapshot": put(f"snapshots/{OURS}"),
    "a folder named like a snapshot": put(f"snapshots/{OURS}/text.sqlite"),
    "a folder named like a build": put(f"snapshots/building-{OURS}/text.sqlite"),
    "a folder with another's manifest": put(f"snapshots/{OURS}/manifest.json", content='{"format": 6}'),
    "a folder with no manifest's JSON": put(f"snapshots/{OURS}/manifest.json", content="[" * 50_000),
    "the mark of another snapshot": put(f"snapshots/{OURS}/QUOTH", content="A snapshot of a Quoth index: x\n"),
    DATABASE: put("CURRENT", "LOCK", content="MANIFEST-000001\n"),
    "a lock that holds something": put("LOCK"),
    "a new pointer": put("CURRENT.new"),
    LINKED: link,
}


@POSIX
@pytest.mark.parametrize("layout", NO_INDEX)
def test_a_new_index_is_refused_where_something_else_lies(tmp_path: Path, essays: Path, layout: str) -> None:
    place = tmp_path / "place"
    place.mkdir()
    NO_INDEX[layout](place)
    before, mode = tree(tmp_path), place.stat().st_mode
    with pytest.raises(UserError, match=r"The folder '.*place' is not empty and holds no index; give a new or empty"):
        build(essays, place, encoder=SmallEncoder())
    assert (tree(tmp_path), place.stat().st_mode) == (before, mode)
    with pytest.raises(UserError if layout == DATABASE else NoIndex):
        Snapshot.open(place)


@POSIX
@pytest.mark.parametrize("layout", NO_INDEX)
def test_what_lies_beside_an_index_stays_through_rebuilds(tmp_path: Path, essays: Path, layout: str) -> None:
    place = tmp_path / "place"
    build(essays, place, encoder=SmallEncoder())
    laid = tmp_path / "laid" / "place"
    laid.mkdir(parents=True)
    NO_INDEX[layout](laid)
    (laid / "CURRENT").unlink(missing_ok=True)  # the index's own
    (laid / "LOCK").unlink(missing_ok=True)
    shutil.copytree(laid, place, symlinks=True, dirs_exist_ok=True)
    before = tree(laid)
    if layout == "a new pointer":
        with pytest.raises(UserError, match="could not be written: File exists; it is as it was"):
            build(essays, place, encoder=SmallEncoder())
    else:
        for _ in range(3):
            (essays / "war.md").write_text((essays / "war.md").read_text() + "\nMore.\n")
            build(essays, place, encoder=SmallEncoder())
        laid_there = {path.name for path in (laid / "snapshots").glob("*")}
        assert len({path.name for path in (place / "snapshots").iterdir()} - laid_there) == 1
    after = tree(place)
    assert {name: after.get(name, "gone") for name in before} == before
    assert [path.read_text() for path in tmp_path.glob("laid/precious/*")] == ["mine"] * (layout == LINKED)


@pytest.mark.parametrize("name", ["text.sqlite.bak", "notes.txt", "tokens-1.bin", "sub/vectors.bin"])
def test_what_others_put_into_a_snapshot_stays(tmp_path: Path, essays: Path, name: str) -> None:
    place = tmp_path / "place"
    old = build(essays, place, encoder=SmallEncoder())[0].folder
    (old / name).parent.mkdir(exist_ok=True)
    (old / name).write_text("mine")
    (essays / "war.md").write_text("# War\n\nAnother.\n")
    build(essays, place, encoder=SmallEncoder())
    left = [
        path for path in (place / "snapshots").rglob("*") if path.is_file() and current_name(place) not in str(path)
    ]
    assert [path.read_text() for path in left] == ["mine"]
    assert left[0].name == Path(name).name


@pytest.mark.parametrize("older", [f"{OURS}", "20200101T000000-abcdef"])
def test_a_snapshot_of_an_older_quoth_is_removed(tmp_path: Path, essays: Path, older: str) -> None:
    """It has no marker, and names that have changed since; its manifest tells."""
    place = tmp_path / "place"
    folder = place / "snapshots" / older
    folder.mkdir(parents=True)
    (folder / "tokens.bin").write_bytes(b"old")
    values = {"format": 1, "quoth": "0.1.0", "source": str(essays), "model": "small", "files": {"tokens.bin": "0"}}
    (folder / "manifest.json").write_text(json.dumps(values))
    (place / "CURRENT").write_text(f"{older}\n")
    build(essays, place, encoder=SmallEncoder())
    build(essays, place, encoder=SmallEncoder())
    assert [path.name for path in (place / "snapshots").iterdir()] == [current_name(place)]


def test_an_index_that_damage_took_the_manifest_of_is_still_ours(tmp_path: Path, essays: Path) -> None:
    place = tmp_path / "place"
    old = build(essays, place, encoder=SmallEncoder())[0].folder
    (old / "manifest.json").unlink()
    (place / "CURRENT").unlink()
    build(essays, place, encoder=SmallEncoder())
    assert [path.name for path in (place / "snapshots").iterdir()] == [current_name(place)]


def inside(essays: Path) -> Path:
    return essays / "index"


def deep_inside(essays: Path) -> Path:
    return essays / "a" / "b" / "index"


def itself(essays: Path) -> Path:
    return essays


def with_dots(essays: Path) -> Path:
    return essays.parent / "other" / ".." / "essays" / "index"


def through_a_link(essays: Path) -> Path:
    (essays.parent / "link").symlink_to(essays)
    return essays.parent / "link" / "index"


def through_a_link_to_a_part(essays: Path) -> Path:
    (essays / "part").mkdir()
    (essays.parent / "link").symlink_to(essays / "part")
    return essays.parent / "link"


def relative(essays: Path) -> Path:
    return Path(os.path.relpath(essays / "index"))


def around(essays: Path) -> Path:
    return essays.parent


def far_around(essays: Path) -> Path:
    return essays.parents[2]


def around_through_a_link(essays: Path) -> Path:
    (essays.parent / "link").symlink_to(essays.parent)
    return essays.parent / "link"


LAYOUTS = (
    inside,
    deep_inside,
    itself,
    with_dots,
    through_a_link,
    through_a_link_to_a_part,
    relative,
    around,
    far_around,
    around_through_a_link,
)


@POSIX
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_an_index_in_its_essays_or_around_them_is_refused(essays: Path, layout: Callable[[Path], Path]) -> None:
    place = layout(essays)
    before = tree(essays)
    kind = "around" if "around" in layout.__name__ else "inside"
    with pytest.raises(
        UserError, match=rf"lies {kind} .*; build it elsewhere: quoth index \S+ --model small --index "
    ) as refused:
        build(essays, place, encoder=SmallEncoder())
    assert tree(essays) == before
    elsewhere = Path(str(refused.value).rpartition(" ")[2])
    build(essays, elsewhere, encoder=SmallEncoder())
    assert Snapshot.open(elsewhere).about.source == essays


def test_essays_behind_a_link_are_where_they_are(essays: Path) -> None:
    (essays.parent / "link").symlink_to(essays)
    assert overlap(essays.parent / "link", essays / "index") == "inside"
    assert overlap(essays.parent / "link", essays.parent / "essays-index") == ""
    assert overlap(essays / "war.md", essays / "index") == ""  # one essay, and an index beside it


@pytest.fixture
def mounted(essays: Path) -> Iterator[tuple[Path, Path]]:
    """The essays, and a part of them, mounted elsewhere, where the system lets us."""
    (essays / "part").mkdir()
    places = essays.parent / "whole", essays.parent / "some"
    for source, place in zip((essays, essays / "part"), places, strict=True):
        place.mkdir()
        try:
            done = subprocess.run(["mount", "--bind", source, place], capture_output=True, check=False).returncode == 0
        except OSError:
            done = False
        if not done:
            pytest.skip("folders can only be mounted by root")
    yield places
    for place in places:
        subprocess.run(["umount", "-l", place], check=True)


def test_an_index_in_essays_that_are_mounted_elsewhere_is_refused(essays: Path, mounted: tuple[Path, Path]) -> None:
    for place in (mounted[0] / "index", mounted[1] / "index", mounted[1] / "new" / "index"):
        assert overlap(essays, place) == "inside"
        with pytest.raises(UserError, match="lies inside the essays"):
            build(essays, place, encoder=SmallEncoder())
    assert overlap(mounted[1], essays / "part" / "index") == "inside"
    assert overlap(mounted[0], essays) == "inside"


def test_an_index_that_lies_in_its_essays_already_goes_on_answering(essays: Path) -> None:
    build(essays, essays.parent / "index", encoder=SmallEncoder())
    (essays.parent / "index").rename(essays / "index")
    answer = Retriever(Snapshot.open(essays / "index"), SmallEncoder()).answer("Where did the tanks come from?")
    assert answer.quotes
    with pytest.raises(UserError, match=r"lies inside the essays in .*; build it elsewhere: "):
        build(essays, essays / "index", encoder=SmallEncoder())
    again = Retriever(Snapshot.open(essays / "index"), SmallEncoder()).answer("Where did the tanks come from?")
    assert again.json() == answer.json()


@POSIX
def test_nobody_else_can_read_an_index(tmp_path: Path, essays: Path) -> None:
    place = tmp_path / "place"
    place.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        for _ in range(2):
            (essays / "war.md").write_text((essays / "war.md").read_text() + "\nMore.\n")
            snapshot, _ = build(essays, place, encoder=SmallEncoder())
    finally:
        os.umask(before)
    files = [path for path in place.rglob("*") if path.is_file()]
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    assert len(files) > len(snapshot.manifest.files)
    assert [oct(path.stat().st_mode & 0o777) for path in (place, snapshot.folder.parent, snapshot.folder)] == [
        "0o700"
    ] * 3
