"""Ray's workers build what this process builds, whoever of them dies. `tests/run_ray.py` installs Ray."""

import os
import signal
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from alike import assert_alike, quoted

from index.build import build
from index.encoding.encoder import Encoder
from index.encoding.loading import load_encoder
from index.local.build import build as build_locally
from index.local.snapshot import Snapshot
from index.opening import open_index, sink
from index.protocol import Index
from index.ray.pool import RayWorkers
from index.ray.starting import workers
from source.selection import Selection

if not find_spec("ray"):
    pytest.skip("needs Ray", allow_module_level=True)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="module")
def local() -> Iterator[RayWorkers]:
    """A Ray on this machine."""
    before = listening()
    with workers("") as started:
        assert all("0100007F:" in place for place in listening() - before)  # 127.0.0.1
        yield started


def listening() -> set[str]:
    """Where anything listens on this machine, as the kernel writes addresses."""
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    rows = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    return {row[1] for row in rows if row[3] == "0A"}


def worker_processes() -> list[int]:
    """The processes of Ray's workers that are Quoth's."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().startswith(b"ray::Worker"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def killing() -> tuple[Callable[[int, int], None], list[int]]:
    """Progress that kills a worker before the first batch, and one when a batch is done; and who was killed."""
    killed: list[int] = []

    def progress(done: int, _total: int) -> None:
        if len(killed) < 1 + bool(done):
            process = next(one for one in worker_processes() if one not in killed)
            os.kill(process, signal.SIGKILL)
            killed.append(process)

    return progress, killed


def step(index: Snapshot) -> float:
    """The largest step between two neighbouring values of a token's vector, and a little more."""
    return 1.01 * float(index.projection.scale.max())


def test_workers_build_what_this_process_builds(
    address: str, essays: Path, tmp_path: Path, encoder: Encoder, local: RayWorkers
) -> None:
    stored, expected = build_locally(essays, tmp_path / "index", encoder=encoder)
    progress, killed = killing()
    index, report = build(essays, sink(address), encoder=encoder, progress=progress, workers=local)
    assert len(killed) == 2
    assert (str(report).rsplit(",", 1)[0], report.embedded) == (str(expected).rsplit(",", 1)[0], expected.embedded)
    assert_alike(index, stored, encoder, step(stored))
    assert quoted(index, encoder) == quoted(stored, encoder)
    (essays / "new.txt").write_text("New\n\nA tank nobody has seen.\n", encoding="utf-8")
    (essays / "krieg.txt").unlink()
    fewer = Selection(exclude=("sea",))
    stored, expected = build_locally(essays, tmp_path / "index", encoder=encoder, selection=fewer)
    index, report = build(essays, sink(address), encoder=encoder, workers=local, selection=fewer)
    assert (report.embedded, report.changes) == (expected.embedded, expected.changes)
    numbers = range(stored.statistics.passages)
    assert index.passages(numbers) == stored.passages(numbers)
    assert quoted(index, encoder) == quoted(stored, encoder)
    assert_stopped(address, essays, index, encoder, local)


def assert_stopped(address: str, essays: Path, first: Index, encoder: Encoder, local: RayWorkers) -> None:
    """A build that is stopped ends the workers, and then leaves nothing."""
    (essays / "new.txt").write_text("New\n\nA tank somebody has seen.\n", encoding="utf-8")

    def stop(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(essays, sink(address), encoder=encoder, progress=stop, workers=local)
    tables, generation = first.tables, first.manifest.generation  # type: ignore[attr-defined]
    assert tables.where(tables.passages, f"born > {generation}", ["id"], "Strong") == []
    assert open_index(address).name == first.name
