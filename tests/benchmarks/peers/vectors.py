"""Vectors for a corpus too large to be embedded once for each peer.

    python -m peers.vectors --model FOLDER --corpus FOLDER --out FILE

Real paragraphs are embedded, once for all corpora that hold the same, and kept beside FILE; the vector of a
varied one is drawn around the mean of those of the paragraphs that gave its sentences. Runs in the environment
of a peer that has sentence-transformers.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from peers.digests import digest
from peers.texts import read_paragraphs
from sentence_transformers import SentenceTransformer

_NOISE = 0.3  # length of the random part beside a unit vector


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("model", "corpus", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    paragraphs = read_paragraphs(options.corpus / "documents")
    sources = json.loads((options.corpus / "sources.json").read_text(encoding="utf-8"))
    real = paragraphs[: len(paragraphs) - len(sources)]
    vectors = _embedded(options.model, [text for _, text in real], options.out.parent)
    rows = {place: row for row, (place, _) in enumerate(real)}
    means = [_unit(vectors[[rows[place] for place in given]].mean(axis=0)) for given in sources]
    noise = np.random.default_rng(0).standard_normal((len(means), vectors.shape[1]))
    drawn = _unit(np.reshape(means, noise.shape) + _NOISE * _unit(noise))
    np.save(options.out, np.concatenate([vectors, drawn]).astype(np.float32))
    print("{}")  # a stage says that it has come to its end


def _embedded(model: Path, texts: list[str], folder: Path) -> np.ndarray:
    """The unit vectors of `texts`, kept in `folder`."""
    path = folder / f"embedded-{digest(texts, model / 'model.safetensors')[:12]}.npy"
    if not path.exists():
        vectors = SentenceTransformer(str(model)).encode(texts, normalize_embeddings=True)
        beside = path.with_suffix(".new.npy")
        np.save(beside, vectors)
        beside.rename(path)
    return np.load(path)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


if __name__ == "__main__":
    main()
