"""What readers send does not outlive its use, is nobody else's, and has its limits."""

import os
import resource
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import httpx
import pytest
from browsing import served, until

from index.local.build import build
from qa.page.guard.door import Access
from qa.page.guard.limits import Limits
from qa.page.guard.password import password_in
from qa.page.scratch import scratch
from qa.page.server.site import Site
from qa.page.server.uploads import Upload
from source.errors import UserError

BEES = Upload("bees.txt", b"Bees hum.\n")
READERS = [sign * 64 for sign in "0123"]


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """A folder for temporary files of this test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def site(tmp_path, encoder) -> Site:
    """A site over three essays."""
    essays = tmp_path / "essays"
    essays.mkdir()
    for name, times in (("birds", 1), ("boats", 1), ("lamps", 400)):
        (essays / f"{name}.txt").write_text(f"Of {name} much can be said. " * times)
    build(essays, tmp_path / "index", encoder=encoder)
    here = Site(tmp_path / "index", Access(limits=Limits(desks_of_one=2, desks=3)), tmp_path / "kept")
    yield here
    here.close()


def test_the_folder_is_private():
    for folder in (scratch(), scratch().parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert os.environ.get("GRADIO_TEMP_DIR", str(scratch())) == str(scratch())


def test_what_killed_processes_left_is_swept_and_what_runs_is_not(temporary):
    code = (
        "from qa.page.scratch import scratch; import sys;"
        "(scratch() / 'essay.txt').write_text('private'); print(scratch(), flush=True); sys.stdin.read()"
    )
    start = [sys.executable, "-c", code]
    options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with (
        subprocess.Popen(start, env=environment, **options) as killed,
        subprocess.Popen(start, env=environment, **options) as running,
    ):
        folders = [Path(process.stdout.readline().strip()) for process in (killed, running)]
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert all((folder / "essay.txt").exists() for folder in folders)
        own = scratch.__wrapped__()
        assert [folder.exists() for folder in folders] == [False, True]
        assert own.parent == folders[0].parent
        running.stdin.close()
        running.wait()
        assert not folders[1].exists()


def test_the_page_makes_nothing_in_shared_places_and_needs_nothing_there(essay_location, tmp_path):
    """Another user's Gradio may have been there first."""
    places = {name: tmp_path / name for name in ("HOME", "TMPDIR", "XDG_DATA_HOME")}
    for place in places.values():
        place.mkdir()
    (places["TMPDIR"] / "gradio").touch()
    code = "import sys; from pathlib import Path; from qa.page.app import create_app; create_app(Path(sys.argv[1]))"
    environment = {**os.environ, **{name: str(place) for name, place in places.items()}}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, essay_location], env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert list(places["HOME"].iterdir()) == []
    assert sorted(path.name for path in places["TMPDIR"].rglob("*")) == ["gradio", f"quoth-{os.getuid()}"]


@pytest.mark.parametrize("how", ["open", "link", "file", "foreign"])
def test_a_folder_that_others_have_made_is_not_used(temporary, how):
    folder = temporary / f"quoth-{os.getuid()}"
    if how == "open":
        folder.mkdir()
        folder.chmod(0o777)
    elif how == "link":
        (temporary / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(temporary / "elsewhere")
    elif how == "file":
        folder.touch()
    else:
        if os.getuid() != 0:
            pytest.skip("only the superuser can give a folder away")
        folder.mkdir(mode=0o700)
        os.chown(folder, 65534, 65534)
    with pytest.raises(UserError, match="TMPDIR"):
        scratch.__wrapped__()


def test_uploads_are_limited_for_each_client_and_in_all(essay_location, client):
    limits = Limits(upload_bytes_of_one=5_000, upload_bytes=8_000)
    with served(essay_location, limits=limits) as address:
        one, two = client(address, "127.0.0.2"), client(address, "127.0.0.3")
        name = one.upload("a.txt", b"a" * 3_000).json()[0]
        assert one.upload("b.txt", b"b" * 3_000).status_code == 413
        assert "not added yet" in one.upload("b.txt", b"b" * 3_000).text
        assert two.upload("c.txt", b"c" * 4_000).status_code == 200
        assert "Too many files" in client(address, "127.0.0.4").upload("d.txt", b"d" * 3_000).text
        one.call("add", [[{"path": name}], "own", one.key])
        assert one.upload("b.txt", b"b" * 3_000).status_code == 200


def test_uploads_that_break_off_or_are_refused_leave_nothing(essay_location, client):
    with served(essay_location, limits=Limits(body_seconds=0.3)) as address:
        caller = client(address)
        before = sorted(scratch().rglob("*"))
        for files in ([("files", ("large.txt", b"x" * 20_000_001))], [("files", ("a.txt", b"a"))] * 101):
            assert caller.http.post("gradio_api/upload", files=files).status_code in (400, 413)
        for body, kind in ((b"--x\r\n", "multipart/form-data; boundary=x"), (b"{}", "application/json"), (b"", "")):
            sent = caller.http.post("gradio_api/upload", content=body, headers={"Content-Type": kind})
            assert sent.status_code in (200, 400, 413)
        half = b'--x\r\nContent-Disposition: form-data; name="files"; filename="half.txt"\r\n\r\nhalf of it'
        port = httpx.URL(address).port
        with socket.create_connection(("127.0.0.1", port), timeout=30) as broken:
            head = f"POST /gradio_api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(half) + 500}\r\n"
            broken.sendall(head.encode() + b"Content-Type: multipart/form-data; boundary=x\r\n\r\n" + half)
            assert broken.recv(1000).startswith(b"HTTP/1.1 408 ")
        assert sorted(scratch().rglob("*")) == before


def test_uploads_nobody_adds_are_gone_after_an_hour(tmp_path):
    from starlette.datastructures import UploadFile

    from qa.page.server.receiving import Uploads

    now = [0.0]
    uploads = Uploads(tmp_path / "uploads", Limits(), lambda: now[0])
    with (tmp_path / "given.txt").open("w+b") as file:
        name = uploads.store("a", [UploadFile(file, filename="../given.txt", size=3)])[0]
    assert uploads.path(name).name == "given.txt"
    now[0] = 3601
    with uploads.coming("b", 1):
        assert uploads.path(name) is None
    assert list((tmp_path / "uploads").iterdir()) == []


def test_what_is_due_goes_also_when_nobody_comes(essay_location, client):
    with served(essay_location, limits=Limits(upload_seconds=0.2, tidy_seconds=0.1)) as address:
        name = client(address).upload("a.txt", b"Bees hum.").json()[0]
        until(lambda: not list(scratch().rglob(name)))


def test_a_full_disk_is_told_and_leaves_nothing(site):
    before = sorted(site.readers.folder.rglob("*"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(UserError, match="cannot be written to the disk"):
            site.add_own([BEES], READERS[0])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(path for path in site.readers.folder.rglob("*") if path.name != "own") == before
    assert site.add_own([BEES], READERS[0])[1] == []


def test_a_full_disk_leaves_no_half_of_an_essay_in_the_library(site):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(UserError, match="cannot be written: File too large"):
            site.add_to_library([Upload("bees.txt", b"Bees hum. " * 2_000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(path.name for path in site.library.iterdir()) == ["birds.txt", "boats.txt", "lamps.txt"]


def test_what_has_an_essays_name_in_the_library_and_is_no_file_is_left_alone(site):
    os.mkfifo(site.library / "bees.txt")
    (site.library / "ants.txt").symlink_to("/dev/zero")
    (site.library / "wasps.txt").mkdir()
    names = ("bees.txt", "ants.txt", "wasps.txt")
    building, refused = site.add_to_library([Upload(name, BEES.data) for name in names])
    assert building is None
    assert refused == [f"{name}: another essay has this name; rename yours" for name in names]


def test_essays_are_added_beside_a_library_that_has_changed_or_is_away(site):
    source = site.snapshot().about.source
    (source / "boats.txt").unlink()
    assert site.add_own([BEES], READERS[0])[1] == []
    source.rename(source.with_name("away"))
    assert site.add_own([Upload("ants.txt", b"Ants walk in lines.\n")], READERS[0])[1] == []
    names = {"ants.txt", "bees.txt", "birds.txt", "boats.txt", "lamps.txt"}
    until(lambda: {entry.name for entry in site.snapshot(READERS[0]).entries} == names)
    assert site.retriever(READERS[0]).answer("Where do ants walk?").quotes[0].document.name == "ants.txt"


def test_readers_with_essays_of_their_own_are_limited(site):
    for reader in READERS[:2]:
        site.add_own([BEES], reader, "a")
    with pytest.raises(UserError, match="in several browsers"):
        site.add_own([BEES], READERS[2], "a")
    site.add_own([BEES], READERS[2], "b")
    with pytest.raises(UserError, match="Too many readers"):
        site.add_own([BEES], READERS[3], "c")
    site.forget(READERS[0])
    site.add_own([BEES], READERS[3], "c")


def test_what_is_sent_to_the_library_is_limited(site):
    site.access = Access(limits=Limits(library_bytes=len(BEES.data) + 10))
    site.add_to_library([BEES])
    with pytest.raises(UserError, match=r"More than \d+ bytes of essays"):
        site.add_to_library([Upload("ants.txt", b"Ants walk.\n")])
    assert not (site.library / "ants.txt").exists()


@pytest.mark.parametrize("again", [False, True])
def test_essays_that_are_thrown_away_while_they_are_indexed_stay_away(site, monkeypatch, again):
    """Whatever a build makes again in a folder that is gone, goes with the build, but for new essays."""
    from qa.page.server import rebuild

    begun, go_on, build_ = threading.Semaphore(0), threading.Event(), rebuild.build

    def build_late(folder: Path, *_: object, **__: object) -> None:
        begun.release()
        assert go_on.wait(60)
        (folder.parent / "index").mkdir(parents=True, exist_ok=True)
        raise rebuild.Cancelled

    monkeypatch.setattr(rebuild, "build", build_late)
    building, _ = site.add_own([BEES], READERS[0])
    assert begun.acquire(timeout=60)
    folder = site._own[READERS[0]].folder
    site.forget(READERS[0])
    assert not folder.exists()
    if again:
        monkeypatch.setattr(rebuild, "build", build_)
        later, _ = site.add_own([BEES], READERS[0])
        until(lambda: not later.progress.running)
    go_on.set()
    until(lambda: not building.progress.running)
    until(lambda: folder.exists() == again)
    assert (folder / "essays" / "bees.txt").exists() == again


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_password_file_that_others_can_read_is_refused(tmp_path, mode):
    path = tmp_path / "password"
    path.write_text("reader:secret\n")
    path.chmod(mode)
    with pytest.raises(UserError, match="chmod 600"):
        password_in(path)
    path.chmod(0o600)
    assert password_in(path) == ("reader", "secret")


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (None, "cannot be read: No such file"),
        (b"", "does not hold USER:PASSWORD"),
        (b"\n", "does not hold USER:PASSWORD"),
        (b"reader:\n", "does not hold USER:PASSWORD"),
        (b"reader\n", "does not hold USER:PASSWORD"),
        (b"ada:one\nbob:two\n", "does not hold USER:PASSWORD on one line"),
        (b"reader:\xff\n", "is not UTF-8"),
    ],
)
def test_a_password_file_that_holds_none_lets_nobody_in(tmp_path, held, said):
    path = tmp_path / "password"
    if held is not None:
        path.write_bytes(held)
        path.chmod(0o600)
    with pytest.raises(UserError, match=said):
        password_in(path)


def test_a_password_in_the_environment_that_is_no_text_is_refused(monkeypatch):
    monkeypatch.setenv("QUOTH_AUTH", "reader:\udcff")
    with pytest.raises(UserError, match="QUOTH_AUTH is not UTF-8"):
        password_in(None)
