"""Draw a reader that was trained on back to the one that ships, and put it in its place.

    python tests/benchmarks/ship_reader.py TRAINED [--share S]

TRAINED is the `reader.safetensors` of train_reader.py. What ships is S of it and the rest of what shipped before.
Prints the SHA-256 that `qa/ranking/minilm_reader.py` pins; the numbers are to be fitted again then (fit_models.py).
"""

import argparse
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from qa.ranking.minilm_reader import WEIGHTS

Tensors = Mapping[str, NDArray[np.floating]]


def drawn_back(trained: Tensors, before: Tensors, share: float) -> Tensors:
    """`share` of what was trained and the rest of what was before, each tensor as exact as it was."""
    return {
        name: (value.astype(np.float32) * (1 - share) + trained[name].astype(np.float32) * share).astype(value.dtype)
        for name, value in before.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path)
    parser.add_argument("--share", type=float, default=0.5)
    options = parser.parse_args()
    save_file(dict(drawn_back(load_file(options.trained), load_file(WEIGHTS.path), options.share)), WEIGHTS.path)
    print(hashlib.sha256(WEIGHTS.path.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
