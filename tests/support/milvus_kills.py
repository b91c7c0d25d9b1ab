"""Kill builds over Milvus at random moments, and now and then their server, and look at what they leave.

    python tests/support/milvus_kills.py FOLDER KILLS

Two libraries in turn are built into one collection; each build is killed at a moment drawn evenly from its whole
duration. After each, and while it is written, the index must answer as one of the two whole builds does.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from crash import QUESTIONS, library
from milvus_server import LiteServer
from small_encoder import SmallEncoder

from index.build import build
from index.opening import open_index, sink
from qa.retriever import Retriever


def answers(address: str) -> str:
    """What the index answers, and what it holds, without the generation's own name."""
    with open_index(address) as index:
        retriever = Retriever(index, SmallEncoder())
        found = [retriever.answer(question, 5).json() for question in QUESTIONS]
        for answer in found:
            receipt = answer["receipt"]
            assert isinstance(receipt, dict)
            receipt["index"] = ""
        numbers = range(index.statistics.passages)
        texts = [one.text for one in index.passages(numbers)]
        return json.dumps([found, [(entry.name, entry.sha256) for entry in index.entries], texts])


def main() -> int:
    work, kills = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(2026)
    folders = [library(work / "one", "first"), library(work / "two", "second")]
    server = LiteServer(work)
    server.start()
    try:
        address = f"milvus://{server.host}/kills"
        whole = []
        for folder in folders:
            build(folder, sink(address), encoder=SmallEncoder())
            whole.append(answers(address))
        started = time.monotonic()
        subprocess.run(builder(folders[0], address), check=True)
        duration = time.monotonic() - started
        print(json.dumps(killed(server, address, folders, whole, duration, kills, chance)))
    finally:
        server.stop()
    return 0


def killed(
    server: LiteServer,
    address: str,
    folders: list[Path],
    whole: list[str],
    duration: float,
    kills: int,
    chance: random.Random,
) -> dict[str, int]:
    """What became of so many builds."""
    counts: Counter[str] = Counter()
    now = 0
    for kill in range(kills):
        process = subprocess.Popen(builder(folders[1 - now], address), stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, 1) * duration)
        if kill % 3 == 2:
            server.kill()
            process.wait(timeout=300)
            server.start()
            counts["server killed"] += 1
        else:
            process.kill()
            process.wait(timeout=300)
        found = answers(address)
        assert found in whole, f"after kill {kill}: {found[:300]}"
        counts["changed nothing" if found == whole[now] else "published whole"] += 1
        now = whole.index(found)
        if kill % 4 == 3:
            build(folders[now], sink(address), encoder=SmallEncoder())
            assert answers(address) == whole[now]
            counts["built after that"] += 1
    return {"kills": kills, **counts}


def builder(folder: Path, address: str) -> list[str]:
    """The command that builds, in a process that can be killed."""
    script = (
        "import sys; from pathlib import Path; from small_encoder import SmallEncoder; from index.build import build; "
        "from index.opening import sink; build(Path(sys.argv[1]), sink(sys.argv[2]), encoder=SmallEncoder())"
    )
    return [sys.executable, "-c", script, str(folder), address]


if __name__ == "__main__":
    sys.exit(main())
