"""Indexes of other formats are not stranded: what they were built from is known, and the command that rebuilds them."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.encoding import encoder as encoders
from index.encoding import loading
from index.local.build import build
from index.local.location import publish
from index.local.manifest import FORMAT, origin
from index.local.snapshot import Snapshot
from qa.command.cli import main
from source.errors import UserError

QUESTION = "Where did the tanks come from?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "war.md").write_text("# War\n\nThe tanks came over the river. It was long.\n")
    return tmp_path / "essays"


@pytest.fixture
def location(folder: Path) -> Path:
    build(folder, folder.parent / "index", encoder=SmallEncoder())
    return folder.parent / "index"


def rewritten(location: Path, changes: Mapping[str, object], without: str = "") -> None:
    """Give the current snapshot another manifest, as its own format would have published it."""
    folder = Snapshot.open(location).folder
    path = folder / "manifest.json"
    values = {**json.loads(path.read_text()), **changes}
    values.pop(without, None)
    path.write_text(json.dumps(values))
    publish(location, folder)
    if type(values.get("format")) is int and values["format"] < 5:
        (location / "CURRENT").write_text(f"{folder.name}\n")


@pytest.mark.parametrize("older", [*range(1, FORMAT), FORMAT + 1])
def test_ask_and_serve_give_the_whole_command_and_index_alone_rebuilds(
    capsys: pytest.CaptureFixture[str], folder: Path, location: Path, older: int
) -> None:
    rewritten(location, {"format": older, "model": "all-MiniLM-L6-v2", "settings": {}, "more": 1}, without="skipped")
    said = (
        f"quoth: The index has format {older}, this Quoth reads format {FORMAT}; "
        f"rebuild it: quoth index {folder} --index {location}\n"
    )
    for command in (["ask", QUESTION], ["verify"], ["serve"], ["doctor"]):
        assert main([*command, "--index", str(location)]) == 1
        assert capsys.readouterr().err == said
    assert main(["index", "--index", str(location)]) == 0
    assert capsys.readouterr().out.startswith("1 document, 1 passage, ")
    assert main(["ask", QUESTION, "--index", str(location)]) == 0
    assert "over the river" in capsys.readouterr().out
    assert len(list((location / "snapshots").iterdir())) == 1


def test_a_model_that_somebody_chose_is_in_the_command(
    capsys: pytest.CaptureFixture[str], folder: Path, location: Path
) -> None:
    rewritten(location, {"format": 5, "settings": {}})
    assert main(["ask", QUESTION, "--index", str(location)]) == 1
    assert f"rebuild it: quoth index {folder} --model small --index {location}\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "moves"),
    [([], True), (["--model", "all-MiniLM-L6-v2"], False)],
)
def test_an_index_moves_to_a_new_default_unless_its_model_was_chosen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, given: list[str], moves: bool
) -> None:
    location = folder.parent / "index"
    command = ["index", "--index", str(location)]
    assert main([*command, str(folder), *given]) == 0
    assert main(command) == 0
    model = given[-1] if given else "quoth-minilm"
    assert Snapshot.open(location).model == model
    monkeypatch.setattr(encoders, "DEFAULT_MODEL", "small")
    monkeypatch.setitem(loading.ENCODERS.made, "small", SmallEncoder())
    for _ in range(2):
        assert main(command) == 0
        snapshot = Snapshot.open(location)
        assert snapshot.model == ("small" if moves else model)
        assert snapshot.manifest.origin.chosen is not moves


def test_a_format_before_the_flag_moves_unless_its_model_never_was_a_default(location: Path) -> None:
    rewritten(location, {"settings": {}, "model": "all-MiniLM-L6-v2", "format": 4})
    assert not origin(location).chosen
    assert origin(location).model == "all-MiniLM-L6-v2"


@pytest.mark.parametrize(
    ("changes", "without"),
    [
        *(({}, name) for name in ("quoth", "source", "model", "counts", "files", "skipped", "format")),
        ({"unknown": 1}, ""),
        ({"source": 7}, ""),
        ({"files": []}, ""),
        ({"files": None}, ""),
        ({"dimension": "32"}, ""),
        ({"format": "8"}, ""),
        ({"format": True}, ""),
    ],
)
def test_a_manifest_with_other_fields_is_one_sentence(
    capsys: pytest.CaptureFixture[str], location: Path, changes: dict[str, object], without: str
) -> None:
    rewritten(location, changes, without)
    for command in (["ask", QUESTION], ["verify"], ["doctor"]):
        assert main([*command, "--index", str(location)]) == 1
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "manifest.json' is missing or damaged; rebuild it: quoth index FOLDER --index " in said


@pytest.mark.parametrize("content", ["[" * 100_000, "[]", "7", '{"format": ' + "9" * 5000 + "}", "\0"])
def test_a_manifest_that_is_no_manifest_is_one_sentence(location: Path, content: str) -> None:
    folder = Snapshot.open(location).folder
    (folder / "manifest.json").write_text(content)
    publish(location, folder)
    for read in (Snapshot.open, origin):
        with pytest.raises(UserError, match=r"manifest\.json' is missing or damaged; rebuild it: quoth index FOLDER"):
            read(location)


def test_a_pointer_without_checksum_does_for_early_formats_only(location: Path) -> None:
    (location / "CURRENT").write_text(f"{Snapshot.open(location).name}\n")
    with pytest.raises(UserError, match="is missing or damaged; rebuild it"):
        Snapshot.open(location)
