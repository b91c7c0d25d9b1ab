"""Paragraphs, headings, boxes and columns of a PDF: nothing is lost as a heading, nothing is glued on."""

from pathlib import Path

import pytest
from fpdf import FPDF
from signs import Signs, paragraph, write_signs

from source.document import Document
from source.formats.readers import read_here

BODY = [
    "It burned in 1844 after a lamp fell into the chaff, and",
    "the brothers, who were old by then, sold the ground to",
    "the parish for the price of the bricks.",
]
LEAD = [
    "The mill on the lower river was built of brick in",
    "1802 by two brothers from the coast, who had never",
    "seen a water wheel before and trusted a carpenter",
    "to tell them where it should stand.",
]


def printed(tmp_path: Path, *pages: list[Signs]) -> Document:
    return read_here(write_signs(tmp_path / "a.pdf", *pages).read_bytes(), "a.pdf")


def texts(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.passages]


def much_text(y: float) -> list[Signs]:
    return [sign for i in range(6) for sign in paragraph(50, y + 60 * i, BODY)]


PARAGRAPHS = {
    "larger": paragraph(50, 100, LEAD, size=11.5, step=14),
    "much larger": paragraph(50, 100, LEAD, size=13, step=16),
    "bold": paragraph(50, 100, LEAD, bold=True),
    "bold, of one long line": [
        Signs(50, 100, "The parish kept the wheel. It turned for years and was let.", bold=True)
    ],
    "larger, without its full stop": paragraph(
        50, 100, [*LEAD[:3], "to tell them where it should stand"], size=12, step=15
    ),
    "two sentences in two large lines": paragraph(50, 100, ["The mill was built in 1802. It was of", "brick"], size=12),
}


@pytest.mark.parametrize("name", PARAGRAPHS)
def test_a_paragraph_in_larger_or_bold_type_is_quoted(name: str, tmp_path: Path) -> None:
    lead = PARAGRAPHS[name]
    document = printed(tmp_path, [Signs(50, 50, "The mill", 20), *lead, *much_text(200)])
    assert texts(document)[0] == " ".join(one.text for one in lead)
    assert texts(document)[1:] == [" ".join(BODY)] * 6
    assert [h.title for h in document.headings] == ["The mill"]


HEADINGS = {
    "large": (paragraph(50, 100, ["How it was built"], size=14), "How it was built"),
    "of two lines": (paragraph(50, 100, ["How the mill on the lower river", "was built"], size=14, step=17),
                     "How the mill on the lower river was built"),
    "bold": (paragraph(50, 120, ["How it was built"], bold=True), "How it was built"),
    "bold, close to its text": (paragraph(50, 138, ["How it was built"], bold=True), "How it was built"),
    "numbered": (paragraph(50, 120, ["2.1 Of St. Olaf and the mill"], size=13), "2.1 Of St. Olaf and the mill"),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADINGS)
def test_headings_are_still_headings(name: str, tmp_path: Path) -> None:
    lines, title = HEADINGS[name]
    document = printed(tmp_path, [*paragraph(50, 40, BODY), *lines, *much_text(150)])
    assert [h.title for h in document.headings] == [title]
    assert texts(document) == [" ".join(BODY)] * 7


REST = Signs(50, 112, "Won, the manager of the office in the valley.")
RUN_IN = {
    "a bold beginning": [Signs(50, 100, "FOR MORE, ASK:", bold=True), Signs(125, 100, "Ian"), REST],
    "a small bold beginning": [Signs(50, 100, "FOR MORE, ASK:", 8, bold=True), Signs(110, 100, "Ian"), REST],
    "a bold line within": [
        Signs(50, 100, "The parish kept the wheel, which turned all day, and at"),
        Signs(50, 112, "last let it out to a man who ground the old bones there", bold=True),
        Signs(50, 124, "for the fields until the railway came."),
    ],
}


@pytest.mark.parametrize("name", RUN_IN)
def test_bold_words_of_a_sentence_are_no_heading(name: str, tmp_path: Path) -> None:
    lines = RUN_IN[name]
    document = printed(tmp_path, [*lines, *much_text(200)])
    assert texts(document)[0] == " ".join(one.text for one in lines)
    assert document.headings == ()


BOX = ["Did you know?", "The wheel weighed", "four tons and no", "man could turn it."]
BESIDE = [
    "The mill on the lower river", "was built of brick in 1802", "by two brothers who came",
    "from the coast and trusted", "a carpenter",
]  # fmt: skip
BELOW = ["to tell them where it should stand, for they had never seen", "a water wheel before they came there."]
FLOWING = " ".join(BESIDE + BELOW)
TEXT, SMALL = paragraph(50, 100, BESIDE), paragraph(230, 100, BOX, size=8, step=11)
REST_OF_TEXT = paragraph(50, 160, BELOW)
BOXES = {
    "right": [*TEXT, *SMALL, *REST_OF_TEXT],
    "right, of one size and pitch": [*TEXT, *paragraph(230, 100, BOX), *REST_OF_TEXT],
    "left": [*paragraph(50, 100, BOX, size=8, step=11), *paragraph(180, 100, BESIDE), *REST_OF_TEXT],
    "first in the file": [*SMALL, *TEXT, *REST_OF_TEXT],
    "lower down": [*TEXT, *paragraph(230, 112, BOX, size=9, step=11), *REST_OF_TEXT],
}


@pytest.mark.parametrize("name", BOXES)
def test_a_box_beside_the_text_stays_out_of_its_sentence(name: str, tmp_path: Path) -> None:
    document = printed(tmp_path, [Signs(50, 60, "The mill", 18), *BOXES[name], *much_text(220)])
    assert document.title == "The mill"
    assert texts(document)[:2] == [FLOWING, " ".join(BOX)]


def test_the_last_words_may_stand_below_the_box(tmp_path: Path) -> None:
    page = [*paragraph(50, 100, BOX, size=8, step=11), *paragraph(180, 100, BESIDE), Signs(50, 160, "to tell them.")]
    document = printed(tmp_path, [Signs(50, 60, "The mill", 18), *page, *much_text(200)])
    assert texts(document)[:2] == [" ".join([*BESIDE, "to tell them."]), " ".join(BOX)]


@pytest.mark.parametrize("x", [50, 230])
def test_a_box_within_a_page_stays_out_of_the_text_beside_it(x: float, tmp_path: Path) -> None:
    beside = paragraph(280 - x, 160, [*BESIDE, "to tell them."])
    box = paragraph(x, 160.5, [*BOX[:2], "and that is all."], size=8, step=11)
    page = [*paragraph(50, 100, BODY), *beside, *box, *much_text(240)]
    found = texts(printed(tmp_path, [Signs(50, 50, "The mill", 18), *page]))
    assert found[0] == " ".join(BODY)
    assert set(found[1:3]) == {" ".join([*BESIDE, "to tell them."]), " ".join([*BOX[:2], "and that is all."])}


def test_a_note_in_the_margin_is_read_behind_the_text(tmp_path: Path) -> None:
    note = paragraph(30, 85, ["The carpenter was", "Ole Berg of Aske."], size=7, step=9)
    body = [sign for i in range(3) for sign in paragraph(150, 80 + 60 * i, BODY)]
    document = printed(tmp_path, [Signs(150, 40, "The mill", 18), *note, *body])
    assert document.title == "The mill"
    assert texts(document) == [*[" ".join(BODY)] * 3, "The carpenter was Ole Berg of Aske."]


def test_what_is_quoted_in_large_type_is_no_heading(tmp_path: Path) -> None:
    quoted = Signs(50, 100, "“Nobody wept for the mill”", 15)
    document = printed(tmp_path, [Signs(50, 50, "The mill", 20), quoted, *much_text(150)])
    assert texts(document)[0] == quoted.text
    assert [heading.title for heading in document.headings] == ["The mill"]


def test_a_masthead_above_columns_interrupts_none(tmp_path: Path) -> None:
    left = [f"the first column goes on and on, {i}" for i in range(20)]
    right = [f"and so does the other column, {i}," for i in range(19)]
    document = printed(
        tmp_path,
        [
            Signs(50, 50, "Proposed Rules", 18), Signs(300, 46, "The Register"), Signs(300, 58, "Vol. 85, No. 152"),
            *paragraph(50, 120, left), *paragraph(300, 120, [*right, "which ends here."]),
        ],
    )  # fmt: skip
    assert " ".join([*left, *right, "which ends here."]) in texts(document)


def test_notes_at_the_foot_are_numbered_as_printed(tmp_path: Path) -> None:
    notes = [Signs(50, 700, "1 In the archive of the parish.", 7), Signs(50, 710, "2020–0686 is its number there.", 7)]
    document = printed(tmp_path, [*much_text(60), *notes])
    assert texts(document)[-1] == "[1] In the archive of the parish. 2020–0686 is its number there."


def test_a_section_in_small_type_is_no_note(tmp_path: Path) -> None:
    small = ["The carpenter was Ole Berg.", "(2) 1802 was the year."]
    page = [*much_text(60), *paragraph(50, 440, small, size=8), *paragraph(50, 500, BODY)]
    found = texts(printed(tmp_path, page))
    assert not any(text.startswith("[") for text in found)
    assert " ".join(small) in " ".join(found)


STANZA = ["The water turns", "And turns again.", "Before it falls", "Beneath the wren,"]
STANZAS = {
    "short": STANZA[:3],
    "with a full stop within": STANZA,
    "in small letters": [line.lower() for line in STANZA[:3]],
    "long, with capitals": [f"{line} and all the while the river goes down" for line in STANZA],
}


@pytest.mark.parametrize("name", STANZAS)
def test_lines_of_verse_are_kept(name: str, tmp_path: Path) -> None:
    document = printed(tmp_path, [Signs(50, 40, "The weir", 18), *paragraph(50, 80, STANZAS[name]), *much_text(200)])
    assert texts(document) == ["\n".join(STANZAS[name]), *[" ".join(BODY)] * 6]


def test_short_lines_of_talk_are_paragraphs(tmp_path: Path) -> None:
    talk = ["Where were you born?", "In Hvalstad, by the sea.", "And why did you leave?"]
    found = texts(printed(tmp_path, [*paragraph(50, 80, talk), *much_text(200)]))
    assert "\n\n".join(found).split("\n\n")[:3] == talk


def test_columns_below_a_wide_text_are_no_verse(tmp_path: Path) -> None:
    left = ["The parish kept the wheel, which", "still turned, and let it out to", "a man who ground the bones."]
    right = ["Nobody knows why the lamp fell", "into the chaff in that night of", "the long and dry summer."]
    page = [*much_text(40), *paragraph(50, 450, left), *paragraph(240, 450, right)]
    assert texts(printed(tmp_path, page))[6:] == [" ".join(left), " ".join(right)]


def test_items_by_letters_follow_each_other(tmp_path: Path) -> None:
    items = [
        Signs(60, 92, "a. two wheels of oak, which they had"),
        Signs(72, 104, "bought there"),
        Signs(60, 116, "b. a stone"),
    ]
    document = printed(tmp_path, [Signs(50, 80, "They owned:"), *items, *much_text(200)])
    found = [line for line in texts(document)[0].split("\n") if line]
    assert found == ["They owned:", "a. two wheels of oak, which they had bought there", "b. a stone"]


@pytest.mark.parametrize("style", ["circle", "square"])
def test_what_stands_behind_drawn_dots_is_a_list(style: str, tmp_path: Path) -> None:
    items = ["a stone from France, which they had bought before the fire;", "a wheel of oak", "a door"]
    pdf = FPDF(unit="pt")
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    pdf.text(72, 80, "The brothers brought three things with them from the coast:")
    for i, item in enumerate(items):
        y = 95 + 15 * i
        if style == "circle":
            pdf.circle(x=82, y=y - 3, radius=2, style="F")
        else:
            pdf.rect(80, y - 5, 4, 4, style="F")
        pdf.text(94, y, item)
    pdf.text(72, 140, "Then they built the mill, and they never went back to the coast again.")
    pdf.output(str(tmp_path / "a.pdf"))
    document = read_here((tmp_path / "a.pdf").read_bytes(), "a.pdf")
    _, after = texts(document)
    assert [document.text[one.start : one.end] for one in document.passages[0].sentences][1:] == items
    assert after.startswith("Then they built")


def test_a_lone_dot_begins_no_item(tmp_path: Path) -> None:
    pdf = FPDF(unit="pt")
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    pdf.circle(x=66, y=91, radius=2, style="F")
    for i, line in enumerate(BODY):
        pdf.text(72, 80 + 14 * i, line)
    pdf.output(str(tmp_path / "a.pdf"))
    document = read_here((tmp_path / "a.pdf").read_bytes(), "a.pdf")
    assert texts(document) == [" ".join(BODY)]
