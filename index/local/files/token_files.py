"""The tokens of all passages, a span and a packed vector each."""

from __future__ import annotations

from collections.abc import Sequence

from index.encoding.projection import Projection
from index.encoding.tokens import unpacked_tokens
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
        rows, ends = self.rows.of_all(slots)
        return [Tokens(*one) for one in unpacked_tokens(self._projection, rows, ends)]
