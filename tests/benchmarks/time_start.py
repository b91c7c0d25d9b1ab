"""How long a first answer takes: `quoth ask` in a new process, against loading the model in sentence-transformers.

    python tests/benchmarks/time_start.py [ROUNDS]

The two take turns over an index of the shipped essay; seconds of each, and the median ratio.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from index.encoding.loading import load_encoder
from index.encoding.pinned import published_folder
from index.local.build import build
from source.library import ESSAYS

LOAD = "import sys; from sentence_transformers import SentenceTransformer; SentenceTransformer(sys.argv[1])"


def seconds(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        location = Path(folder) / "index"
        build(ESSAYS, location, encoder=load_encoder())
        ask = ("-m", "qa", "ask", "What tanks did the Soviet Union supply?", "--index", str(location))
        pairs = [(seconds(*ask), seconds("-c", LOAD, str(published_folder()))) for _ in range(rounds)]
    for ours, theirs in pairs:
        print(f"quoth ask {ours:.2f} s, sentence-transformers {theirs:.2f} s, {theirs / ours:.1f} times")
    print(f"median {statistics.median(theirs / ours for ours, theirs in pairs):.1f} times")


if __name__ == "__main__":
    main()
