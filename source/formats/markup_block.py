"""Blocks of HTML inside Markdown: what stands between their tags is text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from source.document import Reason, Span
from source.structure.blocks import Block, Kind, trimmed

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<![A-Z].*?(?:>|\Z)", re.DOTALL)
_UNREAD = re.compile(r"<(script|style|template|svg)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
# Tags at which a block begins or ends; all others stand inside a sentence.
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure"
    r"|footer|form|h[1-6]|header|hr|html|iframe|legend|li|main|menu|nav|ol|p|picture|pre|section|source|summary|table"
    r"|tbody|tfoot|thead|tr|ul|video|audio|img|(?-i:[A-Z]\w*))\b[^>]*>",
    re.IGNORECASE,
)
_HEADING = re.compile(r"<h([1-6])\b[^>]*>\Z", re.IGNORECASE)
_ITEM = re.compile(r"<(?:li|dt|dd)\b[^>]*>\Z", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


def markup_blocks(text: str, span: Span) -> Iterator[Block]:
    """The blocks of the HTML at `span`: headings, items and paragraphs between its tags, the tags as furniture."""
    at = span.start
    for found in _apart(text, span):
        yield from _text(text, at, found.start())
        reason = Reason.COMMENT if text.startswith(("<!", "<?"), found.start()) else Reason.MARKUP
        yield Block(found.start(), found.end(), Kind.FURNITURE, reason=reason)
        at = found.end()
    yield from _text(text, at, span.end)


def _apart(text: str, span: Span) -> Iterator[re.Match[str]]:
    """Comments, scripts and block tags, in order."""
    at = span.start
    while at < span.end and (start := text.find("<", at, span.end)) >= 0:
        found = next(
            (one for p in (_COMMENT, _UNREAD, _BLOCK) if (one := p.match(text, start, span.end))),
            None,
        )
        if found is not None:
            yield found
        at = found.end() if found is not None else start + 1


def _text(text: str, start: int, end: int) -> Iterator[Block]:
    """What stands between two block tags: a block if it holds letters, else furniture."""
    own = trimmed(text, start, end)
    words = text[own.start : own.end]
    if not words:
        return
    bare = _TAG.sub("", words).strip()
    if not any(map(str.isalnum, bare)):
        yield Block(own.start, own.end, Kind.FURNITURE, reason=Reason.MARKUP)
    elif heading := _HEADING.search(text, max(0, start - 200), start):
        yield Block(own.start, own.end, Kind.HEADING, int(heading[1]), " ".join(bare.split()))
    else:
        item = _ITEM.search(text, max(0, start - 200), start)
        yield Block(own.start, own.end, Kind.LIST if item else Kind.TEXT)
