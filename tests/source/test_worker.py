"""The worker's process: what it may do, what is said when it ends, and how archives share one budget."""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from source.document import Document
from source.errors import UserError
from source.library import Skipped, read_library
from source.worker import process as processes
from source.worker.pool import POOL, Pool
from source.worker.process import Process, Worker
from source.worker.progress import ARCHIVE, PATIENCE, Outcome, Reading
from source.worker.wire import Frame, Job, Kind, said

TEXT = b"A text stands here."
needs_timer = pytest.mark.skipif(os.name == "nt", reason="no timer of computing there")


def answers(worker: Worker, jobs: Sequence[Job]) -> dict[str, Outcome]:
    return {name: one.text if isinstance(one, Document) else one for name, one in worker.answers(jobs)}


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.stop()


def started(worker: Worker) -> Process:
    assert answers(worker, [Job("a.txt", data=TEXT)]) == {"a.txt": TEXT.decode()}
    process = worker._process
    assert process is not None
    return process


def worker_of(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Workers run `script` from here on."""
    run = subprocess.Popen
    start = SimpleNamespace(
        Popen=lambda command, **options: run([*command[:2], script], **options),
        PIPE=subprocess.PIPE,
        TimeoutExpired=subprocess.TimeoutExpired,
    )
    monkeypatch.setattr(processes, "subprocess", start)


def packed(path: Path, members: dict[str, bytes]) -> Job:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return Job(path.name, str(path), archive=True)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open descriptors are listed in Linux' way")
def test_a_worker_has_no_descriptor_but_the_wire(worker: Worker, tmp_path: Path) -> None:
    with (tmp_path / "open.txt").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        pid = started(worker).pid
        kinds = {str(one.readlink()).split(":")[0] for one in Path(f"/proc/{pid}/fd").iterdir()}
    assert kinds == {"pipe", os.devnull}


@pytest.mark.parametrize(
    "act",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.fork()",
    ],
)
def test_a_worker_neither_connects_nor_runs_anything(act: str) -> None:
    script = f"import sys; from source.worker.serve import _refuse; sys.addaudithook(_refuse)\n{act}"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.returncode == 1
    assert "in the process that reads files" in run.stderr


def test_what_a_worker_says_as_it_dies_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "import sys, source.worker.serve as s\n"
        "s.read_content = lambda *_: sys.exit(sys.stderr.write('first\\nno such\\tfont\\n\\n'))\n"
        "s.serve(10**9)"
    )
    worker_of(monkeypatch, script)
    worker = Worker()
    assert answers(worker, [Job("a.txt", data=TEXT)]) == {
        "a.txt": "given up: the reader broke down on it (exit status 20: no such font); "
        "the file is damaged or made to do harm"
    }
    worker.stop()


def test_a_worker_that_does_not_start_is_one_sentence() -> None:
    worker = Worker(memory=10_000_000)
    with pytest.raises(UserError, match=r"The process that reads files does not start \(.+\); install Quoth again\."):
        list(worker.answers([Job("a.txt", data=TEXT)]))


def test_files_after_one_that_costs_its_worker_are_read(worker: Worker) -> None:
    broken = Job("b.html", data=b"<p>" + b"x" * 10)
    found = []
    for name, outcome in worker.answers([Job("a.txt", data=TEXT), broken, Job("c.txt", data=TEXT)]):
        found.append(name)
        if name == "a.txt":
            assert worker._process is not None
            os.kill(worker._process.pid, signal.SIGKILL)
        assert outcome is not None
    assert found == ["a.txt", "b.html", "c.txt"]


def test_an_answer_that_makes_no_sense_is_given_up() -> None:
    frames: list[list[Frame]] = [
        [said(Kind.BEGIN)],
        [(Kind.ROWS, b"{")],
        [(Kind.ROWS, b'["unknown", []]')],
        [(Kind.ROWS, b'["passages", [[1, 2]]]')],
        [(Kind.REST, b"{}")],
        [(Kind.TEXT, b"\xff")],
        [(Kind.JOB, b"{}")],
        [(Kind.DOCUMENT, b"")],
    ]
    for some in frames:
        said_by_it = iter(some)
        with pytest.raises((ValueError, TypeError, LookupError)):
            list(Reading(Job("a.txt"), 9.0).answers(lambda _, said_by_it=said_by_it: next(said_by_it)))


def test_the_members_of_an_archive_share_one_budget_of_bytes(worker: Worker, tmp_path: Path) -> None:
    members = {f"{number}.txt": b"Words stand here. " * 1000 for number in range(3)}
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:  # what is unpacked inside counts as well
        archive.writestr("word/document.xml", b"<x>" + b" " * 40_000 + b"</x>")
    job = packed(tmp_path / "a.zip", {**members, "4.docx": inner.getvalue(), "5.txt": TEXT})
    found = answers(worker, [Job(job.name, job.path, archive=True, left=40_000 + 36_000)])
    assert [type(found[f"a.zip/{number}.txt"]) for number in range(2)] == [str, str]
    reason = "0 MB unpacked, which is more than is read of an archive"
    assert [name for name, one in found.items() if one == reason] == ["a.zip/4.docx"]
    assert found["a.zip/5.txt"] == TEXT.decode()


def test_the_members_of_an_archive_share_one_budget_of_computing() -> None:
    reading = Reading(Job("a.zip", archive=True), 1.0)
    waits: list[float] = []

    def frames(seconds: float) -> Frame:
        waits.append(seconds)
        spent = len(waits) * ARCHIVE / 4
        return said(Kind.BEGIN, f"a.zip/{len(waits)}.txt", 0, spent) if len(waits) < 5 else said(Kind.DONE)

    list(reading.answers(frames))
    assert waits[:3] == [pytest.approx(PATIENCE, abs=1e-3)] * 3
    assert waits[-1] <= 0.0
    assert [str(one).split(":")[0] for _, one in reading.lost(reading.late())] == ["given up", "given up"]
    assert reading.over


@needs_timer
def test_a_file_may_wait_for_the_processor_longer_than_it_may_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "import time, source.worker.serve as s\nread = s.read_content\n"
        "s.read_content = lambda *a: time.sleep(1.2) or read(*a)\ns.serve(10**9)"
    )
    worker_of(monkeypatch, script)
    worker = Worker(seconds=1.0)
    assert answers(worker, [Job("a.txt", data=TEXT)]) == {"a.txt": TEXT.decode()}
    worker.stop()


@needs_timer
@pytest.mark.parametrize("act", ["while True: pass", "time.sleep(600)"])
def test_a_reader_that_computes_or_waits_without_end_is_given_up(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script = f"import time, source.worker.serve as s\ndef read(*_):\n    {act}\ns.read_content = read\ns.serve(10**9)"
    worker_of(monkeypatch, script)
    worker = Worker(seconds=0.1)
    assert answers(worker, [Job("a.txt", data=TEXT)]) == {"a.txt": "given up: reading it took longer than 0 s"}


def test_an_archive_goes_on_after_the_member_that_cost_a_worker(worker: Worker, tmp_path: Path) -> None:
    job = packed(tmp_path / "a.zip", {f"{number}.txt": TEXT * 200_000 for number in range(4)})
    found: dict[str, str] = {}
    for name, outcome in worker.answers([job, Job("b.txt", data=TEXT)]):
        found[name] = "read" if isinstance(outcome, Document) else str(outcome)
        if name == "a.zip/0.txt":
            assert worker._process is not None
            os.kill(worker._process.pid, signal.SIGKILL)
    assert list(found) == [*(f"a.zip/{number}.txt" for number in range(4)), "b.txt"]
    lost = [name for name, outcome in found.items() if outcome.startswith("given up: the reader broke down")]
    assert len(lost) == 1
    assert found["b.txt"] == "read"


def test_too_many_members_are_refused_at_once(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = packed(tmp_path / "a.zip", dict.fromkeys((f"{number}.txt" for number in range(100_001)), b""))
    assert answers(worker, [job]) == {"a.zip": "holds 100,001 files; at most 100,000 are read"}


def test_a_worker_lives_on_and_is_taken_again(tmp_path: Path) -> None:
    for number in range(130):
        (tmp_path / f"{number:03}.txt").write_bytes(TEXT)
    assert len(list(read_library(tmp_path))) == 130
    (idle,) = POOL._idle[-1:]
    assert idle._process is not None
    pid = idle._process.pid
    assert not any(isinstance(one, Skipped) for one in read_library(tmp_path))
    assert idle._process.pid == pid


def test_a_worker_that_was_prepared_is_the_one_that_reads(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    pool = Pool()
    pool.prepare()
    pool.prepare()
    (prepared,) = pool._idle
    with pool.worker() as worker:
        assert worker is prepared
        assert worker.read(Job("a.txt", str(tmp_path / "a.txt"))).text.encode() == TEXT
        process = worker._process
        worker.start()
        assert worker._process is process
    pool.stop()
    assert process is not None
    assert process._popen.poll() is not None


def test_a_library_that_is_not_read_to_its_end_leaves_no_process(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_bytes(TEXT)
    reading = read_library(tmp_path)
    next(reading)
    (lent,) = POOL._lent
    process = lent._process
    assert process is not None
    reading.close()  # type: ignore[attr-defined]
    assert process._popen.poll() is not None
    assert not POOL._lent


HANGS = """
import time, source.worker.serve as s
s.read_content = lambda *_: (open({reached!r}, "w").close(), time.sleep(600))
s.serve(10**9)
"""
INDEX = """
import subprocess, sys
from types import SimpleNamespace
import source.worker.process as processes
def popen(command, **options):
    one = subprocess.Popen([*command[:2], {worker!r}], **options)
    print(one.pid, flush=True)
    return one
processes.subprocess = SimpleNamespace(Popen=popen, PIPE=-1, TimeoutExpired=subprocess.TimeoutExpired)
from qa.command.cli import main
sys.exit(main(["index", {essays!r}, "--index", {index!r}]))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX systems")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interruption_while_a_worker_reads_leaves_no_process(number: int, tmp_path: Path) -> None:
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "a.txt").write_bytes(TEXT)
    reached = tmp_path / "reached"
    worker = HANGS.format(reached=str(reached))
    script = INDEX.format(worker=worker, essays=str(tmp_path / "essays"), index=str(tmp_path / "index"))
    # Run with SIGINT as a terminal has it, and in a group of its own, which is what Ctrl-C goes to.
    run = subprocess.Popen(
        [sys.executable, "-c", f"import signal; signal.signal(2, signal.default_int_handler)\n{script}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    assert run.stdout is not None
    pid = int(run.stdout.readline())
    until(reached.exists)
    (os.killpg if number == signal.SIGINT else os.kill)(run.pid, number)
    _, said_of_it = run.communicate()
    assert run.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}.get(number, -number)
    assert len(said_of_it.splitlines()) <= 1
    assert "Traceback" not in said_of_it
    until(lambda: not Path(f"/proc/{pid}").exists() or ended(pid))


def ended(pid: int) -> bool:
    """Whether a process is none any more; one of nobody's children may stay as a name."""
    try:
        os.kill(pid, 0)
        return " Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


def until(holds: object) -> None:
    """Wait for what another process does."""
    last = time.monotonic() + 60
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < last
        time.sleep(0.02)
