"""More inputs of the kinds that are read off lines and signs: notes, tables, open lines, talk without marks."""

from signs import Signs, printed_signs

from kinds.case import Asked, Case
from kinds.files import W, docx, item, p
from source.document import Reason

NOTED = (
    Case(
        5,
        "marks of notes behind a space, raised by signs, or behind no full stop",
        "eels.txt",
        b"Eels\n\nThey were sold by the stick. (1)\n\nNobody ate them in May. [note 2]\n\nIt fell in 1604 {3}\n\n"
        b"The price rose again.^4^\n",
        headings=(),
        sentences=(
            "They were sold by the stick. (1)",
            "Nobody ate them in May. [note 2]",
            "It fell in 1604 {3}",
            "The price rose again.^4^",
        ),
    ),
    Case(
        21,
        "tags that close a line, escaped marks, an aside behind a note, an initial in italics, short names",
        "eels.md",
        (
            "Eels\n====\n\n<b>The eel lives forty years.</b><br>\nIt spawns once. It was old.[4] (See p. 3.) "
            "It died.\n\nIt fell. \\[5\\]\n\n> The moon comes up.\n> — *A. Low*\n\n"
            "N.B. The nets went to Jas. Tolland and Wm. Pike.\n"
        ).encode(),
        sentences=(
            "<b>The eel lives forty years.</b><br>",
            "It spawns once.",
            "It was old.[4]",
            "(See p. 3.)",
            "It died.",
            "It fell. \\[5\\]",
            "> The moon comes up.",
            "> — *A. Low*",
            "N.B. The nets went to Jas. Tolland and Wm. Pike.",
        ),
    ),
)

SAID = (
    Case(
        21,
        "who said it behind a question, and a month that is short for nothing",
        "eels.txt",
        (
            "The eel was caught in May. Nobody ate it. It fell in May. Anna left. “Is it old?” I asked. “Why?” "
            "Mrs. Low asked him. He cried: “Stop!” I asked him in May. "
            "“Stop!” Anna cried. “Stop!” He cried all night.\n"
        ).encode(),
        sentences=(
            "The eel was caught in May.",
            "Nobody ate it.",
            "It fell in May.",
            "Anna left.",
            "“Is it old?” I asked.",
            "“Why?” Mrs. Low asked him.",
            "He cried: “Stop!”",
            "I asked him in May.",
            "“Stop!” Anna cried.",
            "“Stop!”",
            "He cried all night.",
        ),
    ),
)

OPEN = (
    Case(
        25,
        "a few lines typed with double spacing",
        "forge.txt",
        (
            b"The History of the Forge\n\n\n\nThe forge was built by the ford, where the road from\n\nthe hills comes "
            b"down, and it was the only one between\n\nHull and the sea. Its bellows were of ox hide.\n\n"
            b"     The smith had been drunk since Sunday. He was a kind\n\nman, and nobody had the heart to wake him.\n"
        ),
        title="The History of the Forge",
        headings=(),
        asked={"What were the bellows made of?": Asked(marked="Its bellows were of ox hide.")},
    ),
    Case(
        25,
        "a picture in the first sentence",
        "forge.txt",
        b"It was the smith who first saw the\n\n[Illustration: The forge in 1790]\n\nfire, and he rang a bell.\n",
        headings=(),
        sentences=(
            "It was the smith who first saw the\n\n[Illustration: The forge in 1790]\n\nfire, and he rang a bell.",
        ),
    ),
    Case(
        25,
        "a list whose lines end with carriage returns alone",
        "steps.txt",
        b"The Lock\r\rIt is opened so:\r1. Lift the hasp.\r2. Turn the key.\r",
        sentences=("It is opened so:", "Lift the hasp.", "Turn the key."),
    ),
)

TABLES = (
    Case(
        15,
        "tables that are drawn, and leaders of dots",
        "catch.txt",
        (
            b"The Catch\n\nBoat     1901   1902\n-----    ----   ----\nHeron      12      9\nTern        7      8\n\n"
            b"Builder ........ Ole Berg\nLength . . . . . 40 feet\n\n+--------+------+\n| Boat   | Feet |\n"
            b"+========+======+\n| Swan   | 40   |\n+--------+------+\n"
        ),
        headings=(),
        passages=(
            "Boat     1901   1902\n-----    ----   ----\nHeron      12      9\nTern        7      8",
            "Builder ........ Ole Berg\nLength . . . . . 40 feet",
            "| Boat   | Feet |\n+========+======+\n| Swan   | 40   |",
        ),
    ),
)

HEADED = (
    Case(
        10,
        "sections that are counted, right above their text",
        "silt.txt",
        (
            b"Silt of Four Ponds\n\n1   Introduction\n\nPonds fill with silt.\n\n2   Methods\n2.1 Sites\nFour "
            b"ponds near Diss were chosen.\n2.2 Coring\nCores were taken in May, from a boat.\n\n3. Results\n"
            b"3.1. Depth\nIt was two feet deep.\n"
        ),
        headings=("1   Introduction", "2   Methods", "2.1 Sites", "2.2 Coring", "3. Results", "3.1. Depth"),
        places={"Four ponds near": "2   Methods › 2.1 Sites", "Cores": "2   Methods › 2.2 Coring"},
    ),
    Case(
        10,
        "clauses and items that are counted, which head nothing",
        "rules.txt",
        (
            b"Rules of the Lock\n\n2.1 The Tenant pays the rent on the first day of May, and\nWalter Lee takes it.\n"
            b"2.2 The Gate is oiled in May.\n\n1. Salt\n2. Pepper\n3. Lime\n\nIt opens at noon.\n"
        ),
        headings=(),
    ),
    Case(
        10,
        "the last words of a book, and the notes below them",
        "reeds.txt",
        (
            b"THE REED CUTTERS\n\nI.\n\nTHE THAW.\n\nIn March the water rose, and the cutters went home.\n\n"
            b"THE END.\n\nFOOTNOTES:\n\n[1] A fathom of reed is six feet round.\n"
        ),
        headings=("I. THE THAW.", "FOOTNOTES:"),
        places={"A fathom": "FOOTNOTES:"},
    ),
    Case(
        8,
        "the number of a book behind its date",
        "reeds.txt",
        (
            b"Title: The Reed Cutters\n\nAuthor: Agnes Low\n\nRelease Date: May 3, 2009 [EBook #28765]\n\n"
            b"*** START OF THIS PROJECT GUTENBERG EBOOK THE REED CUTTERS ***\n\nIn March the water rose.\n\n"
            b"*** END OF THIS PROJECT GUTENBERG EBOOK THE REED CUTTERS ***\n"
        ),
        title="The Reed Cutters",
        author="Agnes Low",
        date="May 3, 2009",
    ),
)

_ASKED = (
    "Were you afraid of the sea?",
    "Every night, and most of all in March, when the ice came down.",
    "Who taught you to mend nets?",
    "My aunt did.",
)
TALK = (
    Case(
        1,
        "a page on which each question and each answer is a line",
        "talk.pdf",
        printed_signs([Signs(50, 100 + 24 * i, line) for i, line in enumerate(_ASKED)]),
        passages=("\n\n".join(_ASKED[:2]), "\n\n".join(_ASKED[2:])),
        asked={"Who taught her to mend nets?": Asked(marked="My aunt did.")},
    ),
    Case(
        1,
        "questions of a chat without their marks",
        "chat.txt",
        (
            b"[12/03/2021, 18:02:11] Marta: where is the boat key\n[12/03/2021, 18:03:40] Olav: under the blue pot\n"
            b"[12/03/2021, 18:04:02] Marta: ok and is there any petrol\n[12/03/2021, 18:05:00] Olav: none at all\n"
        ),
        asked={
            "Where is the boat key?": Asked(marked="Olav: under the blue pot"),
            "Is there any petrol?": Asked(marked="Olav: none at all"),
        },
    ),
    Case(
        1,
        "questions of a meeting without their marks",
        "meeting.txt",
        b"18:02 - Marta: so what did the new roof cost\n18:03 - Olav: nine hundred, and the slates were old\n",
        asked={"What did the roof cost?": Asked(marked="nine hundred")},
    ),
)

ABOUT = (
    Case(
        8,
        "a name, a day and how long it takes to read",
        "salt.md",
        "# On Salt\n\nJonas Weil · 12 Jan 2020 · 6 min read\n\nSalt was money before money was.\n".encode(),
        title="On Salt",
        author="Jonas Weil",
        date="12 Jan 2020",
        passages=("Salt was money before money was.",),
        asked={"Who wrote On Salt?": Asked(known="Jonas Weil"), "When was it written?": Asked(known="12 Jan 2020")},
    ),
    Case(
        8,
        "the line below the title of a post",
        "eels.html",
        (
            b"<h1>The Eel Trade</h1><div class='entry-meta'>Posted on <time datetime='2014-05-02T10:00:00Z'>May 2, "
            b"2014</time> by <span class='author'>M. Thirsk</span></div><p>Eels paid the rent of Ely.</p>"
        ),
        title="The Eel Trade",
        author="M. Thirsk",
        date="2014-05-02",
        passages=("Eels paid the rent of Ely.",),
        asked={"When was this written?": Asked(known="2014-05-02")},
    ),
)

_OPENED = (
    b"<header><nav><button aria-controls='m'>Menu</button><div id='m' hidden>Home</div></nav></header><main>"
    b"<h1>Kiln Club</h1><button aria-controls='p'>How hot is the kiln?</button><div id='p' hidden>About 1,280 degrees."
    b"</div><h3>What does a firing cost?</h3><div class='faq-answer' style='display:none'><p>Twelve pounds.</p></div>"
    b"<div class='tab-pane' style='display: none;'><p>The glaze is of ash.</p></div><div hidden='until-found'>Closed "
    b"in May.</div><div class='cookie-panel' hidden>We use cookies.</div><div hidden>A draft.</div></main>"
)
PAGES = (
    Case(
        26,
        "answers and tabs that are shown when they are pressed",
        "kiln.html",
        _OPENED,
        passages=(
            "How hot is the kiln?\n\nAbout 1,280 degrees.",
            "Twelve pounds.",
            "The glaze is of ash.",
            "Closed in May.",
        ),
        furniture={"We use cookies.": Reason.MARKUP, "A draft.": Reason.MARKUP, "Home": Reason.MARKUP},
        asked={"What does a firing cost?": Asked(marked="Twelve pounds.")},
    ),
    Case(
        26,
        "comments of a document of Google",
        "eels.html",
        (
            b"<p class='title'>The Eel Trade</p><p>Eels paid rent.<sup><a href='#cmnt1' id='cmnt_ref1'>[a]</a></sup>"
            b"</p><hr><div><p><a href='#cmnt_ref1' id='cmnt1'>[a]</a><span>Is this right?</span></p></div>"
        ),
        furniture={"Is this right?": Reason.COMMENT},
    ),
)

_ARTICLES = (
    f"<w:numbering {W}><w:abstractNum w:abstractNumId='0'>"
    "<w:lvl w:ilvl='0'><w:numFmt w:val='upperRoman'/><w:lvlText w:val='Article %1.'/></w:lvl>"
    "<w:lvl w:ilvl='1'><w:numFmt w:val='decimalZero'/><w:isLgl/><w:lvlText w:val='Section %1.%2'/></w:lvl>"
    "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
)
NUMBERS = (
    Case(
        16,
        "articles in Roman numbers, whose sections are in Arabic ones",
        "rules.docx",
        docx(
            item("Dogs shall be led."),
            item("Leads are of leather.", 1),
            item("Cats may walk."),
            item("A cat has a bell.", 1),
            numbering=_ARTICLES,
        ),
        passages=(
            (
                "Article I. Dogs shall be led.\n  Section 1.01 Leads are of leather.\nArticle II. Cats may walk.\n"
                "  Section 2.01 A cat has a bell."
            ),
        ),
    ),
)

UNTITLED = (
    Case(
        6,
        "the address of a page for its title",
        "eels.docx",
        docx(p("The eel trade paid the rent of Ely for years."), title="https://fen.example/eels?page=2"),
        title="The eel trade paid the rent of Ely for years.",
        passages=("The eel trade paid the rent of Ely for years.",),
    ),
    Case(
        6,
        "a title that a browser writes",
        "eels.docx",
        docx(p("The eel trade paid the rent of Ely for years."), title="about:blank"),
        title="The eel trade paid the rent of Ely for years.",
    ),
)
