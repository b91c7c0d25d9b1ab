"""What a reader writes into a text itself: known by two signs until the text has a place, then by spans.

The signs are noncharacters of Unicode, which no text holds that is meant to be read.
"""

from __future__ import annotations

from collections.abc import Iterable

from source.document import Span

START, _END = "\ufdd0", "\ufdd1"
_SIGNS = str.maketrans("", "", START + _END)


def inserted(text: str) -> str:
    """`text`, which is not the file's, marked as such."""
    return f"{START}{text}{_END}"


def marked(text: str, spans: Iterable[Span]) -> str:
    """`text` with its `spans` marked as inserted: the inverse of `told_apart`."""
    pieces, at = [], 0
    for span in spans:
        pieces += [text[at : span.start], inserted(text[span.start : span.end])]
        at = span.end
    return "".join([*pieces, text[at:]])


def told_apart(text: str) -> tuple[str, tuple[Span, ...]]:
    """`text` without marks, and the spans in it that were marked; marks of a file's own mean nothing worse."""
    if START not in text:
        return text.translate(_SIGNS), ()
    pieces: list[str] = []
    spans: list[Span] = []
    at = 0
    for i, piece in enumerate(text.split(START)):
        own, end, rest = piece.partition(_END) if i else ("", "", piece)
        if end and own:
            spans.append(Span(at, at + len(own)))
        whole = (own + rest).translate(_SIGNS)
        pieces.append(whole)
        at += len(whole)
    return "".join(pieces), tuple(spans)


def bare(text: str) -> str:
    """`text` without marks."""
    return text.translate(_SIGNS)
