"""What may be asked: a question, how many quotes, of which documents."""

from __future__ import annotations

import operator
from collections.abc import Collection
from typing import Literal, SupportsIndex

from index.words import lexical
from source.errors import BadQuestion, UserError

# "answer" stops where the next passage is worth clearly less; "list" is whole, each passage by its own score.
Mode = Literal["answer", "list"]
MODES: tuple[Mode, ...] = ("answer", "list")
# Whoever asks for so many quotes and names no mode wants a list.
LIST_FROM = 11
# The longest question that is read; what is beyond is not looked at.
LONGEST_QUESTION = 2000
# So many phrases in quotation marks may be asked for: each is looked for in every candidate.
MOST_PHRASES = 30


def checked(question: object, k: object = 1, mode: object = None, documents: object = None) -> str:
    """`question` without white space around it, clipped to a length that can be read.

    Raises BadQuestion if it is empty, no text or names too many phrases, `k` is no number from 1 on, there
    is no such `mode`, or `documents` is no collection of names.
    """
    if mode is not None and mode not in MODES:
        raise BadQuestion(f"mode is {mode!r}; it can be {' or '.join(map(repr, MODES))}.")
    if not isinstance(question, str):
        raise BadQuestion(f"The question is {_named(question)}; ask with a text.")
    if not question.strip():
        raise BadQuestion("The question is empty; ask something.")
    if _number(k) < 1:
        raise BadQuestion(f"k is {k}; ask for at least 1 quote.")
    check_documents(documents)
    question = question.strip()[:LONGEST_QUESTION]
    if (count := len(lexical.phrases(question))) > MOST_PHRASES:
        raise BadQuestion(
            f"The question has {count} phrases in quotation marks; at most {MOST_PHRASES} are looked for."
        )
    return question


def check_documents(documents: object) -> None:
    """See that `documents` is a collection of names, or None. Raises BadQuestion."""
    if documents is None:
        return
    if isinstance(documents, str):
        raise BadQuestion(f"documents is the text {documents!r}; name documents in a list: [{documents!r}].")
    if not isinstance(documents, Collection):
        raise BadQuestion(f"documents is {_named(documents)}; give a list of documents' names.")
    strange = [one for one in documents if not isinstance(one, str)]
    if strange:
        raise BadQuestion(f"documents holds {_named(strange[0])}; name documents by texts, as the index does.")


def check_index(index: object) -> None:
    """See that `index` is an open one. Raises UserError."""
    if not hasattr(index, "model_sha256"):
        raise UserError(f"index is {_named(index)}; give a path, or an index that is open.")


def is_list(k: int, mode: Mode | None) -> bool:
    """Whether a list of passages is wanted, not the answer alone."""
    return mode == "list" or (mode is None and k >= LIST_FROM)


def _number(k: object) -> int:
    if isinstance(k, SupportsIndex) and not isinstance(k, bool):
        return operator.index(k)
    raise BadQuestion(f"k is {_named(k)}; give a whole number of quotes.")


def _named(value: object) -> str:
    return "None" if value is None else f"{repr(value)[:80]} ({type(value).__name__})"
