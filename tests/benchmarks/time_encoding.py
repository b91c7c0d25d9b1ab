"""Passages read per second: Quoth against sentence-transformers, same model, same texts, one run.

    python tests/benchmarks/time_encoding.py FOLDER [--passages 256] [--rounds 5] [--json FILE]

FOLDER holds essays. The two take turns, in processes of their own with their own default settings,
so that each has the machine to itself for its turn; the ratio of each round is given, and the
median. Also: how much of what the cores can do is reached, by the operations of the model and the
speed of a large matrix product in the same run.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

READ = """
import json, sys, time
texts = json.load(sys.stdin)
if sys.argv[1] == "quoth":
    from index.encoding.encoder import encode_passages
    from index.encoding.loading import load_encoder
    encoder = load_encoder()
    read = lambda: encode_passages(encoder, texts)
else:
    from sentence_transformers import SentenceTransformer
    model = SentenceTransformer(sys.argv[2])
    whole = [f"{context}. {text}" for context, text in texts]
    read = lambda: model.encode(whole)
read()
started = time.perf_counter()
read()
print(len(texts) / (time.perf_counter() - started))
"""
PRODUCT = """
import time, numpy
a = numpy.random.default_rng(0).random((3072, 3072), dtype=numpy.float32)
a @ a
started = time.perf_counter()
for _ in range(5):
    a @ a
print(5 * 2 * 3072**3 / (time.perf_counter() - started))
"""
LAYERS, DIMENSION, INNER = 6, 384, 1536


def run(script: str, *arguments: str, given: str = "") -> float:
    command = [sys.executable, "-c", script, *arguments]
    return float(subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout)


def operations(lengths: list[int]) -> float:
    """Multiplications and additions of the matrix products over texts of so many tokens."""
    dense = LAYERS * 2 * (4 * DIMENSION**2 + 2 * DIMENSION * INNER)
    return sum(length * dense + LAYERS * 4 * length**2 * DIMENSION for length in lengths)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()

    from index.encoding.encoder import CORES
    from index.encoding.loading import load_encoder
    from index.encoding.pinned import published_folder
    from source.document import Document
    from source.library import read_library

    documents = [one for one in read_library(options.folder) if isinstance(one, Document)]
    texts = [(d.context(p), d.text[p.start : p.end]) for d in documents for p in d.passages]
    texts = texts[:: max(1, len(texts) // options.passages)][: options.passages]
    encoder = load_encoder()
    lengths = [min(len(encoder.token_spans(f"{context}. {text}")) + 2, encoder.window) for context, text in texts]
    given = json.dumps(texts)
    rounds = []
    for _ in range(options.rounds):
        ours = run(READ, "quoth", given=given)
        product = run(PRODUCT)
        theirs = run(READ, "sentence-transformers", str(published_folder()), given=given)
        share = operations(lengths) / len(texts) * ours / product
        rounds.append({"quoth": ours, "sentence-transformers": theirs, "ratio": ours / theirs, "share_of_cores": share})
        print({name: round(value, 2) for name, value in rounds[-1].items()}, flush=True)
    values = {
        "command": " ".join(sys.argv),
        "machine": f"{CORES} cores, {platform.machine()}, Python {platform.python_version()}",
        "passages": len(texts),
        "tokens": sum(lengths),
        "median_ratio": statistics.median(one["ratio"] for one in rounds),
        "median_share_of_cores": statistics.median(one["share_of_cores"] for one in rounds),
        "rounds": rounds,
        "when": time.strftime("%Y-%m-%d"),
    }
    print(f"median ratio {values['median_ratio']:.2f}, of the cores {values['median_share_of_cores']:.0%}")
    if options.json:
        options.json.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
