"""A text that is made of pieces, each let go when the next comes: what joins them at the end holds all of it twice."""

from __future__ import annotations


class GrowingText:
    """A text that grows at its end, where it lies."""

    def __init__(self) -> None:
        self._text = ""

    def add(self, piece: str) -> None:
        """Add `piece` to its end."""
        text, self._text = self._text, ""  # a text that one name alone has is not copied
        text += piece
        self._text = text

    def whole(self) -> str:
        """All of it."""
        return self._text
