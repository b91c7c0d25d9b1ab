"""More inputs of the kinds that are read off lines and signs: notes, tables, open lines, talk without marks."""

from kinds.case import Asked, Case

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

TALK = (
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
