"""One stage of one peer in a process of its own: build, first answer, many answers, rebuild.

    python -m peers.stage PEER STAGE --model FOLDER --documents FOLDER --index FOLDER …

It runs in the peer's environment, so it needs nothing but the standard library and the peer's
adapter, `peers/with_<peer>.py`, whose class `Peer` is described by `Adapter`. The last line of its
output is a JSON object.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import time
from pathlib import Path
from typing import Protocol

K = 5


class Adapter(Protocol):
    """A peer, used as its documentation says, with the model in the folder `model`."""

    def __init__(self, model: Path) -> None: ...

    def load(self) -> None:
        """Load the model before `build`, so that its seconds are those of indexing; nothing else is called first."""
        ...

    def build(self, documents: Path, index: Path, vectors: Path | None) -> None:
        """Read the texts in `documents` and write an index to the empty folder `index`.

        `vectors`, if given, is a .npy file of the paragraphs' vectors in order, so that nothing is embedded.
        """
        ...

    def update(self, documents: Path, index: Path, changed: str) -> None:
        """Bring `index` up to date after the paragraph with the id `changed` has changed.

        A peer that finds out by itself what changed has no use for `changed`.
        """
        ...

    def open(self, index: Path) -> None:
        """Load the index that `build` wrote, and what reads questions."""
        ...

    def search(self, question: str, k: int) -> list[str]:
        """The ids of the best `k` paragraphs, best first; the peer must have got their texts, too."""
        ...


def main() -> None:
    options = _options()
    started = time.perf_counter()
    peer: Adapter = importlib.import_module(f"peers.with_{options.peer}").Peer(options.model)
    if options.stage == "build":
        peer.load()
    ready = time.perf_counter()
    values: dict[str, object] = {}
    if options.stage == "build":
        peer.build(options.documents, options.index, options.vectors)
    elif options.stage == "update":
        peer.update(options.documents, options.index, options.changed)
    else:
        peer.open(options.index)
        if options.stage == "first":
            values["ids"] = peer.search(options.question, K)
        else:
            values |= _asked(peer, options.questions, options.timed, options.limit)
    values["seconds"] = time.perf_counter() - ready
    values["loading_seconds"] = ready - started
    values["peak_mb"] = _peak_megabytes()
    print("\n" + json.dumps(values), flush=True)


def _asked(peer: Adapter, path: Path, timed: int, limit: int | None) -> dict[str, object]:
    """The milliseconds of the first `timed` questions, and the rank of the right paragraph for all (0: none)."""
    questions = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][:limit]
    for asked in questions[-5:]:
        peer.search(asked["question"], K)
    times: list[float] = []
    ranks: list[int] = []
    for asked in questions:
        started = time.perf_counter()
        ids = peer.search(asked["question"], K)
        times.append((time.perf_counter() - started) * 1000)
        ranks.append(next((rank for rank, one in enumerate(ids, 1) if one in asked["right"]), 0))
    return {"milliseconds": times[:timed], "ranks": ranks}


def _peak_megabytes() -> float:
    """The most memory this process and those that it started and that still run have held.

    Not `getrusage`, which counts what the parent held at the fork.
    """
    return sum(_peak_kilobytes(process) for process in _with_children(str(os.getpid()))) / 1000


def _with_children(process: str) -> list[str]:
    """A process and all that it started, as far as they still run."""
    lists = (_said(task / "children") for task in Path("/proc", process, "task").glob("*"))
    return [process, *(one for said in lists for child in said.split() for one in _with_children(child))]


def _peak_kilobytes(process: str) -> int:
    """What the system noted as the most that a process held."""
    peaks = (line.split()[1] for line in _said(Path("/proc", process, "status")).splitlines() if "VmHWM:" in line)
    return int(next(peaks, 0))


def _said(path: Path) -> str:
    """What the system says of a process; nothing of one that has ended meanwhile."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("peer")
    parser.add_argument("stage", choices=["build", "update", "first", "ask"])
    for name in ("model", "documents", "index", "vectors", "questions"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--changed")
    parser.add_argument("--question")
    parser.add_argument("--timed", type=int)
    parser.add_argument("--limit", type=int, help="ask only so many of the questions")
    return parser.parse_args()


if __name__ == "__main__":
    main()
