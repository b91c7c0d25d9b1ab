"""What an essay says is text in Markdown, too: however its lines end, nothing of it leaves the quotation."""

import itertools
import re
from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt

from qa.quotations.markdown import block, escaped_markdown, plain

PIECES = ("![x](http://elsewhere/a.png)", "# Head", "<script>x</script>", "- item", "1. item", "=====", "```", "> on")
LONG = "A line of prose that an editor's right margin broke, and no author did, as can be seen from its length."

MARKUP = {"image", "heading_open", "html_block", "html_inline", "list_item_open", "link_open", "hr"}


def shown(markdown: str) -> tuple[set[str], str]:
    """The kinds of what Markdown shows, and its letters without white space."""
    tokens = MarkdownIt("commonmark").parse(markdown)
    each = [one for token in tokens for one in (token, *(token.children or ()))]
    return {one.type for one in each}, "".join("".join(one.content for one in each if one.type != "inline").split())


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\n\r", "\r\r", "\n\n", "\x0b", "\x0c", "\x85", "\u2028"])
@pytest.mark.parametrize("first", ["Verse", LONG])
def test_no_line_leaves_its_quotation(first: str, end: str) -> None:
    for piece, other in itertools.product(PIECES, repeat=2):
        text = end.join((first, piece, other, first))
        for markdown in (block(text, "there"), block(text, "there", escaped_markdown(text))):
            tokens = MarkdownIt("commonmark").parse(markdown)
            assert [(one.type, one.level) for one in tokens if not one.level] == [
                ("blockquote_open", 0),
                ("blockquote_close", 0),
            ]
            kinds, letters = shown(markdown)
            assert not kinds & MARKUP
            assert letters == "".join(f"{text}— there".split())


@pytest.mark.parametrize("text", [*PIECES, "-", "+ a", "2) b", "---", "1.", "===", "* * *"])
def test_a_line_of_text_is_a_line_of_text(text: str) -> None:
    kinds, letters = shown(f"{plain(text)}\n")
    assert kinds <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close"}
    assert letters == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    "text", ["See http://a.b/c_d now", "HTTPS://a.b/*", "ftp://a.b", "www.a.b/c_d~e", "WWW.a.b", "a//b"]
)
@pytest.mark.parametrize(
    "written", [plain, lambda text: block(text, text), lambda text: block(text, "", escaped_markdown(text))]
)
def test_an_address_is_no_link(text: str, written: Callable[[str], str]) -> None:
    # GitHub's Markdown makes links of these, and would show the backslashes in them.
    kinds, letters = shown(written(text))
    assert not kinds & MARKUP
    assert set("".join(text.split())) <= set(letters)
    assert not re.search(r"(?<!\\)://|www\.", written(text), re.IGNORECASE)
