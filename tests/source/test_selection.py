"""Which files of a library are its essays: several folders, and patterns of what is meant and what is not."""

from pathlib import Path

import pytest

from source.errors import UserError
from source.library import read_library, source_file
from source.patterns import pattern
from source.selection import ALL, Selection, selected

NAMES = ["one.md", "two.txt", "drafts/three.md", "drafts/old/four.txt", "notes/drafts.md", "notes/[5].md"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        path = tmp_path / "library" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"The essay {name} says this.\n")
    return tmp_path / "library"


def names(folder: Path, selection: Selection) -> list[str]:
    return [one.name for one in read_library(folder, selection=selection)]


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        ([], [], NAMES),
        (["*.md"], [], ["one.md", "drafts/three.md", "notes/drafts.md", "notes/[5].md"]),
        (["**/*.md"], [], ["one.md", "drafts/three.md", "notes/drafts.md", "notes/[5].md"]),
        (["/*.md"], [], ["one.md"]),
        (["notes/*.md"], [], ["notes/drafts.md", "notes/[5].md"]),
        (["*/*.txt"], [], []),
        (["drafts/**/*.txt"], [], ["drafts/old/four.txt"]),
        ([], ["drafts"], ["one.md", "two.txt", "notes/drafts.md", "notes/[5].md"]),
        ([], ["drafts/"], ["one.md", "two.txt", "notes/drafts.md", "notes/[5].md"]),
        ([], ["**/old", "?ne.md"], ["two.txt", "drafts/three.md", "notes/drafts.md", "notes/[5].md"]),
        (["*.md"], ["drafts*"], ["one.md", "notes/[5].md"]),
        (["[!o-z]*.txt", "[[]5].md"], [], ["drafts/old/four.txt", "notes/[5].md"]),
        (["[^o-z]*.txt", r"\[5\].md"], [], ["drafts/old/four.txt", "notes/[5].md"]),
        (["drafts/**"], ["drafts/**/four.txt"], ["drafts/three.md"]),
        (["drafts/**/three.md", "one.md/**", "n**s/*.md"], [], ["drafts/three.md", "notes/drafts.md", "notes/[5].md"]),
        (["d**e.md", "[a&&o]ne.md"], [], ["one.md"]),
    ],
)
def test_patterns_are_read_as_gitignore_reads_them(
    folder: Path, include: list[str], exclude: list[str], expected: list[str]
) -> None:
    top, selection = selected([folder], include, exclude)
    assert (top, names(top, selection)) == (folder, sorted(expected))


@pytest.mark.parametrize(
    "pattern", ["", "/", "[z-a]", "x[z-a]", "./one.md", "a//b", "../one.md", "!one.md", "\udcff.md", "a/\ud800"]
)
def test_a_pattern_that_is_none_is_refused(folder: Path, pattern: str) -> None:
    with pytest.raises(UserError, match="The pattern "):
        selected([folder], [pattern])


@pytest.mark.parametrize("written", ["*a" * 30 + "b", "**/" * 60 + "b", "*a*/" * 20 + "b", "[a-z]*" * 50 + "1"])
def test_no_pattern_takes_long(written: str) -> None:
    assert not pattern(written).is_for("/".join(["a" * 255] * 16))


def test_a_name_is_the_same_however_its_accents_are_written() -> None:
    assert pattern("caf\u00e9.md").is_for("cafe\u0301.md")
    assert pattern("cafe\u0301.*").is_for("caf\u00e9.md")


def test_documents_of_several_folders_have_names_of_their_own(folder: Path) -> None:
    (folder / "notes" / "three.md").write_text("Another one says that.\n")
    top, selection = selected([folder / "notes", folder / "drafts", folder / "one.md"], exclude=["old"])
    assert (top, selection.parts) == (folder, ("drafts", "notes", "one.md"))
    expected = ["drafts/three.md", "notes/[5].md", "notes/drafts.md", "notes/three.md", "one.md"]
    assert names(top, selection) == expected
    assert source_file(top, "notes/three.md", selection).data() == b"Another one says that.\n"
    assert Selection.of(selection.values()) == selection


def test_a_folder_in_another_one_adds_nothing(folder: Path) -> None:
    assert selected([folder / "drafts", folder, folder / "drafts"]) == (folder, ALL)
    assert selected([folder / "notes" / ".."]) == (folder, ALL)


def test_what_is_not_there_or_hidden_is_named(folder: Path) -> None:
    with pytest.raises(UserError, match=r"There is no folder .*nowhere"):
        selected([folder / "notes", folder / "nowhere"])
    (folder / ".old").mkdir()
    with pytest.raises(UserError, match=r"'\.old' is hidden in "):
        selected([folder / "notes", folder / ".old"])
    with pytest.raises(UserError, match=r"There is no folder .*nowhere"):
        list(read_library(folder, selection=Selection(("notes", "nowhere"))))


def test_a_link_may_not_lead_from_one_folder_to_what_was_not_named(folder: Path) -> None:
    (folder / "notes" / "link.txt").symlink_to(folder / "two.txt")
    top, selection = selected([folder / "notes", folder / "drafts"])
    (refused,) = (one for one in read_library(top, selection=selection) if one.name == "notes/link.txt")
    assert "a link that leads out of the folder" in str(refused)
    assert source_file(top, "notes/link.txt", selection).sha256() == ""
