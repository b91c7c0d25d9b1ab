"""Draw a trained encoder back to the published one and put it where the product reads it.

    python tests/benchmarks/ship_encoder.py TRAINED FOLDER... [--share S]

TRAINED is the `encoder.safetensors` of train_encoder.py. What ships is S of it and the rest of all-MiniLM-L6-v2, in
`index/encoding/weights`, and the projection, whose scale is fitted to the tokens of the essays in each FOLDER. Prints
the SHA-256 that `index/encoding/pinned.py` pins.
"""

import argparse
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from fit_projection import PROJECTIONS, tokens_of
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from index.encoding.encoder import Vectors
from index.encoding.minilm import MiniLM, published_layers
from index.encoding.pinned import PUBLISHED_SHA256, TUNED_WEIGHTS
from index.encoding.projection import Projection, shipped_projection


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--share", type=float, default=0.5)
    options = parser.parse_args()
    layers, components = drawn_back(load_file(options.trained), options.share)
    TUNED_WEIGHTS.path.parent.mkdir(exist_ok=True)
    save_file(layers, TUNED_WEIGHTS.path)
    sha256 = hashlib.sha256(TUNED_WEIGHTS.path.read_bytes()).hexdigest()
    encoder = MiniLM("", sha256, {name: value.astype(np.float32) for name, value in layers.items()})
    tokens = tokens_of(encoder, options.folders)
    projection = Projection.scaled(components, tokens)
    projection.save(PROJECTIONS / f"{sha256[:16]}.npz")
    print(f"{sha256}, projection's scale of {len(tokens)} passages")


def drawn_back(trained: Mapping[str, Vectors], share: float) -> tuple[dict[str, NDArray[np.float16]], Vectors]:
    """The layers and the projection's components: `share` of what was trained, the rest of what was published."""
    first = shipped_projection(PUBLISHED_SHA256)
    assert first is not None
    layers = {
        name: (value * (1 - share) + trained[name] * share).astype(np.float16)
        for name, value in published_layers().items()
        if name in trained
    }
    return layers, np.asarray(first.components * (1 - share) + trained["projection"] * share, np.float32)


if __name__ == "__main__":
    main()
