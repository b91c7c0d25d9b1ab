"""Letters in every format: the greeting, the closing and the names belong to what is written."""

import pytest
from reading import headings, passages

from source.document import Document
from source.formats.markdown import read_markdown
from source.formats.readers import read_here

MORE = "We buried her by the mill, and nobody in the house spoke of it until the spring."


def letter(kind: str, closing: list[str]) -> Document:
    parts = ["Hallgate, 4 March 1887", "My dear Brother,", "The grey mare died.", MORE, *closing, "P.S. It snows."]
    if kind == "md":
        return read_markdown("# Letters\n\n" + "\n\n".join(parts), "a.md")
    markup = "".join(f"<p>{part}</p>" for part in parts).replace("\n", "<br>")
    return read_here(f"<h1>Letters</h1>{markup}".encode(), "a.html")


@pytest.mark.parametrize("kind", ["md", "html"])
@pytest.mark.parametrize(
    "closing",
    [
        ["Your affectionate sister,", "Edith"],
        ["Yours ever,\nEdith"],
        ["With love,", "Edith Marsh\nTreasurer"],
        ["Mit freundlichen Grüßen", "Edith Marsh"],
        ["Best wishes", "Edith"],
    ],
)
def test_a_letter_is_quoted_with_its_frame(closing: list[str], kind: str) -> None:
    document = letter(kind, closing)
    gap = "\n\n"
    assert headings(document) == []
    assert passages(document) == [
        "Hallgate, 4 March 1887",
        f"My dear Brother,{gap}The grey mare died.",
        gap.join([MORE, *closing]),
        "P.S. It snows.",
    ]


@pytest.mark.parametrize("name", ["<b>Edith</b>", "<strong>Edith Marsh</strong>"])
def test_a_name_in_bold_below_a_closing_heads_nothing(name: str) -> None:
    document = read_here(
        f"<h1>Letters</h1><p>{MORE}</p><p>Yours ever,</p><p>{name}</p><p>{MORE}</p>".encode(), "a.html"
    )
    assert headings(document) == []
    assert document.passages[1].headings == ()


@pytest.mark.parametrize("line", ["Very small boats", "Always the sea", "Love"])
def test_a_short_line_that_no_name_follows_closes_no_letter(line: str) -> None:
    document = read_markdown(f"# Boats\n\n{MORE}\n\n{line}\n\n{MORE}", "a.md")
    assert passages(document) == [MORE, line, MORE]


def test_a_marked_heading_below_a_closing_is_one() -> None:
    document = read_markdown(f"# Letters\n\n{MORE}\n\nYours ever,\n\n## Edith\n\n{MORE}", "a.md")
    assert headings(document) == ["Edith"]
