"""What a colon introduces is quoted with it, whatever it is."""

import pytest
from reading import passages, sentences

from source.formats.markdown import read_markdown
from source.formats.readers import read_here
from source.formats.text import read_text


@pytest.mark.parametrize(
    "introduced",
    [
        "```\nlift --slow\n```",
        "    lift --slow",
        "> The rope will not hold.",
        "| Rope | 9 |\n|---|---|\n| Hook | 4 |",
        "The frost.",
        "- rope\n- hook",
        "1. rope\n2. hook",
        "<blockquote>The rope will not hold.",
    ],
)
@pytest.mark.parametrize(
    "introduction", ["He wrote:", "**He wrote:**", "He wrote **this**:", "Er schrieb：", "_He wrote_:"]
)
def test_in_markdown(introduction: str, introduced: str) -> None:
    document = read_markdown(f"# Rope\n\nBefore.\n\n{introduction}\n\n{introduced}\n\nAfter.", "a.md")
    words = introduced.strip()
    assert passages(document) == ["Before.", passages(document)[1], "After."]
    assert passages(document)[1].startswith(introduction)
    assert passages(document)[1].endswith(words)


@pytest.mark.parametrize(
    "introduced", ["The frost.", "“Nobody may cross.”", "   Nobody may cross\n   the upper field.", "- frost\n- rain"]
)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n\r\n", "\n\n\n"])
def test_in_plain_text(introduced: str, gap: str) -> None:
    document = read_text(f"Rope{gap}{gap}He gave one reason:{gap}{introduced}{gap}{gap}After that he left.", "a.txt")
    (found,) = (one for one in passages(document) if one.startswith("He gave"))
    assert found.startswith("He gave one reason:")
    assert found.endswith((introduced.strip(), "After that he left.") if gap == "\n" else introduced.strip())


def test_a_heading_takes_nothing_in() -> None:
    document = read_markdown("# Rope\n\nHe wrote:\n\n## Later\n\nNothing.", "a.md")
    assert passages(document) == ["He wrote:", "Nothing."]


LONG = "The wall had stood for ninety years, and nobody in the valley thought that it would not stand for more. " * 7


@pytest.mark.parametrize(
    ("introduction", "introduced", "together"),
    [
        ("He wrote:", LONG + LONG, True),
        (LONG + "He wrote:", "“" + LONG.strip() + "”", True),
        (LONG + "He wrote:", "The frost.", True),
        (LONG + "It follows the formula:", LONG.strip(), False),
    ],
)
def test_a_colon_whose_formula_is_gone_takes_no_paragraph_in(
    introduction: str, introduced: str, *, together: bool
) -> None:
    for read, name in ((read_text, "a.txt"), (read_markdown, "a.md")):
        found = passages(read(f"Walls\n\n{introduction}\n\n{introduced.strip()}\n\nAfter.", name))
        assert (f"{introduction}\n\n{introduced.strip()}" in found) is together


@pytest.mark.parametrize(
    "introduction", ["He wrote on the wall:—", "As Lund rhymes it: --", "As Lund says\u2060—", "He wrote:–"]
)
def test_a_dash_introduces_what_stands_in_quotation_marks(introduction: str) -> None:
    document = read_text(f"Rope\n\nBefore it all.\n\n{introduction}\n\n“The water wins.”\n\nHe left.", "a.txt")
    assert passages(document)[1:] == [f"{introduction}\n\n“The water wins.”", "He left."]


def test_a_dash_introduces_no_paragraph() -> None:
    document = read_text("Rope\n\nHe meant to say more—\n\nThe rope broke. He fell.", "a.txt")
    assert passages(document) == ["He meant to say more—", "The rope broke. He fell."]


@pytest.mark.parametrize(
    "introduced", ["NO ENTRY", "Closed on Sundays", "1. of sand\n\n2. of oak", "(a) Of sand\n\n(b) Of oak"]
)
def test_what_a_colon_introduces_is_no_heading(introduced: str) -> None:
    document = read_text(f"Gate\n\nThe sign on it read:\n\n{introduced}\n\nThen the war came.", "a.txt")
    assert passages(document) == [f"The sign on it read:\n\n{introduced}", "Then the war came."]
    assert [heading.title for heading in document.headings] == ["Gate"]


@pytest.mark.parametrize("shown", ["$$v = 3h$$", "```\nlift --slow\n```", "> Nobody may cross.", "`lift --slow`"])
@pytest.mark.parametrize("begun", ["To lift the rope, type", "To lift the rope, type:", "He found, *as Bo wrote*,"])
def test_a_sentence_goes_on_below_what_is_shown_within_it(begun: str, shown: str) -> None:
    whole = f"{begun}\n\n{shown}\n\nwhere *h* is the height."
    document = read_markdown(f"# Rope\n\nBefore.\n\n{whole}\n\nAfter.", "a.md")
    assert passages(document) == ["Before.", whole, "After."]


def test_notes_in_small_letters_are_not_put_together() -> None:
    notes = ["rope is wet", "hook is lost.", "went home early."]
    document = read_markdown("# Rope\n\n" + "\n\n".join(notes), "a.md")
    assert passages(document) == notes


def test_what_follows_two_whole_sentences_is_a_paragraph() -> None:
    document = read_markdown("# Rope\n\nIt held.\n\nIt was old.\n\nand then it broke.", "a.md")
    assert passages(document) == ["It held.", "It was old.", "and then it broke."]


@pytest.mark.parametrize(
    "shown", ["<pre>v = 3h</pre>", "<blockquote>v = 3h</blockquote>", "<p><i>v</i> = 3<i>h</i></p>"]
)
def test_in_a_page_the_beginning_of_such_a_sentence_is_no_heading(shown: str) -> None:
    markup = f"<p>Before it held.</p><p>The head is</p>{shown}<p>where h is the height.</p><p>After.</p>"
    document = read_here(markup.encode(), "a.html")
    assert document.headings == ()
    assert passages(document) == ["Before it held.", "The head is\n\nv = 3h\n\nwhere h is the height.", "After."]


@pytest.mark.parametrize("items", ["- rope\n- hook", "1. rope\n2. hook"])
def test_a_list_goes_with_the_open_sentence_above_it(items: str) -> None:
    document = read_markdown(f"# Rope\n\nBefore.\n\nThe parts are as follows\n\n{items}\n\nAfter.", "a.md")
    assert passages(document) == ["Before.", f"The parts are as follows\n\n{items}", "After."]
    document = read_markdown(f"# Rope\n\nThe rope held.\n\n{items}", "a.md")
    assert passages(document) == ["The rope held.", items]


def test_a_sentence_with_a_formula_in_it_is_one() -> None:
    document = read_markdown("# Rope\n\nBefore. The head is\n\n$$v = 3h$$\n\nwhere h is the height. After.", "a.md")
    assert sentences(document) == ["Before.", "The head is\n\n$$v = 3h$$\n\nwhere h is the height.", "After."]


@pytest.mark.parametrize("rows", [3, 200])
def test_the_table_that_a_colon_introduces_is_quoted_with_it_unless_it_is_long(rows: int) -> None:
    table = "".join(f"<tr><td>Hook {i}</td><td>{i} pounds</td></tr>" for i in range(rows))
    document = read_here(f"<p>Before.</p><p>The prices were:</p><table>{table}</table><p>After.</p>".encode(), "a.html")
    assert len(passages(document)) == (3 if rows == 3 else rows + 2)
    assert passages(document)[1].startswith("The prices were:")
    assert sentences(document)[:4] == ["Before.", "The prices were:", "Hook 0: 0 pounds", "Hook 1: 1 pounds"]
