"""What is measured of one peer over one corpus, step by step; each stage is a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from peers import corpus, texts

HERE = Path(__file__).parents[1]
MAKING, REBUILDING = "build", "rebuild"
CHANGING = frozenset({MAKING, REBUILDING})
Values = dict[str, object]


class StageError(Exception):
    """A stage of a peer that ended without a result: which, and the last it said."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one peer works on one corpus, and the vectors that are given to it, if any are."""

    peer: str
    python: Path
    model: Path
    work: Path
    corpus: Path
    folder: Path
    vectors: Path | None

    def stage(self, stage: str, **options: object) -> tuple[Values, float]:
        """What a stage printed, and the seconds from the start of its process until then."""
        named = {"model": self.model, "documents": self.folder / "documents", "index": self.folder / "index", **options}
        arguments = [word for name, value in named.items() for word in (f"--{name}", str(value))]
        return run(self.python, self.work, "peers.stage", self.peer, stage, *arguments)


def steps(place: Place, built: Values, timed: int, rounds: int, *, quiet: bool) -> dict[str, Callable[[], Values]]:
    """All steps in their order; where the machine is not `quiet`, those that it makes no difference to.

    `built` is what making the index gave, if that was done before: it is made once more where that was not quiet.
    """
    found: dict[str, Callable[[], Values]] = {
        MAKING: partial(build, place, quiet=quiet),
        "judge": partial(judge, place),
    }
    if quiet:
        found |= {f"answer {turn}": partial(answer, place, timed) for turn in range(1, rounds + 1)}
        found[REBUILDING] = partial(rebuild, place)
        if built and built["passages_per_second"] is None and not place.vectors:
            found["index"] = partial(index, place)
    return found


def build(place: Place, *, quiet: bool) -> Values:
    """Index the corpus; how fast, where it is embedded on a quiet machine."""
    shutil.rmtree(place.folder, ignore_errors=True)
    shutil.copytree(place.corpus / "documents", place.folder / "documents")
    written = place.folder / "index"
    written.mkdir()
    built, _ = place.stage("build", **({"vectors": place.vectors} if place.vectors else {}))
    size = sum(path.stat().st_size for path in written.rglob("*") if path.is_file())
    passages = len(texts.read_paragraphs(place.folder / "documents"))
    return {
        "vectors_given": place.vectors is not None,
        "passages_per_second": passages / float(str(built["seconds"])) if quiet and not place.vectors else None,
        "build_peak_mb": None if place.vectors else built["peak_mb"],
        "index_mb": size / 1e6,
    }


def index(place: Place) -> Values:
    """Index the corpus once more for the speed alone: the index there was made while others used the machine."""
    built = build(place, quiet=True)
    return {"passages_per_second": built["passages_per_second"], "build_peak_mb": built["build_peak_mb"]}


def judge(place: Place) -> Values:
    """Ask every question once: how often the right paragraph is first, and among the first five."""
    asked, _ = place.stage("ask", questions=place.corpus / "questions.jsonl", timed=0)
    ranks = _list(asked["ranks"])
    return {
        "questions": len(ranks),
        "hit_at_1": sum(rank == 1 for rank in ranks) / len(ranks),
        "hit_at_5": sum(rank > 0 for rank in ranks) / len(ranks),
    }


def answer(place: Place, timed: int) -> Values:
    """Ask one question of a new process, and `timed` of another."""
    questions = place.corpus / "questions.jsonl"
    question = json.loads(questions.read_text(encoding="utf-8").splitlines()[0])["question"]
    _, first_seconds = place.stage("first", question=question)
    asked, _ = place.stage("ask", questions=questions, timed=timed, limit=timed)
    percentiles = statistics.quantiles(map(float, _list(asked["milliseconds"])), n=100, method="inclusive")
    return {
        "first_answer_seconds": first_seconds,
        "p50_ms": percentiles[49],
        "p95_ms": percentiles[94],
        "ask_peak_mb": asked["peak_mb"],
    }


def rebuild(place: Place) -> Values:
    """Change one paragraph, bring the index up to date, and see whether the new sentence is found."""
    changed = corpus.change(place.folder)
    _, seconds = place.stage("update", changed=changed)
    found, _ = place.stage("first", question=corpus.ADDED)
    return {"rebuild_seconds": seconds, "rebuild_found": _list(found["ids"])[:1] == [changed]}


def with_others(work: Callable[[], Values]) -> Values:
    """What `work` gives, and how many cores all that is not of it kept busy meanwhile."""
    started, busy, own = time.perf_counter(), _busy_seconds(), _own_seconds()
    values = work()
    seconds = time.perf_counter() - started
    return {**values, "others": round(max(0.0, _busy_seconds() - busy - (_own_seconds() - own)) / seconds, 2)}


def _busy_seconds() -> float:
    """What all cores together have worked since the machine started: all but waiting, as /proc/stat says."""
    ticks = [int(word) for word in Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def _own_seconds() -> float:
    """What this process and the children that it waited for have worked."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def run(python: Path, work: Path, module: str, *arguments: object) -> tuple[Values, float]:
    """The JSON object that a module prints last, and the seconds until it did. Raises StageError if there is none."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "OMP_"))}
    environment |= {
        "PYTHONPATH": str(HERE),
        "HF_HUB_OFFLINE": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "CUDA_VISIBLE_DEVICES": "",
        "XDG_CACHE_HOME": str(work / "cache"),
    }
    log = work / "stderr.log"
    started = time.perf_counter()
    values: Values | None = None
    seconds = 0.0
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [python, "-P", "-m", module, *map(str, arguments)], stdout=subprocess.PIPE, stderr=errors, env=environment
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(b"{"):
                seconds = time.perf_counter() - started
                with contextlib.suppress(ValueError):
                    values = json.loads(line)
    if process.returncode or values is None:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["nothing said"]
        raise StageError(f"{module} {' '.join(map(str, arguments[:2]))} ended with {process.returncode}", said[-1])
    return values, seconds


def _list(values: object) -> list[Any]:
    assert isinstance(values, list)
    return values
