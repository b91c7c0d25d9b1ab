"""Install a Milvus that runs anywhere into an environment of its own, and test the index over it.

    python tests/run_milvus.py [KILLS | SCRIPT ARGUMENT...]

With a number, so many builds are killed as well, and their server a third as often. A script is run there in place of
the tests: one of `tests/benchmarks`, say. Where QUOTH_MILVUS_ENV names a folder, the environment is made there once and
used again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Milvus Lite is the C++ core of Milvus in a package; it needs the `pkg_resources` of an older setuptools.
PACKAGES = ("setuptools==65.5.0", "milvus-lite==2.5.1", "pymilvus==2.6.17")
SECONDS = 600


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        python = environment(Path(os.environ.get("QUOTH_MILVUS_ENV") or f"{folder}/environment"))
        if is_script(sys.argv[1:]):
            return run_script(python)
        kills = ["--kills", sys.argv[1]] if len(sys.argv) > 1 else []
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/milvus", *kills]
        surroundings = {**os.environ, "QUOTH_MILVUS": "1", "OMP_NUM_THREADS": "1"}
        return subprocess.run(command, cwd=ROOT, env=surroundings).returncode


def is_script(arguments: Sequence[str]) -> bool:
    """Whether a script is to be run."""
    return bool(arguments) and arguments[0].endswith(".py")


def run_script(python: Path) -> int:
    """Run the script that was named, with its arguments and what `tests/support` holds."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "tests/support"), "OMP_NUM_THREADS": "1"}
    return subprocess.run([python, *sys.argv[1:]], env=surroundings).returncode


def environment(folder: Path, packages: Sequence[str] = PACKAGES) -> Path:
    """The Python of an environment that has what this one has, and `packages`; this one is left as it is."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if python.exists():
        return python
    venv.create(folder, with_pip=True)
    seen = [str(ROOT), *(path for path in sys.path if Path(path).name in ("site-packages", "dist-packages"))]
    (own,) = folder.glob("lib/python*/site-packages")
    (own / "zz_shared.pth").write_text("\n".join(seen) + "\n", encoding="utf-8")  # behind its own packages
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages]
    subprocess.run(install, check=True, timeout=SECONDS)
    return python


if __name__ == "__main__":
    sys.exit(main())
