"""Markdown as notes are kept in it: HTML inside, notes, tables, tasks, and no title but the file's name."""

import pytest
from reading import furniture, headings, nowhere, passages, sentences

from source.formats.markdown import read_markdown


@pytest.mark.parametrize(
    "markup",
    [
        "<aside>\n💡 The pier burned.\n</aside>",
        "<aside>\n💡 The pier burned.\n\n</aside>",
        '<p align="center">The pier burned.</p>',
        '<div class="note">\nThe pier burned.\n</div>',
        "<div>\n\nThe pier burned.\n\n</div>",
        "<blockquote>The pier burned.</blockquote>",
        "<figure><img src='a.png'><figcaption>The pier burned.</figcaption></figure>",
        "<center>\n  <b>The pier burned.</b>\n</center>",
        "<details open>\n<summary>The pier burned.</summary>\n</details>",
        "<!-- hidden --><div>The pier burned.</div>",
        "<Callout kind='note'>\nThe pier burned.\n</Callout>",
        "<ul><li>The pier burned.</li></ul>",
    ],
)
def test_text_inside_of_html_is_text(markup: str) -> None:
    document = read_markdown(f"# Piers\n\nBefore.\n\n{markup}\n\nAfter.", "a.md")
    assert [one.strip("💡 ").removeprefix("<b>").removesuffix("</b>") for one in passages(document)] == [
        "Before.",
        "The pier burned.",
        "After.",
    ]
    assert {reason for _, reason in furniture(document)} <= {"markup", "comment"}
    assert nowhere(document) == ""


def test_a_table_and_headings_in_html() -> None:
    text = "# Piers\n\n<h2>First</h2>\n<table>\n<tr><td>Oak</td><td>1788</td></tr>\n<tr><td>Stone</td></tr>\n</table>\n"
    document = read_markdown(text, "a.md")
    assert headings(document) == ["First"]
    assert [one for one in passages(document) if "Oak" in one or "Stone" in one] == passages(document)
    assert nowhere(document) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!-- hidden -->", "comment"),
        ("%% hidden %%", "comment"),
        ("%%\nhidden\nstill\n%%", "comment"),
        ("[//]: # (hidden)", "comment"),
        ("<br>", "markup"),
        ("<script>\nhidden()\n</script>", "markup"),
        ("<style>p { color: red }</style>", "markup"),
        ("[1]: http://example.com 'hidden'", "link definition"),
        ("[TOC]", "table of contents"),
        ("***", "rule"),
    ],
)
def test_what_is_not_shown_is_furniture(text: str, reason: str) -> None:
    document = read_markdown(f"# Piers\n\nBefore.\n\n{text}\n\nAfter.", "a.md")
    assert passages(document) == ["Before.", "After."]
    assert furniture(document) == [(text, reason)]


def test_code_of_mdx_is_furniture() -> None:
    document = read_markdown("import X from './x'\n\nexport const y = 1\n\nThe pier burned.\n\n<X y={y} />", "a.mdx")
    assert passages(document) == ["The pier burned."]


@pytest.mark.parametrize("front", ["", "---\ntags: [x]\n---\n"])
@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("The reed warbler winters in Senegal.\n\n## Nest\n\nIt hangs.", ["Nest"]),
        ("## Nest\n\nIt hangs.", ["Nest"]),
        ("### Nest\n\nIt hangs.\n\n## Eggs\n\nFour.", ["Nest", "Eggs"]),
        ("The reed warbler winters in Senegal.\n\n# Nest\n\nIt hangs.", ["Nest"]),
        ("# Nest\n\nIt hangs.\n\n# Eggs\n\nFour.", ["Nest", "Eggs"]),
        ("It hangs.", []),
    ],
)
@pytest.mark.parametrize(
    "name", ["Reed warblers.md", "birds/Reed warblers.markdown", "Reed warblers 0123456789abcdef0123456789abcdef.md"]
)
def test_a_note_without_a_title_is_called_by_its_file(front: str, body: str, found: list[str], name: str) -> None:
    document = read_markdown(front + body, name)
    assert (document.title, document.titled) == ("Reed warblers", False)
    assert headings(document) == found
    if body.startswith("The reed"):
        assert [p.headings for p in document.passages] == [(), ("Nest",)]


def test_front_matter_of_toml() -> None:
    front = '+++\ntitle = "Bees of Aske"\nauthor = ["Kari Lund", "Ole Berg"]\ndate = 1934-05-02T10:00:00Z\n+++'
    document = read_markdown(f"{front}\n\n## Swarms\n\nBees swarm.\n", "a.md")
    assert (document.title, document.author, document.date) == ("Bees of Aske", "Kari Lund, Ole Berg", "1934-05-02")
    assert furniture(document) == [(front, "front matter")]
    assert passages(read_markdown("+++\nBees swarm\n+++\n\nIn May.\n", "a.md"))[0].startswith("+++")


def test_the_heading_above_all_is_the_title() -> None:
    document = read_markdown("# Reed warblers\n\nThey winter in Senegal.\n\n## Nest\n\nIt hangs.", "a.md")
    assert (document.title, document.titled, headings(document)) == ("Reed warblers", True, ["Nest"])
    document = read_markdown("---\ntitle: Reed warblers\n---\n## Nest\n\nIt hangs.", "a.md")
    assert (document.title, headings(document)) == ("Reed warblers", ["Nest"])


def test_notes_are_passages_and_their_marks_close_the_sentence() -> None:
    text = "# Bells\n\nIt was cast here.[^1] It cracked.[^b] It leans.[^long-one]\n\n"
    text += "[^1]: Ledger.\n[^b]: In the frost.\n[^long-one]: On clay.\n    It moved once.\n"
    document = read_markdown(text, "a.md")
    assert sentences(document)[:3] == ["It was cast here.[^1]", "It cracked.[^b]", "It leans.[^long-one]"]
    assert passages(document)[1:] == [
        "[^1]: Ledger.",
        "[^b]: In the frost.",
        "[^long-one]: On clay.\n    It moved once.",
    ]
    assert furniture(document) == []


@pytest.mark.parametrize(
    "table",
    [
        "| Year | Wheat (t) | Rem. |\n|---|---|---|\n| 1911 | 14. | Late frost. Hail. |\n| 1912 | 21 | |",
        "Year | Wheat (t)\n---|---\n1911 | 14\n1912 | 21 (est. by Holm)",
        "| Year | Wheat (t) |\n|:--|--:|\n| 1911 | 14 |\n| 1912 | Why? Nobody knows. |",
    ],
)
def test_a_row_of_a_table_is_a_sentence(table: str) -> None:
    document = read_markdown(f"# Yields\n\nIt was wet.\n\n{table}\n\nAfter.", "a.md")
    rows = [row for row in table.split("\n") if any(map(str.isalnum, row))]
    assert sentences(document) == ["It was wet.", *rows, "After."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [ ] order frames #todo\n- [x] paint the hives", ["order frames #todo", "paint the hives"]),
        ("- order frames\n- paint the hives\n  twice a year", ["order frames", "paint the hives\n  twice a year"]),
        ("* order frames\n    * oak\n    * pine", ["order frames", "oak", "pine"]),
        ("1. order frames\n2. paint", ["order frames", "paint"]),
        ("- **Now**\n    1. order\n    2. paint", ["**Now**", "order", "paint"]),
        ("**Goal:** dam\n**Owner:** Kari\n**Risk**: frost", ["**Goal:** dam", "**Owner:** Kari", "**Risk**: frost"]),
        ("Owner: Kari\nStatus: done\nDate: May 14, 2023", ["Owner: Kari", "Status: done", "Date: May 14, 2023"]),
        ("> [!note] Swarming\n> Bees swarm in May.", ["> [!note] Swarming", "> Bees swarm in May."]),
        ("**Bees swarm.** *They eat.* __Soon.__ End.", ["**Bees swarm.**", "*They eat.*", "__Soon.__", "End."]),
        ("He left (**it rained**). Then `x.` End.", ["He left (**it rained**).", "Then `x.`", "End."]),
        ('"They swarm."[^2] He left.[3] It rained.', ['"They swarm."[^2]', "He left.[3]", "It rained."]),
        ("They swarm.\\[2\\] It rained.{4} End.", ["They swarm.\\[2\\]", "It rained.{4}", "End."]),
        ("**09:00** It left\n**10:15** It came", ["**09:00** It left", "**10:15** It came"]),
        ("**Owner** Kari\n**Risk** frost", ["**Owner** Kari", "**Risk** frost"]),
        ("<ul><li>rye</li><li>oats</li></ul>", ["rye", "oats"]),
        ("<details><summary>Who paid?</summary>The parish</details>", ["Who paid?", "The parish"]),
        (":::note\nBees swarm.\n:::", ["Bees swarm."]),
        (":::{.tip}\n\nBees swarm.\n\n:::", ["Bees swarm."]),
        ("Bees swarm in May.<sup>2</sup> They return.", ["Bees swarm in May.<sup>2</sup>", "They return."]),
    ],
)  # fmt: skip
def test_sentences_of_markdown(text: str, expected: list[str]) -> None:
    document = read_markdown(f"# Bees\n\n{text}\n", "a.md")
    assert sentences(document) == expected


def test_a_question_in_a_quotation_asks() -> None:
    document = read_markdown("> **Reporter:** Why red?\n>\n> **Holm:** Because it was cheap.", "a.md")
    assert [sentence.asks for passage in document.passages for sentence in passage.sentences] == [True, False]


@pytest.mark.parametrize(
    ("lines", "author", "date"),
    [
        ("*by Ada Potter and Bo Lind*", "Ada Potter and Bo Lind", ""),
        ("**By Ada Potter** | 2 June 2014", "Ada Potter", "2 June 2014"),
        ("By Ada Potter, June 2, 2014", "Ada Potter", "June 2, 2014"),
        ("Author: Ada Potter\nDate: 12 May 1999", "Ada Potter", "12 May 1999"),
        ("**Author:** Ada Potter\n\n**Date:** 1999", "Ada Potter", "1999"),
        ("von Ada Potter\n\n3. März 1907", "Ada Potter", "3. März 1907"),
        ("2014-06-02", "", "2014-06-02"),
    ],
)
def test_who_and_when_below_the_title(lines: str, author: str, date: str) -> None:
    document = read_markdown(f"# The Weir\n\n{lines}\n\nThe weir was built of elm.", "a.md")
    assert (document.author, document.date) == (author, date)
    assert passages(document) == ["The weir was built of elm."]
    assert "".join(text for text, _ in furniture(document)) == lines.replace("\n\n", "")
    assert {reason for _, reason in furniture(document)} == {"metadata"}


@pytest.mark.parametrize(
    "line", ["By Easter it leaked.", "By Easter", "Note: it leaked.", "It was sold on 2 June 2014", "May 2014 was wet."]
)
def test_what_only_looks_like_a_credit_is_text(line: str) -> None:
    document = read_markdown(f"# The Weir\n\n{line}\n\nThe weir was built of elm.", "a.md")
    assert (document.author, document.date) == ("", "")
    assert passages(document) == [line, "The weir was built of elm."]


@pytest.mark.parametrize("opens", [":::note", '{% hint style="info" %}', "{{< note >}}", "{{% note %}}"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_lines_that_fence_a_box_are_markup(opens: str, gap: str) -> None:
    document = read_markdown(f"# Bell\n\n{opens}{gap}The bell is cracked.{gap}{opens}\n\nIt rang.", "a.md")
    assert passages(document) == ["The bell is cracked.", "It rang."]
    assert furniture(document) == [(opens, "markup")] * 2


@pytest.mark.parametrize("bare", ["^a-block", '<video src="x"></video>', '<Tabs> <Tab label="1">'])
def test_what_has_no_words_is_markup(bare: str) -> None:
    document = read_markdown(f"# Bell\n\nThe bell is cracked.\n\n{bare}\n\nIt rang.", "a.md")
    assert passages(document) == ["The bell is cracked.", "It rang."]
    assert {reason for _, reason in furniture(document)} == {"markup"}
