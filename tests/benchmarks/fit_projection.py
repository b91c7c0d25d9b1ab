"""Fit the fixed projection of token vectors that comes with Quoth for its default model.

    python tests/benchmarks/fit_projection.py FOLDER...

Each FOLDER holds essays. The projection is the first 128 principal components of their tokens'
unit vectors. The one that is shipped was fitted to the documents of the sets `squad-more`
(SQuAD 1.1) and `hotpot` (HotpotQA). Prints how much of the cosine between tokens it keeps.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from index.encoding.encoder import Encoder, Vectors, encode_passages
from index.encoding.loading import load_encoder
from index.encoding.tokens import Projection
from source.document import Document
from source.library import read_library


def main() -> None:
    encoder = load_encoder()
    tokens = tokens_of(encoder, map(Path, sys.argv[1:]))
    print(f"{len(tokens)} passages")
    fitted, held_out = np.concatenate(tokens[::2]), np.concatenate(tokens[1::2])
    projection = Projection.fit(fitted)
    sample = held_out[np.random.default_rng(0).choice(len(held_out), (2, 100_000))]
    exact = (sample[0] * sample[1]).sum(1)
    kept = (projection.project(sample[0]) * projection.unpack(projection.pack(sample[1]))).sum(1)
    print(f"correlation of cosines {np.corrcoef(exact, kept)[0, 1]:.4f}, mean error {np.abs(exact - kept).mean():.4f}")
    path = Path(__file__).parents[2] / "index" / "encoding" / "projections" / f"{encoder.fingerprint[:16]}.npz"
    projection.save(path)
    print(f"wrote {path.name}, {path.stat().st_size:,} bytes")


def tokens_of(encoder: Encoder, folders: Iterable[Path]) -> list[Vectors]:
    """The tokens (n, d) of each passage of the essays in these folders."""
    documents = [one for folder in folders for one in read_library(folder) if isinstance(one, Document)]
    texts = [(d.context(p), d.text[p.start : p.end]) for d in documents for p in d.passages]
    return [one.tokens for i in range(0, len(texts), 256) for one in encode_passages(encoder, texts[i : i + 256])]


if __name__ == "__main__":
    main()
