"""Plain text read as a person reads it: headings, apparatus, letters, verse, paragraphs, pages."""

import pytest
from reading import furniture, headings, nowhere, passages, sentences

from source.formats.text import read_text

PROSE = "The kiln was built by the river, where clay and wood could be had for nothing."
MORE = "In its ninth year the roof fell in, and the potters moved to the other bank."


@pytest.mark.parametrize(
    "heading",
    [
        "CHAPTER II.",
        "Chapter 2",
        "Chapter Two: The Kiln",
        "CHAPTER THE SECOND.",
        "SCENE II. The same, at night.",
        "ACT IV",
        "PART THE FIRST. OF KILNS.",
        "BOOK III.--THE KILN",
        "Kapitel 4. Der Ofen",
        "Zweiter Teil",
        "Chapitre IV",
        "Acte premier",
        "CAPÍTULO III. El horno.",
        "Capitolo II",
        "Глава 3. Печь",
        "第三章 窑",
        "IV.",
        "§ 12.",
        "2. THE KILN",
        "2.3 The kiln",
        "THE KILN AND THE POTTERS.",
        "PREFACE.",
        "== The kiln ==",
        "## The kiln",
        "The Kiln",
        "1907",
        "Appendix A. Tolls",
    ],
)
def test_a_line_that_heads_what_follows(heading: str) -> None:
    document = read_text(f"Potters\n\n{PROSE}\n\n{heading}\n\n{MORE}\n", "a.txt")
    assert headings(document) == [heading.strip("=# ")]
    assert passages(document) == [PROSE, MORE]
    assert document.passages[1].headings == (heading.strip("=# "),)


@pytest.mark.parametrize(
    "line",
    [
        "The kiln was lit in 1701.[1]",
        "It cracked twice.(2)",
        "It leaned by two feet.*",
        "Nobody has lit it since 1890.¹",
        "Nobody has lit it since.¹²",
        "Nobody has lit it since.†",
        '"The kiln is for the dead." (Brandt 1912)',
        "“The kiln is dead.” (Brandt, 1912: 4)",
        "The potters were paid in beer [3]",
        "The kiln weighs two tons [12, p. 4]",
        "It was sold (Holm 1934, pp. 3–4)",
        "Nobody fired it again.{4}",
        "The potters were paid in beer.[^beer]",
        "He said 'Never.'",
        "Der Ofen steht noch.»",
        "Chapter two was the hardest of all to write, and took a year.",
        "Part of the kiln remains.",
        "[Illustration: the kiln from the east]",
        "[Footnote 3: It was sold.]",
        "Book early.",
        "The kiln was lit in 1701 (see note 3)",
        "The potters were paid in beer (Holm and Lind 1921a; Dahl 1930)",
        "It weighed four tons.<sup>4</sup>",
        "The abbot wept.^1",
        "The abbot wept.2",
        '"The kiln is for the dead."2',
        "“The kiln is dead”.12",
        "Two potters died.(a)",
        "The roof fell in.[[4]](#fn4)",
        ":Author: Anna Pell",
    ],
)
def test_a_short_paragraph_is_no_heading_and_is_not_lost(line: str) -> None:
    document = read_text(f"Potters\n\n{PROSE}\n\n{line}\n\n{MORE}\n", "a.txt")
    assert headings(document) == []
    assert passages(document) == [PROSE, line, MORE]
    assert sentences(document)[1] == line


@pytest.mark.parametrize(
    ("heading", "over"),
    [("=", ""), ("-", ""), ("~", ""), ("*", ""), ("^", ""), ("=", "="), ("-", "-"), ("#", "#"), ("\u2014", "")],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_underlined_headings(heading: str, over: str, gap: str) -> None:
    if heading == "\u2014":
        pytest.skip("a dash is a rule")
    title = "The second kiln"
    text = f"{PROSE}\n\n{over * len(title)}{chr(10) if over else ''}{title}\n{heading * len(title)}{gap}{MORE}\n"
    document = read_text(text, "a.txt")
    assert headings(document) == [title]
    assert passages(document) == [PROSE, MORE]
    assert nowhere(document) == ""


def test_levels_of_underlines_are_those_in_which_they_come() -> None:
    text = "Potters\n=======\n\nKiln\n----\n\n" + PROSE + "\n\nRoof\n~~~~\n\n" + MORE + "\n\nClay\n----\n\n" + PROSE
    document = read_text(text, "a.txt")
    assert document.title == "Potters"
    assert [p.headings for p in document.passages] == [("Kiln",), ("Kiln", "Roof"), ("Clay",)]


def test_a_rule_under_a_paragraph_makes_no_heading() -> None:
    text = f"Potters\n\n{PROSE}\n{'-' * 72}\n\nOne line of prose that ends.\n{'-' * 72}\n\n{MORE}"
    document = read_text(text, "a.txt")
    assert passages(document) == [PROSE, "One line of prose that ends.", MORE]


def test_a_play_has_acts_and_scenes_and_who_speaks_is_no_sentence() -> None:
    text = (
        "THE KILN\n\nACT I\n\nSCENE I. A bank.\n\nEnter OLE and MAJ.\n\nOLE. It is cold. I want wood.\n\n"
        "MAJ.  Fetch it.\n\nSCENE II. Indoors.\n\nOLE AND MAJ. We are warm.\n\nACT II\n\nSCENE I\n\nMAJ: So we are."
    )
    document = read_text(text, "a.txt")
    assert headings(document) == ["ACT I", "SCENE I. A bank.", "SCENE II. Indoors.", "ACT II", "SCENE I"]
    assert [p.headings for p in document.passages][-2:] == [("ACT I", "SCENE II. Indoors."), ("ACT II", "SCENE I")]
    assert sentences(document) == [
        "Enter OLE and MAJ.",
        "OLE. It is cold.",
        "I want wood.",
        "MAJ.  Fetch it.",
        "OLE AND MAJ. We are warm.",
        "MAJ: So we are.",
    ]


@pytest.mark.parametrize("number", ["CHAPTER II.", "Chapter 2", "II.", "II", "Kapitel II", "PART TWO"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_the_title_under_a_number_belongs_to_it(number: str, gap: str) -> None:
    document = read_text(f"Potters\n\n{PROSE}\n\n\n{number}{gap}The Kiln\n\n{MORE}", "a.txt")
    assert headings(document) == [f"{number} The Kiln"]


GUTENBERG = """The Project Gutenberg eBook of {title}

This eBook is for the use of anyone anywhere at no cost and with
almost no restrictions whatsoever.

Title: {title}

Author: {author}

Release Date: May 1, 2001 [eBook #1]

Language: English

{start}

Produced by A. Helper and the Online Team

{title_line}

by {author}

CONTENTS

  Preface
  I. The Kiln ..... 3
  II. The Roof .... 9

Preface

{prose}

I. The Kiln

{more}

II. The Roof

{prose}

{end}

Updated editions will replace the previous one.
"""


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("*** START OF THE PROJECT GUTENBERG EBOOK POTTERS ***", "*** END OF THE PROJECT GUTENBERG EBOOK POTTERS ***"),
        ("*** START OF THIS PROJECT GUTENBERG EBOOK POTTERS ***", "End of Project Gutenberg's Potters, by A. Potter"),
        ("***START OF THE PROJECT GUTENBERG EBOOK\nPOTTERS***", "End of the Project Gutenberg EBook of Potters"),
    ],
)
def test_a_book_of_project_gutenberg(start: str, end: str) -> None:
    text = GUTENBERG.format(
        title="Potters of the Bank", title_line="POTTERS OF THE BANK", author="Ada Potter", start=start, end=end,
        prose=PROSE, more=MORE,
    )  # fmt: skip
    document = read_text(text, "pg1.txt")
    assert (document.title, document.author) == ("Potters of the Bank", "Ada Potter")
    assert passages(document) == [PROSE, MORE, PROSE]
    assert headings(document) == ["Preface", "I. The Kiln", "II. The Roof"]
    reasons = {reason for _, reason in furniture(document)}
    assert reasons == {"licence", "metadata", "table of contents"}
    assert nowhere(document) == ""


@pytest.mark.parametrize(
    ("title", "entries"),
    [
        ("CONTENTS", "Chapter 1\nChapter 2"),
        ("Contents", "The Kiln\n\nThe Roof"),
        ("Table of Contents", "1. The Kiln      4\n2. The Roof      9"),
        ("Inhalt", "Der Ofen .... 3\nDas Dach .... 7"),
        ("TABLE DES MATIÈRES", "I. Le four\nII. Le toit"),
        ("CONTENTS", "CHAP.          PAGE\n\nI.   THE KILN    1\nII.  THE ROOF    9"),
        ("", "The Kiln ........ 3\nThe Roof ........ 7\nThe Clay ........ 9"),
    ],
)
def test_a_table_of_contents_is_furniture(title: str, entries: str) -> None:
    document = read_text(f"Potters\n\n{title}\n\n{entries}\n\n\n{PROSE}\n\n{MORE}", "a.txt")
    assert passages(document) == [PROSE, MORE]
    assert {reason for _, reason in furniture(document)} == {"table of contents"}


def test_far_below_its_entries_a_table_of_contents_has_ended() -> None:
    entries = "CHAP.          PAGE\n\nI.   THE KILN    1\nII.  THE ROOF    9"
    chapters = f"CHAPTER I\n\nTHE KILN\n\n{PROSE}\n\n\n\nCHAPTER II\n\nTHE ROOF\n\n{MORE}"
    document = read_text(f"Potters\n\nCONTENTS\n\n\n{entries}\n\n\n\n{chapters}", "a.txt")
    assert furniture(document) == [(f"CONTENTS\n\n\n{entries}", "table of contents")]
    assert headings(document) == ["CHAPTER I THE KILN", "CHAPTER II THE ROOF"]
    assert passages(document) == [PROSE, MORE]


def test_a_byline_may_stand_in_two_lines() -> None:
    document = read_text(f"POTTERS\n\nA TALE\n\nBY\n\nADA POTTER\n\n\nCHAPTER I\n\n{PROSE}", "a.txt")
    assert document.author == "ADA POTTER"
    assert headings(document) == ["A TALE", "CHAPTER I"]


def test_the_head_of_a_memorandum_stands_in_two_columns() -> None:
    head = f"{'Potters Working Group':40}{'A. Potter':>20}\n{'Request for Comments: 9':40}{'May 1907':>20}"
    document = read_text(f"{head}\n\n\n{'THE KILN':>34}\n\n1.  Clay\n\n   {PROSE}\n\n2.  Fire\n\n   {MORE}", "a.txt")
    assert (document.title, headings(document)) == ("THE KILN", ["1.  Clay", "2.  Fire"])
    assert furniture(document) == [(head, "metadata")]
    table = read_text(f"{'Year':10}{'Pots':>10}\n{'1907':10}{'400':>10}\n\n{PROSE}", "a.txt")
    assert furniture(table) == []


@pytest.mark.parametrize("heading", ["1. The Kiln", "CHAPTER I.", "ACT I", "The Kiln"])
def test_the_heading_of_a_section_is_no_title(heading: str) -> None:
    text = f"{heading}\n\n{PROSE}"
    document = read_text(text if heading != "The Kiln" else f"{PROSE}\n\n{text}", "Potters.txt")
    assert headings(document) == [heading]
    assert (document.title == "Potters", document.titled) == (heading != "The Kiln", False)


def test_what_only_looks_like_a_head_stays_text() -> None:
    document = read_text(f"Title: nobody knows\n\n{PROSE}", "a.txt")
    assert passages(document)[-1] == PROSE
    assert furniture(document) == []
    document = read_text("Contents\n\n" + PROSE, "a.txt")
    assert passages(document) == [PROSE]


def test_a_head_of_labels_is_metadata() -> None:
    document = read_text(f"Title: Potters\nAuthor: Ada Potter\nDate: 1907\n\n{PROSE}\n\n{MORE}", "a.txt")
    assert (document.title, document.author, document.date) == ("Potters", "Ada Potter", "1907")
    assert passages(document) == [PROSE, MORE]


@pytest.mark.parametrize("byline", ["by Ada Potter", "By Ada van der Potter", "von Ada Potter", "par A. Potter"])
def test_a_byline_says_who_wrote_it(byline: str) -> None:
    document = read_text(f"Potters\n\n{byline}\n\n{PROSE}\n\n{MORE}", "a.txt")
    assert document.author == byline.split(" ", 1)[1]
    assert passages(document) == [PROSE, MORE]


def test_a_mail() -> None:
    text = (
        "From: Ada Potter <ada@example.org>\nTo: Bo <bo@example.org>\nDate: Tue, 4 May 2004 10:12:00 +0200\n"
        "Subject: Kiln\n  and roof\n\nBo,\n\nthe roof was mended.\n\nOn Monday Bo wrote:\n> When?\n> And who?\n\n"
        "Ole mended it.\n\n-- \nAda Potter\nKiln Lane\n"
    )
    document = read_text(text, "a.txt")
    assert (document.title, document.author) == ("Kiln", "Ada Potter")
    assert passages(document) == ["Bo,\n\nthe roof was mended.", "Ole mended it."]
    assert [reason for _, reason in furniture(document)] == ["metadata", "quoted reply", "rule", "metadata"]


VERSE = "He waited till the river froze,\n And then he waited for the thaw."


@pytest.mark.parametrize("above", [VERSE, "    " + VERSE.replace("\n ", "\n    "), VERSE.replace("thaw.", "thaw,")])
@pytest.mark.parametrize(
    "name",
    [
        "Tobin Marsh",
        "T. Marsh",
        "Sir Tobin de la Marsh",
        "T.M.",
        "--Tobin Marsh",
        "— T. Marsh, 1907",
        "_The Thaw_",
        "(Old play)",
        "  _The Thaw_",
    ],
)
def test_a_name_under_verse_belongs_to_it(above: str, name: str) -> None:
    document = read_text(f"ON WAITING\n\n{PROSE}\n\n{above}\n\n{name}\n\n\n{MORE}\n", "a.txt")
    assert headings(document) == []
    assert passages(document)[0] == PROSE
    assert passages(document)[1].endswith(f"{name}")
    assert passages(document)[1].startswith("He waited")
    assert passages(document)[2] == MORE


@pytest.mark.parametrize(
    "closing",
    [
        "Your affectionate sister,\n\nEdith",
        "Yours truly,\nEdith",
        "In haste, your\n\nEdith",
        "Your\n\nE. Marsh",
        "Sincerely,\n\n\nEdith Marsh",
        "Mit freundlichen Grüßen\n\nEdith Marsh",
        "Deine\n\nEdith",
        "Cordialement,\n\nEdith",
        "Med vennlig hilsen\n\nEdith",
        "Un abrazo,\n\nEdith",
        "Best wishes\n\nEdith",
        "Your friend,\n\nL. van Marsh.",
        "Je t'embrasse,\nEdith",
        "Dein treuer Freund\n\nEdith",
    ],
)
def test_a_letter(closing: str) -> None:
    text = f"Hallgate, 4 March 1887\n\nMy dear Brother,\n\n{PROSE}\n\n{MORE}\n\n{closing}\n\nP.S. The mare died."
    document = read_text(text, "a.txt")
    assert document.headings == ()
    assert passages(document) == [
        "Hallgate, 4 March 1887",
        f"My dear Brother,\n\n{PROSE}",
        f"{MORE}\n\n{closing}",
        "P.S. The mare died.",
    ]
    assert sentences(document)[-1] == "P.S. The mare died."


@pytest.mark.parametrize(
    "end",
    [
        "Edith Marsh\nFerry Row 4\nHallgate",
        "Edith Marsh\n\nEncl.: two tickets",
        "Edith Marsh\n\ncc: The Parish Council",
        "Edith Marsh\nTreasurer\n\nAnlage: Fahrplan",
    ],
)
def test_what_stands_below_the_name_of_a_letter(end: str) -> None:
    text = f"Dear Sir,\n\n{PROSE}\n\nYours faithfully,\n\n{end}\n\nMy dear Ole,\n\n{MORE}"
    document = read_text(text, "a.txt")
    assert document.headings == ()
    assert passages(document) == [f"Dear Sir,\n\n{PROSE}\n\nYours faithfully,\n\n{end}", f"My dear Ole,\n\n{MORE}"]


def test_what_is_set_in_does_not_break_off_its_sentence() -> None:
    document = read_text(f"Potters\n\n{PROSE}\n\nTo open the flue, type\n\n    flue --open 3\n\nand wait.\n", "a.txt")
    assert headings(document) == []
    assert passages(document)[1].startswith("To open the flue, type")
    assert passages(document)[1].endswith("and wait.")


def test_the_title_of_verses_that_a_colon_introduces_heads_nothing_else() -> None:
    verse = "  He waited till the river froze,\n  And then he waited for the thaw."
    text = f"Potters\n\n{PROSE}\n\nThe potter gave us these lines:\n\n\nTO MY KILN\n\n\n{verse}\n\n{MORE}"
    document = read_text(text, "a.txt")
    assert headings(document) == []
    assert passages(document)[1] == "The potter gave us these lines:\n\n\nTO MY KILN"


@pytest.mark.parametrize("number", ["I", "I."])
def test_a_lone_number_is_no_title(number: str) -> None:
    document = read_text(f"{number}\n\n{PROSE}\n\n{MORE}", "kiln.txt")
    assert (document.title, headings(document)) == ("kiln", [number])


@pytest.mark.parametrize("title", ["First part", "Chapter 2", "Appendix A. Tolls"])
def test_a_division_may_be_underlined(title: str) -> None:
    document = read_text(f"Potters\n=======\n\n{PROSE}\n\n{title}\n{'-' * len(title)}\n\n{MORE}", "a.txt")
    assert (document.title, headings(document)) == ("Potters", [title])
    assert furniture(document) == []


def test_names_can_head_a_text() -> None:
    document = read_text(f"Potters\n\n{PROSE}\n\n\nTobin Marsh\n\n{MORE}\n\nAda Potter\n\n{PROSE}", "a.txt")
    assert headings(document) == ["Tobin Marsh", "Ada Potter"]


def test_a_stanza_is_one_passage() -> None:
    stanzas = [
        "The water turns\nand turns again\nbefore it falls",
        "beneath the wren\n   that built her nest.\nIn June.",
    ]
    assert passages(read_text("The Weir\n\n" + "\n\n".join(stanzas), "a.txt")) == stanzas


@pytest.mark.parametrize("indent", ["  ", "    ", "\t", "\u3000\u3000", "          "])
@pytest.mark.parametrize("width", [48, 64, 90])
def test_indented_paragraphs(indent: str, width: int) -> None:
    import textwrap

    paragraphs = [f"Kiln number {n} stood by the river. {PROSE} {MORE}" for n in range(40)]
    wrapped = ["\n".join(textwrap.wrap(one, width)) for one in paragraphs]
    document = read_text("\n".join(indent + one for one in wrapped), "a.txt")
    assert passages(document) == wrapped
    flush = wrapped[0] + "\n" + "\n".join(indent + one for one in wrapped[1:])
    assert passages(read_text(flush, "a.txt")) == wrapped


def test_paragraphs_of_chinese_are_set_in() -> None:
    paragraphs = ["渡船早上六点离开。", "船长喝醉了。没有人知道。", "船在沙洲上撞了。"]
    assert passages(read_text("".join(f"\u3000\u3000{one}\n" for one in paragraphs), "a.txt")) == paragraphs


def test_hanging_paragraphs() -> None:
    entries = [
        "Brandt, A. The kilns of the river and of the\n    sea. Lund 1912.",
        "Marsh, T. On waiting for the\n    thaw. Hvalstad 1890, with a map\n    and a index.",
        "Potter, A. Clay, wood and water in\n    nine essays. 1907.",
    ]
    assert passages(read_text("Books\n\n" + "\n".join(entries), "a.txt")) == entries


@pytest.mark.parametrize("length", [1, 2])
def test_a_line_a_paragraph(length: int) -> None:
    lines = [
        f"Kiln number {n} stood by the river, and the potters lived beside it. {' '.join([MORE] * length)}"
        for n in range(12)
    ]
    assert passages(read_text("\n".join(lines), "a.txt")) == lines


def test_a_line_a_sentence_is_no_paragraph() -> None:
    lines = "Kiln one stood by the river, and the potters lived beside it for a while.\nIt fell in its ninth year."
    assert passages(read_text(f"Potters\n\n{lines}\n\n{lines}\n", "a.txt")) == [lines, lines]


WRAPPED = [
    "The ferry left at six in the morning with nine people on board,",
    "two of whom had never seen the sea before that day. The captain",
    "had been drunk since Sunday. He was a kind man, and nobody had",
    "the heart to tell the owners of it. At the bar the cook,",
    "Anders, cut the dinghy loose and rowed the two ashore.",
]


@pytest.mark.parametrize("end", ["\n\n", "\r\n\r\n", "\n  \n"])
def test_double_spacing(end: str) -> None:
    second = [
        "The owners paid nothing, because the boat that had been lost",
        "had not been insured against the bar at all.",
    ]
    text = end.join(WRAPPED) + end + end.strip(" ")[:2].strip(" ") + end.join(second)
    document = read_text("The Ferry" + end + end + text, "a.txt")
    assert passages(document) == [end.join(WRAPPED), end.join(second)]
    assert sentences(document)[1:3] == [
        f"The captain{end}had been drunk since Sunday.",
        f"He was a kind man, and nobody had{end}the heart to tell the owners of it.",
    ]
    assert sentences(document)[3] == f"At the bar the cook,{end}Anders, cut the dinghy loose and rowed the two ashore."


@pytest.mark.parametrize(
    ("between", "count"),
    [
        ("\n\n                    17\n\nTHE FERRY AND ITS OWNERS\n\n", 2),
        ("\n\n- 17 -\n\n", 1),
        ("\n\n[17]\n\n", 1),
        ("\n\nPage 17 of 30\n\n", 1),
        ("\n\f17\n\n", 1),
        ("\n\nThe Ferry\n\n17\n\n", 2),
        ("\n\nxvii\n\n", 1),
        ("\n\fThe Ferry     18\n", 1),
        ("\n\n17\n\n\f\nThe Ferry\n\n", 2),
    ],
)
@pytest.mark.parametrize("broken", ["ac-{}counts", "the{}accounts", "accounts of{}Anders"])
def test_a_page_ends_inside_a_sentence(between: str, count: int, broken: str) -> None:
    words = broken.format(between)
    text = f"Ferries\n\nThe owners of the boat had all that time kept {words} and hidden them from the bank.\n\n{MORE}"
    document = read_text(text, "a.txt")
    assert len(passages(document)) == 2
    assert sentences(document)[0].endswith("and hidden them from the bank.")
    assert len(sentences(document)) == 2
    assert [reason for _, reason in furniture(document)] == ["page number or running head"] * count
    assert nowhere(document) == ""


def test_heads_and_feet_of_pages_in_columns_are_furniture() -> None:
    foot, head = "Potter            Standards Track            [Page 3]", "RFC 9999           Kilns         May 2001"
    document = read_text(f"1.  Clay\n\n   {PROSE}\n\n{foot}\n\f{head}\n\n   {MORE}\n\n2.  Wood\n\n   {PROSE}", "a.txt")
    assert headings(document) == ["1.  Clay", "2.  Wood"]
    assert passages(document) == [PROSE, MORE, PROSE]
    assert {reason for _, reason in furniture(document)} == {"page number or running head"}
    assert nowhere(document) == ""


def test_parts_and_the_numbered_chapters_below_them_are_headings_of_their_own() -> None:
    document = read_text(f"Kilns\n\nPART ONE\n\n1. Clay\n\n{PROSE}\n\nPART TWO\n\n2. Wood\n\n{MORE}", "a.txt")
    assert [p.headings for p in document.passages] == [("PART ONE", "1. Clay"), ("PART TWO", "2. Wood")]


def test_running_heads_that_come_again_are_furniture_between_paragraphs_too() -> None:
    text = "\n\n".join(f"{PROSE}\n\n{n}\n\nTHE KILNS OF THE RIVER\n\n{MORE}" for n in (16, 17, 18))
    document = read_text("Kilns\n\n" + text, "a.txt")
    assert headings(document) == []
    assert passages(document) == [PROSE, MORE] * 3


def test_numbers_of_sections_are_no_pages() -> None:
    document = read_text(f"Potters\n\n1\n\n{PROSE}\n\n2\n\n{MORE}\n\n3\n\n{PROSE}", "a.txt")
    assert furniture(document) == []
    assert nowhere(document) == ""


@pytest.mark.parametrize("arrow", ["00:00:0{}.000 --> 00:00:0{}.900", "00:0{},100 --> 00:0{},900 align:start"])
@pytest.mark.parametrize("numbered", [True, False])
def test_cues_are_joined_and_their_times_are_furniture(arrow: str, numbered: bool) -> None:
    said = [
        "The kiln reaches twelve hundred",
        "degrees before it is shut.",
        "We use ash because",
        "It makes green softer.",
    ]
    cues = [f"{f'{n + 1}{chr(10)}' if numbered else ''}{arrow.format(n, n)}\n{words}" for n, words in enumerate(said)]
    document = read_text("\n\n".join(cues), "a.txt")
    assert len(passages(document)) == 1
    assert [s.endswith((".",)) for s in sentences(document)] == [True, True]
    assert {reason for _, reason in furniture(document)} == {"number or time of a cue"}


def test_a_list_of_titles_is_not_swallowed() -> None:
    text = "The Ferry\n\nthe aftermath\n\n" + PROSE + "\n\nthe bank\n\n" + MORE
    document = read_text(text, "a.txt")
    assert headings(document) == ["the bank"]
    assert nowhere(document) == ""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("numbers", [("I.", "II.", "III."), ("1.", "2.", "3."), ("I", "II", "III")])
def test_contents_end_where_the_first_number_stands_alone(numbers: tuple[str, str, str], end: str) -> None:
    titles = ("THE BARN", "THE HORSE", "THE ROAD")
    entries = "\n".join(
        f"{number}    {title.title()}  {page}" for number, title, page in zip(numbers, titles, (1, 14, 99), strict=True)
    )
    body = "\n\n\n".join(
        f"{number}\n\n{title}\n\nIt stood there for nine years." for number, title in zip(numbers, titles, strict=True)
    )
    document = read_text(f"A TALE\n\n\nCONTENTS\n\n{entries}\n\n\n{body}\n".replace("\n", end), "a.txt")
    assert [words for words, reason in furniture(document) if reason == "table of contents"] == [
        f"CONTENTS\n\n{entries}".replace("\n", end)
    ]
    assert len(document.passages) == 3
    assert document.text.count("THE BARN") == 1
    assert any("THE BARN" in heading.title for heading in document.headings)


PAGED = "It is said that the masons drank, and nobody in the valley thought less of them for it.\n\n"


@pytest.mark.parametrize(
    "heads",
    [
        ("THE MINSTER                    20", "21                    CHAPTER TWO"),
        ("Lund                           [Page 1]\n\f", "Lund                           [Page 2]"),
    ],
)
def test_heads_and_feet_between_paragraphs(heads: tuple[str, str]) -> None:
    document = read_text(PAGED + heads[0] + "\n\n" + PAGED + heads[1], "a.txt")
    assert passages(document) == [PAGED.strip()] * 2
    assert [words for words, _ in furniture(document)] == [head.strip() for head in heads]


@pytest.mark.parametrize("line", ["STONE     9", "THE MINSTER, 1820", "ACT I     1"])
def test_a_line_in_capitals_with_a_number_is_no_head_of_a_page(line: str) -> None:
    document = read_text(f"The Yard\n\n{PAGED}{line}\n\n{PAGED}", "a.txt")
    assert furniture(document) == []


def test_paragraphs_of_chinese_hold_few_signs() -> None:
    lines = [
        "　　渡船在早上六点离开，船上有九个人，其中两个人从来没有见过大海。",
        "　　船长从星期天起就喝醉了，他是个好人，没有人忍心把这件事告诉船主。",
        "　　船在沙洲上搁浅了，厨师解开小艇，救了那两个从来没有见过大海的人。",
    ]
    assert passages(read_text("\n".join(lines), "a.txt")) == [line.strip() for line in lines]


def test_divisions_in_small_letters() -> None:
    document = read_text(
        "chapter one\n\nIt was dark. Rain fell.\n\nchapter two\n\npart one of it was light.\n", "a.txt"
    )
    assert [(heading.title, heading.level) for heading in document.headings] == [("chapter one", 1), ("chapter two", 1)]
    assert len(document.passages) == 2


def test_markup_of_a_wiki_is_furniture() -> None:
    table = '{| class="wikitable"\n! Year !! Kilns\n|-\n| 1801 || 900\n|}'
    document = read_text(f"{PROSE}\n\n{table}\n\n{MORE}\n\n[[Category:Kilns]]\n", "a.txt")
    assert passages(document) == [PROSE, "! Year !! Kilns", "| 1801 || 900", MORE]
    assert sentences(document)[-3:-1] == ["! Year !! Kilns", "| 1801 || 900"]
    assert {reason for _, reason in furniture(document)} == {"markup", "rule"}


CHINESE = "木桥建于一八〇二年，长四十米。"


def test_headings_that_are_counted_in_chinese() -> None:
    document = read_text(
        f"桥梁志\n\n一、木桥\n\n{CHINESE}\n\n（一）桥墩\n\n{CHINESE}\n\n二、石桥\n\n{CHINESE}", "a.txt"
    )
    assert document.title == "桥梁志"
    paths = [("一、木桥",), ("一、木桥", "（一）桥墩"), ("二、石桥",)]
    assert [passage.headings for passage in document.passages] == paths


@pytest.mark.parametrize(
    "marks", ["一、 二、 三、", "（一） （二） （三）", "① ② ③", "1、 2、 3、", "（1） （2） （3）"]
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_items_that_are_counted_in_chinese(marks: str, gap: str) -> None:
    items = ["没有工作", "鲱鱼走了", "冬天太冷"]
    listed = "\n".join(mark + item for mark, item in zip(marks.split(), items, strict=True))
    document = read_text(f"桥梁志\n\n{CHINESE}\n\n有三个原因：{gap}{listed}\n", "a.txt")
    assert headings(document) == []
    assert passages(document) == [CHINESE, f"有三个原因：{gap}{listed}"]
    assert sentences(document)[1:] == ["有三个原因：", *items]


@pytest.mark.parametrize(
    ("below", "author", "date"),
    [
        ("by Ada Potter\n\nOctober 1956", "Ada Potter", "October 1956"),
        ("By Ada Potter, 2 June 2014", "Ada Potter", "2 June 2014"),
        ("by Ada Potter\nOctober 1956", "Ada Potter", "October 1956"),
        ("12 May 1999", "", "12 May 1999"),
    ],
)
def test_the_day_below_a_title(below: str, author: str, date: str) -> None:
    document = read_text(f"THE OLD WEIR\n\n{below}\n\n{PROSE}\n\n{MORE}", "a.txt")
    assert (document.author, document.date) == (author, date)
    assert headings(document) == []
    assert passages(document) == [PROSE, MORE]


def test_the_days_of_a_diary_head_its_entries() -> None:
    document = read_text(f"DIARY\n\n4 March 1887\n\n{PROSE}\n\n5 March 1887\n\n{MORE}", "a.txt")
    assert (document.date, headings(document)) == ("", ["4 March 1887", "5 March 1887"])


@pytest.mark.parametrize("place", ["Hallgate, den 4. März 1887", "Hallgate, April 1", "Hallgate, Sunday"])
@pytest.mark.parametrize("greeting", ["Lieber Bruder!", "Dear Madam:", "Chère Marie,", "Sehr geehrter Herr Marsh!"])
def test_a_greeting_belongs_to_what_is_below_it(place: str, greeting: str) -> None:
    document = read_text(f"{place}\n\n{greeting}\n\n{PROSE}\n\n{MORE}", "a.txt")
    assert document.headings == ()
    assert passages(document) == [place, f"{greeting}\n\n{PROSE}", MORE]


@pytest.mark.parametrize("name", ["  - Edith Marsh", "- T. Marsh, 1907", "~ Anonymous"])
def test_a_name_under_a_quotation_belongs_to_it(name: str) -> None:
    document = read_text(f'Kilns\n\n"{PROSE}"\n{name}\n\n{MORE}\n\n- the first\n- the second\n', "a.txt")
    assert passages(document) == [f'"{PROSE}"\n{name}', MORE, "- the first\n- the second"]


def test_headings_to_the_left_of_their_text_are_no_names_under_it() -> None:
    text = f"The Kiln\n\nSetting\n\n   {PROSE}\n\nAbstract\n\n   {MORE}\n\nMethod\n\n   {PROSE}\n"
    document = read_text(text, "a.txt")
    assert headings(document) == ["Setting", "Abstract", "Method"]
    assert passages(document) == [PROSE, MORE, PROSE]


def test_feet_and_heads_of_pages_without_form_feeds() -> None:
    foot, head = "Marsh                   Informational            [Page 1]", "RFC 99        Kilns        May 1999"
    text = f"Kilns\n\n   {PROSE} It was sold when\n   the potters\n\n\n\n{foot}\n\n{head}\n\n\n   left it.\n\n{MORE}\n"
    document = read_text(text, "a.txt")
    assert headings(document) == []
    words = f"It was sold when the potters {foot} {head} left it."
    assert sentences(document)[1].split() == words.split()
    assert [reason for _, reason in furniture(document)] == ["page number or running head"] * 2


def test_headings_of_asciidoc() -> None:
    document = read_text(
        f"= The Kiln\nTobin Marsh\n\n== Method\n\n{PROSE}\n\n=== Scales\n\n[NOTE]\n====\n{MORE}\n====\n", "a.txt"
    )
    assert (document.title, headings(document)) == ("The Kiln", ["Method", "Scales"])
    assert document.passages[-1].headings == ("Method", "Scales")


def test_times_between_what_is_said_are_furniture() -> None:
    said = ["so how is clay fired today", "it is fired at nine hundred degrees and", "that takes a night"] * 20
    text = "\n".join(f"{i // 10}:{i % 10 * 6:02}\n{words}" for i, words in enumerate(said))
    document = read_text(text, "a.txt")
    assert {reason for _, reason in furniture(document)} == {"number or time of a cue"}
    assert len(document.furniture) == len(said)
    assert all(500 < p.end - p.start < 800 for p in document.passages[:-1])
    assert len(document.passages) > 2


def test_a_timetable_is_no_transcript() -> None:
    document = read_text(f"Kilns\n\n{PROSE}\n\n9:30\n\n{MORE}\n\n9:10\n\n{PROSE}\n\n11:00\n\n{MORE}", "a.txt")
    assert "number or time of a cue" not in {reason for _, reason in furniture(document)}


@pytest.mark.parametrize(
    "heads", [("Speaker 1  0:03  ", "Speaker 2  0:07"), ("Marta Lind (00:03):", "Ole Falk (00:07):")]
)
def test_a_line_with_a_speaker_and_a_time_begins_a_turn(heads: tuple[str, str]) -> None:
    asked, said = f"{heads[0]}\nThanks for coming. How is it fired?", f"{heads[1]}\nAt nine hundred degrees."
    document = read_text(f"{asked}\n\n{said}\n\n{asked}\n\n{said}\n", "a.txt")
    assert passages(document) == [f"{asked}\n\n{said}"] * 2


@pytest.mark.parametrize("shown", ["[Illustration: The door of the kiln.]", "{Figure 3. The kiln,\nfrom the east.}"])
def test_a_picture_stands_inside_of_a_sentence(shown: str) -> None:
    begun, rest = (
        "The kiln stood by the river, and nobody had lit it since the\npotters left; it had a",
        "red door and two windows.",
    )
    document = read_text(f"{PROSE}\n\n{begun}\n\n{shown}\n\n{rest}\n\n{shown}\n\n{MORE}", "a.txt")
    assert passages(document) == [PROSE, f"{begun}\n\n{shown}\n\n{rest}", shown, MORE]
    assert f"{begun}\n\n{shown}\n\n{rest}" in sentences(document)
    assert nowhere(document) == ""
