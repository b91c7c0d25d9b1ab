import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from printed import print_essay

from source.errors import UnreadableFile
from source.formats.readers import read_here
from source.library import ESSAYS
from source.reading import read
from source.worker.process import Worker
from source.worker.wire import Job, packed, unpacked

ESSAY = read(ESSAYS / "soviet-union-korean-war.txt", "essay.txt")


@pytest.fixture
def pdf(tmp_path: Path) -> bytes:
    print_essay(ESSAY, tmp_path / "essay.pdf")
    return (tmp_path / "essay.pdf").read_bytes()


def test_a_document_goes_through_json_unchanged(pdf: bytes) -> None:
    for document in (ESSAY, read_here(pdf, "essay.pdf"), read_here("# A\n\nhalf \\ud800 one 😀".encode(), "a.md")):
        assert unpacked(packed(document)) == document


def test_the_worker_reads_as_this_process_does(pdf: bytes) -> None:
    worker = Worker()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda name: worker.read(Job(name, data=pdf)), ["a.pdf", "b.pdf", "c.pdf"]))
    assert found == [read_here(pdf, name) for name in ("a.pdf", "b.pdf", "c.pdf")]
    with pytest.raises(UnreadableFile, match="damaged, or no PDF"):
        worker.read(Job("x.pdf", data=b"no"))
    worker.stop()


def test_what_takes_too_long_is_given_up_and_the_next_file_is_read(pdf: bytes) -> None:
    hasty = Worker(seconds=0.0)
    with pytest.raises(UnreadableFile, match=r"given up: reading it took longer than 0 s"):
        hasty.read(Job("x.pdf", data=b"%PDF-"))
    patient = Worker()
    assert patient.read(Job("a.pdf", data=pdf)).passages
    patient.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of memory there")
def test_what_needs_too_much_memory_is_given_up(pdf: bytes) -> None:
    worker = Worker(memory=400_000_000)  # what tells languages takes some 300 while it is loaded
    with pytest.raises(UnreadableFile, match=r"given up|damaged"):
        worker.read(Job("x.html", data=b"<p>" + b"word " * 40_000_000))
    assert worker.read(Job("y.html", data=b"<p>A short text is read again.")).text == "A short text is read again."
    worker.stop()


def test_a_worker_that_dies_costs_one_file(pdf: bytes) -> None:
    worker = Worker()
    assert worker.read(Job("a.pdf", data=pdf)).passages
    process = worker._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP if hasattr(signal, "SIGSTOP") else signal.SIGTERM)
    threading.Timer(0.2, os.kill, (process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))).start()
    with pytest.raises(UnreadableFile, match=r"given up: the reader broke down on it \(SIG\w+\); the file is damaged"):
        worker.read(Job("b.pdf", data=pdf))
    assert worker.read(Job("c.pdf", data=pdf)).passages
    worker.stop()


def test_the_worker_starts_without_heavy_packages() -> None:
    script = "import sys, source.worker.serve, source.worker.pool; print({'numpy', 'torch', 'lxml'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
