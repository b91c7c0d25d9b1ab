"""How long questions take over 1,000 to 1,000,000 passages, and what the index costs.

    python tests/benchmarks/time_questions.py BENCH [--passages N]... [--work FOLDER] [--keep]

BENCH is the folder of the question sets; see large_library.py for what the passages are. Each size
runs in a process of its own, through the real build and the real retriever, and is printed as one
JSON object: build seconds (beside those of the encoder), bytes a passage, peak memory, milliseconds
a question by parts, recall of the approximate search against the exact one, and the share of
questions about something else that are refused. With --keep the library and index stay in FOLDER.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from large_library import REAL, SETS, RecordedEncoder, SyntheticEncoder, sentences, write_library
from timed import Timed

from index.encoding.encoder import Encoded, Encoder
from index.encoding.loading import load_encoder
from index.local.build import build
from index.local.location import NoIndex
from index.local.snapshot import Snapshot
from qa.evaluation.evaluate import questions
from qa.retriever import Retriever

TESTS = Path(__file__).parents[1]
SIZES = (1_000, 10_000, 100_000, 1_000_000)
PARTS = {"encode": "encode", "nearest": "vectors", "matching": "words"}


class Counting:
    """An encoder that measures the seconds it takes while an index is built."""

    def __init__(self, inner: Encoder) -> None:
        self._inner = inner
        self.seconds = 0.0

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def encode(self, texts: Sequence[str], *, question: bool = False) -> list[Encoded]:
        started = time.perf_counter()
        read = self._inner.encode(texts, question=question)
        self.seconds += time.perf_counter() - started
        return read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--passages", type=int, action="append")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "quoth-time-questions")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        print(json.dumps(measured(options.bench, options.passages[0], options.work)), flush=True)
        return
    for passages in options.passages or SIZES:
        work = options.work / str(passages)
        command = [sys.executable, __file__, str(options.bench), "--alone", "--passages", str(passages)]
        subprocess.run([*command, "--work", str(work)], check=True)
        if not options.keep:
            shutil.rmtree(work)


def measured(bench: Path, passages: int, work: Path) -> dict[str, object]:
    """Build an index of so many passages in `work`, or take the one that is there, and ask it."""
    real = load_encoder()
    try:
        snapshot, built = Snapshot.open(work / "index"), {}
    except NoIndex:
        snapshot, built = _built(bench, passages, work, real)
    started = time.perf_counter()
    Snapshot.open(work / "index")
    opened = time.perf_counter() - started
    size = sum(path.stat().st_size for path in snapshot.folder.iterdir())
    return {
        "command": f"python tests/benchmarks/time_questions.py BENCH --passages {passages}",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "passages": snapshot.statistics.passages,
        "documents": len(snapshot.entries),
        "vectors": "real" if passages <= REAL else "around real ones, two sentences a passage",
        **built,
        "open_seconds": round(opened, 3),
        "bytes_a_passage": round(size / snapshot.statistics.passages),
        **asked(snapshot, real, bench),
    }


def _built(bench: Path, passages: int, work: Path, real: Encoder) -> tuple[Snapshot, dict[str, object]]:
    write_library(work / "library", bench, passages)
    if passages <= REAL:
        encoder = Counting(RecordedEncoder(real, work.parent / "read-passages"))
    else:
        encoder = Counting(SyntheticEncoder(real, sentences(bench), work.parent / "read-sentences"))
    before = _memory()
    started = time.perf_counter()
    snapshot, _ = build(work / "library", work / "index", encoder=encoder)  # type: ignore[arg-type]
    seconds = time.perf_counter() - started
    first = {"build_seconds": round(seconds, 1), "of_which_encoder": round(encoder.seconds, 1)}
    memory = {"memory_before_build_mb": before, "peak_memory_of_build_mb": _memory()}
    essay = sorted((work / "library").iterdir())[len(snapshot.entries) // 2]
    text = essay.read_text(encoding="utf-8")
    essay.write_text(text.replace("\n\n", "\n\nNobody has said this before. ", 1), encoding="utf-8")
    started = time.perf_counter()
    # The changed passage is none of the synthetic ones: the real encoder reads it.
    snapshot, report = build(work / "library", work / "index", encoder=real)
    again = {"rebuild_seconds": round(time.perf_counter() - started, 2), "rebuild_embedded": report.embedded}
    return snapshot, {**first, **memory, **again}


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def asked(snapshot: Snapshot, encoder: Encoder, bench: Path) -> dict[str, object]:
    """Milliseconds a question by parts, recall, and refusals."""
    texts = [q.question for name in SETS for q in questions(bench / name, 60) if q.answerable]
    files = [TESTS / name for name in ("essay_questions.jsonl", "offtopic_questions.jsonl")]
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    seconds: dict[str, float] = defaultdict(float)
    retriever = Retriever(Timed(snapshot, PARTS, seconds), Timed(encoder, PARTS, seconds))  # type: ignore[arg-type]
    times: dict[str, list[float]] = defaultdict(list)
    for question in [*texts, *texts]:  # the second time is the warm one
        seconds.clear()
        started = time.perf_counter()
        retriever.answer(question)
        whole = time.perf_counter() - started
        parts = {part: seconds[part] for part in PARTS.values()}
        for part, value in {"whole": whole, **parts, "rank and quote": whole - sum(parts.values())}.items():
            times[part].append(value * 1000)
    warm = {part: values[len(texts) :] for part, values in times.items()}
    foreign = [retriever.answer(json.loads(line)["question"]).status == "none" for line in lines]
    return {
        "questions": len(texts),
        "milliseconds": {
            part: {f"p{q}": round(float(np.percentile(values, q)), 2) for q in (50, 95)}
            for part, values in warm.items()
        },
        "recall": {f"@{k}": recall(snapshot, encoder, texts[::8], k) for k in (10, 30)},
        "refused": round(float(np.mean(foreign)), 3),
        "peak_memory_mb": _memory(),
    }


def recall(snapshot: Snapshot, encoder: Encoder, texts: Sequence[str], k: int) -> float:
    """The share of the `k` nearest passages that the index's search finds."""
    names = [entry.name for entry in snapshot.entries]
    shares = []
    for text in texts:
        vector = encoder.encode([text], question=True)[0].vector
        exact, found = snapshot.nearest(vector, k, names), snapshot.nearest(vector, k)
        shares.append(len({hit.passage for hit in exact} & {hit.passage for hit in found}) / k)
    return round(float(np.mean(shares)), 4)


if __name__ == "__main__":
    main()
