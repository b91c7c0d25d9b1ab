"""The blocks of Markdown as markdown-it finds them, and a heading's title without its marks.

What stands inside a line is not parsed: its time could grow faster than its length, and the source
is quoted as it stands. Of a heading alone the title is wanted without marks.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

References = dict[str, Any]  # as markdown-it keeps them
# A longer heading is shown as it stands.
_LONGEST_TITLE = 500


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def block_tokens(text: str) -> tuple[list[Token], References]:
    """The tokens of the blocks of Markdown (CommonMark with tables), and what its links refer to.

    Those of type "inline" have no children.
    """
    references: References = {}
    return _blocks_alone().parse(text.replace("\0", " "), references), references


@cache
def _blocks_alone() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])


def title_of(content: str, references: References) -> str:
    """What a heading's `content` says without its marks; `references` are those of its text."""
    if len(content) > _LONGEST_TITLE:
        return content.strip()
    (line,) = _parser().parseInline(content, references)
    return "".join(part.content for part in line.children or () if part.type in ("text", "code_inline")).strip()
