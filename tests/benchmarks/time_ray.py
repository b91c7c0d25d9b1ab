"""How fast one and two of Ray's workers index, in turn, with the real encoder, into Milvus Lite.

    python tests/run_ray.py tests/benchmarks/time_ray.py BENCH [--passages N] [--times N]

BENCH is the folder of the question sets, whose paragraphs are indexed. Each row, a JSON object, has the passages
indexed a second, from the first file read until the generation is published, with the workers started before; and how
much processor time a wall second had: 2.0 on two cores means that nothing was left for more.
"""

import argparse
import json
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
            started, busy = time.perf_counter(), processor_seconds()
            _, report = build(essays, sink(f"milvus://{server.host}/ray"), encoder=load_encoder(), workers=pool)
            seconds, busy = time.perf_counter() - started, processor_seconds() - busy
    finally:
        server.stop()
    rate = report.passages / seconds
    return {
        "passages": report.passages,
        "passages_a_second": round(rate, 1),
        "seconds": round(seconds, 1),
        "cores_busy": round(busy / seconds, 2),
    }


def processor_seconds() -> float:
    """What all processes of this machine have computed, in seconds."""
    user, nice, system = map(int, Path("/proc/stat").read_text().split()[1:4])
    return (user + nice + system) / 100


if __name__ == "__main__":
    main()
