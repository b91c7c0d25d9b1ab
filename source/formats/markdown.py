"""Markdown → Document: markdown-it says where its blocks stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, pairwise

from markdown_it.token import Token

from source.document import Document, Reason, Span
from source.formats.front_matter import with_front_matter
from source.formats.markdown_blocks import References, block_tokens, title_of
from source.formats.markup_block import markup_blocks
from source.structure.blocks import Block, Blocks, Kind, trimmed
from source.structure.passages import structured

# A note below the text, "[^1]: …", which CommonMark takes for a link's definition where it is one word.
_NOTE = re.compile(r"^[ ]{0,3}\[\^[^\]\s]+\]:", re.MULTILINE)
# What Obsidian does not show, and what stands for a table of contents.
_COMMENT = re.compile(r"%%.*%%|\[//\]: # .*|\[comment\]: .*", re.DOTALL)
_CONTENTS = re.compile(r"\[TOC\]|\[\[_?TOC_?\]\]|\{:toc\}|\$\{toc\}", re.IGNORECASE)
# Lines that open and close a box: ":::note", ":::", "{% hint %}", "{{< note >}}".
_FENCE = re.compile(
    r"^[ \t]*(?::{3,}[ \t]*(?:[\w-]+|\{[^{}\r\n]*\})?|\{%[^%{}\r\n]*%\}|\{\{[<%][^{}\r\n]*[>%]\}\})[ \t]*$",
    re.MULTILINE,
)
# What Logseq and Roam keep of an item and do not show.
_PROPERTY = re.compile(
    r"^[ \t]+(?P<property>(?:id|collapsed|heading|background-color|created-at|updated-at|card-[\w-]+|logseq[\w.-]+"
    r"|query-[\w-]+|hl-[\w-]+|ls-type|icon)::[ \t][^\r\n]*)$",
    re.MULTILINE,
)
# What a term means, below it.
_MEANING = re.compile(r"[:~][ \t]{1,3}(?=\S)")
# What has no words: tags alone, the name of a block that Obsidian links to, attributes of Kramdown.
_BARE = re.compile(r"(?:\s*</?[a-zA-Z][^<>]*>)+\s*|\^[a-zA-Z0-9-]+|\{:[^{}\r\n]*\}")
# Lines of MDX that are code.
_CODE = re.compile(
    r"(?:import\s.+\sfrom\s.+|import\s['\"].+['\"];?|export\s(?:const|default|let|function)\b.*)", re.DOTALL
)


def read_markdown(text: str, name: str) -> Document:
    """Markdown (CommonMark with tables), with or without YAML front matter; the source is the text.

    A note without a title is called by the name of its file.
    """
    document, front, start = with_front_matter(text, name)
    code = name.lower().endswith(".mdx")
    return structured(document, chain(front, _markdown_blocks(text, start, code=code)), named=True)


def _markdown_blocks(text: str, start: int, *, code: bool) -> Blocks:
    """The blocks of Markdown: markdown-it says on which lines each stands."""
    references: References = {}
    contents: dict[int, str] = {}
    own = _own_blocks(text, start, references, contents, code=code)
    blocks = Blocks(_with_gaps(text, start, _defined(text, own)))
    for i, block in enumerate(blocks):  # what a heading's links refer to may stand anywhere
        if block.start in contents:
            blocks[i] = replace(block, title=title_of(contents[block.start], references))
    return blocks


def _own_blocks(
    text: str, start: int, references: References, contents: dict[int, str], *, code: bool
) -> Iterator[Block]:
    """The blocks of which markdown-it tells; what headings say, by where they start, is added to `contents`."""
    for tokens, starts in block_tokens(text, start, references):
        for i, token in enumerate(tokens):
            if token.level or token.map is None:
                continue
            span = trimmed(text, starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)])
            if token.type == "heading_open":
                contents[span.start] = tokens[i + 1].content
            if span.start < span.end:
                yield from _token_blocks(text, token, span, code=code)


def _defined(text: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """`blocks` with what a term means, ":   …" as Pandoc has it, joined to the term."""
    last: Block | None = None
    for block in blocks:
        means = block.kind is Kind.TEXT and _MEANING.match(text, block.start) is not None
        if last is not None and last.kind is Kind.TEXT and means:
            last = replace(last, end=block.end)
            continue
        yield from () if last is None else (last,)
        last = block
    yield from () if last is None else (last,)


def _token_blocks(text: str, token: Token, span: Span, *, code: bool) -> Iterator[Block]:
    """The blocks of one token, which stands at `span`."""
    kind, words = token.type, text[span.start : span.end]
    if kind == "heading_open":
        yield Block(span.start, span.end, Kind.HEADING, int(token.tag[1]))
    elif kind == "html_block":
        yield from markup_blocks(text, span)
    elif kind == "hr":
        yield Block(span.start, span.end, Kind.FURNITURE, reason=Reason.RULE)
    elif kind == "paragraph_open" and (reason := _unshown(words, code=code)):
        yield Block(span.start, span.end, Kind.FURNITURE, reason=reason)
    elif kind == "paragraph_open":
        yield from _unfenced(text, span)
    else:
        yield Block(span.start, span.end, Kind.LIST if kind.endswith("list_open") else Kind.TEXT)
        for found in _PROPERTY.finditer(text, span.start, span.end):
            yield Block(*found.span("property"), Kind.FURNITURE, reason=Reason.METADATA)


def _unshown(words: str, *, code: bool) -> Reason | None:
    """Why a paragraph is no text: the author's comment, a table of contents to be filled in, code of MDX."""
    if _COMMENT.fullmatch(words) and "%%" not in words[2:-2]:
        return Reason.COMMENT
    if _CONTENTS.fullmatch(words):
        return Reason.CONTENTS
    return Reason.MARKUP if _BARE.fullmatch(words) or (code and _CODE.fullmatch(words)) else None


def _unfenced(text: str, span: Span) -> Iterator[Block]:
    """A paragraph without the lines that open and close a box around it."""
    at = span.start
    for fence in [*_FENCE.finditer(text, span.start, span.end), None]:
        own = trimmed(text, at, fence.start() if fence else span.end)
        if own.start < own.end:
            yield from _notes(text, own)
        if fence:
            mark = trimmed(text, *fence.span())
            yield Block(mark.start, mark.end, Kind.FURNITURE, reason=Reason.MARKUP)
            at = fence.end()


def _notes(text: str, span: Span) -> Iterator[Block]:
    """A paragraph as one block, or each of its notes as one."""
    starts = [span.start, *(found.start() for found in _NOTE.finditer(text, span.start + 1, span.end)), span.end]
    if not _NOTE.match(text, span.start, span.end):
        starts = [span.start, span.end]
    for start, end in pairwise(starts):
        note = trimmed(text, start, end)
        yield Block(note.start, note.end, Kind.TEXT)


def _with_gaps(text: str, start: int, blocks: Iterable[Block]) -> Iterator[Block]:
    """`blocks` and what stands between them: link definitions have no token, nor notes of one word."""
    at = start
    for block in chain(blocks, [Block(len(text), len(text), Kind.FURNITURE)]):
        gap = trimmed(text, at, block.start)
        for line in re.finditer(r"[^\r\n]+", text[gap.start : gap.end]):
            one = trimmed(text, gap.start + line.start(), gap.start + line.end())
            if one.start == one.end:
                continue
            if _NOTE.match(text, one.start, one.end):
                yield Block(one.start, one.end, Kind.TEXT)
            else:
                reason = Reason.COMMENT if _COMMENT.fullmatch(text, one.start, one.end) else Reason.LINK
                yield Block(one.start, one.end, Kind.FURNITURE, reason=reason)
        if block.start < block.end:
            yield block
        at = max(at, block.end)
