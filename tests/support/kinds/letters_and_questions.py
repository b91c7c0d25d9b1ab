"""Kinds 08, 09, 18, 20, 22, 27 and 30: letters that are kept, words that meet, and what is asked of whole essays."""

from kinds.case import Asked, Case
from kinds.files import docx, epub, p

_LIGHTS = (
    "---\ntitle: The Lights of Orne\nauthor: Ida Brandt\ndate: 1931-02-07\n---\n# The Lights of Orne\n\n## Oil\n\n"
    "The first light of Orne burned whale oil and stood on the mole. It was lit by a boy.\n\n"
    "The second light burned gas and stood on the cape. It cost 30,000 crowns. Nobody slept in it.\n\n## People\n\n"
    "The keeper lived in the red house. His wife, Agnès Lindström, kept the log for 31 years.\n\n"
    "The pilots did not pay for the light. Fishermen did not either.\n\n"
    "The masters paid by the foot of draught.\n"
)

ABOUT = (
    Case(
        8,
        "front matter",
        "lights.md",
        _LIGHTS.encode(),
        title="The Lights of Orne",
        author="Ida Brandt",
        date="1931-02-07",
        asked={
            "Who wrote the essay about the lights?": Asked(known="Ida Brandt"),
            "When was The Lights of Orne written?": Asked(known="1931-02-07"),
            "What is the title of the essay by Ida Brandt?": Asked(known="The Lights of Orne"),
            "What is it about?": Asked(quoted="The first light of Orne", known="Oil"),
        },
    ),
    Case(
        8,
        "properties of Word",
        "weir.docx",
        docx(p("The weir was built of larch, and was never mended."), title="The Quiet Weir", author="Eva Lund"),
        title="The Quiet Weir",
        author="Eva Lund",
        asked={"Who wrote The Quiet Weir?": Asked(known="Eva Lund")},
    ),
    Case(
        8,
        "the description of a book",
        "weir.epub",
        epub(
            ("1.xhtml", "<h1>Larch</h1><p>The weir was built of larch.</p>"), title="The Quiet Weir", author="Eva Lund"
        ),
        author="Eva Lund",
        asked={"Who is the author of this book?": Asked(known="Eva Lund")},
    ),
    Case(
        8,
        "lines below the title, of plain text",
        "weir.txt",
        b"The Quiet Weir\n\nby Eva Lund\n\nMay 4, 1921\n\nThe weir was built of larch, and was never mended.\n",
        title="The Quiet Weir",
        author="Eva Lund",
        date="May 4, 1921",
        asked={
            "Who wrote The Quiet Weir?": Asked(known="Eva Lund"),
            "When was The Quiet Weir published?": Asked(known="May 4, 1921"),
        },
    ),
)

COMPARED = (
    Case(
        9,
        "two things that are counted",
        "lights.md",
        _LIGHTS.encode(),
        asked={
            "Compare the first and the second light": Asked(quoted="second light", also="first light"),
            "What did the first and the second light burn?": Asked(quoted="burned", also="burned"),
        },
    ),
    Case(
        9,
        "two people",
        "people.txt",
        (
            b"Ole Berg built boats of oak and sold them in Aske.\n\nNils Aker built mills, and died poor in 1851.\n\n"
            b"The parish had nine horses.\n"
        ),
        asked={"Compare Ole Berg and Nils Aker": Asked(quoted="Nils Aker", also="Ole Berg")},
    ),
    Case(
        9,
        "two boats, of a book",
        "boats.epub",
        epub(
            (
                "1.xhtml",
                (
                    "<h1>Boats</h1><p>The Swan was built of oak in 1874.</p><p>The crew slept "
                    "ashore.</p><p>The Heron was "
                    "built of larch, and she was faster in light winds.</p>"
                ),
            )
        ),
        asked={"What is the difference between the Swan and the Heron?": Asked(quoted="Heron", also="Swan")},
    ),
)

_UTF8 = "The café owner of Malmö paid forty crowns; naïve guests paid more. " * 12

LETTERS = (
    Case(
        18,
        "one byte of Windows in UTF-8",
        "a.txt",
        _UTF8.encode() + b"Caf\xe9 again.\n",
        refused="UTF-8 but for byte",
    ),
    Case(
        18,
        "a letter that was cut in two at the end of a file",
        "b.md",
        f"# Cafés\n\n{_UTF8}".encode() + "é".encode()[:1],
        refused="UTF-8 but for byte",
    ),
    Case(
        18,
        "a whole text of Windows",
        "c.txt",
        _UTF8.encode("cp1252"),
        passages=(_UTF8.strip(),),
    ),
    Case(
        18,
        "text of a Mac with quotation marks",
        "d.txt",
        ("“Nobody came,” said the café owner’s daughter — and shut the door of the Hôtel d’Été. " * 8).encode(
            "mac-roman"
        ),
        passages=(
            ("“Nobody came,” said the café owner’s daughter — and shut the door of the Hôtel d’Été. " * 8).strip(),
        ),
    ),
)

WORDS = (
    Case(
        20,
        "ligatures and soft hyphens, of plain text",
        "a.txt",
        "The ﬁrst oﬃce of the ﬂeet was in the harbour. The mid\u00addle room had no win\u00addow.\n".encode(),
        asked={
            '"first office"': Asked(marked="The ﬁrst oﬃce of the ﬂeet was in the harbour."),
            "first office of the fleet": Asked(marked="The ﬁrst oﬃce of the ﬂeet was in the harbour."),
            '"window"': Asked(marked="win\u00addow"),
        },
    ),
    Case(
        20,
        "soft hyphens and spaces that do not break, of a page",
        "b.html",
        b"<p>The parish lent money to black&shy;smiths from&nbsp;1798 on.</p><p>It lent nothing to coopers.</p>",
        asked={'"blacksmiths"': Asked(marked="blacksmiths"), '"from 1798"': Asked(marked="1798")},
    ),
    Case(
        20,
        "numbers with signs between their thousands",
        "c.txt",
        (
            b"The pier cost 42,000 crowns. The tower cost 1.200.000 marks. The bridge was 3 400 feet long.\n\n"
            b"The second essay says that the school had nine hundred pupils.\n"
        ),
        asked={
            "42000": Asked(marked="The pier cost 42,000 crowns."),
            "What cost 42000 crowns?": Asked(
                marked="The pier cost 42,000 crowns.", verdicts=("answers", "may_answer", "close")
            ),
        },
    ),
    Case(
        20,
        "accents that are not typed, put together and apart",
        "d.txt",
        (
            "The poet Jose\u0301 Marti\u0301nez wrote in Zürich in 1916.\n\nThe tower was mended by Agnès Dvořák, a "
            "mason.\n\nThe goods were brought by mice and bought by geese.\n"
        ).encode(),
        asked={
            "Where did José Martínez write?": Asked(marked="Zürich"),
            "Agnes Dvorak": Asked(marked="Agnès Dvořák"),
            "mouse": Asked(marked="mice"),
        },
    ),
)

NEXT = (
    Case(
        22,
        "what it cost, said of it",
        "lights.md",
        _LIGHTS.encode(),
        asked={
            "What did the second light cost?": Asked(marked="It cost 30,000 crowns."),
            "Who did not pay for the light?": Asked(quoted="Fishermen did not either."),
        },
    ),
    Case(
        22,
        "what he did, said of him",
        "berg.txt",
        (
            b"Ole Berg came to Aske in 1802 with a cart. He married the ferryman's widow. They had five daughters.\n\n"
            b"The parish had nine horses.\n"
        ),
        asked={
            "Whose widow did he marry?": Asked(marked="He married the ferryman's widow."),
            "How many daughters did Ole Berg have?": Asked(marked="They had five daughters."),
        },
    ),
    Case(
        22,
        "what do not, said in three words",
        "bees.txt",
        (
            b"Keeping Bees\n\nWasps rob weak hives in August. Hornets do not.\n\nA hive holds 40,000 bees in June. In "
            b"January there are 8,000.\n"
        ),
        asked={
            "Which animals do not rob hives?": Asked(marked="Hornets do not."),
            "How many bees does a hive hold in January?": Asked(marked="In January there are 8,000."),
        },
    ),
)

RELATED = (
    Case(
        27,
        "a bare name",
        "lights.md",
        _LIGHTS.encode(),
        asked={
            "Agnes Lindstrom": Asked(marked="Agnès Lindström", never="draught"),
            "whale": Asked(marked="whale oil", never="draught"),
        },
    ),
    Case(
        27,
        "a name that is written otherwise",
        "berg.txt",
        (
            "The mill was built by Gustaf Löfgren in 1802.\n\nThe wheel was 4.5 m wide.\n\nThe miller had "
            "five daughters."
            "\n\nThe fire began at nine.\n"
        ).encode(),
        asked={"Gustav Lofgren": Asked(quoted="Gustaf Löfgren", never="five daughters")},
    ),
    Case(
        27,
        "a word that stands nowhere",
        "berg.txt",
        b"The mill was built in 1802.\n\nThe wheel was 4.5 m wide.\n\nThe miller had five daughters.\n",
        asked={"submarine": Asked(verdicts=("none",))},
    ),
)

_WOODS = tuple(
    f"The woods on the {side} shore are full of {bird}, and in the woods there one may walk for {hours} hours without "
    f"meeting anybody. I have seen the woods burn, and I have seen the woods grow again over the {thing}."
    for side, bird, hours, thing in zip(
        ("north", "south", "east", "west", "near", "far", "upper", "lower") * 5,
        ("owls", "jays", "herons", "larks", "crows") * 8,
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven") * 4,
        ("road", "well", "house", "ditch") * 10,
        strict=True,
    )
)
_FAMOUS = (
    "The rest of that year is of no account. I went to the woods because I wished to live deliberately, and "
    "to find out "
    "what is left when nothing is added. I did not wish to live what was not life. Nor did I wish to practise "
    "resignation, unless it was quite necessary. I wanted to live deep."
)

FAMOUS = (
    Case(
        30,
        "one of forty that speak of the woods, of plain text",
        "woods.txt",
        "\n\n".join([*_WOODS[:23], _FAMOUS, *_WOODS[23:]]).encode(),
        asked={
            "Why did he go to the woods?": Asked(marked="I went to the woods because"),
            "Why did I go to the woods?": Asked(marked="I went to the woods because"),
        },
    ),
    Case(
        30,
        "one of forty, of a book",
        "woods.epub",
        epub(("1.xhtml", f"<h1>Woods</h1>{''.join(f'<p>{one}</p>' for one in (*_WOODS, _FAMOUS))}")),
        asked={"Why did he go to the woods?": Asked(marked="I went to the woods because")},
    ),
    Case(
        30,
        "verbs whose past looks different",
        "mill.txt",
        (
            b"Ole Berg bought the mill in 1802 with his wife's silver.\n\nThe mill was said to be "
            b"haunted.\n\nHe taught the "
            b"boys of the mill to swim.\n\nThe mice ate the flour of the mill.\n"
        ),
        asked={
            "When did Ole Berg buy the mill?": Asked(marked="Ole Berg bought the mill in 1802"),
            "Who did he teach to swim?": Asked(marked="He taught the boys of the mill to swim."),
            "What did the mouse eat?": Asked(marked="The mice ate the flour of the mill."),
        },
    ),
)
