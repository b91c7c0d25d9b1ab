"""Markdown → Document: markdown-it says where its blocks stand."""

from __future__ import annotations

import re

from source.document import Document, Reason, Span
from source.formats.front_matter import with_front_matter
from source.formats.markdown_blocks import block_tokens, title_of
from source.structure.blocks import Block, Kind, joined_lists, structured, trimmed


def read_markdown(text: str, name: str) -> Document:
    """Markdown (CommonMark with tables), with or without YAML front matter; the source is the text."""
    document, front, start = with_front_matter(text, name)
    return structured(document, front + joined_lists(text, _markdown_blocks(text, start)))


def _markdown_blocks(text: str, start: int) -> list[Block]:
    """The blocks of Markdown: markdown-it says on which lines each stands."""
    # markdown-it counts lines by "\n" after turning "\r\n" and "\r" into it.
    ends = [found.end() for found in re.finditer(r"\r\n|\r|\n", text[start:])]
    starts = [start, *(start + end for end in ends), len(text)]
    blocks: list[Block] = []
    tokens, references = block_tokens(text[start:])
    for i, token in enumerate(tokens):
        if token.level or token.map is None:
            continue
        span = trimmed(text, starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)])
        if span.start == span.end:
            continue
        if token.type == "heading_open":
            title = title_of(tokens[i + 1].content, references)
            blocks.append(Block(span.start, span.end, Kind.HEADING, int(token.tag[1]), title))
        else:
            reason = Reason.RULE
            if token.type == "html_block":
                reason = Reason.COMMENT if text.startswith("<!--", span.start) else Reason.MARKUP
            blocks.append(Block(span.start, span.end, _markdown_kind(token.type), reason=reason))
    return _with_gaps(text, start, blocks)


def _markdown_kind(token_type: str) -> Kind:
    if token_type in ("bullet_list_open", "ordered_list_open"):
        return Kind.LIST
    return Kind.FURNITURE if token_type in ("hr", "html_block") else Kind.TEXT


def _with_gaps(text: str, start: int, blocks: list[Block]) -> list[Block]:
    """`blocks` and, as furniture, what stands between them (link definitions have no token)."""
    whole: list[Block] = []
    at = start
    for block in [*blocks, Block(len(text), len(text), Kind.FURNITURE)]:
        gap: Span = trimmed(text, at, block.start)
        if gap.start < gap.end:
            whole.append(Block(gap.start, gap.end, Kind.FURNITURE, reason=Reason.LINK))
        if block.start < block.end:
            whole.append(block)
        at = block.end
    return whole
