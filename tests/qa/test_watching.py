"""An index that is watched is rebuilt when its essays change, and says what has changed."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.encoding.encoder import Encoder
from index.local.build import build
from index.local.location import current_name
from index.opening import open_index
from qa.watching import watch
from source.errors import UserError

PATIENCE = 180  # seconds, on a busy machine


@pytest.fixture
def essays(tmp_path: Path, encoder: Encoder) -> Path:
    folder = tmp_path / "essays"
    folder.mkdir()
    (folder / "bees.txt").write_text("Bees\n\nThe queen lays eggs in the summer.\n", encoding="utf-8")
    build(folder, tmp_path / "index", encoder=encoder)[0].close()
    return folder


@pytest.fixture
def said(essays: Path) -> Iterator[Callable[[str], list[str]]]:
    """Watch the essays; gives what waits until something is said, with all that was said before it."""
    lines: queue.Queue[str] = queue.Queue()
    stop = threading.Event()
    watching = threading.Thread(target=watch, args=(str(essays.parent / "index"), lines.put), kwargs={"stop": stop})
    watching.start()

    def until(last: str) -> list[str]:
        found: list[str] = []
        while not found or last not in found[-1]:
            found.append(lines.get(timeout=PATIENCE))
        return found

    yield until
    stop.set()
    watching.join(PATIENCE)
    assert not watching.is_alive()


def test_a_change_is_indexed_and_named(essays: Path, said: Callable[[str], list[str]]) -> None:
    index = essays.parent / "index"
    before = current_name(index)
    started = threading.Event()
    # Whether the watching has begun cannot be seen from outside: it is written until it is.
    writing = threading.Thread(target=_write_until, args=(essays / "sea.txt", started))
    writing.start()
    first = said(" documents, ")
    started.set()
    writing.join(PATIENCE)
    assert "added sea.txt" in first
    assert current_name(index) != before
    (essays / "bees.txt").rename(essays / "hives.txt")
    assert "renamed bees.txt to hives.txt" in said("renamed bees.txt to hives.txt")
    said(" documents, ")
    (essays / "hives.txt").unlink()
    (essays / "sea.txt").unlink()
    assert "There is no essay to index" in said("The index is as it was: ")[-1]
    with open_index(index) as opened:
        assert opened.entries
    (essays / "oak.txt").write_text("Oaks\n\nThe old oak was felled by Per.\n", encoding="utf-8")
    assert "added oak.txt" in said("1 document, ")


def _write_until(path: Path, done: threading.Event) -> None:
    number = 0
    while not done.is_set() and number < PATIENCE:
        path.write_text(f"The Sea\n\nCod are caught in winter off the shore, {number} of them.\n", encoding="utf-8")
        number += 1
        done.wait(5)


def test_essays_that_are_gone_end_the_watching(essays: Path) -> None:
    (essays / "bees.txt").unlink()
    essays.rmdir()
    with pytest.raises(UserError, match=r"essays in .* (cannot be watched|are gone)"):
        watch(str(essays.parent / "index"), lambda _line: None)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_watching_on_the_command_line_ends_when_it_is_told_to(essays: Path, number: int, status: int) -> None:
    index = essays.parent / "index"
    command = [sys.executable, "-m", "qa", "index", str(essays), "--index", str(index), "--watch"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith("1 document, ")
    while "Watching the essays" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (status, "", "quoth: stopped; the index is whole.\n")
