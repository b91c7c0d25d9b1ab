"""Install what the adapters adapt to, each into an environment of its own, and test them with it.

    python tests/run_adapters.py [NAME ...]

Where QUOTH_ADAPTERS_ENV names a folder, the environments are made there once and used again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMES = ("langchain", "llama-index", "haystack")
SECONDS = 1800


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(os.environ.get("QUOTH_ADAPTERS_ENV") or made)
        return max(tested(name, environment(folder / name, name)) for name in sys.argv[1:] or NAMES)


def tested(name: str, python: Path) -> int:
    """Whether all is well with one adapter, as pytest says it."""
    module = name.replace("-", "_")
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/adapters/test_{module}.py"]
    # What these frameworks warn of by themselves is not ours to mend.
    surroundings = {**os.environ, "QUOTH_ADAPTER": module, "HAYSTACK_TELEMETRY_ENABLED": "False"}
    return subprocess.run([*command, "-W", "ignore"], cwd=ROOT, env=surroundings).returncode


def environment(folder: Path, name: str) -> Path:
    """The Python of an environment that has what this one has, and the extra `name`; this one is left as it is."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if python.exists():
        return python
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    venv.create(folder, with_pip=True)
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*install, *project["optional-dependencies"][name]], check=True, timeout=SECONDS)
    seen = [str(ROOT), *(path for path in sys.path if Path(path).name in ("site-packages", "dist-packages"))]
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "zz_shared.pth").write_text("\n".join(seen) + "\n", encoding="utf-8")  # behind its own packages
    return python


if __name__ == "__main__":
    sys.exit(main())
