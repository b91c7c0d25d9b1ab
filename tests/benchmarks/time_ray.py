"""How fast one and two of Ray's workers index, in turn, with the real encoder, into Milvus Lite.

    python tests/run_ray.py tests/benchmarks/time_ray.py BENCH [--passages N] [--times N]

BENCH is the folder of the question sets, whose paragraphs are indexed. Each row, a JSON object, has the passages
indexed a second, from the first file read until the generation is published, with the workers started before; and the
seconds that the workers computed, and what they worked for (this process, and Milvus) beside them. On a machine that
does other things as well these tell more: two workers on two free cores are as much faster than one as `twice` says, if
all that is computed is spread over the cores.
"""

import argparse
import contextlib
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from large_library import write_library
from milvus_server import LiteServer

from index.build import build
from index.encoding.loading import load_encoder
from index.opening import sink
from index.ray.starting import workers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--passages", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    rates: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        essays = Path(folder) / "essays"
        write_library(essays, options.bench, options.passages)
        for turn in range(options.times):
            for count, measured in rates.items():
                row = timed(essays, Path(folder) / f"{turn}-{count}", count)
                measured.append(row["passages_a_second"])
                print(json.dumps({"workers": count, **row}), flush=True)
    medians = {count: statistics.median(measured) for count, measured in rates.items()}
    print(json.dumps({"medians": medians, "ratio": round(medians[2] / medians[1], 2)}))


def timed(essays: Path, place: Path, count: int) -> dict[str, float]:
    """Index the essays with so many workers, on a server of their own."""
    place.mkdir()
    server = LiteServer(place)
    server.start()
    try:
        with workers("", count) as pool:
            started, own, before = time.perf_counter(), time.process_time(), by_workers()
            _, report = build(essays, sink(f"milvus://{server.host}/ray"), encoder=load_encoder(), workers=pool)
            seconds, own = time.perf_counter() - started, time.process_time() - own + server.computed()
            by = by_workers() - before
    finally:
        server.stop()
    rate = report.passages / seconds
    return {
        "passages": report.passages,
        "passages_a_second": round(rate, 1),
        "seconds": round(seconds, 1),
        "by_workers": round(by, 1),
        "beside_them": round(own, 1),
        "twice": round(2 * by / (by + own), 2),
    }


def by_workers() -> float:
    """The seconds that Ray's workers and the processes that read for them have computed so far."""
    computed = 0
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (path / "cmdline").read_bytes().startswith(b"ray::RayWorker"):
                computed += sum(map(int, (path / "stat").read_text().rpartition(")")[2].split()[11:15]))
    return computed / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
