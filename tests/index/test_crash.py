"""The plug is pulled: killed builds, full disks, folders that cannot be written."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from crash import answers, library
from small_encoder import SmallEncoder

from index.local.build import build
from source.errors import UserError

SUPPORT = Path(__file__).parents[1] / "support"
POSIX = pytest.mark.skipif(os.name == "nt", reason="no fork there")


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join((str(SUPPORT), str(SUPPORT.parents[1])))
    command = [sys.executable, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": paths}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@POSIX
@pytest.mark.parametrize(("how", "kills"), [("KILL", 100), ("INT", 20), ("TERM", 20)])
def test_a_build_killed_at_any_moment_leaves_whole_answers(tmp_path: Path, how: str, kills: int) -> None:
    done = run(SUPPORT / "crash.py", tmp_path, str(kills), how)
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert counts["changed nothing"] + counts.get("published whole", 0) == kills
    if how == "KILL":
        assert counts["published whole"] > 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB, where the system lets us make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        allowed = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        allowed = False
    if not allowed:
        pytest.skip("disks can only be mounted by root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_changes_nothing(small_disk: Path, tmp_path: Path) -> None:
    location = small_disk / "index"
    build(library(tmp_path / "one", "first"), location, encoder=SmallEncoder())
    before = answers(location)
    large = library(tmp_path / "two", "second")
    for number in range(40):
        (large / f"more-{number}.txt").write_text("\n\n".join(f"Tank {i} of {number}." for i in range(90)))
    with pytest.raises(UserError, match=r"could not be written: .*(space|full).*; it is as it was"):
        build(large, location, encoder=SmallEncoder())
    assert answers(location) == before
    assert not list((location / "snapshots").glob("building-*"))


@POSIX
def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    location = tmp_path / "index"
    folder = library(tmp_path / "one", "first")
    build(folder, location, encoder=SmallEncoder())
    before = answers(location)
    script = (
        "import os, sys; from pathlib import Path; from small_encoder import SmallEncoder;"
        "from index.local.build import build; from source.errors import UserError\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "try: build(Path(sys.argv[1]), Path(sys.argv[2]), encoder=SmallEncoder())\n"
        "except UserError as error: print(error)"
    )
    for path in [location, *location.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in [*tmp_path.parents][:-2]:  # for another user to get there
        if path.owner() == tmp_path.owner() and "pytest" in str(path):
            path.chmod(0o755)
    tmp_path.chmod(0o755)
    done = run("-c", script, folder, location)
    for path in [location, *location.rglob("*")]:
        path.chmod(0o755)
    assert "could not be written: Permission denied; it is as it was." in done.stdout, done.stderr
    assert answers(location) == before
