"""What is a reader's outlives kills, full disks and other readers, whole or as it was last; and nothing else stays."""

import asyncio
import contextlib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import until

from index.local.build import build
from qa.page import desk
from qa.page.builds import Builds
from qa.page.desk import Session
from qa.page.events import Events, Said
from qa.page.guard.door import Access
from qa.page.guard.limits import Limits
from qa.page.server.rebuild import Rebuild
from qa.page.server.site import Site
from qa.page.server.uploads import Upload
from qa.page.sessions.clock import Clock
from qa.page.sessions.readers import Readers
from qa.page.views import Views
from source.errors import UserError

READERS = [sign * 64 for sign in "0123"]
BEES, ANTS = Upload("bees.txt", b"Bees hum in May.\n"), Upload("ants.txt", b"Ants walk in lines.\n")


@pytest.fixture
def library(tmp_path, encoder) -> Path:
    essays = tmp_path / "essays"
    essays.mkdir()
    (essays / "birds.txt").write_text("Birds sing. They fly south in autumn.\n")
    build(essays, tmp_path / "index", encoder=encoder)
    return essays


@contextlib.contextmanager
def site(tmp_path: Path, clock: Clock | None = None, **limits: float) -> Iterator[Site]:
    here = Site(tmp_path / "index", Access(limits=Limits(**limits)), tmp_path / "kept", clock or Clock())
    yield here
    here.close()


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """Nothing can be written meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(here: Site, own: str) -> list[str]:
    return sorted(entry.name for entry in here.snapshot(own).entries)


def added(here: Site, own: str, *uploads: Upload, client: str = "a") -> list[str]:
    building, refused = here.add_own(uploads, own, client)
    assert building is not None
    until(lambda: not building.progress.running)
    assert building.progress.failure == ""
    return refused


@pytest.mark.parametrize("kept_days", [30, 0.0001])
def test_what_cannot_be_thrown_away_holds_nobody_up(tmp_path, kept_days):
    """A full disk refuses to delete, too: it is tried again later, not for ever."""
    now = [0.0]
    clock = Clock(lambda: now[0], lambda: now[0])
    here = Readers("library", Limits(kept_bytes=3_000, kept_days=kept_days), tmp_path / "kept", clock=clock)
    for name in "abc":
        here.keep(name, Session(chosen=("x" * 900,)), "others")
    now[0] = 3_600.0
    with full_disk(), pytest.raises(UserError, match="cannot be written to the disk"):
        here.keep("d", Session(chosen=("x" * 900,)), "d")
    with full_disk():
        here.sweep(at_once=True)
    assert here.session("d", lambda _: None).chosen == ("x" * 900,)
    here.keep("d", Session(chosen=("x" * 900,)), "d")
    here.close()
    again = Readers("library", Limits(), tmp_path / "kept", clock=clock)
    assert again.session("d", lambda _: None).chosen == ("x" * 900,)
    again.close()


def test_what_the_disk_refuses_is_said_on_the_page(library, tmp_path):
    with site(tmp_path) as here:
        events = Events(here, Views(here))
        asked = Said({"key": "a" * 32, "question": "When do birds fly south?"})
        with full_disk():
            shown = events.ask(asked, "a")
            assert "fly south in autumn" in shown
            assert "only until the page" in shown
            kept = events.keep(Said({"key": "a" * 32, "turn": 0, "quote": 1}), "a")
            assert "only until the page" in kept
            name = here.readers.session(here.readers.name("a" * 32), here.snapshot).kept[0].name
            with pytest.raises(UserError, match="only until the page's server ends"):
                events.note(Said({"key": "a" * 32, "kept": name, "note": "mine"}), "a")
        assert "only until the page" not in events.ask(asked, "a")  # and with it all is written
    with site(tmp_path) as here:
        session = here.readers.session(here.readers.name("a" * 32), here.snapshot)
        assert (len(session.turns), session.kept[0].note) == (2, "mine")


@pytest.mark.parametrize("harm", ["never built", "damaged", "of another format", "half removed"])
def test_own_essays_whose_index_cannot_be_opened_are_built_again(library, tmp_path, harm):
    with site(tmp_path) as here:
        added(here, READERS[0], BEES)
        session = desk.ask(Session(own=READERS[0]), here.retriever(READERS[0]), "When do bees hum?")
        here.readers.keep(READERS[0], session, "a")
    index = tmp_path / "kept" / "own" / READERS[0] / "index"
    if harm == "never built":
        shutil.rmtree(index)
    elif harm == "damaged":
        (index / "CURRENT").write_text("nonsense")
    elif harm == "half removed":
        next(index.glob("snapshots/*/vectors*")).unlink()
    else:
        manifest = next(index.glob("snapshots/*/manifest.json"))
        values = json.loads(manifest.read_text())
        manifest.write_text(json.dumps({**values, "format": 1}))
        (index / "CURRENT").write_text(manifest.parent.name)
    with site(tmp_path) as here:
        here.readers.session(READERS[0], here.snapshot)  # as it is read before the index is there
        until(lambda: names(here, READERS[0]) == ["bees.txt", "birds.txt"])
        until(lambda: here.readers.session(READERS[0], here.snapshot) == session)
        added(here, READERS[0], ANTS)
        assert names(here, READERS[0]) == ["ants.txt", "bees.txt", "birds.txt"]


def test_essays_added_while_others_are_indexed_are_indexed_too(library, tmp_path, monkeypatch):
    from qa.page.server import rebuild

    begun, go_on, build_ = [], [], rebuild.build

    def build_late(folder: Path, *given: object, **more: object) -> object:
        result = build_(folder, *given, **more)
        begun.append(folder)
        until(lambda: go_on)
        return result

    monkeypatch.setattr(rebuild, "build", build_late)
    with site(tmp_path) as here:
        first, _ = here.add_own([BEES], READERS[0])
        until(lambda: begun)
        second, _ = here.add_own([ANTS], READERS[0])
        go_on.append(True)
        for one in (first, second):
            until(lambda one=one: not one.progress.running)
        assert names(here, READERS[0]) == ["ants.txt", "bees.txt", "birds.txt"]


def test_a_build_that_was_stopped_is_followed_by_none(library, tmp_path):
    here = Rebuild()
    for number in range(3):
        here.start(library, tmp_path / f"other-{number}")
    here.cancel()
    until(lambda: not here.progress.running)
    assert here.progress.failure == "Cancelled. The index is as it was."
    here.start(library, tmp_path / "other")
    until(lambda: not here.progress.running)
    assert here.progress.failure == ""


def test_essays_that_make_room_for_another_readers_leave_what_was_asked_and_kept(library, tmp_path):
    now = [time.time()]
    with site(tmp_path, Clock(lambda: now[0], lambda: now[0]), desks_of_one=1) as here:
        session = desk.ask(Session(own=READERS[0]), here.retriever(), "When do birds fly south?")
        here.readers.keep(READERS[0], session, "a")
        added(here, READERS[0], BEES)
        now[0] += 7_200
        added(here, READERS[1], ANTS)
        assert names(here, READERS[0]) == ["birds.txt"]
    with site(tmp_path) as here:
        assert [turn.asked for turn in here.readers.session(READERS[0], here.snapshot).turns] == [
            "When do birds fly south?"
        ]
        assert [name for name, _ in here.readers.desks()] == [READERS[1]]


def test_beyond_the_room_essays_go_before_what_was_asked_and_kept(library, tmp_path):
    with site(tmp_path, kept_bytes=10_000) as here:
        here.readers.keep(READERS[0], Session(chosen=("birds.txt",)), "a")
        with pytest.raises(UserError, match="more room than readers have"):
            here.add_own([Upload("bees.txt", b"Bees hum. " * 2_000)], READERS[0], "a")
        assert here.readers.session(READERS[0], here.snapshot).chosen == ("birds.txt",)
        assert list(here.readers.own("").iterdir()) == []


def test_what_adds_nothing_leaves_nothing(library, tmp_path):
    with site(tmp_path) as here:
        for reader in READERS:
            building, refused = here.add_own([Upload("birds.txt", b"Other birds.\n")], reader, "a")
            assert (building, refused) == (None, ["birds.txt: another essay has this name; rename yours"])
        assert list(here.readers.own("").glob("*")) == []
        assert here.readers.desks() == []


def test_what_nobody_noted_is_counted_and_goes_in_its_time(library, tmp_path):
    with site(tmp_path) as here:
        added(here, READERS[0], BEES)
    (tmp_path / "kept" / "readers-1.sqlite").write_bytes(b"damaged" * 1_000)  # and with it who has what
    own = tmp_path / "kept" / "own"
    (own / f"{READERS[1]}.gone").mkdir()
    (own / "not ours").mkdir()
    now = time.time()
    here = Readers("library", Limits(), tmp_path / "kept")
    assert [name for name, _ in here.desks()] == [READERS[0]]
    assert sorted(path.name for path in own.iterdir()) == [READERS[0], "not ours"]
    here.close()
    here = Readers("library", Limits(), tmp_path / "kept", clock=Clock(lambda: now + 31 * 86_400))
    assert [path.name for path in own.iterdir()] == ["not ours"]
    here.close()


@pytest.mark.parametrize(
    "inside",
    [["a/b.txt", "a"], ["x" * 251 + ".txt"], ["/".join("y" * 200 for _ in range(30)) + ".txt"], ["ä.txt", "Ä.txt"]],
)
def test_archives_are_copied_as_they_are(tmp_path, encoder, inside):
    essays = tmp_path / "essays"
    essays.mkdir()
    (essays / "birds.txt").write_text("Birds sing.\n")
    with zipfile.ZipFile(essays / "many.zip", "w") as archive:
        for name in inside:
            archive.writestr(name, f"Lamps want oil, as {len(name)} say.\n")
        archive.writestr("good.txt", "Boats want tar.\n")
    build(essays, tmp_path / "index", encoder=encoder)
    with site(tmp_path) as here:
        before = names(here, "")
        assert added(here, READERS[0], BEES) == []
        assert names(here, READERS[0]) == sorted([*before, "bees.txt"])
        assert [len(here.snapshot(READERS[0]).document(name).text) for name in before] == [
            len(here.snapshot().document(name).text) for name in before
        ]


_ADDING = """
import itertools, sys
from pathlib import Path
from qa.page.server.uploads import Upload, stored
data = b"Bees hum in May. " * 1_000_000
print(flush=True)
for number in itertools.count():
    stored([Upload(f"bees-{number}.txt", data)], Path(sys.argv[1]))
    (Path(sys.argv[1]) / f"bees-{number}.txt").unlink()
"""


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="files have names from the beginning there")
def test_nobody_sees_half_an_essay(tmp_path):
    """Neither who looks while it is added, nor who looks when the process that added it was killed."""
    chance = random.Random(17)
    seen: set[int] = set()

    def look() -> None:
        for path in tmp_path.iterdir():
            with contextlib.suppress(FileNotFoundError):  # it was removed just now
                seen.add(path.stat().st_size)

    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", _ADDING, tmp_path], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            deadline = time.monotonic() + chance.uniform(0.2, 1)
            while time.monotonic() < deadline or not seen:  # however slow the disk is
                look()
            process.kill()
        look()
    assert seen == {17_000_000}


_KEEPING = """
import itertools, sys
from pathlib import Path
from qa.page.desk import Session
from qa.page.events import Events, Said
from qa.page.guard.limits import Limits
from qa.page.sessions.clock import Clock
from qa.page.sessions.readers import Readers
here = Readers("library", Limits(), Path(sys.argv[1]))
for number in itertools.count(1):
    for reader in "ab":
        here.keep(reader, Session(chosen=(reader, str(number), "x" * (number * 997 % 50_000))), reader)
    print(number, flush=True)
"""


def test_what_was_kept_before_a_kill_is_there_after_it(tmp_path):
    chance = random.Random(17)
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", _KEEPING, tmp_path / "kept"], stdout=subprocess.PIPE) as process:
            told = process.stdout.readline()
            time.sleep(chance.uniform(0, 0.5))
            process.kill()
            told = int((told + process.stdout.read()).splitlines()[-1])
        here = Readers("library", Limits(), tmp_path / "kept")
        for reader in "ab":
            whose, number, letters = here.session(reader, lambda _: None).chosen
            assert (whose, len(letters)) == (reader, int(number) * 997 % 50_000)
            assert int(number) in (told, told + 1)
        here.close()


def test_what_is_not_added_to_the_library_takes_no_room(library, tmp_path):
    """Or one client who sends the same again and again could keep all others from adding anything."""
    long = Upload("long.txt", b"Lamps want oil.\n" * 10)
    with site(tmp_path, library_bytes=60) as here:

        def add(*uploads: Upload) -> list[str]:
            building, refused = here.add_to_library(uploads)
            until(lambda: building is None or not building.progress.running)
            return refused

        assert add(BEES) == []
        for _ in range(9):
            assert add(BEES) == ["bees.txt: it is there already"]
        for _ in range(3):
            with pytest.raises(UserError, match="More than 60 bytes"):
                add(long)
        with full_disk(), pytest.raises(UserError, match="cannot be written"):
            add(ANTS)
        assert add(ANTS) == []
        with pytest.raises(UserError, match="More than 60 bytes"):
            add(Upload("more.txt", b"Lamps want oil, and boats want tar.\n"))
        assert names(here, "") == ["ants.txt", "bees.txt", "birds.txt"]


@pytest.mark.parametrize("uploads", [(BEES,), (BEES, ANTS)])
def test_essays_that_are_added_and_cannot_be_indexed_are_said_to_be_there(tmp_path, library, uploads):
    with site(tmp_path) as here:
        (tmp_path / "index" / "LOCK").unlink()
        (tmp_path / "index" / "LOCK").mkdir()  # nobody can write the index
        paths = [tmp_path / upload.name for upload in uploads]
        for path, upload in zip(paths, uploads, strict=True):
            path.write_bytes(upload.data)

        async def shown() -> str:
            return str([said async for said, *_ in Builds(here, Views(here)).add(paths, "library", "0" * 32, "a")][-1])

        said = asyncio.run(shown())
        assert "could not be written" in said
        assert f"Added, but not indexed before the next build: {', '.join(path.name for path in paths)}" in said
        assert "nothing was changed" not in said.lower()
        assert all((library / upload.name).read_bytes() == upload.data for upload in uploads)
