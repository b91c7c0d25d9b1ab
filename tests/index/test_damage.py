"""Whatever is done to the files of an index: one sentence says so, and the next build mends it."""

import os
import random
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from held import everything
from small_encoder import ShippedEncoder, SmallEncoder

import index.build
from index.encoding.encoder import Encoder
from index.local.build import LocalSink, build
from index.local.generation import LocalGeneration
from index.local.location import current_name
from index.local.snapshot import FILES, Snapshot
from qa.command.cli import main
from qa.retriever import Retriever
from source.errors import DamagedIndex, UserError

NAMES = [*FILES, "tokens-000001.bin"]
TEXT = "# War\n\nThe tanks came over the river. It was long.\n\nNobody saw it."
QUESTION = "Where did the tanks come from?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "war.md").write_text(
        "# War\n\nThe tanks came over the river. It was long.\n\nNobody saw it."
    )
    return tmp_path / "essays"


@pytest.fixture
def location(folder: Path) -> Path:
    location = folder.parent / "index"
    build(folder, location, encoder=SmallEncoder())
    return location


@pytest.fixture
def older(folder: Path, location: Path) -> Path:
    """A whole snapshot that is not the current one, held by a reader outside of the index."""
    older = folder.parent / "older"
    shutil.copytree(current(location), older)
    (folder / "war.md").write_text(TEXT.replace("river", "hill"))
    build(folder, location, encoder=SmallEncoder())
    return older


def current(location: Path) -> Path:
    return location / "snapshots" / current_name(location)


def noticed(capsys: pytest.CaptureFixture[str], location: Path) -> str:
    """Every command that asks the index ends with 1 and this one sentence."""
    said = set()
    for command in (["verify"], ["ask", QUESTION], ["ask", QUESTION, "--json"]):
        status = main([*command, "--index", str(location)])
        printed = capsys.readouterr()
        assert (status, printed.out, printed.err.count("\n")) == (1, "", 1), (command, printed)
        said.add(printed.err)
    (sentence,) = said
    assert "Traceback" not in sentence
    assert "rebuild it: quoth index " in sentence
    return sentence


def mended(capsys: pytest.CaptureFixture[str], folder: Path, location: Path, *, foreign: bool = False) -> None:
    """The next build makes the index whole and leaves nothing of what was there, but for what is not Quoth's."""
    build(folder, location, encoder=SmallEncoder())
    assert main(["verify", "--index", str(location)]) == 0
    capsys.readouterr()
    names = sorted(path.name for path in location.iterdir() if path.name != "LOCK")
    assert names == ["CURRENT", "snapshots"]
    left = {path.name for path in (location / "snapshots").iterdir()} - {current_name(location)}
    assert len(left) == foreign


@pytest.mark.parametrize("name", [*NAMES, "manifest.json", "CURRENT"])
def test_any_flipped_bit_is_noticed(capsys: pytest.CaptureFixture[str], location: Path, name: str) -> None:
    path = location / name if name == "CURRENT" else current(location) / name
    whole = path.read_bytes()
    if not whole:
        pytest.skip("no word is frequent in so small an essay")
    chance = random.Random(name)
    for _ in range(40 if name not in ("manifest.json", "CURRENT") else 400):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        with pytest.raises(UserError, match="rebuild it: quoth index "):
            Snapshot.open(location)
    noticed(capsys, location)
    path.write_bytes(whole)
    assert main(["verify", "--index", str(location)]) == 0


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def lengthened(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def folder_instead(path: Path) -> None:
    path.unlink()
    (path / "inside").mkdir(parents=True)


def link_to_itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "nothing")


DAMAGES = (cut, lengthened, emptied, Path.unlink, folder_instead, link_to_itself, link_to_nothing)


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"../elsewhere", b"\xff", b"a" * 10_000_000, None])
def test_a_damaged_pointer_is_a_damaged_index_to_programs(location: Path, content: bytes | None) -> None:
    (location / "CURRENT").unlink()
    if content is not None:
        (location / "CURRENT").write_bytes(content)
    with pytest.raises(DamagedIndex, match="CURRENT' is missing or damaged"):
        Snapshot.open(location)


@pytest.mark.parametrize("name", [*NAMES, "manifest.json", "CURRENT"])
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_to_a_file_is_noticed_and_mended(
    capsys: pytest.CaptureFixture[str], folder: Path, location: Path, name: str, damage: Callable[[Path], None]
) -> None:
    path = location / name if name == "CURRENT" else current(location) / name
    if damage in (cut, emptied) and not path.stat().st_size:
        pytest.skip("no word is frequent in so small an essay")
    damage(path)
    sentence = noticed(capsys, location)
    if name in NAMES:
        assert f"quoth index {folder} --model small --index {location}\n" in sentence
    if damage is folder_instead and name == "CURRENT":
        with pytest.raises(UserError, match="could not be written: Is a directory; it is as it was"):
            build(folder, location, encoder=SmallEncoder())
        assert (path / "inside").is_dir()
        return
    foreign = damage in (folder_instead, link_to_itself, link_to_nothing) and name != "CURRENT"
    mended(capsys, folder, location, foreign=foreign)


@pytest.mark.parametrize("name", ["vectors-000001.bin", "text.sqlite", "blocks.npz", "manifest.json", "CURRENT"])
@pytest.mark.parametrize("put", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "device"])
def test_what_is_no_file_is_not_waited_for(location: Path, name: str, put: Callable[[Path], None]) -> None:
    path = location / name if name == "CURRENT" else current(location) / name
    path.unlink()
    put(path)
    with pytest.raises(UserError, match=re.escape(name)):
        Snapshot.open(location)


@pytest.mark.parametrize("name", ["vectors-000001.bin", "text.sqlite", "manifest.json", "CURRENT"])
def test_a_rebuild_needs_no_folder_as_long_as_the_manifest_is_whole(
    capsys: pytest.CaptureFixture[str], encoder: Encoder, folder: Path, location: Path, name: str
) -> None:
    build(folder, location, encoder=encoder)
    (location / name if name == "CURRENT" else current(location) / name).write_bytes(b"")
    command = ["index", "--index", str(location)]
    if name in ("manifest.json", "CURRENT"):  # what a damaged index held is not to be guessed
        sentence = noticed(capsys, location)
        assert main(command) == 1
        assert capsys.readouterr().err == sentence
    else:
        assert main(command) == 0
        assert Snapshot.open(location).about.source == folder
        assert main(["verify", "--index", str(location)]) == 0


@pytest.mark.parametrize("name", [*NAMES, "manifest.json"])
def test_a_file_of_another_snapshot_is_noticed(
    capsys: pytest.CaptureFixture[str], folder: Path, location: Path, older: Path, name: str
) -> None:
    path = current(location) / name
    if path.read_bytes() == (older / name).read_bytes():
        pytest.skip("both snapshots have the same")
    shutil.copyfile(older / name, path)
    noticed(capsys, location)
    mended(capsys, folder, location)


def test_two_snapshots_that_changed_places_are_noticed(
    capsys: pytest.CaptureFixture[str], folder: Path, location: Path, older: Path
) -> None:
    path = current(location)
    shutil.rmtree(path)
    shutil.copytree(older, path)
    noticed(capsys, location)
    mended(capsys, folder, location)


@pytest.mark.parametrize(
    "pointer",
    [
        "20200101T000000.000000-abcdef " + "0" * 32 + "\n",
        "../../x " + "0" * 32 + "\n",
        "a\0b " + "0" * 32 + "\n",
        "x" * 5000 + " " + "0" * 32 + "\n",
        "building-20200101T000000.000000-abcdef\n",
        "\n",
    ],
)
def test_a_pointer_to_no_snapshot_is_noticed(
    capsys: pytest.CaptureFixture[str], folder: Path, location: Path, pointer: str
) -> None:
    (location / "CURRENT").write_text(pointer, encoding="utf-8")
    noticed(capsys, location)
    mended(capsys, folder, location)


def nothing(path: Path) -> None:
    shutil.rmtree(path)


def a_file(path: Path) -> None:
    shutil.rmtree(path)
    path.write_bytes(b"not a folder")


def a_loop(path: Path) -> None:
    shutil.rmtree(path)
    path.symlink_to(path.name)


@pytest.mark.parametrize("which", ["snapshots", "the snapshot"])
@pytest.mark.parametrize("damage", [nothing, a_file, a_loop], ids=lambda damage: damage.__name__)
def test_damage_to_a_folder_is_noticed_and_mended(
    capsys: pytest.CaptureFixture[str], folder: Path, location: Path, which: str, damage: Callable[[Path], None]
) -> None:
    damage(location / "snapshots" if which == "snapshots" else current(location))
    noticed(capsys, location)
    if which == "snapshots" and damage is not nothing:
        with pytest.raises(UserError, match=r"snapshots' is no folder; move it away and build the index again\."):
            build(folder, location, encoder=SmallEncoder())
        return
    mended(capsys, folder, location, foreign=damage is not nothing)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "quoth" / "index"


def test_a_lost_pointer_does_not_make_room_for_the_shipped_essay(
    capsys: pytest.CaptureFixture[str], folder: Path, home: Path
) -> None:
    build(folder, home, encoder=SmallEncoder())
    (home / "CURRENT").unlink()
    for command in (["ask", QUESTION], ["index"]):
        assert main(command) == 1
        assert "is missing or damaged; rebuild it: quoth index FOLDER\n" in capsys.readouterr().err
    assert len(list((home / "snapshots").iterdir())) == 1


def test_the_command_that_mends_is_the_one_a_shell_takes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in ("two words", "it's", 'say "x"', "cost $HOME", "new\nline", "é", "a;b", "(c)"):
        essays, index = tmp_path / name, tmp_path / f"{name} index"
        essays.mkdir()
        (essays / "war.md").write_text("# War\n\nThe tanks came over the river.")
        build(essays, index, encoder=SmallEncoder())
        (current(index) / "vectors-000001.bin").write_bytes(b"")
        with pytest.raises(UserError) as caught:
            Snapshot.open(index)
        command = str(caught.value).partition("rebuild it: ")[2]
        if os.name != "nt":
            model = ["--model", "small"]
            expected = ["quoth", "index", str(essays.resolve()), *model, "--index", str(index)]
            assert shlex.split(command) == expected


def test_where_the_index_should_be_is_a_file_or_a_loop(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("file", "loop"):
        for command in (["verify"], ["ask", QUESTION]):
            assert main([*command, "--index", str(tmp_path / name)]) == 1
            assert capsys.readouterr().err.count("\n") == 1
        with pytest.raises(UserError, match=r"could not be written: .*; it is as it was"):
            build(folder, tmp_path / name, encoder=SmallEncoder())


STORED = {
    "the essay's and the passage's text": (b"over the river", b"under the hill"),
    "where the text is empty": (b"over the river", b"\0" * 14),
    "no longer UTF-8": (b"over the river", b"\xff" * 14),
    "a heading": (b"The long war", b"The glad day"),
    "a sentence's end": (b"16 46 47 59", b"16 40 47 59"),
    "a name": (b"war.md", b"raw.md"),
}
LONG = "# The long war\n\nThe tanks came over the river. It was long.\n\nNobody saw it.\n"


def again(path: Path, data: bytes) -> None:
    """Write over a file that is open, in place."""
    with path.open("r+b") as file:
        file.write(data)


@pytest.fixture
def opened(folder: Path, location: Path) -> Callable[[], Retriever]:
    """Open the index anew, as if nothing had been read of it yet."""
    (folder / "war.md").write_text(LONG)
    build(folder, location, encoder=SmallEncoder())
    return lambda: Retriever(Snapshot.open(location), SmallEncoder())


@pytest.mark.parametrize("what", STORED)
def test_damage_after_opening_is_never_quoted(location: Path, opened: Callable[[], Retriever], what: str) -> None:
    retriever, fresh = opened(), opened()
    whole = retriever.answer(QUESTION)
    assert "over the river" in whole.quotes[0].text
    path = current(location) / "text.sqlite"
    data = path.read_bytes()
    old, new = STORED[what]
    assert len(old) == len(new)
    assert data.count(old) >= 1
    again(path, data.replace(old, new))
    said = "is not as it was written; rebuild it: quoth index" if what != "a name" else "holds no document 'war.md'"
    with pytest.raises(UserError, match=said):
        fresh.answer(QUESTION)
    assert fresh.index.name == whole.receipt.index
    again(path, data)


@pytest.mark.parametrize("name", ["tokens-000001.bin", "vectors-000001.bin"])  # few essays have no frequent words
def test_what_is_written_over_after_opening_decides_no_answer(
    location: Path, opened: Callable[[], Retriever], name: str
) -> None:
    fresh, asked = opened(), opened()
    path = current(location) / name
    data, whole = path.read_bytes(), asked.answer(QUESTION)
    os.utime(path, (1, 1))  # as if a copy had been put back: it is looked at, and is whole
    assert asked.answer(QUESTION).json()["quotes"] == whole.json()["quotes"]
    again(path, bytes(~byte & 255 for byte in data))
    for retriever in (fresh, asked):
        with pytest.raises(UserError, match=f"{name} is not as it was written; rebuild it: quoth index"):
            retriever.answer(QUESTION)
    again(path, data)
    assert asked.answer(QUESTION).json()["quotes"] == whole.json()["quotes"]


def test_a_database_that_breaks_while_it_is_open_is_one_sentence(
    location: Path, opened: Callable[[], Retriever]
) -> None:
    whole = opened().answer(QUESTION).json()
    path = current(location) / "text.sqlite"
    data, chance, noticed = path.read_bytes(), random.Random(17), 0
    used = [start for start in range(0, len(data), 512) if any(data[start : start + 512])]
    for _ in range(150):
        retriever = opened()
        start = chance.choice(used)
        again(path, data[:start] + chance.randbytes(512) + data[start + 512 :])
        try:
            for _ in range(2):
                assert retriever.answer(QUESTION).json()["quotes"] in (whole["quotes"], [])
                retriever.index.document("war.md")
        except UserError as error:
            noticed += "rebuild it: quoth index" in str(error) or "holds no document" in str(error)
        finally:
            again(path, data)
    assert noticed > 20


class Disturbed:
    """A sink that calls `disturb` when the last snapshot was opened and checked, and nothing of it was taken over."""

    def __init__(self, location: Path, disturb: Callable[[], None]) -> None:
        self._sink, self._disturb = LocalSink(location), disturb

    @contextmanager
    def generation(self, *given: Any, **options: Any) -> Iterator[LocalGeneration]:
        with self._sink.generation(*given, **options) as new:
            self._disturb()
            yield new


@pytest.mark.parametrize("opened", [True, False])  # or later, when passages are embedded
@pytest.mark.parametrize("gone", ["b", "bcd"])  # the files are changed where they lie, or written anew
@pytest.mark.parametrize(
    "name", ["text.sqlite", "statistics.npz", "blocks.npz", "words.bin", "vectors-000001.bin", "tokens-000001.bin"]
)
def test_damage_while_an_index_is_rebuilt_is_not_taken_over(tmp_path: Path, name: str, gone: str, opened: bool) -> None:
    essays, location = tmp_path / "essays", tmp_path / "index"
    essays.mkdir()
    for essay in "abcdef":
        paragraphs = [f"The ship of {essay} sailed {i} times." for i in range(30)]
        (essays / f"{essay}.txt").write_text("\n\n".join([f"Essay {essay}", *paragraphs]))
    build(essays, location, encoder=ShippedEncoder())
    for essay in gone:
        (essays / f"{essay}.txt").unlink()
    fresh = everything(build(essays, tmp_path / "fresh", encoder=ShippedEncoder())[0])
    path = current(location) / name

    def damage() -> None:
        data = bytearray(path.read_bytes())
        data[data.rindex(b"sailed") if name == "text.sqlite" else len(data) // 2] ^= 4
        path.write_bytes(data)

    def embedding(done: int, _all: int) -> None:
        if not done and not opened:
            damage()

    sink = Disturbed(location, damage if opened else lambda: None)
    said = f"file {name} is not as it was written; rebuild it: quoth index"
    try:
        rebuilt, _ = index.build.build(essays, sink, encoder=ShippedEncoder(), progress=embedding)
        assert everything(cast(Snapshot, rebuilt)) == fresh
    except DamagedIndex as error:
        assert said in str(error)  # noqa: PT017
    mended, _ = build(essays, location, encoder=ShippedEncoder())
    assert everything(mended) == fresh
