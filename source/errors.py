"""The errors that the reader of the message can put right: one tree, of which `UserError` is the root."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence


class UserError(Exception):
    """Something the user can mend: the message is one sentence that says what, which and what to do."""


class UnreadableFile(UserError):
    """A file that cannot become a document; the message is the reason, without the file's name."""


class BadQuestion(UserError, ValueError):
    """A question that cannot be asked: it is empty, or no quote is wanted."""


class NoIndex(UserError):
    """There is no index where one was looked for."""


class DamagedIndex(UserError):
    """An index that is not as it was written, or that this Quoth cannot read; the message names what rebuilds it."""


class OtherModel(UserError):
    """An index that was built with other weights than those that would be asked."""


class NoDocument(UserError):
    """A document that the index does not hold; which of the `known` is nearest is looked for when it is told."""

    def __init__(self, name: str, known: Callable[[], Sequence[str]]) -> None:
        super().__init__(name)
        self._name, self._known = name, known

    def __str__(self) -> str:
        near = difflib.get_close_matches(self._name, self._known(), 1, 0)
        hint = f"; the nearest is {near[0]!r}." if near else "."
        return f"The index holds no document {self._name!r}{hint}"
