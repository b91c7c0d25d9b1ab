"""What a command does where nothing can be reached."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SUPPORT = Path(__file__).parent
APART = ["unshare", "--net", "--mount", sys.executable, str(SUPPORT / "offline.py")]


def apart(folder: Path, command: list[object], **options: str) -> dict[str, object]:
    """What a command did where nothing can be reached, in a home of its own."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    places = {name: str(home / name) for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    environment = {**kept, **places, "PYTHONPATH": str(SUPPORT.parents[1])}  # without CI, which silences much
    wanted = [part for name, value in options.items() for part in (f"--{name}", value)]
    result = folder / "result.json"
    done = subprocess.run(
        [*APART, *wanted, result, *map(str, command)], env=environment, capture_output=True, text=True, cwd=folder
    )
    if not result.exists() and ("Operation not permitted" in done.stderr or "unshare" in done.stderr):
        pytest.skip(f"no network of its own can be made here: {done.stderr.strip()[:200]}")
    assert done.returncode == 0, done.stderr
    values: dict[str, object] = json.loads(result.read_text())
    result.unlink()
    return values


def closed(folder: Path, did: dict[str, object]) -> None:
    """Nothing was looked up or sent, and nothing is on the disk but what is Quoth's."""
    assert (did["names"], did["no_route"]) == ([], 0), did
    left = [path for path in (folder / "home").rglob("*") if path.is_file()]
    strange = [path for path in left if "quoth" not in path.relative_to(folder / "home").parts[1]]
    assert strange == []
