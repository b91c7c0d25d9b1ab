"""Signs of a PDF that stand apart from their line: they are put into it, and are no cells of a table."""

from pathlib import Path

import pytest
from signs import Signs, paragraph, write_signs

from source.document import Document, Reason
from source.formats.readers import read_here

FIRST = ["The mill on the lower river was built of", "brick in 1802 by two brothers who came", "from the coast."]
PROSE = "The mill on the lower river was built of brick in 1802 by two brothers who came from the coast."

LONG = "Nobody knows why it burned, for who ran there came too late"


def printed(tmp_path: Path, *pages: list[Signs]) -> Document:
    return read_here(write_signs(tmp_path / "a.pdf", *pages).read_bytes(), "a.pdf")


def texts(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.passages]


def inserted(document: Document) -> list[str]:
    return [document.text[one.start : one.end] for one in document.inserted]


MARKED = {
    "in its line": [Signs(50, 100, "It burned"), Signs(95, 97, "1", 6), Signs(98, 100, ". Nobody knows why.")],
    "after its line": [Signs(50, 100, "It burned"), Signs(98, 100, ". Nobody knows why."), Signs(95, 97, "1", 6)],
    "at the end": [Signs(50, 100, f"{LONG}."), Signs(55 + 5 * len(LONG), 96, "12", 6)],
    "between words": [Signs(50, 100, "It burned."), Signs(100, 97, "3", 6.5), Signs(108, 100, "Nobody knows why.")],
    "of two notes": [Signs(50, 100, "It burned."), Signs(100, 97, "2,3", 6.5), Signs(114, 100, "Nobody knows why.")],
    "a star": [Signs(50, 100, "It burned."), Signs(100, 97, "*", 7), Signs(108, 100, "Nobody knows why.")],
}  # fmt: skip
EXPECTED = {
    "in its line": "It burned[1]. Nobody knows why.",
    "after its line": "It burned[1]. Nobody knows why.",
    "at the end": f"{LONG}.[12]",
    "between words": "It burned.[3] Nobody knows why.",
    "of two notes": "It burned.[2,3] Nobody knows why.",
    "a star": "It burned.[*] Nobody knows why.",
}


@pytest.mark.parametrize("name", MARKED)
def test_a_raised_mark_belongs_to_its_line(name: str, tmp_path: Path) -> None:
    document = printed(tmp_path, [*MARKED[name], *paragraph(50, 140, FIRST)])
    assert texts(document) == [EXPECTED[name], PROSE]
    assert inserted(document) == ["[", "]"]


def test_powers_and_indices_stay_in_their_line(tmp_path: Path) -> None:
    document = printed(
        tmp_path,
        [
            Signs(50, 100, "The head h"), Signs(100, 103, "0", 7), Signs(108, 100, "is v"), Signs(128, 96, "2", 7),
            Signs(132, 100, "/2g and 12 x 10"), Signs(207, 96, "3", 7), Signs(215, 100, "turns a day."),
            *paragraph(50, 140, FIRST),
        ],
    )  # fmt: skip
    assert texts(document) == ["The head h0 is v²/2g and 12 x 10³ turns a day.", PROSE]


@pytest.mark.parametrize("mark", ["•", "–", "1.", "a)", "(2)"])
def test_a_marker_set_off_by_a_tab_belongs_to_its_item(mark: str, tmp_path: Path) -> None:
    document = printed(
        tmp_path,
        [
            *paragraph(50, 60, FIRST),
            Signs(60, 120, mark), Signs(90, 120, "two wheels of oak, which they had"),
            Signs(90, 132, "bought in the valley"),
            Signs(60, 144, mark), Signs(90, 144, "a stone from France"),
            Signs(50, 172, "Nothing else was theirs in those years by the river."),
        ],
    )  # fmt: skip
    found = texts(document)
    assert [line.strip() for line in found[1].split("\n") if line.strip()] == [
        f"{mark} two wheels of oak, which they had bought in the valley",
        f"{mark} a stone from France",
    ]
    assert found[2] == "Nothing else was theirs in those years by the river."


def drawn_out(x: float, y: float, words: list[str], right: float) -> list[Signs]:
    """Words from `x` to `right`, with like gaps between them."""
    gap = (right - x - 5 * sum(map(len, words))) / (len(words) - 1)
    signs = []
    for word in words:
        signs.append(Signs(x, y, word))
        x += 5 * len(word) + gap
    return signs


def test_a_justified_line_is_no_table_row(tmp_path: Path) -> None:
    document = printed(
        tmp_path,
        [
            *paragraph(50, 100, ["The mill on the lower river was built of"]),
            *drawn_out(50, 112, ["brick", "in", "1802", "by"], 250),
            *drawn_out(50, 124, ["brothers", "who", "came", "from"], 250),
            Signs(50, 136, "the coast."),
        ],
    )
    assert texts(document) == [
        "The mill on the lower river was built of brick in 1802 by brothers who came from the coast."
    ]
    assert document.inserted == ()


def test_a_wide_space_within_a_sentence_is_one(tmp_path: Path) -> None:
    page = [
        Signs(50, 100, "The mill on the river stood."),
        Signs(210, 100, "Nobody"),
        Signs(260, 100, "knew it."),
        *paragraph(50, 112, FIRST),
    ]
    assert texts(printed(tmp_path, page)) == [f"The mill on the river stood. Nobody knew it. {PROSE}"]


def test_narrow_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    columns = [
        ["The mill on the", "lower river was", "built of brick", "in 1802 by two", "brothers from the"],
        ["coast, who had", "never seen one", "and who trusted", "a carpenter and", "his old father to"],
        ["tell them where", "it should stand", "in the valley of", "the young river", "and nobody else."],
    ]
    page = [sign for i, lines in enumerate(columns) for sign in paragraph(50 + 100 * i, 100, lines)]
    assert texts(printed(tmp_path, page)) == [" ".join(line for lines in columns for line in lines)]


@pytest.mark.parametrize(
    ("initial", "rest", "expected"),
    [
        (Signs(50, 112, "T", 32), "he mill on the lower", "The mill on the lower"),
        (Signs(50, 124, "T", 48), "he mill on the lower", "The mill on the lower"),
        (Signs(50, 112, "“T", 30), "he mill on the lower", "“The mill on the lower"),
        (Signs(50, 112, "A", 32), "mill on the lower", "A mill on the lower"),
        (Signs(50, 112, "É", 32), "mile on the lower", "Émile on the lower"),
    ],
)
def test_a_large_first_letter_begins_its_word(initial: Signs, rest: str, expected: str, tmp_path: Path) -> None:
    after = 52 + initial.size * len(initial.text) / 2
    page = [
        initial, Signs(after, 100, rest), Signs(after, 112, "river was built of brick"),
        Signs(after, 124, "by two brothers who"),
        *paragraph(50, 136, ["had never seen one before they came here", "from the coast to buy a mill of their own."]),
    ]  # fmt: skip
    (text,) = texts(printed(tmp_path, page))
    assert text.startswith(f"{expected} river was built of brick by two brothers who had never")


SPEECH = [
    "Q. Where were you on the night of the fire?", "A. I was at the bridge with the carter, and we",
    "saw the smoke at nine.", "Q. Who else was at the bridge?", "A. My sister Karen and a man with a dog, whom",
    "I had never seen before that night.", "MR. LUND: Objection. She has answered.", "THE COURT: Overruled.",
]  # fmt: skip


@pytest.mark.parametrize(("x", "step"), [(30, 1), (30, 2), (400, 1)])
def test_numbers_of_lines_are_furniture(x: float, step: int, tmp_path: Path) -> None:
    lines = SPEECH if step == 1 else SPEECH + SPEECH[:2]
    numbers = [
        Signs(x - 5 * len(str(n)), 100 + 20 * i, str(n))
        for i, n in enumerate(range(1, len(lines) + 1))
        if n % step == 0
    ]
    document = printed(
        tmp_path,
        [sign for pair in zip(numbers, paragraph(80, 100, lines, step=20), strict=False) for sign in pair]
        if step == 1
        else [*numbers, *paragraph(80, 100, lines, step=20)],
    )
    assert [line for text in texts(document) for line in text.split("\n\n")][:6] == [
        SPEECH[0], f"{SPEECH[1]} {SPEECH[2]}", SPEECH[3], f"{SPEECH[4]} {SPEECH[5]}", SPEECH[6], SPEECH[7],
    ]  # fmt: skip
    assert [one.reason for one in document.furniture] == [Reason.PAGE]


TABLES = {
    "left edges": [("Year", "Tanks", "Planes"), ("1950", "258", "150"), ("1951", "300", "220")],
    "a head of words": [("Town", "People", "Mills"), ("Aske", "1,200", "3"), ("Torsby", "800", "11")],
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_with_figures_under_its_head_is_read_by_it(name: str, tmp_path: Path) -> None:
    head, *rows = TABLES[name]
    page = [
        *paragraph(50, 60, FIRST),
        *(Signs(50 + 120 * j, 130 + 15 * i, cell) for i, row in enumerate(TABLES[name]) for j, cell in enumerate(row)),
    ]
    document = printed(tmp_path, page)
    assert texts(document) == [
        PROSE,
        *("; ".join(f"{column}: {cell}" for column, cell in zip(head, row, strict=True)) for row in rows),
    ]
    # The names of the columns are the file's own once, and repeated from then on.
    assert inserted(document) == [
        ": ",
        "; ",
        ": ",
        "; ",
        ": ",
        f"{head[0]}: ",
        "; ",
        f"{head[1]}: ",
        "; ",
        f"{head[2]}: ",
    ]


def test_names_and_values_in_two_columns_have_no_head(tmp_path: Path) -> None:
    rows = [("Name", "Swan of Aske"), ("Builder", "Ole Berg"), ("Length", "Forty feet"), ("Year", "1874")]
    page = [
        *paragraph(50, 60, FIRST),
        *(Signs(50 + 120 * j, 130 + 15 * i, cell) for i, row in enumerate(rows) for j, cell in enumerate(row)),
    ]
    document = printed(tmp_path, page)
    assert texts(document) == [PROSE, *(f"{name}: {value}" for name, value in rows)]
    assert inserted(document) == [": "] * 4


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_is_turned_is_read(turned: int, tmp_path: Path) -> None:
    places = {
        90: [(100 + 12 * i, 700) for i in range(3)],
        180: [(500, 700 - 12 * i) for i in range(3)],
        270: [(500 - 12 * i, 100) for i in range(3)],
    }
    page = [Signs(x, y, line, turned=turned) for (x, y), line in zip(places[turned], FIRST, strict=True)]
    assert texts(printed(tmp_path, page)) == [PROSE]


def test_a_turned_stamp_is_furniture(tmp_path: Path) -> None:
    document = printed(tmp_path, [*paragraph(50, 100, FIRST), Signs(30, 600, "DRAFT", turned=90)])
    assert texts(document) == [PROSE]
    assert [(document.text[one.start : one.end], one.reason) for one in document.furniture] == [("DRAFT", Reason.PAGE)]


@pytest.mark.parametrize(("x", "mark"), [(50, "1801."), (50, "1801"), (50, "p. 12")])
def test_a_number_that_ends_a_paragraph_is_no_page(x: float, mark: str, tmp_path: Path) -> None:
    document = printed(
        tmp_path, [*paragraph(50, 100, FIRST), Signs(50, 700, "The brothers were paid in"), Signs(x, 712, mark)]
    )
    assert texts(document)[-1] == f"The brothers were paid in {mark}"
    assert document.furniture == ()


def test_the_number_of_a_page_below_its_last_line_is_furniture(tmp_path: Path) -> None:
    document = printed(tmp_path, [*paragraph(50, 100, FIRST), Signs(50, 700, "They were paid."), Signs(50, 712, "12")])
    assert [document.text[one.start : one.end] for one in document.furniture] == ["12"]


def test_cells_of_several_lines_stay_in_their_columns(tmp_path: Path) -> None:
    rows = [
        (130, "Part", "Material", "Fate"),
        (150, "Wheel", "Oak from the north", "Burned in 1844 with"),
        (162, "", "of the parish", "all of the rest"),
        (182, "Door", "Pine", "Sold"),
        (202, "Roof", "Slate", "Burned in"),
        (214, "", "", "1850"),
        (234, "Well", "", "Shut"),
    ]
    cells = [Signs(50 + 130 * j, y, text, bold=y == 130) for y, *row in rows for j, text in enumerate(row) if text]
    document = printed(tmp_path, [*paragraph(50, 60, FIRST), *cells])
    assert texts(document)[1:3] == [
        "Part: Wheel; Material: Oak from the north of the parish; Fate: Burned in 1844 with all of the rest",
        "Part: Door; Material: Pine; Fate: Sold",
    ]
    assert "Material: Shut" not in document.text


@pytest.mark.parametrize("x", [300, 30])
def test_numbers_of_verses_are_furniture(x: float, tmp_path: Path) -> None:
    verse = [f"The water {word} and falls" for word in ("turns", "goes", "runs", "waits", "stops")] * 3
    page = paragraph(80, 100, verse, step=14)
    numbers = [Signs(x, 100 + 14 * (n - 1), str(n)) for n in (5, 10, 15)]
    document = printed(tmp_path, [*page, *numbers])
    assert "".join(texts(document)).split() == " ".join(verse).split()
    assert [document.text[one.start : one.end] for one in document.furniture] == ["5\n10\n15"]
