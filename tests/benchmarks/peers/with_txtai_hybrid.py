"""txtai with content and `hybrid`: its BM25 index and its vectors together, as its documentation advises."""

from __future__ import annotations

from typing import ClassVar

from peers import with_txtai


class Peer(with_txtai.Peer):
    settings: ClassVar[dict[str, object]] = {"content": True, "hybrid": True}
