"""Quoth: `quoth index FOLDER --index PATH` to build and to rebuild, `retrieve` to ask.

It finds out by itself what changed. An answer that is *none* quotes nothing, and a *found* answer may
quote fewer than five; both count as they are.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from index.encoding.loading import load_encoder
from qa import retrieve
from qa.command.cli import main


class Peer:
    def __init__(self, model: Path) -> None:
        """Quoth brings the model itself."""

    def load(self) -> None:
        load_encoder()

    def build(self, documents: Path, index: Path, vectors: Path | None) -> None:
        if vectors:
            raise ValueError("Quoth needs the vectors of tokens as well: it always embeds")
        with contextlib.redirect_stdout(sys.stderr):
            status = main(["index", str(documents), "--index", str(index)])
        if status:
            raise RuntimeError(f"quoth index ended with {status}")

    def update(self, documents: Path, index: Path, changed: str) -> None:
        self.build(documents, index, None)

    def open(self, index: Path) -> None:
        self.index = index

    def search(self, question: str, k: int) -> list[str]:
        answer = retrieve(question, k=k, index=self.index)
        return [f"{quote.document.name}#{quote.paragraph}" for quote in answer.quotes]
