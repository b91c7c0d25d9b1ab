"""The tokens of all passages, a span and a packed vector each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.encoding.tokens import Projection, unpacked_tokens
from index.local.files.shared_rows import SharedRows
from index.numbers import Slot
from index.protocol import Tokens


class TokenFiles:
    """Reads the tokens of passages from their `rows`, which `projection` has packed."""

    def __init__(self, rows: SharedRows, projection: Projection) -> None:
        self.rows = rows
        self._projection = projection

    def tokens(self, slots: Sequence[Slot]) -> list[Tokens]:
        """The tokens of each of the passages that lie there, in this order."""
        parts = [self.rows.of(slot) for slot in slots]
        if not parts:
            return []
        vectors, spans = unpacked_tokens(self._projection, np.concatenate(parts))
        ends = np.cumsum([len(part) for part in parts])
        return [
            Tokens(vectors[end - len(part) : end], spans[end - len(part) : end])
            for part, end in zip(parts, ends.tolist(), strict=True)
        ]
