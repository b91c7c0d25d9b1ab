"""Many readers at once while the index is rebuilt under them."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.encoding.encoder import Encoder
from index.local.build import build
from index.local.location import current_name
from index.local.snapshot import Snapshot
from qa import retrieve

THREADS, REBUILDS = 32, 4


def library(folder: Path, colour: str) -> Path:
    folder.mkdir()
    for number in range(6):
        text = "\n\n".join(f"Tank {i} of group {number} was painted {colour} in the spring." for i in range(5))
        (folder / f"essay-{number}.txt").write_text(text, encoding="utf-8")
    return folder


def test_no_answer_mixes_two_snapshots(tmp_path: Path, encoder: Encoder) -> None:
    colours = {"red": library(tmp_path / "red", "red"), "green": library(tmp_path / "green", "green")}
    location = tmp_path / "index"
    build(colours["red"], location, encoder=encoder)
    done = threading.Event()

    def ask(thread: int) -> dict[str, str]:
        """The colour that the answers from each snapshot had."""
        seen: dict[str, str] = {}
        while not done.is_set():
            answer = retrieve(
                f"In which colour was tank {thread % 5} of group {thread % 6} painted?", index=location, reader=False
            )
            found = {colour for colour in colours for quote in answer if colour in quote.text}
            assert len(found) == 1, answer
            assert seen.setdefault(answer.receipt.index, found.pop()) in colours
        return seen

    with ThreadPoolExecutor(THREADS) as threads:
        running = [threads.submit(ask, thread) for thread in range(THREADS)]
        try:
            for number in range(REBUILDS):
                build(colours["green" if number % 2 == 0 else "red"], location, encoder=encoder)
        finally:
            done.set()
        seen = [one.result() for one in running]
    agreed: dict[str, str] = {}
    for of_thread in seen:
        for name, colour in of_thread.items():
            assert agreed.setdefault(name, colour) == colour
    assert set(agreed.values()) == set(colours)


def test_a_snapshot_stays_as_long_as_somebody_reads_it(tmp_path: Path) -> None:
    folders = [library(tmp_path / colour, colour) for colour in ("red", "green")]
    location = tmp_path / "index"
    build(folders[0], location, encoder=SmallEncoder())
    held = Snapshot.open(location)
    for number in range(5):
        build(folders[number % 2], location, encoder=SmallEncoder())
    assert {path.name for path in (location / "snapshots").iterdir()} == {held.name, current_name(location)}
    assert "red" in held.document("essay-0.txt").text
    del held
    build(folders[0], location, encoder=SmallEncoder())
    assert {path.name for path in (location / "snapshots").iterdir()} == {current_name(location)}


@pytest.mark.skipif(os.name == "nt", reason="no such locks there")
def test_a_reader_in_another_process_keeps_its_snapshot_until_it_ends(tmp_path: Path) -> None:
    folder = library(tmp_path / "red", "red")
    location = tmp_path / "index"
    build(folder, location, encoder=SmallEncoder())
    script = (
        "import sys; from index.local.snapshot import Snapshot;"
        "snapshot = Snapshot.open(sys.argv[1]); print(snapshot.name, flush=True); input()"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", script, str(location)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    name = reader.stdout.readline().strip()
    for _ in range(4):
        build(folder, location, encoder=SmallEncoder())
    assert name in {path.name for path in (location / "snapshots").iterdir()}
    reader.kill()
    reader.communicate()
    build(folder, location, encoder=SmallEncoder())
    assert {path.name for path in (location / "snapshots").iterdir()} == {current_name(location)}
