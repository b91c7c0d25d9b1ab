"""What `--ray` needs is told before anything is read; a worker computes with one thread."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.encoding.encoder import CORES
from qa.command.cli import main

ROOT = Path(__file__).parents[2]
COLLECTION = "milvus://127.0.0.1:9/essays"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--index", "an-index", "--ray"], "Ray writes into Milvus only; name a collection with --index milvus://"),
        (["--index", COLLECTION, "--ray"], 'Reading with Ray needs the package ray; run pip install "quoth[ray]".'),
        (["--index", COLLECTION, "--ray=127.0.0.1:9"], "There is no Ray at '127.0.0.1:9' ("),
        (["--index", COLLECTION, "--ray", "essays"], "'essays' is no address of a Ray; write --ray=HOST:PORT, or"),
    ],
)
def test_what_is_missing_is_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    told: str,
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(["index", str(tmp_path), *options]) == 1
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(("allowed", "threads"), [("1", 1), ("0", CORES), ("many", CORES), (str(CORES + 1), CORES)])
def test_no_more_threads_compute_than_the_environment_allows(allowed: str, threads: int) -> None:
    script = "from index.encoding.encoder import CORES; print(CORES)"
    surroundings = {**os.environ, "OMP_NUM_THREADS": allowed}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=surroundings, cwd=ROOT)
    assert done.stdout == f"{threads}\n"
