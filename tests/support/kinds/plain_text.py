"""Kinds 05, 10, 11, 24, 25 and 31: plain text, whose structure is read off its lines."""

from kinds.case import Asked, Case
from kinds.files import W, docx, p
from source.document import Reason

NOTED = (
    Case(
        5,
        "marks in brackets, stars and daggers",
        "bells.txt",
        (
            "The Bells\n\nThe small bell was hung in 1688.[a]\n\nIt is the oldest of the valley.†\n\n"
            "Nobody may ring it at night.**\n\nThe rope was changed in May (Lund 1903, p. 12)\n\n"
            "“Ring for the drowned.”³\n"
        ).encode(),
        headings=(),
        passages=(
            "The small bell was hung in 1688.[a]",
            "It is the oldest of the valley.†",
            "Nobody may ring it at night.**",
            "The rope was changed in May (Lund 1903, p. 12)",
            "“Ring for the drowned.”³",
        ),
        asked={"When was the small bell hung?": Asked(marked="The small bell was hung in 1688.")},
    ),
    Case(
        5,
        "notes of Word behind short paragraphs",
        "bells.docx",
        docx(
            "<w:p><w:r><w:t>The small bell was hung in 1688.</w:t></w:r><w:r><w:footnoteReference "
            "w:id='2'/></w:r></w:p>",
            p("It cracked once."),
            p("Nobody mended it in all the years that followed, for the founder was dead."),
            footnotes=f"<w:footnotes {W}><w:footnote w:id='2'>{p('The ledger, leaf 9.')}</w:footnote></w:footnotes>",
        ),
        headings=(),
        passages=(
            "The small bell was hung in 1688.[1]",
            "It cracked once.",
            "Nobody mended it in all the years that followed, for the founder was dead.",
            "[1] The ledger, leaf 9.",
        ),
        asked={"When was the small bell hung?": Asked(marked="The small bell was hung in 1688.")},
    ),
    Case(
        5,
        "raised numbers of a page",
        "bells.html",
        (
            b"<p>The small bell was hung in 1688.<sup><a href='#n1' id='r1'>1</a></sup></p><p>It cracked once.</p>"
            b"<p>Nobody mended it.</p><p id='n1'><a href='#r1'>1</a> The ledger, leaf 9.</p>"
        ),
        headings=(),
        passages=(
            "The small bell was hung in 1688.[1]",
            "It cracked once.",
            "Nobody mended it.",
            "[1] The ledger, leaf 9.",
        ),
    ),
    Case(
        5,
        "a range of notes, and a note behind a question",
        "bells.txt",
        b"The Bells\n\nWho cast it?[1-3]\n\nA founder from Lund did.[4][5]\n\nHe was paid in tin. [6]\n",
        headings=(),
        passages=("Who cast it?[1-3]\n\nA founder from Lund did.[4][5]", "He was paid in tin. [6]"),
    ),
)

_HEATH = "The well froze on the ninth of December, and I melted snow in the copper until March."
_WEIR = "The weir was built of larch in 1702, and was never mended in all its years."

HEADINGS = (
    Case(
        10,
        "headings of reStructuredText, over and under lines",
        "tides.txt",
        (
            "====================\nTides of the Sound\n====================\n\nGauges\n======\n\n"
            f"{_HEATH}\n\nThe old gauge\n-------------\n\n{_WEIR}\n\nResults\n=======\n\nNone.\n"
        ).encode(),
        title="Tides of the Sound",
        headings=("Gauges", "The old gauge", "Results"),
        places={"The weir": "Gauges › The old gauge", "None.": "Results"},
    ),
    Case(
        10,
        "chapters in words, with their titles below",
        "heath.txt",
        f"A WINTER\n\nCHAPTER THE FIRST\n\nThe Frost\n\n{_HEATH}\n\nCHAPTER THE SECOND\n\nThe "
        f"Weir\n\n{_WEIR}\n".encode(),
        title="A WINTER",
        headings=("CHAPTER THE FIRST The Frost", "CHAPTER THE SECOND The Weir"),
        places={"The well": "CHAPTER THE FIRST The Frost", "The weir": "CHAPTER THE SECOND The Weir"},
    ),
    Case(
        10,
        "sections that are counted, as RFCs have them",
        "rules.txt",
        f"Rules of the Lock\n\n1.  Purpose\n\n   {_HEATH}\n\n1.1.  Terms\n\n   {_WEIR}\n\n2.  Tolls\n\n   "
        f"None.\n".encode(),
        title="Rules of the Lock",
        headings=("1.  Purpose", "1.1.  Terms", "2.  Tolls"),
        places={"The weir": "1.  Purpose › 1.1.  Terms", "None.": "2.  Tolls"},
    ),
    Case(
        10,
        "a play with its scenes, and a picture above the first",
        "play.txt",
        (
            b"THE LOCK\n\nA Play\n\n[Illustration: The lock in winter]\n\nACT THE FIRST.\n\nSCENE 1.--A lock.\n\n"
            b"ANNA. The gate is stuck.\n\nOLE. Then push.\n\nSCENE 2.--The same.\n\nANNA. It opened at noon.\n"
        ),
        title="THE LOCK",
        headings=("A Play", "ACT THE FIRST.", "SCENE 1.--A lock.", "SCENE 2.--The same."),
        places={"It opened": "ACT THE FIRST. › SCENE 2.--The same."},
        asked={"When did the gate open?": Asked(marked="It opened at noon.")},
    ),
    Case(
        10,
        "a book of Project Gutenberg with letters in small capitals and a note of its makers",
        "pg1.txt",
        (
            "The Project Gutenberg eBook of The Heath\n\nThis ebook is for the use of anyone anywhere.\n\n"
            "Title: The Heath\n\nAuthor: Anna Pell\n\nRelease date: March 3, 2009 [eBook #1]\n\nLanguage: English\n\n"
            "Credits: Produced by volunteers\n\n*** START OF THE PROJECT GUTENBERG EBOOK THE HEATH ***\n\n\n\n"
            "THE HEATH\n\nBY\nANNA PELL\n\nLONDON\n1871\n\n\n\nCONTENTS\n\nI. The Frost\nII. The Weir\n\n\n\n"
            f"I.\n\nTHE FROST.\n\n{_HEATH}\n\nII.\n\nTHE WEIR.\n\n{_WEIR}\n\n"
            "*** END OF THE PROJECT GUTENBERG EBOOK THE HEATH ***\n\nUpdated editions will replace the previous one.\n"
        ).encode(),
        title="The Heath",
        author="Anna Pell",
        places={"The well": "I. THE FROST.", "The weir": "II. THE WEIR."},
        furniture={"Updated editions": Reason.LICENCE, "I. The Frost": Reason.CONTENTS, "Author:": Reason.METADATA},
        asked={"Who wrote The Heath?": Asked(known="Anna Pell")},
    ),
)

SIGNED = (
    Case(
        11,
        "a name to the right, below verse",
        "peace.txt",
        (
            b"ON PEACE\n\nPeace is a rest between two quarrels.\n\n    He hung the sword upon the wall,\n"
            b"    And took it down again in fall.\n                               Tobin Marsh\n\n"
            b"Pence were coined in the town until 1790.\n"
        ),
        headings=(),
        places={"Pence": ""},
        asked={"Until when were pence coined?": Asked(marked="Pence were coined in the town until 1790.")},
    ),
    Case(
        11,
        "letters in a row, each with its greeting and its end",
        "letters.txt",
        (
            b"LETTERS\n\nTO HER SISTER\n\nDearest Anna,\n\nThe roof is on, and the slater has gone.\n\nEver yours,\n\n"
            b"Edith\n\nTO HER BROTHER\n\nDear Tom,\n\nThe mare died on Sunday.\n\nYour loving sister\nEdith\n"
        ),
        headings=("TO HER SISTER", "TO HER BROTHER"),
        places={"The mare": "TO HER BROTHER", "The roof": "TO HER SISTER"},
        passages=(
            "Dearest Anna,\n\nThe roof is on, and the slater has gone.\n\nEver yours,\n\nEdith",
            "Dear Tom,\n\nThe mare died on Sunday.\n\nYour loving sister\nEdith",
        ),
        asked={"When did the mare die?": Asked(marked="The mare died on Sunday.")},
    ),
    Case(
        11,
        "a letter of business with an address, a subject and copies",
        "letter.txt",
        (
            b"Hallgate, 4 March 1887\n\nDear Sir,\n\nRe: The roof\n\nThe slates came on Friday, and forty "
            b"were broken.\n\n"
            b"Yours faithfully,\n\nE. Marsh\nBuilder\n\nEncl. the bill\n"
        ),
        asked={"How many slates were broken?": Asked(marked="forty were broken.")},
        places={"The slates": ""},
    ),
    Case(
        11,
        "a quotation's author behind a dash, on a line of its own",
        "mottos.txt",
        (
            b'MOTTOS\n\n"Who waits is fed last."\n                -- Ida Brandt\n\n"Salt keeps, and so do debts."\n'
            b"                -- Nils Aker, _Letters_\n\nThe mottos were cut over the doors in 1711.\n"
        ),
        headings=(),
        places={"The mottos": ""},
    ),
    Case(
        11,
        "initials and a place below a preface",
        "preface.txt",
        f"PREFACE\n\n{_HEATH}\n\nA. P.\n\nThe Heath, 1871.\n\nTHE FROST\n\n{_WEIR}\n".encode(),
        places={"The weir": "THE FROST"},
        headings=("PREFACE", "THE FROST"),
    ),
)

_BOATS = (
    "The ferry left at six in the morning with nine people on board, two of whom had never seen the sea.",
    "The captain had been drunk since Sunday. He was a kind man, and nobody had the heart to tell the owners.",
    "At the bar the boat struck. The cook cut the dinghy loose and saved the two who had never seen the sea.",
    "The owners paid nothing, because the boat had not been insured in that year or in any other.",
)


def _wrapped(text: str, first: str, width: int = 60, rest: str = "") -> str:
    lines: list[str] = []
    line = first
    for word in text.split():
        if len(line) + len(word) > width and line.strip():
            lines.append(line.rstrip())
            line = rest
        line += f"{word} "
    return "\n".join([*lines, line.rstrip()])


INDENTED = (
    Case(
        24,
        "paragraphs set in by three spaces",
        "ferry.txt",
        "\n".join(_wrapped(text, "   ") for text in _BOATS).encode(),
        asked={"Why did the owners pay nothing?": Asked(quoted="The owners paid nothing", never="At the bar")},
    ),
    Case(
        24,
        "paragraphs set in by a tab, with a carriage return at each line's end",
        "ferry.txt",
        "\r\n".join(_wrapped(text, "\t").replace("\n", "\r\n") for text in _BOATS).encode(),
        asked={"Why did the owners pay nothing?": Asked(quoted="The owners paid nothing", never="At the bar")},
    ),
    Case(
        24,
        "lines that each are a paragraph, of two sentences or more",
        "ferries.txt",
        "\n".join(
            f"The ferry number {i} left at six with {i + 3} people aboard. The owner of boat {i} paid "
            f"nothing, as it was "
            "not insured. Nobody asked him why."
            for i in range(30)
        ).encode(),
        asked={"Who paid nothing for boat 7?": Asked(quoted="boat 7", never="boat 29")},
    ),
    Case(
        24,
        "the first line of each paragraph set out",
        "ferry.txt",
        "\n".join(_wrapped(text, "", rest="    ") for text in _BOATS).encode(),
        asked={"Why did the owners pay nothing?": Asked(quoted="The owners paid nothing", never="At the bar")},
    ),
    Case(
        24,
        "lines that end with carriage returns alone",
        "ferry.txt",
        "\r".join(_wrapped(text, "   ").replace("\n", "\r") for text in _BOATS).encode(),
        asked={"Why did the owners pay nothing?": Asked(quoted="The owners paid nothing", never="At the bar")},
    ),
)

BROKEN = (
    Case(
        25,
        "a form feed and a running head within a sentence",
        "ocr.txt",
        (
            b"The cathedral was begun in the reign of the third bishop, and the ma-\nsons came from Lombardy "
            b"with their "
            b"own tools. They were paid in corn\nand salt, for there was no coin in the valley, and the chapter kept\n"
            b"the\n\n17\n\f\nTHE CATHEDRAL\n\naccounts on split hazel. Nobody could read them later.\n"
        ),
        headings=(),
        furniture={"17": Reason.PAGE, "THE CATHEDRAL": Reason.PAGE},
        asked={
            "What did the chapter keep the accounts on?": Asked(quoted="split hazel"),
            '"masons"': Asked(quoted="ma-\nsons"),
        },
    ),
    Case(
        25,
        "typed with double spacing, two paragraphs",
        "typed.txt",
        (
            b"The ferry left at six in the morning with nine people on board,\n\ntwo of whom had never seen the sea "
            b"before that day. The captain\n\nhad been drunk since Sunday. He was a kind man, and nobody had\n\nthe "
            b"heart to tell the owners of it.\n\n\n\nAt the bar the boat struck, and the cook cut the dinghy\n\nloose "
            b"and saved the two who had never seen the sea before.\n"
        ),
        asked={"Who had been drunk since Sunday?": Asked(marked="The captain\n\nhad been drunk since Sunday.")},
    ),
    Case(
        25,
        "a footnote at the foot of a page, within a sentence",
        "foot.txt",
        (
            b"The chapter kept its accounts on split hazel, which the clerks of the\nneighbouring valley "
            b"could not read, "
            b"and so nobody ever came to ask for\n\n- 12 -\n\nthe money that was owed to the masons of the nave and "
            b"tower.\n\nThe nave fell in 1311.\n"
        ),
        furniture={"- 12 -": Reason.PAGE},
        asked={"When did the nave fall?": Asked(marked="The nave fall"[:8])},
    ),
    Case(
        25,
        "a picture within a sentence",
        "pic.txt",
        (
            b"The chapter kept its accounts on split hazel, which the clerks of the\nneighbouring valley "
            b"could not read, "
            b"and so nobody ever came\n\n[Illustration: The clerks]\n\nto ask for the money that was owed.\n"
        ),
        asked={"Why did nobody ask for the money?": Asked(marked="to ask for the money that was owed.")},
    ),
)

_ENTRIES = (
    "BARGE, n. A boat that is sure of itself.\n\n  She came along in broad delight,\n    And left no room "
    "upon the right.\n"
    "                                Orrin Vane\n\n"
)
DICTIONARY = (
    Case(
        31,
        "entries with verse and its author",
        "words.txt",
        (
            "THE BARGEE'S DICTIONARY\n\nby Orrin Vane\n\nA\n\nANCHOR, n. What holds the boat when nothing "
            "else does.\n\n"
            f"B\n\n{_ENTRIES}BORE, n. Water that talks louder than the crew.\n\n"
            "C\n\nCALM, n. A pause in which the crew begins to talk.\n"
        ).encode(),
        author="Orrin Vane",
        headings=("A", "B", "C"),
        places={"BORE": "B", "CALM": "C"},
        asked={
            "What is a bore?": Asked(marked="BORE, n. Water that talks louder than the crew."),
            "Define calm": Asked(quoted="CALM, n."),
            "Who wrote this dictionary?": Asked(known="Orrin Vane"),
        },
    ),
    Case(
        31,
        "entries whose words stand before a dash",
        "words.txt",
        (
            b"Words of the Canal\n\nAnchor -- what holds the boat when nothing else does.\n\nBore -- water that talks "
            b"louder than the crew.\n\nCalm -- a pause in which the crew begins to talk.\n"
        ),
        headings=(),
        asked={"What is a bore?": Asked(quoted="Bore -- water that talks louder than the crew.")},
    ),
    Case(
        31,
        "entries of a page, each a term and what it means",
        "words.html",
        (
            b"<h1>Words of the Canal</h1><dl><dt>Anchor</dt><dd>What holds the boat when nothing else does.</dd>"
            b"<dt>Bore</dt><dd>Water that talks louder than the crew.</dd><dt>Calm</dt><dd>A pause in which the crew "
            b"begins to talk.</dd></dl>"
        ),
        asked={"What is a bore?": Asked(quoted="Bore\n", marked="Water that talks louder than the crew.")},
    ),
    Case(
        31,
        "entries of Markdown, in Pandoc's way",
        "words.md",
        (
            b"# Words of the Canal\n\nAnchor\n:   What holds the boat when nothing else does.\n\nBore\n:   Water that "
            b"talks louder than the crew.\n\n:   A dull man.\n\nCalm\n\n:   A pause in which the crew begins to talk.\n"
        ),
        headings=(),
        passages=(
            "Anchor\n:   What holds the boat when nothing else does.",
            "Bore\n:   Water that talks louder than the crew.\n\n:   A dull man.",
            "Calm\n\n:   A pause in which the crew begins to talk.",
        ),
        asked={"What is a bore?": Asked(marked="Water that talks louder than the crew.")},
    ),
)
