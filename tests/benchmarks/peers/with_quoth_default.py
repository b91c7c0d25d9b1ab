"""Quoth as it comes: its own model, quoth-minilm, and its reader, which reads the best passages with the question."""

from __future__ import annotations

from typing import ClassVar

from peers import with_quoth


class Peer(with_quoth.Peer):
    model: ClassVar[str] = "quoth-minilm"
    reader: ClassVar[bool] = True
