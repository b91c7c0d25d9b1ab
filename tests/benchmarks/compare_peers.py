"""Quoth beside its neighbours: the same texts, the same model, the same questions, one machine.

    python tests/benchmarks/compare_peers.py --work FOLDER --bench FOLDER --passages 1000 10000 --json FILE --plot FILE

Each peer is installed from its package in an environment of its own under `--work` (about 1.5 GB
each; kept for the next run) and used as its documentation says, by the adapter
`peers/with_<peer>.py`, which says how. `--bench` is a folder of question sets as `quoth eval` reads
them; `peers/corpus.py` says how texts and questions are made of it. Every stage is a process of its
own; all peers take a step before any takes the next:

- build: files → index on disk; the clock starts when the model is loaded, for all alike;
- judge: quality over `--questions`;
- answer, `--rounds` times in turn: the first answer, from the start of Python to the answer, files in the
  system's cache, and `--timed` more one after another; medians of the rounds;
- rebuild: one paragraph has gained a sentence; from the start of Python to the saved index. It is
  then asked for the new sentence; `rebuild_found` says whether its paragraph came first.

Each step is kept under `--work` as it ends: the same command goes on where the last one stopped, and a peer whose
command, code or packages have changed begins anew. `--prepare` takes only the steps to which it makes no difference
that the machine is busy, builds and judgements; the same command without it takes the others, and how fast a peer
indexes is then measured by one more build, at the end. `others` is how many cores all else kept busy during a step.

Above `--given-above` paragraphs the peers are given vectors (see `peers/vectors.py`), so their speed
of indexing is not measured there; Quoth, which needs more than one vector a paragraph, always embeds.
No titles: a paragraph is all that anyone sees. Results are added to the `--json` file, in which a
peer's earlier result of the same size is replaced.
"""

import argparse
import json
import os
import platform
import shlex
import shutil
import statistics
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from peers import corpus, environments, steps, table
from peers.digests import digest
from peers.kept import Kept
from peers.steps import Place, StageError, Values

HERE = Path(__file__).parent / "peers"
ENVIRONMENTS = {
    "quoth": "quoth",
    "quoth_default": "quoth",
    "plain": "plain",
    "fts5": "fts5",
    "txtai": "txtai",
    "txtai_hybrid": "txtai",
    "langchain": "langchain",
    "llama_index": "llama-index",
    "haystack": "haystack",
    "verbatim_rag": "verbatim-rag",
}


def main() -> None:
    options = _options()
    results: list[Values] = []
    if options.json and options.json.exists():
        results = json.loads(options.json.read_text(encoding="utf-8"))["results"]
    pythons = {name: environments.prepare(name, options.work) for name in {ENVIRONMENTS[p] for p in options.peers}}
    installed = {name: environments.versions(python) for name, python in pythons.items()}
    about = {name: environments.describe(name, python, installed[name]) for name, python in pythons.items()}
    for size in options.passages:
        texts = written(options, size)
        vectors = given(options.work, texts) if size > options.given_above else None
        places = [place(options, peer, pythons[ENVIRONMENTS[peer]], texts, vectors) for peer in options.peers]
        kept = {one.peer: taken_up(options, one, installed[ENVIRONMENTS[one.peer]]) for one in places}
        failed: dict[str, str] = {}
        try:
            measure(places, kept, options, failed)
        finally:  # whoever stops it has what is measured until then
            results = [one for one in results if one["passages"] != size or one["peer"] not in kept]
            for peer, one in kept.items():
                named = {"peer": peer, "passages": size, "command": _command(), **about[ENVIRONMENTS[peer]]}
                said = {"failed": failed[peer]} if peer in failed else {}
                results.append({**named, **typical(one.steps), **said})
            if options.json and not options.prepare:
                write(options.json, results)
    print(table.table(results))
    if options.plot:
        plot = environments.prepare("plot", options.work)
        steps.run(plot, options.work, "peers.plot", options.json, options.plot)


def written(options: argparse.Namespace, size: int) -> Path:
    """The folder of the corpus of `size` paragraphs, written if there is none made of the same sets yet."""
    sets = [options.bench / name for name in (corpus.ASKED, *corpus.OTHERS)]
    folder = options.work / "corpora" / f"{size}-{digest(options.questions, *sets, HERE / 'corpus.py')[:12]}"
    if not folder.exists():
        beside = folder.with_suffix(".new")
        shutil.rmtree(beside, ignore_errors=True)
        corpus.write(beside, options.bench, size, options.questions)
        beside.rename(folder)
    return folder


def given(work: Path, texts: Path) -> Path:
    """The file of a corpus' vectors, made by sentence-transformers alone if there is none of the same texts yet."""
    known = digest(texts / "documents", texts / "sources.json", HERE / "vectors.py", environments.MODEL_PACKAGE)
    out = work / "vectors" / f"{known[:12]}.npy"
    if not out.exists():
        out.parent.mkdir(exist_ok=True)
        beside = out.with_suffix(".new.npy")
        python = environments.prepare("fts5", work)
        model = environments.model(python)
        steps.run(python, work, "peers.vectors", "--model", model, "--corpus", texts, "--out", beside)
        beside.rename(out)
    return out


def place(options: argparse.Namespace, peer: str, python: Path, texts: Path, vectors: Path | None) -> Place:
    """Where a peer works on a corpus; Quoth is given no vectors."""
    return Place(
        peer,
        python,
        environments.model(python),
        options.work,
        texts,
        options.work / "runs" / f"{peer}-{texts.name.split('-')[0]}",
        None if ENVIRONMENTS[peer] == "quoth" else vectors,
    )


def taken_up(options: argparse.Namespace, place: Place, installed: Mapping[str, str]) -> Kept:
    """The finished steps of a peer, if command, corpus, code and packages are still those that they were taken with."""
    environment = ENVIRONMENTS[place.peer]
    alike = [HERE / f"with_{peer}.py" for peer in ENVIRONMENTS if ENVIRONMENTS[peer] == environment]
    made_of = digest(
        [options.timed, options.rounds, sorted(installed.items())],
        environments.quoth_code() if environment == "quoth" else "",
        *alike,
        *(HERE / name for name in ("stage.py", "steps.py", "texts.py")),
        place.corpus,
        *([place.vectors] if place.vectors else []),
    )
    return Kept(place.folder.with_suffix(".json"), made_of, place.folder / "index", steps.CHANGING)


def measure(places: list[Place], kept: Mapping[str, Kept], options: argparse.Namespace, failed: dict[str, str]) -> None:
    """Do each step that is missing, of all peers before the next; why a peer could not do one stands in `failed`."""
    todo = {
        one.peer: steps.steps(
            one, kept[one.peer].steps.get(steps.MAKING, {}), options.timed, options.rounds, quiet=not options.prepare
        )
        for one in places
    }
    missing = {peer: kept[peer].missing(list(todo[peer])) for peer in todo}
    for step in dict.fromkeys(step for peer in todo for step in todo[peer]):
        for one in places:
            if one.peer in failed or step not in missing[one.peer]:
                continue
            print(f"{step}: {one.folder.name}", file=sys.stderr, flush=True)
            try:
                kept[one.peer].do(step, partial(steps.with_others, todo[one.peer][step]))
            except StageError as error:
                failed[one.peer] = error.args[0]  # what it said may name places on this machine
                print(": ".join(error.args), file=sys.stderr)
    for one in places:
        if one.peer not in failed and not options.prepare:
            shutil.rmtree(one.folder, ignore_errors=True)


def typical(measured: Mapping[str, Values]) -> Values:
    """The figures of all steps in one: the median of what was measured in several rounds, else the last."""
    found: Values = {}
    rounds = [values for step, values in measured.items() if step.startswith("answer")]
    for values in measured.values():
        found |= values
    for key in rounds[0] if rounds else ():
        found[key] = statistics.median(float(str(values[key])) for values in rounds)
    return {**found, "others": {step: values["others"] for step, values in measured.items()}}


def write(path: Path, results: list[Values]) -> None:
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
    parser.add_argument("--prepare", action="store_true", help="only what may be done while the machine is busy")
    parser.add_argument("--json", type=Path, help="results are added to this file")
    parser.add_argument("--plot", type=Path, help="an SVG of what is in the --json file")
    options = parser.parse_args()
    if options.plot and not options.json:
        parser.error("--plot needs --json")
    return options


if __name__ == "__main__":
    main()
