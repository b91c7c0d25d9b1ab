"""The same essays in an index on disk and in collections of one Milvus Lite: built once, kept in a folder.

Both are made of the same vectors, which are read once: what differs afterwards is the index.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from milvus_server import LiteServer

from index.build import build
from index.encoding.encoder import Encoder
from index.opening import open_index, sink
from index.protocol import Index
from source.errors import NoIndex

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Beside:
    """Indexes by kind (`LOCAL`, FLAT, IVF_FLAT), and the seconds that those took which were built now."""

    indexes: Mapping[str, Index]
    seconds: Mapping[str, float]


@contextlib.contextmanager
def lite_server(work: Path) -> Iterator[LiteServer]:
    """A Milvus Lite whose collections stay in `work`."""
    folder = work / "milvus"
    folder.mkdir(parents=True, exist_ok=True)
    server = LiteServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def beside(
    essays: Path,
    name: str,
    work: Path,
    server: LiteServer,
    encoder: Callable[[], Encoder],
    kinds: Sequence[str] = ("FLAT",),
) -> Beside:
    """The essays in an index on disk, and in a collection of each of the `kinds`, built unless they are there."""
    collection = name.replace("-", "_")
    places = {LOCAL: str(work / name / "index")}
    places |= {kind: f"milvus://{server.host}/{collection}_{kind.lower()}?index={kind}" for kind in kinds}
    seconds: dict[str, float] = {}
    indexes: dict[str, Index] = {}
    for kind, place in places.items():
        try:
            indexes[kind] = open_index(place)
        except NoIndex:
            started = time.perf_counter()
            indexes[kind], _ = build(essays, sink(place), encoder=encoder())
            seconds[kind] = round(time.perf_counter() - started, 1)
            print(json.dumps({"set": name, "built": kind, "seconds": seconds[kind]}), file=sys.stderr, flush=True)
    return Beside(indexes, seconds)
