"""Kill builds at random moments and look at what they leave.

    python tests/crash.py FOLDER [KILLS] [SIGNAL]

Two libraries in turn are built into one index; each build is killed (KILL, INT or TERM) at a moment
drawn evenly from its whole duration and a quarter more. After each, the index must answer as one of
the two whole builds does, byte for byte. Prints a JSON object of counts, and exits 1 on the first difference.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from small_encoder import SmallEncoder

from index.local.build import build
from index.local.snapshot import Snapshot
from qa.retriever import Retriever
from source.errors import UserError

QUESTIONS = ("Which tanks were sent in year 3?", "Who trained the pilots of group 7?", "What is said of 11?")


def library(folder: Path, word: str) -> Path:
    """Essays of which a quarter differ between the libraries, so that a build changes files where they lie.

    That leaves gaps, so that the next one writes them anew.
    """
    folder.mkdir()
    for number in range(16):
        own = "common" if number % 4 else word
        paragraphs = [
            f"In year {i} the {own} tanks of group {number} were sent. The pilots of {number + i} were trained."
            for i in range(12)
        ]
        (folder / f"essay-{number}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    return folder


def answers(location: Path) -> str:
    """What the index answers, and what it holds, without the snapshot's own name."""
    snapshot = Snapshot.open(location)
    retriever = Retriever(snapshot, SmallEncoder())
    found = [retriever.answer(question, 5).json() for question in QUESTIONS]
    for answer in found:
        receipt = answer["receipt"]
        assert isinstance(receipt, dict)
        receipt["index"] = ""
    return json.dumps([found, [(entry.name, entry.sha256) for entry in snapshot.entries]])


def apart(work: Callable[[], str]) -> Callable[[], str]:
    """Begin `work` in a process of its own; the function that waits for what it says."""
    there, here = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(there)
            os.write(here, work().encode())
            code = 0
        finally:
            os._exit(code)
    os.close(here)

    def said() -> str:
        with os.fdopen(there, "rb") as pipe:
            text = pipe.read().decode()
        _, status = os.waitpid(child, 0)
        return text if status == 0 else f"failed with {status}"

    said.process = child  # type: ignore[attr-defined]
    return said


def built(folder: Path, location: Path) -> str:
    build(folder, location, encoder=SmallEncoder())
    return answers(location)


def main() -> int:
    work = Path(sys.argv[1])
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    how = signal.Signals[f"SIG{sys.argv[3]}" if len(sys.argv) > 3 else "SIGKILL"]
    chance = random.Random(2026)
    folders = [library(work / "one", "first"), library(work / "two", "second")]
    location = work / "index"
    whole = [apart(lambda folder=folder: built(folder, location))() for folder in folders]
    started = time.monotonic()
    assert apart(lambda: built(folders[0], location))() == whole[0], "a rebuild differs"
    duration = time.monotonic() - started
    counts: Counter[str] = Counter()
    now = 0
    for kill in range(kills):
        other = 1 - now
        said = apart(lambda folder=folders[other]: built(folder, location))
        time.sleep(chance.uniform(0, 1.25 * duration))
        os.kill(said.process, how)  # type: ignore[attr-defined]
        said()
        found = apart(lambda: answers(location))()
        if found not in whole:
            print(f"after kill {kill}: {found[:300]}", file=sys.stderr)
            return 1
        counts["changed nothing" if found == whole[now] else "published whole"] += 1
        now = whole.index(found)
        if kill % 20 == 19:  # the next build clears what the killed ones left
            now, started = 1 - now, time.monotonic()
            assert apart(lambda folder=folders[now]: built(folder, location))() == whole[now]
            duration = time.monotonic() - started  # as busy as the machine is by now
            left = sorted(path.name for path in location.iterdir())
            assert left == ["CURRENT", "LOCK", "snapshots"], left
            snapshots = sorted(path.name for path in (location / "snapshots").iterdir())
            assert len(snapshots) <= 3, snapshots  # the current one and two that readers may still have open
            assert not any(name.startswith("building-") for name in snapshots), snapshots
    print(json.dumps({"kills": kills, **counts}))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except UserError as error:
        sys.exit(str(error))
