"""Quoth beside its neighbours: the same texts, the same model, the same questions, one run, one machine.

    python tests/benchmarks/compare_peers.py --work FOLDER --bench FOLDER --passages 1000 10000 --json FILE --plot FILE

Each peer is installed from its package in an environment of its own under `--work` (about 1.5 GB
each; kept for the next run) and used as its documentation says, by the adapter
`peers/with_<peer>.py`, which says how. `--bench` is a folder of question sets as `quoth eval` reads
them; `peers/corpus.py` says how texts and questions are made of it. Every stage is a process of its
own; all peers build, then all answer, `--rounds` times in turn, then all rebuild:

- build: files → index on disk; the clock starts when the model is loaded, for all alike;
- first answer: from the start of Python to the answer, files in the system's cache; median of the rounds;
- later answers: `--timed` questions one after another, the rounds' median of their median and 95th
  percentile; quality over `--questions`, once;
- rebuild: one paragraph has gained a sentence; from the start of Python to the saved index. It is
  then asked for the new sentence; `rebuild_found` says whether its paragraph came first.

Above `--given-above` paragraphs the peers are given vectors (see `peers/vectors.py`), so their speed
of indexing is not measured there; Quoth, which needs more than one vector a paragraph, always embeds.
No titles: a paragraph is all that anyone sees. Results are added to the `--json` file, in which a
peer's earlier result of the same size is replaced; `load` is the machine's after each step, in
processes: where it is more than the number of cores, something else was running, too.
"""

import argparse
import contextlib
import json
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from peers import corpus, environments, table, texts

HERE = Path(__file__).parent
ENVIRONMENTS = {
    "quoth": "quoth",
    "plain": "plain",
    "txtai": "txtai",
    "txtai_hybrid": "txtai",
    "langchain": "langchain",
    "llama_index": "llama-index",
    "haystack": "haystack",
}
Result = dict[str, object]


class StageError(Exception):
    """A stage of a peer that ended without a result: which, and the last it said."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one peer works on one corpus."""

    peer: str
    python: Path
    folder: Path
    work: Path

    def stage(self, stage: str, **options: object) -> tuple[dict[str, object], float]:
        """What a stage printed, and the seconds from the start of its process until then."""
        folders = {"documents": self.folder / "documents", "index": self.folder / "index"}
        named = {"model": environments.model(self.python), **folders, **options}
        arguments = [word for name, value in named.items() for word in (f"--{name}", str(value))]
        return run(self.python, self.work, "peers.stage", self.peer, stage, *arguments)


def main() -> None:
    options = _options()
    results: list[Result] = []
    if options.json and options.json.exists():
        results = json.loads(options.json.read_text(encoding="utf-8"))["results"]
    pythons = {name: environments.prepare(name, options.work) for name in {ENVIRONMENTS[p] for p in options.peers}}
    installed = {name: environments.describe(name, python) for name, python in pythons.items()}
    for size in options.passages:
        folder = options.work / "corpora" / str(size)
        shutil.rmtree(folder, ignore_errors=True)
        corpus.write(folder, options.bench, size, options.questions)
        vectors = given(options.work, folder) if size > options.given_above else None
        places = {
            peer: Place(peer, pythons[ENVIRONMENTS[peer]], options.work / "runs" / f"{peer}-{size}", options.work)
            for peer in options.peers
        }
        new = measure(places, folder, vectors, options.timed, options.rounds)
        results = [r for r in results if r["passages"] != size or r["peer"] not in places]
        results += [
            {"peer": peer, "passages": size, "command": _command(), **installed[ENVIRONMENTS[peer]], **new[peer]}
            for peer in places
        ]
        if options.json:
            write(options.json, results)
    print(table.tables(results))
    if options.plot:
        run(environments.prepare("plot", options.work), options.work, "peers.plot", options.json, options.plot)


def measure(
    places: dict[str, Place], folder: Path, vectors: Path | None, timed: int, rounds: int
) -> dict[str, dict[str, object]]:
    """All measures of each peer over one corpus: all build, then all answer, round by round, then all rebuild."""
    measured: dict[str, dict[str, object]] = {peer: {"load": []} for peer in places}
    steps: list[Callable[[Place], dict[str, object]]] = [
        lambda place: build(place, folder, None if place.peer == "quoth" else vectors),
        *[partial(answer, folder=folder, timed=timed, whole=turn == 0) for turn in range(rounds)],
        rebuild,
    ]
    for number, step in enumerate(steps, 1):
        for peer, place in places.items():
            if "failed" in measured[peer]:
                continue
            print(f"step {number} of {len(steps)}: {place.folder.name}", file=sys.stderr, flush=True)
            try:
                for key, value in step(place).items():
                    several = measured[peer].setdefault(key, [])
                    assert isinstance(several, list)
                    several.append(value)
            except StageError as error:
                measured[peer]["failed"] = error.args[0]  # what it said may name places on this machine
                print(": ".join(error.args), file=sys.stderr)
            measured[peer]["load"] = [*_list(measured[peer]["load"]), round(os.getloadavg()[0], 1)]
    for place in places.values():
        shutil.rmtree(place.folder, ignore_errors=True)
    return {peer: {key: _typical(key, value) for key, value in values.items()} for peer, values in measured.items()}


def _typical(key: str, values: object) -> object:
    """The median of what was measured several times."""
    if not isinstance(values, list) or key == "load":
        return values
    return statistics.median(values) if len(values) > 1 else values[0]


def build(place: Place, folder: Path, vectors: Path | None) -> dict[str, object]:
    """Index the corpus in `folder`; what depends on embedding is None where vectors are given."""
    shutil.rmtree(place.folder, ignore_errors=True)
    shutil.copytree(folder / "documents", place.folder / "documents")
    index = place.folder / "index"
    index.mkdir()
    built, _ = place.stage("build", **({"vectors": vectors} if vectors else {}))
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    passages = len(texts.read_paragraphs(folder / "documents"))
    return {
        "vectors_given": vectors is not None,
        "passages_per_second": None if vectors else passages / float(str(built["seconds"])),
        "build_peak_mb": None if vectors else built["peak_mb"],
        "index_mb": size / 1e6,
    }


def answer(place: Place, *, folder: Path, timed: int, whole: bool) -> dict[str, object]:
    """Ask one question of a new process, and many of another: `timed` of them, or all if `whole`, which are judged."""
    questions = folder / "questions.jsonl"
    question = json.loads(questions.read_text(encoding="utf-8").splitlines()[0])["question"]
    _, first_seconds = place.stage("first", question=question)
    asked, _ = place.stage("ask", questions=questions, timed=timed, **({} if whole else {"limit": timed}))
    percentiles = statistics.quantiles(map(float, _list(asked["milliseconds"])), n=100, method="inclusive")
    ranks = _list(asked["ranks"])
    judged = {
        "questions": len(ranks),
        "hit_at_1": sum(rank == 1 for rank in ranks) / len(ranks),
        "hit_at_5": sum(rank > 0 for rank in ranks) / len(ranks),
    }
    return {
        "first_answer_seconds": first_seconds,
        "p50_ms": percentiles[49],
        "p95_ms": percentiles[94],
        "ask_peak_mb": asked["peak_mb"],
        **(judged if whole else {}),
    }


def rebuild(place: Place) -> dict[str, object]:
    """Change one paragraph, bring the index up to date, and see whether the new sentence is found."""
    changed = corpus.change(place.folder)
    _, seconds = place.stage("update", changed=changed)
    found, _ = place.stage("first", question=corpus.ADDED)
    return {"rebuild_seconds": seconds, "rebuild_found": _list(found["ids"])[:1] == [changed]}


def run(python: Path, work: Path, module: str, *arguments: object) -> tuple[dict[str, object], float]:
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
    values: dict[str, object] | None = None
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


def given(work: Path, folder: Path) -> Path:
    """The file of a corpus' vectors, made by the plain peer's environment."""
    out = folder / "vectors.npy"
    python = environments.prepare("plain", work)
    run(python, work, "peers.vectors", "--model", environments.model(python), "--corpus", folder, "--out", out)
    return out


def write(path: Path, results: list[dict[str, object]]) -> None:
    """Write all results and the machine; no names of hosts or places."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    cpu = next(
        (line.split(":", 1)[1].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")), ""
    )
    machine = {
        "cpu": cpu,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 1e9),
        "system": platform.system(),
        "python": platform.python_version(),
    }
    values = {"machine": machine, "results": results}
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def _command() -> str:
    """The command that is running, with folders by their last name only."""
    words = [word if "/" not in word else Path(word).name for word in sys.argv[1:]]
    return shlex.join(["python", "tests/benchmarks/compare_peers.py", *words])


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _list(values: object) -> list[Any]:
    assert isinstance(values, list)
    return values


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="for environments and indexes, outside the repository")
    parser.add_argument("--bench", type=Path, required=True, help="folder of question sets: squad and others")
    parser.add_argument("--passages", type=int, nargs="+", default=[1000], help="sizes of the corpus")
    parser.add_argument("--peers", nargs="+", choices=ENVIRONMENTS, default=list(ENVIRONMENTS))
    parser.add_argument("--questions", type=int, default=1000, help="so many questions decide the quality")
    parser.add_argument("--timed", type=int, default=200, help="so many of them are timed")
    parser.add_argument("--rounds", type=int, default=3, help="so often all peers answer in turn")
    parser.add_argument("--given-above", type=int, default=20_000, help="larger corpora: vectors are given")
    parser.add_argument("--json", type=Path, help="results are added to this file")
    parser.add_argument("--plot", type=Path, help="an SVG of what is in the --json file")
    options = parser.parse_args()
    if options.plot and not options.json:
        parser.error("--plot needs --json")
    return options


if __name__ == "__main__":
    main()
