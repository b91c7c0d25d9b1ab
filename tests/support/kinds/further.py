"""Further inputs of the kinds, as programs write them out: transcripts, exports, mails, books, slides."""

from signs import Signs, paragraph, printed_signs

from kinds.case import Case
from kinds.files import docx, epub, odt, p, rtf
from source.document import Reason

_MILL = "The mill on the lower river was built of brick in 1802 by two brothers from the coast."
_FIRE = "It burned in 1844 after a lamp fell into the chaff, and nobody built it up again."
_PAGE = (
    "The mill on the lower river was built of brick in 1802 by two",
    "brothers from the coast, who had never seen a water wheel before",
    "and trusted a carpenter to tell them where it should stand.",
)
_NAV = "<nav><a href=/>Home</a></nav>"

TALKED = (
    Case(
        1,
        "subtitles that name the speaker in each cue",
        "meeting.vtt",
        (
            b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\nAnna Pell: When did it burn?\n\n2\n00:00:03.000 --> "
            b"00:00:06.000\nOle Berg: In 1844, after a lamp\n\n3\n00:00:06.000 --> 00:00:08.000\nOle Berg: fell into "
            b"the chaff.\n"
        ),
        headings=(),
        passages=(("Anna Pell: When did it burn?\n\nOle Berg: In 1844, after a lamp\nOle Berg: fell into the chaff."),),
    ),
    Case(
        23,
        "messages with a mark of direction before them",
        "chat.txt",
        (
            "[04/05/2021, 18:02:11] Marta: where is the key?\n\u200e[04/05/2021, 18:03:40] Olav: under the pot\n"
        ).encode(),
        sentences=(
            "[04/05/2021, 18:02:11] Marta: where is the key?",
            "\u200e[04/05/2021, 18:03:40] Olav: under the pot",
        ),
    ),
    Case(
        23,
        "what is needed, an amount a line",
        "bread.txt",
        b"Rye Bread\n\nIngredients:\n500 g rye flour\n1 tsp salt\n300 ml water\n\nBakes in 40 minutes.\n",
        sentences=("Ingredients:", "500 g rye flour", "1 tsp salt", "300 ml water", "Bakes in 40 minutes."),
    ),
    Case(
        23,
        "a backslash that breaks a line of Markdown",
        "mill.md",
        f"# Mill\n\n{_MILL}\\\n{_FIRE}\n".encode(),
        sentences=(f"{_MILL}\\", _FIRE),
    ),
)

PLAIN = (
    Case(
        10,
        "a manual, its headings in capitals above what is set in",
        "mill.txt",
        (
            b"NAME\n       mill - grind corn\n\nDESCRIPTION\n       Grind the corn in FILE.\n\n       -c     grind "
            b"coarse\n\nFILES\n       The corn stands in /corn.\n"
        ),
        headings=("DESCRIPTION", "FILES"),
        places={"Grind the corn": "DESCRIPTION", "-c": "DESCRIPTION", "The corn stands": "FILES"},
    ),
    Case(
        10,
        "a contract, its sections below the parties that are counted otherwise",
        "contract.txt",
        (
            b"AGREEMENT\n\nThis agreement is made between:\n\n(1) Anna Pell (the Seller); and\n\n(2) Ole Berg (the "
            b"Buyer).\n\n1. DEFINITIONS\n\nMill means the mill at Lund.\n\n2. SALE\n\nThe Seller sells the Mill.\n"
        ),
        title="AGREEMENT",
        headings=("1. DEFINITIONS", "2. SALE"),
        places={"Mill means": "1. DEFINITIONS", "The Seller sells": "2. SALE"},
    ),
    Case(
        10,
        "what a reader marked in books, as a Kindle writes it out",
        "My Clippings.txt",
        (
            "The Mill (Anna Pell)\n- Your Highlight on page 12 | Location 170-171 | Added on Tuesday, May 4, 2021\n\n"
            f"{_MILL}\n==========\nThe Weir (Ole Berg)\n- Your Note on page 13 | Added on Tuesday, May 4, "
            f"2021\n\n{_FIRE}"
            "\n==========\n"
        ).encode(),
        headings=("The Mill (Anna Pell)", "The Weir (Ole Berg)"),
        places={_MILL: "The Mill (Anna Pell)", _FIRE: "The Weir (Ole Berg)"},
        furniture={"Your Highlight": Reason.METADATA},
    ),
    Case(
        10,
        "a table of contents that was typed, of Word",
        "mill.docx",
        docx(
            p("Contents"),
            p("The Mill\t3"),
            p("The Fire\t9"),
            p("The Mill", run="<w:b/>"),
            p(_MILL),
            p("The Fire", run="<w:b/>"),
            p(_FIRE),
        ),
        headings=("The Mill", "The Fire"),
        furniture={"The Mill\t3": Reason.CONTENTS, "Contents": Reason.CONTENTS},
    ),
    Case(
        10,
        "a table of contents with dots, of a PDF",
        "toc.pdf",
        printed_signs(
            [
                Signs(60, 60, "Contents", 14, bold=True),
                *paragraph(60, 90, ["The Mill . . . . . . . . 3", "The Fire . . . . . . . . 9"], step=14),
            ],
            [Signs(60, 60, "The Mill", 14, bold=True), *paragraph(60, 90, _PAGE)],
        ),
        furniture={"The Mill . . .": Reason.CONTENTS},
        passages=(" ".join(_PAGE),),
    ),
    Case(
        11,
        "a thread of mails, each with its head",
        "thread.txt",
        (
            b"From: Ruth Adler\nSent: Tuesday, May 4, 2004 10:12 AM\nTo: Tom Birk\nSubject: RE: Boiler\n\nTom,\n\nthe "
            b"boiler was mended on Friday.\n\nRuth\n\nFrom: Tom Birk\nSent: Monday, May 3, 2004 9:00 AM\nTo: "
            b"Ruth Adler\n"
            b"Subject: Boiler\n\nThe boiler leaks.\n\nTom\n"
        ),
        headings=(),
        passages=("Tom,\n\nthe boiler was mended on Friday.\n\nRuth", "The boiler leaks.", "Tom"),
        furniture={"From: Tom Birk": Reason.METADATA, "From: Ruth": Reason.METADATA},
    ),
    Case(
        11,
        "the place and the day above a letter, of Word",
        "letter.docx",
        docx(p("Hallgate, 4 March 1887"), p("Dear Anna,"), p(_MILL), p("Yours ever,"), p("Edith")),
        headings=(),
        passages=("Hallgate, 4 March 1887", f"Dear Anna,\n\n{_MILL}\n\nYours ever,\n\nEdith"),
    ),
    Case(
        24,
        "paragraphs parted by Unicode's own signs",
        "mill.txt",
        f"The Mill\u2028\u2028{_MILL}\u2029{_FIRE}\u2029".encode(),
        title="The Mill",
        passages=(_MILL, _FIRE),
    ),
    Case(
        25,
        "a sentence that two paragraphs of a book share",
        "mill.epub",
        epub(
            (
                "1.xhtml",
                (
                    "<h1>Mill</h1><p>The mill on the lower river, which nobody had built for, was made of brick</p>"
                    f"<p>in 1802 by two brothers.</p><p>{_FIRE}</p>"
                ),
            )
        ),
        sentences=(
            "The mill on the lower river, which nobody had built for, was made of brick\n\nin 1802 by two brothers.",
            _FIRE,
        ),
    ),
)

MARKED = (
    Case(
        6,
        "a block of Pandoc that names the title",
        "a.md",
        f"% The Mill\n% Anna Pell\n% May 4, 2021\n\n{_MILL}\n\n# Fire\n\n{_FIRE}\n".encode(),
        title="The Mill",
        author="Anna Pell",
        date="May 4, 2021",
        headings=("Fire",),
        places={_MILL: "", _FIRE: "Fire"},
    ),
    Case(
        6,
        "labels of MultiMarkdown",
        "a.md",
        f"Title: The Mill\nAuthor: Anna Pell\nDate: 1921\n\n# Fire\n\n{_FIRE}\n".encode(),
        title="The Mill",
        author="Anna Pell",
        date="1921",
        headings=("Fire",),
    ),
    Case(
        8,
        "several authors and a moment, of Hugo",
        "a.md",
        f"---\ntitle: Mill\ndate: 2021-05-04T10:00:00+02:00\nauthors: [Anna Pell, Ole Berg]\n---\n\n{_MILL}\n".encode(),
        author="Anna Pell, Ole Berg",
        date="2021-05-04",
    ),
)

BOOKS = (
    Case(
        5,
        "notes of a book in a file of their own",
        "mill.epub",
        epub(
            (
                "text/1.xhtml",
                (
                    f"<h1>Mill</h1><p>{_MILL}<a epub:type='noteref' href='notes.xhtml#n1'>1</a> {_FIRE}"
                    "<a epub:type='noteref' href='notes.xhtml#n2'>2</a></p>"
                ),
            ),
            (
                "text/notes.xhtml",
                (
                    "<section epub:type='endnotes'><h2>Notes</h2><ol><li id='n1'><p>Ledger, leaf 9. "
                    "<a href='1.xhtml#r1'>↩</a></p></li><li id='n2'><p>In the spring.</p></li></ol></section>"
                ),
            ),
        ),
        passages=(f"{_MILL}[1] {_FIRE}[2]", "[1] Ledger, leaf 9.", "[2] In the spring."),
    ),
    Case(
        10,
        "a page of Project Gutenberg",
        "pg.html",
        (
            "<html><head><title>The Project Gutenberg eBook of Mill, by Anna Pell</title></head><body><section "
            "class='pg-boilerplate pgheader' id='pg-header'><h2>The Project Gutenberg eBook of Mill</h2><p>This "
            "ebook is "
            f"for anyone.</p></section><h1>MILL</h1><h2>CHAPTER I.<br>The Frost</h2><p>{_MILL}</p><section "
            "class='pg-boilerplate pgfooter' id='pg-footer'><p>Updated editions will replace this.</p></section></body>"
        ).encode(),
        title="MILL",
        author="Anna Pell",
        headings=("CHAPTER I. The Frost",),
        passages=(_MILL,),
        furniture={"This ebook is": Reason.LICENCE, "Updated editions": Reason.LICENCE},
    ),
    Case(
        14,
        "paragraphs of Rich Text, a line each",
        "weir.rtf",
        rtf(
            r"\pard The water turns\par and turns again\par before it falls\par beneath the wren\par\par My mother came"
            rf"\par in nineteen-four\par with seven sheep\par\par {_MILL}\par"
        ),
        headings=(),
        passages=(
            "The water turns\nand turns again\nbefore it falls\nbeneath the wren",
            "My mother came\nin nineteen-four\nwith seven sheep",
            _MILL,
        ),
    ),
    Case(
        14,
        "printed in the middle of the page",
        "weir.pdf",
        printed_signs(
            [
                Signs(250, 100, "The water turns"),
                Signs(265, 114, "and turns"),
                Signs(237.5, 128, "before it falls down"),
                *paragraph(60, 170, _PAGE),
            ]
        ),
        headings=(),
        passages=("The water turns\nand turns\nbefore it falls down", " ".join(_PAGE)),
    ),
    Case(
        15,
        "a name and a value with a tab between them, of Word",
        "mill.docx",
        docx(p("Built:\t1802"), p("Burned:\t1844"), p(_MILL)),
        headings=(),
        passages=("Built:\t1802", "Burned:\t1844", _MILL),
    ),
    Case(
        16,
        "items that were typed with their bullets, of a page that Word wrote",
        "mill.html",
        (
            f"<div class=WordSection1><p class=MsoTitle>Mill</p><p class=MsoNormal>{_MILL}</p><p "
            f"class=MsoListParagraph>"
            "<span>·<span>&nbsp;&nbsp; </span></span>two wheels</p><p class=MsoListParagraph><span>·<span>&nbsp;&nbsp;"
            "</span></span>one boat</p></div>"
        ).encode(),
        title="Mill",
        headings=(),
        sentences=(_MILL, "two wheels", "one boat"),
    ),
    Case(
        16,
        "a part that is numbered and has no title, of OpenDocument",
        "mill.odt",
        odt(f"<text:h text:outline-level='1'>I</text:h><text:p>{_MILL}</text:p>"),
        headings=("I",),
        places={_MILL: "I"},
    ),
    Case(
        2,
        "a running head over two pages",
        "head.pdf",
        printed_signs(
            [Signs(60, 40, "THE MILL", 8), *paragraph(60, 100, _PAGE[:2])],
            [Signs(60, 40, "THE MILL", 8), *paragraph(60, 100, _PAGE[2:])],
        ),
        headings=(),
        passages=(" ".join(_PAGE),),
        furniture={"THE MILL": Reason.PAGE},
    ),
)

PAGES = (
    Case(
        26,
        "the author by the name of an element, the day in words before it",
        "a.html",
        (
            f"<body>{_NAV}<article><h1>Mill</h1><div class=author-name>Otto Brandt</div><div "
            f"class=date>Published on 4 May "
            f"2021</div><p>{_MILL}</p><p>{_FIRE}</p></article></body>"
        ).encode(),
        author="Otto Brandt",
        date="4 May 2021",
        passages=(_MILL, _FIRE),
    ),
    Case(
        26,
        "a subtitle above the author and the day",
        "b.html",
        (
            f"<body>{_NAV}<article><h1>Mill</h1><h3>On bricks</h3><p class=byline>Words by <a href=/o>Otto "
            f"Brandt</a></p>"
            f"<time>May 4, 2021</time><p>{_MILL}</p><p>{_FIRE}</p></article></body>"
        ).encode(),
        title="Mill",
        author="Otto Brandt",
        date="May 4, 2021",
        passages=(_MILL, _FIRE),
    ),
    Case(
        26,
        "the name of a reader who comments is not the author's",
        "c.html",
        (
            f"<body>{_NAV}<article><h1>Mill</h1><p>{_MILL} {_FIRE}</p></article><section id=comments><p "
            "class=author>Tom Birk</p><p>Nice.</p></section></body>"
        ).encode(),
        author="",
    ),
    Case(
        26,
        "what is said to those who do not see the page",
        "d.html",
        (
            f"<body>{_NAV}<main><h1>Mill</h1><p>{_MILL} <a href=/x>{_FIRE}<span class=sr-only> (opens in a new "
            f"tab)</span>"
            "</a></p></main></body>"
        ).encode(),
        passages=(f"{_MILL} {_FIRE}",),
        furniture={"(opens in a new tab)": Reason.MARKUP},
    ),
)
