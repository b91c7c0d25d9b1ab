"""Markdown is shown as it is read: its marks are found, or nothing is hidden, and no letter is lost."""

import random
import re

import pytest
from shown import Text, document, quotation, quotes_of

from qa.page.html.card import card, copied
from qa.page.html.essay import essay, marks_of
from qa.page.html.marking import marked
from qa.page.html.rendering import rendering
from source.document import Span

TABLE = "| Lighthouse | Built |\n|---|---|\n| *Eddy*stone | 1882 |\n| Bell Rock | |"


def read(text: str) -> str:
    """What is left of `text` when its marks are hidden."""
    signs = rendering(text).signs
    return "".join(sign for at, sign in enumerate(text) if not any(one.start <= at < one.end for one in signs))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("A **bold *and* quiet** lamp.", "A bold and quiet lamp."),
        ("__init__ and ~~gone~~", "init and gone"),
        ('See [the rules](rules.md "So (be) it") of `co*de`.', "See the rules of co*de."),
        ("<https://a.b/c> [x][y] ``a`b``", "https://a.b/c [x][y] a`b"),
        ("![a *lamp*](lamp.png) burns", "a *lamp* burns"),
        ("It costs 2 \\* 3 &amp; <b>more</b>.", "It costs 2 * 3 &amp; more."),
        ("A <script>alert(1)</script> *tag*", "A <script>alert(1)</script> tag"),
        ("*one\r\ntwo*  \nthree", "one\r\ntwo  \nthree"),
        ("- First, *look*.\n- Then\n  **go**.", "- First, look.\n- Then\n  go."),
        ("> *q*\n> r", "> q\n> r"),
        ("1. 1 *a* 1", "1. 1 a 1"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("```\n*code*\n```", "```\n*code*\n```"),
        ("a | b \\| *c*", "a | b | c"),
    ],
)
def test_marks_are_hidden_and_nothing_else(text, left):
    assert read(text) == left


def test_a_table_is_cells_that_cover_its_source():
    found = rendering(TABLE)
    assert [[TABLE[cell.start : cell.end] for cell in row] for row in found.rows] == [
        ["| Lighthouse", " | Built |\n|---|---|\n"],
        ["| *Eddy*stone", " | 1882 |\n"],
        ["| Bell Rock", " | |"],
    ]
    assert read(TABLE) == "LighthouseBuiltEddystone1882Bell Rock"


def test_the_row_that_answers_and_the_head_are_told_in_a_table():
    (quote,) = quotes_of(document(f"# On Lighthouses\n\n{TABLE}\n", "towers.md"))
    row = quote.text.index("| *Eddy*")
    span = Span(quote.start + row, quote.start + row + len("| *Eddy*stone | 1882 |"))
    markup = card(quote, "0-1")
    assert quotation(markup) == quote.text
    assert copied(quote).startswith("“| Lighthouse | Built |")
    page = essay(quote.document, marks_of(quote.document, f"{span.start}-{span.end}"), "/essay/towers.md")
    table = re.search(r"<table>(.*)</table>", page, re.DOTALL)[1]
    rows = table.split("<tr")[1:]
    assert [row.startswith(' class="answers"') for row in rows] == [False, True, False]
    assert rows[0].count("<th>") == 2
    assert table.count('<mark id="m1">') == 1
    assert table.count('<mark class="more">') == 1
    assert Text(f"<table>{table}</table>").text == quote.text


def test_no_letter_is_lost_whatever_the_markdown():
    chance = random.Random(2)
    pieces = ["*", "**", "_", "`", "``", "[", "](", ")", "<", ">", "|", "\\", "\n", "\r\n", "- ", "&amp;"]
    pieces += ["a", "b c", "~~", "!", "\n\n", "|---|\n"]
    for _ in range(1_500):
        text = "".join(chance.choices(pieces, k=chance.randrange(1, 30)))
        found = rendering(text)
        assert all(0 <= one.start < one.end <= len(text) for one in found.signs)
        if found.rows:
            assert "".join(text[cell.start : cell.end] for row in found.rows for cell in row) == text
        layers = {"sign": found.signs, **found.styles}
        drawn = marked(text, Span(0, len(text)), [Span(0, len(text) // 2)], layers=layers, cells=found.rows)
        assert Text(drawn).text == text
        hidden = "".join(text[one.start : one.end] for one in found.signs)
        assert hidden.count("b c") <= text.count("](") + text.count("[") + text.count("<")


@pytest.mark.parametrize("text", ["[a](" * 3_000, "*" * 9_000, "`" * 9_000, "[" * 9_000, '[a](b "' + '" "' * 3_000])
def test_hostile_markdown_is_read_or_left(text):
    assert len(read(text)) <= len(text)


def test_front_matter_is_set_apart_and_essays_from_the_right_are_turned():
    page = document("---\ntitle: A\ndate: 1911\n---\nIt is so.\n", "a.md")
    assert '<p class="furniture front"' in essay(page, marks_of(page, ""), "/essay/a.md")
    assert 'dir="ltr"' in essay(page, marks_of(page, ""), "/essay/a.md")
    hebrew = document("הכפר על גדת הנהר\n\nהכפר על גדת הנהר הוא כפר קטן ויפה מאוד.\n", "he.txt")
    assert '<article class="essay" data-document="he.txt" lang="he" dir="rtl"' in essay(
        hebrew, marks_of(hebrew, ""), ""
    )
