"""Quoth on the peers' terms: the same model as they have, all-MiniLM-L6-v2, and no reader.

`quoth index FOLDER --index PATH --model all-MiniLM-L6-v2` to build and to rebuild, `retrieve(…, reader=False)` to ask.
It finds out by itself what changed. An answer that is *none* quotes nothing, and another may quote fewer than five;
both count as they are.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import ClassVar

from index.encoding.loading import load_encoder
from qa import retrieve
from qa.command.cli import main


class Peer:
    model: ClassVar[str] = "all-MiniLM-L6-v2"
    reader: ClassVar[bool] = False

    def __init__(self, model: Path) -> None:
        """Quoth brings the model itself."""

    def load(self) -> None:
        load_encoder(self.model)

    def build(self, documents: Path, index: Path, vectors: Path | None) -> None:
        if vectors:
            raise ValueError("Quoth needs the vectors of tokens as well: it always embeds")
        with contextlib.redirect_stdout(sys.stderr):
            status = main(["index", str(documents), "--index", str(index), "--model", self.model])
        if status:
            raise RuntimeError(f"quoth index ended with {status}")

    def update(self, documents: Path, index: Path, changed: str) -> None:
        self.build(documents, index, None)

    def open(self, index: Path) -> None:
        self.index = index

    def search(self, question: str, k: int) -> list[str]:
        answer = retrieve(question, k=k, index=self.index, reader=self.reader)
        return [f"{quote.document.name}#{quote.paragraph}" for quote in answer]
