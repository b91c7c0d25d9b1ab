"""Fit the fixed projection of token vectors that comes with Quoth for a model.

    python tests/benchmarks/fit_projection.py [--model MODEL] [--steps] FOLDER...

Each FOLDER holds essays. The projection is the first 128 principal components of their tokens' unit vectors; with
--steps the components that ship stay and only the widths of their steps are fitted anew. What ships was fitted to the
documents of the sets `squad-more` (SQuAD 1.1) and `hotpot` (HotpotQA), and the default model's components were trained
on from there (train_encoder.py). Prints how much of the cosine between tokens it keeps.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from index.encoding.encoder import DEFAULT_MODEL, Encoder, Vectors, encode_passages
from index.encoding.loading import load_encoder
from index.encoding.projection import Projection
from index.encoding.tokens import packed_tokens, unpacked_passages
from source.document import Document
from source.library import read_library

PROJECTIONS = Path(__file__).parents[2] / "index" / "encoding" / "projections"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--steps", action="store_true")
    options = parser.parse_args()
    encoder = load_encoder(options.model)
    path = PROJECTIONS / f"{encoder.fingerprint[:16]}.npz"
    tokens = tokens_of(encoder, options.folders)
    print(f"{len(tokens)} passages")
    fitted, held_out = tokens[::2], tokens[1::2]
    scaled = options.steps and Projection.scaled(Projection.open(path).components, fitted)
    projection = scaled or Projection.fit(fitted)
    packed = [packed_tokens(projection, one, np.zeros((len(one), 2), np.int32)) for one in held_out]
    whole, kept = np.concatenate(held_out), np.concatenate([one for one, _ in unpacked_passages(projection, packed)])
    first, second = np.random.default_rng(0).choice(len(whole), (2, 100_000))
    exact = (whole[first] * whole[second]).sum(1)
    found = (projection.project(whole[first]) * kept[second]).sum(1)
    print(
        f"correlation of cosines {np.corrcoef(exact, found)[0, 1]:.4f}, mean error {np.abs(exact - found).mean():.4f}"
    )
    projection.save(path)
    print(f"wrote {path.name}, {path.stat().st_size:,} bytes")


def tokens_of(encoder: Encoder, folders: Iterable[Path]) -> list[Vectors]:
    """The tokens (n, d) of each passage of the essays in these folders."""
    documents = [one for folder in folders for one in read_library(folder) if isinstance(one, Document)]
    texts = [(d.context(p), d.text[p.start : p.end]) for d in documents for p in d.passages]
    return [one.tokens for i in range(0, len(texts), 256) for one in encode_passages(encoder, texts[i : i + 256])]


if __name__ == "__main__":
    main()
