"""Sources as they are on people's disks: linked in circles, pipes, closed folders, strange names."""

import ctypes
import json
import os
import socket
import subprocess
import sys
import unicodedata
from pathlib import Path

import httpx
import pytest
from browsing import served
from small_encoder import SmallEncoder

from index.encoding.encoder import Encoder
from index.local.build import build
from index.local.snapshot import Snapshot
from qa.command.cli import main
from qa.page.html.marking import address
from qa.page.html.panels import essay_list
from qa.retriever import Retriever
from source.document import Document
from source.errors import UserError
from source.library import read_library

pytestmark = pytest.mark.skipif(os.name == "nt", reason="such files are those of POSIX systems")


def library(folder: Path) -> dict[str, str]:
    """What is read of every file: its text, or why it was left out."""
    return {one.name: one.text if isinstance(one, Document) else one.reason for one in read_library(folder)}


def test_what_is_no_file_is_skipped_and_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / "essay.txt").write_text("Title\n\nText.")
    os.mkfifo(tmp_path / "pipe.txt")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "socket.txt"))
    (tmp_path / "endless.txt").symlink_to("/dev/zero")
    (tmp_path / "terminal.md").symlink_to("/dev/tty")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "circle").mkdir()
    (tmp_path / "circle" / "back").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "to file.txt").symlink_to(tmp_path / "essay.txt")
    found = library(tmp_path)
    server.close()
    assert found.pop("socket.txt").startswith("cannot be read: ")
    assert found.pop("terminal.md") == "a link that leads out of the folder; put the file itself there"
    assert found == {
        "essay.txt": "Title\n\nText.",
        "to file.txt": "Title\n\nText.",
        "pipe.txt": "cannot be read: it is no file but a pipe, socket or device",
        "endless.txt": "a link that leads out of the folder; put the file itself there",
        "loop.txt": "cannot be read: Too many levels of symbolic links",
    }


def test_an_indexed_file_that_becomes_a_pipe_is_withheld_at_once(tmp_path: Path) -> None:
    path = tmp_path / "essays" / "a.txt"
    path.parent.mkdir()
    path.write_text("Title\n\nThe tanks came over the river.")
    snapshot, _ = build(path.parent, tmp_path / "index", encoder=SmallEncoder())
    path.unlink()
    os.mkfifo(path)
    answer = Retriever(snapshot, SmallEncoder()).answer("Where did the tanks come from?")
    assert answer.quotes == ()
    assert "a.txt can no longer be read" in answer.withheld[0]


def _without_the_rights_of_root() -> None:
    """Before a program is run: not even root may open in it what nobody may open."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # to read any file, to search any folder
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.skipif(sys.platform != "linux", reason="rights are taken from root in Linux' way")
def test_what_may_not_be_read_is_listed(tmp_path: Path) -> None:
    for name in ("open.txt", "closed.txt", "closed folder/a.txt", "deep/closed/b.txt"):
        (tmp_path / "essays" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "essays" / name).write_text("Title\n\nText.")
    for name in ("closed.txt", "closed folder", "deep/closed"):
        (tmp_path / "essays" / name).chmod(0)
    script = (
        "import os, sys; from pathlib import Path; from source.library import *; from source.errors import UserError\n"
        "os.chdir(sys.argv[1])\n"
        "for one in read_library(Path()): print(one.name, getattr(one, 'reason', ''))\n"
        "for name in ('deep/closed', 'deep/closed/b.txt'):\n"
        "    try: list(read_library(Path(name)))\n"
        "    except UserError as error: print(error)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "essays")]
    run = subprocess.run(command, capture_output=True, text=True, preexec_fn=_without_the_rights_of_root)
    for name in ("closed folder", "deep/closed"):
        (tmp_path / "essays" / name).chmod(0o700)
    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        "closed.txt cannot be read: Permission denied",
        "open.txt ",
        "closed folder cannot be read: Permission denied",
        "deep/closed cannot be read: Permission denied",
        "The folder 'deep/closed' cannot be read: Permission denied.",
        "The folder 'deep/closed/b.txt' cannot be read: Permission denied.",
    ]


def test_a_folder_that_is_a_link_to_itself_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UserError, match=r"There is no folder '.*loop'; give "):
        build(tmp_path / "loop", tmp_path / "index", encoder=SmallEncoder())
    assert main(["index", str(tmp_path / "loop"), "--index", str(tmp_path / "index")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


NAMES = (
    "Case.txt",
    "case.txt",
    unicodedata.normalize("NFC", "é.txt"),
    unicodedata.normalize("NFD", "é.txt"),
    "new\nline.txt",
    'quote "x".txt',
    "it's.txt",
    "<b>bold & co.txt",
    "\x1b[31mred.txt",
    "\u202egnp.txt",
    "back\\slash.txt",
    "a?b#c%20d.txt",
    " leading.txt",
    "x" * 251 + ".txt",
    "%s {0} $HOME.txt",
    "-k.txt",
    "...txt.txt.md",
)


def test_names_of_every_kind_are_kept_apart_and_shown_on_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "essays"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        (folder / name).write_text(f"There is one sentence, and its number is n{number}.")
        (folder / (name + ".doc")[-255:]).write_text("no essay")
    kept = {path.name for path in folder.iterdir() if path.suffix != ".doc" and not path.name.startswith(".")}
    snapshot, _ = build(folder, tmp_path / "index", encoder=SmallEncoder())
    assert {entry.name for entry in snapshot.entries} == kept
    assert len(kept) == sum(not name.startswith(".") for name in NAMES)
    assert snapshot.document("Case.txt").text != snapshot.document("case.txt").text
    retriever = Retriever(snapshot, SmallEncoder())
    for number, name in enumerate(NAMES):
        if name in kept:
            answer = retriever.answer(f'"n{number}"')
            assert [quote.document.name for quote in answer] == [name]
            assert retriever.answer("sentence", documents=[name]).quotes[0].document.name == name
            assert json.loads(json.dumps(answer.json()))["quotes"][0]["document"] == name
    assert main(["verify", "--index", str(tmp_path / "index")]) == 0
    for name in kept:
        (folder / name).write_text("changed")
    capsys.readouterr()
    assert main(["verify", "--index", str(tmp_path / "index")]) == 1
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == len(kept)
    assert not any(sign in printed.out for sign in "\x1b\u202e\r")
    assert "new␊line.txt: the file has changed" in printed.out


def test_essays_with_names_of_every_kind_are_opened_on_the_page(tmp_path: Path, encoder: Encoder) -> None:
    folder = tmp_path / "essays"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        (folder / name).write_text(f"There is one sentence, and its number is n{number}.")
    snapshot, _ = build(folder, tmp_path / "index", encoder=encoder)
    with served(tmp_path / "index") as base:
        for quote in Retriever(snapshot, encoder).answer('"one sentence"', 50):
            response = httpx.get(base.rstrip("/") + address(quote.place, quote.highlights))
            assert response.status_code == 200, quote.document.name
            assert quote.text.split()[-1] in response.text
            assert "<b>bold" not in response.text
    listed = essay_list(snapshot.entries)
    assert "<b>bold" not in listed
    assert listed.count("data-essay=") == len(snapshot.entries)


def test_a_folder_whose_name_is_not_utf8(tmp_path: Path) -> None:
    strange = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    strange.mkdir()
    (strange / "a.txt").write_text("Title\n\nThe tanks came over the river.")
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "a.txt").write_text("Title\n\nThe tanks came over the river.")
    with pytest.raises(UserError, match=r"The name of the folder '.*' is not UTF-8; rename it"):
        build(strange, tmp_path / "index", encoder=SmallEncoder())
    with pytest.raises(UserError, match=r"The name of the folder '.*' is not UTF-8; rename it"):
        build(tmp_path / "essays", strange / "index", encoder=SmallEncoder())
    assert not (tmp_path / "index").exists()
    build(tmp_path / "essays", tmp_path / "index", encoder=SmallEncoder())
    (tmp_path / "index").rename(strange / "index")
    with pytest.raises(UserError, match=r"The name of the folder '.*' is not UTF-8; rename it"):
        Snapshot.open(strange / "index")


def test_folders_deeper_than_a_path_may_be_long(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Title\n\nText.")
    descriptor = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=descriptor)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)
    found = library(tmp_path)
    assert found.pop("a.txt") == "Title\n\nText."
    assert list(found.values()) == ["cannot be read: File name too long"]
