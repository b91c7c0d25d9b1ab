"""Opening files: what is no file, what leads elsewhere, what changes meanwhile, what is too large."""

import os
import socket
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from source.document import Document
from source.errors import UnreadableFile
from source.files import LARGEST, SourceFile, opened, whole
from source.library import Skipped, read_library, source_file
from source.reading import read_source

pytestmark = pytest.mark.skipif(os.name == "nt", reason="such files are those of POSIX systems")

OUTSIDE = "a link that leads out of the folder; put the file itself there"
NO_FILE = "cannot be read: it is no file but a pipe, socket or device"


def skipped(folder: Path) -> dict[str, str]:
    return {one.name: one.reason for one in read_library(folder) if isinstance(one, Skipped)}


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    path = tmp_path / "outside"
    path.mkdir()
    (path / "secret.txt").write_text("A secret stands here.")
    with zipfile.ZipFile(path / "secrets.zip", "w") as archive:
        archive.writestr("secret.txt", "A secret stands here.")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "essays" / "sub").mkdir(parents=True)
    (tmp_path / "essays" / "essay.txt").write_text("An essay stands here.")
    return tmp_path / "essays"


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".pdf", ".docx", ".zip"])
def test_what_is_no_file_is_never_waited_for(suffix: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / f"pipe{suffix}")
    (folder / f"folder{suffix}").mkdir()
    (folder / f"zero{suffix}").symlink_to("/dev/zero")
    (folder / f"inner{suffix}").symlink_to(f"pipe{suffix}")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(folder)  # a socket's path may not be long
        listener.bind(f"socket{suffix}")
    assert skipped(folder) == {
        f"pipe{suffix}": NO_FILE,
        f"inner{suffix}": NO_FILE,
        f"socket{suffix}": NO_FILE,
        f"zero{suffix}": OUTSIDE,
    }


def test_a_device_that_is_named_itself_is_no_library() -> None:
    with pytest.raises(UnreadableFile, match=NO_FILE):
        SourceFile(Path("/dev/zero")).data()


def test_a_link_may_lead_within_the_folder_and_not_out_of_it(folder: Path, outside: Path) -> None:
    (folder / "sub" / "within.txt").symlink_to("../essay.txt")
    (folder / "sub" / "back.txt").symlink_to(f"../../{folder.name}/essay.txt")
    (folder / "relative.txt").symlink_to("../outside/secret.txt")
    (folder / "absolute.md").symlink_to(outside / "secret.txt")
    (folder / "chain.txt").symlink_to("relative.txt")
    (folder / "secrets.zip").symlink_to(outside / "secrets.zip")
    (folder / "etc.txt").symlink_to("/etc/passwd")
    (folder / "doors").symlink_to(outside, target_is_directory=True)  # links to folders are not followed
    found = list(read_library(folder))
    assert [one.name for one in found if isinstance(one, Document)] == ["essay.txt", "sub/back.txt", "sub/within.txt"]
    assert skipped(folder) == dict.fromkeys(
        ["absolute.md", "chain.txt", "etc.txt", "relative.txt", "secrets.zip"], OUTSIDE
    )


def test_a_name_that_leads_out_later_is_not_read_for_a_quotation(folder: Path, outside: Path) -> None:
    (folder / "essay.txt").unlink()
    (folder / "essay.txt").symlink_to(outside / "secret.txt")
    file = source_file(folder, "essay.txt")
    with pytest.raises(UnreadableFile, match=OUTSIDE):
        file.data()
    with pytest.raises(UnreadableFile, match=OUTSIDE):
        read_source(file, "essay.txt")
    assert file.sha256() == ""


def test_the_one_file_that_is_named_may_be_a_link(folder: Path, outside: Path) -> None:
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (document,) = read_library(folder / "link.txt")
    assert isinstance(document, Document)
    assert document.text == "A secret stands here."


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, Callable[[], object]], None]]:
    """Do something once, right before the system is next asked to do what is named."""

    def before(what: str, act: Callable[[], object]) -> None:
        asked = getattr(os, what)

        def hooked(*arguments: object, **options: object) -> object:
            monkeypatch.setattr(os, what, asked)
            act()
            return asked(*arguments, **options)

        monkeypatch.setattr(os, what, hooked)
        if asked in os.supports_dir_fd:
            monkeypatch.setattr(os, "supports_dir_fd", os.supports_dir_fd | {hooked})

    return before


@pytest.mark.parametrize("root", [True, False])
def test_a_link_put_in_the_place_of_a_file_meanwhile_is_not_followed(
    root: bool, folder: Path, outside: Path, meanwhile: Callable[[str, Callable[[], object]], None]
) -> None:
    def swap() -> None:
        (folder / "essay.txt").unlink()
        (folder / "essay.txt").symlink_to(outside / "secret.txt")

    meanwhile("open", swap)
    with pytest.raises(UnreadableFile, match="cannot be read: Too many levels of symbolic links"):
        opened(folder / "essay.txt", folder if root else None)


def test_a_link_put_in_the_place_of_a_folder_meanwhile_is_not_followed(
    folder: Path, outside: Path, meanwhile: Callable[[str, Callable[[], object]], None]
) -> None:
    (folder / "sub" / "secret.txt").write_text("No secret stands here.")

    def swap() -> None:
        (folder / "sub").rename(folder / "was")
        (folder / "sub").symlink_to(outside, target_is_directory=True)

    meanwhile("open", swap)
    with pytest.raises(UnreadableFile, match="cannot be read: "):
        opened(folder / "sub" / "secret.txt", folder)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_takes_the_place_of_a_file_meanwhile_is_looked_at_again(
    make: Callable[[Path], None], folder: Path, meanwhile: Callable[[str, Callable[[], object]], None]
) -> None:
    def swap() -> None:
        (folder / "essay.txt").unlink()
        make(folder / "essay.txt")

    meanwhile("open", swap)
    with pytest.raises(UnreadableFile, match=f"{NO_FILE}|cannot be read: Is a directory"):
        opened(folder / "essay.txt", folder)


@pytest.mark.parametrize("change", ["grows", "shrinks", "is written"])
def test_a_file_that_changes_while_it_is_read_is_left_out(change: str, folder: Path) -> None:
    path = folder / "essay.txt"
    with opened(path) as file:
        read = file.read

        def changed(size: int) -> bytes:
            data = read(size)
            with path.open("r+b") as other:
                other.seek(0, os.SEEK_END if change == "grows" else os.SEEK_SET)
                other.write(b"More.")
                if change == "shrinks":
                    other.truncate(3)
            return data

        file.read = changed  # type: ignore[method-assign]
        with pytest.raises(UnreadableFile, match="changed while it was read; index again"):
            whole(file)


def test_a_file_of_any_kind_may_have_so_many_bytes(folder: Path) -> None:
    for suffix in (".txt", ".zip", ".pdf"):
        with (folder / f"large{suffix}").open("wb") as file:
            file.truncate(LARGEST + 1)  # a hole: no byte of it is on the disk
    found = skipped(folder)
    assert set(found) == {"large.txt", "large.zip", "large.pdf"}
    assert set(found.values()) == {"256 MB; a file may have 256 MB"}
