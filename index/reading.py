"""What decides how a file is read and stored: a generation takes over texts only where that is as it was."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import platform
import re
from functools import cache
from pathlib import Path

import index
import source


@cache
def reading() -> str:
    """A hash of all that decides how a file is read and stored: the code, the packages it may use, and Python.

    Each Python has its own table of Unicode, and so may find other words: what was searched could not be taken away.
    """
    digest = hashlib.sha256(f"{platform.python_version()}\n".encode())
    for package in (source, index):
        for path in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            digest.update(path.read_bytes())
    for requirement in sorted(importlib.metadata.requires("quoth") or []):
        name = re.split(r"[^\w.-]", requirement)[0]
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    return digest.hexdigest()
