import os
import socket
import threading
import unicodedata
import zipfile
from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.local.build import build
from index.verify import verify
from qa.retriever import Retriever
from source.document import Document
from source.errors import UnreadableFile
from source.files import SourceFile
from source.library import Skipped, Unchanged, library_files, parts, read_files, read_library, source_file
from source.selection import ALL

OUTSIDE = "a link that leads out of the folder; put the file itself there"


def pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def reasons(folder: Path) -> list[str]:
    return [str(one) for one in read_library(folder) if isinstance(one, Skipped)]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "essays").mkdir()
    members = {
        "war.md": b"# War\n\nThe tanks were sent in spring.",
        "sub/peace.txt": "Peace\n\nDer Waffenstillstand kam spät.".encode(),
        "../out.txt": b"Out",
        ".hidden.txt": b"Hidden",
        "__MACOSX/war.md": b"fork",
        "inner.zip": b"PK",
        "picture.png": b"\x89PNG",
    }
    return pack(tmp_path / "essays" / "all.zip", members)


def test_a_zip_of_essays_is_read_like_a_folder(archive: Path, tmp_path: Path) -> None:
    snapshot, report = build(archive.parent, tmp_path / "index", encoder=SmallEncoder())
    assert [entry.name for entry in snapshot.entries] == ["all.zip/sub/peace.txt", "all.zip/war.md"]
    assert sorted(skip.name for skip in report.skipped) == [
        "all.zip/../out.txt",
        "all.zip/.hidden.txt",
        "all.zip/__MACOSX/war.md",
        "all.zip/inner.zip",
        "all.zip/picture.png",
    ]
    answer = Retriever(snapshot, SmallEncoder()).answer("Which tanks were sent?", 1)
    assert answer.quotes[0].text == "The tanks were sent in spring."
    assert source_file(archive.parent, "all.zip/war.md") == SourceFile(archive, "war.md")
    assert list(verify(snapshot)) == []
    _, again = build(archive.parent, tmp_path / "index", encoder=SmallEncoder())
    assert (again.embedded, again.changes.unchanged) == (0, 2)
    pack(archive, {"war.md": b"# War\n\nNo tanks were sent.", "sub/peace.txt": b"Peace"})
    assert Retriever(snapshot, SmallEncoder()).answer("Which tanks were sent?", 1).withheld
    assert len(list(verify(snapshot))) == 2


def test_an_archive_alone_is_a_library(archive: Path) -> None:
    names = [one.name for one in read_library(archive) if isinstance(one, Document)]
    assert names == ["all.zip/sub/peace.txt", "all.zip/war.md"]
    assert source_file(archive, "all.zip/war.md").data().startswith(b"# War")


def test_each_part_of_a_library_knows_what_is_known_of_its_files(archive: Path) -> None:
    (archive.parent / "all.zip.txt").write_text("Beside it, in the order of names.")
    documents = [one for one in read_library(archive.parent) if isinstance(one, Document)]
    known = {one.name: one.file_sha256 for one in documents}
    files, _ = library_files(archive.parent, ALL)
    for most in (1, 2):
        held = list(parts(files, known, most))
        assert [names for some, _ in held for names in some] == files
        read = [one for some, mine in held for one in read_files(archive.parent, some, mine)]
        assert [one.name for one in read if isinstance(one, Unchanged)] == list(known)


def test_bombs_and_broken_archives_are_given_up(tmp_path: Path) -> None:
    pack(tmp_path / "bomb.zip", {"bomb.txt": b"0" * 300_000_000, "good.txt": b"A good text."})
    (tmp_path / "cut.zip").write_bytes((tmp_path / "bomb.zip").read_bytes()[:5000])
    (tmp_path / "empty.zip").touch()
    (tmp_path / "folder.zip").mkdir()
    (tmp_path / "folder.zip" / "a.txt").write_text("A text in a folder.")
    found = dict(reason.split(": ", 1) for reason in reasons(tmp_path))
    assert found["bomb.zip/bomb.txt"].startswith("a decompression bomb")
    assert found["cut.zip"].startswith("not a whole zip archive")
    assert found["empty.zip"].startswith("not a whole zip archive")
    names = [one.name for one in read_library(tmp_path) if isinstance(one, Document)]
    assert names == ["bomb.zip/good.txt", "folder.zip/a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="no pipes in folders there")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(tmp_path)  # a socket's path may not be long
        listener.bind("socket.md")
    (tmp_path / "null.txt").symlink_to("/dev/null")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "folder.pdf").mkdir()
    why = "cannot be read: it is no file but a pipe, socket or device"
    found = reasons(tmp_path)
    assert {f"pipe.txt: {why}", f"socket.md: {why}", f"null.txt: {OUTSIDE}"} <= set(found)
    assert any(reason.startswith("loop.txt: cannot be read: ") for reason in found)


def test_a_file_that_is_written_meanwhile_is_whole_or_left_out(tmp_path: Path) -> None:
    path = tmp_path / "essay.txt"
    versions = ["a" * 3_000_000, "b" * 3_000_000]
    path.write_text(versions[0])
    stop = threading.Event()

    def rewrite() -> None:
        while not stop.is_set():
            for version in versions:
                path.write_text(version)

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        for _ in range(60):
            try:
                found = SourceFile(path).data().decode()
            except UnreadableFile as error:
                assert "changed while it was read" in str(error)  # noqa: PT017
                continue
            assert set(found) <= {"a"} or set(found) <= {"b"}
    finally:
        stop.set()
        writer.join()


def test_names_that_differ_only_in_form_are_kept_apart(tmp_path: Path) -> None:
    names = {unicodedata.normalize(form, "é.txt") for form in ("NFC", "NFD")} | {"a.txt", "A.txt", 'it\'s "x"\n.txt'}
    for number, name in enumerate(sorted(names)):
        (tmp_path / name).write_text(f"Text number {number}.")
    held = {path.name for path in tmp_path.iterdir()}  # some disks tell such names not apart
    snapshot, _ = build(tmp_path, tmp_path.parent / "index", encoder=SmallEncoder())
    assert {entry.name for entry in snapshot.entries} == held
    assert list(verify(snapshot)) == []
