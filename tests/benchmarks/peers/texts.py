"""The paragraphs of a folder of texts: how every peer but Quoth reads them."""

from __future__ import annotations

from pathlib import Path


def read_paragraphs(documents: Path) -> list[tuple[str, str]]:
    """The paragraphs under `documents` in order, as (id, text); an empty line parts them."""
    return [
        (f"{path.name}#{number}", text)
        for path in sorted(documents.glob("*.txt"))
        for number, text in enumerate(path.read_text(encoding="utf-8").rstrip("\n").split("\n\n"), 1)
    ]
