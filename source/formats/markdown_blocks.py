"""The blocks of Markdown as markdown-it finds them, and a heading's title without its marks.

What stands inside a line is not parsed: its time could grow faster than its length, and the source
is quoted as it stands. Of a heading alone the title is wanted without marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

References = dict[str, Any]  # as markdown-it keeps them
# A longer heading is shown as it stands.
_LONGEST_TITLE = 500
_LINE_END = re.compile(r"\r\n|\r|\n")
_GAP = re.compile(r"(?>\r\n|\r|\n)[ \t]*(?>\r\n|\r|\n)")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def block_tokens(
    text: str, start: int, references: References, part_size: int = 1 << 20
) -> Iterator[tuple[list[Token], list[int]]]:
    """The tokens of the blocks of Markdown (CommonMark with tables) from character `start` on, some blocks at a time.

    With them comes where the lines start that their maps count, and where the last one ends. Tokens of type "inline"
    have no children. What links refer to is added to `references`. So many characters are read at a time, and those
    up to the next empty line.
    """
    size = part_size
    while start < len(text):
        gap = _GAP.search(text, start + size)
        end = gap.end() if gap else len(text)
        part = text[start:end]
        # markdown-it counts lines by "\n" after turning "\r\n" and "\r" into it.
        starts = [start, *(start + found.end() for found in _LINE_END.finditer(part)), end]
        tokens = _blocks_alone().parse(part.replace("\0", " "), references)
        blocks = [(i, token.map[0]) for i, token in enumerate(tokens) if token.map and not token.level]
        if gap and blocks:  # the last block may go on behind the gap: it is read again with what follows
            last, line = blocks[-1]
            end, tokens = starts[line], tokens[:last]
        if start < end:
            yield tokens, starts
        size = part_size if start < end else 2 * size
        start = end


@cache
def _blocks_alone() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])


def title_of(content: str, references: References) -> str:
    """What a heading's `content` says without its marks; `references` are those of its text."""
    if len(content) > _LONGEST_TITLE:
        return content.strip()
    (line,) = _parser().parseInline(content, references)
    return "".join(part.content for part in line.children or () if part.type in ("text", "code_inline")).strip()
