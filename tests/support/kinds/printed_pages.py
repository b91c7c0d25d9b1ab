"""Kinds 02, 07, 19 and 28: what stands where on a page of a PDF."""

import re

from signs import Signs, paragraph, printed_signs

from kinds.case import Asked, Case
from source.document import Reason

_MILL = (
    "The mill on the lower river was built of brick in 1802 by two brothers",
    "from the coast, who had never seen a water wheel before and trusted a",
    "carpenter to tell them where it should stand.",
)
MILL = " ".join(_MILL)
_FIRE = (
    "It burned in 1844 after a lamp fell into the chaff, and the brothers, who",
    "were old by then, sold the ground to the parish for the price of bricks.",
)
FIRE = " ".join(_FIRE)
_LEFT = ("of bricks. The parish kept the wheel and let it out to a man", "who ground bones.")
_WIDE = 5.0  # points that a sign takes in type of ten


def _justified(x: float, y: float, lines: tuple[str, ...], width: float) -> list[Signs]:
    """Lines whose words are set apart until each but the last is `width` wide."""
    signs = []
    for i, line in enumerate(lines):
        words = line.split()
        room = (width - _WIDE * sum(map(len, words))) / max(1, len(words) - 1) if i + 1 < len(lines) else _WIDE
        at = x
        for word in words:
            signs.append(Signs(at, y + 12 * i, word))
            at += _WIDE * len(word) + room
    return signs


def _numbered(lines: tuple[str, ...], x: float = 80) -> list[Signs]:
    """Lines with their numbers in the margin."""
    return [
        one
        for i, line in enumerate(lines)
        for one in (Signs(50, 100 + 24 * i, str(i + 1)), Signs(x, 100 + 24 * i, line))
    ]


def _seen(text: str) -> str:
    """Hebrew from left to right as it is seen: all turned round but numbers."""
    return " ".join(re.sub(r"\d+", lambda digits: digits[0][::-1], word)[::-1] for word in reversed(text.split()))


LINES = (
    Case(
        2,
        "words set apart until their lines are full",
        "wide.pdf",
        printed_signs([*_justified(60, 100, _MILL, 420), *_justified(60, 160, _FIRE, 420)]),
        passages=(MILL, FIRE),
        inserted=(),
        asked={"When did the mill burn?": Asked(marked="It burned in 1844")},
    ),
    Case(
        2,
        "a raised number that is smaller, in the middle of a line",
        "raised.pdf",
        printed_signs(
            [
                Signs(60, 100, "The mill burned in 1844"),
                Signs(176, 96, "12", 6),
                Signs(184, 100, "and nobody built it up again, for want"),
                *paragraph(60, 112, _LEFT),
            ]
        ),
        passages=(
            ("The mill burned in 1844[12] and nobody built it up again, for want of bricks. The parish kept the wheel "
            "and let it out to a man who ground bones."),
        ),
    ),
    Case(
        2,
        "dashes set off by a tab, items over two lines",
        "items.pdf",
        printed_signs(
            [
                Signs(60, 100, "The brothers owned:"),
                Signs(70, 116, "–"), Signs(90, 116, "two wheels of oak, which they had bought from a wright in"),
                Signs(90, 128, "the next valley"),
                Signs(70, 140, "–"), Signs(90, 140, "a stone from France"),
                Signs(70, 152, "–"), Signs(90, 152, "one boat"),
                *paragraph(60, 176, _FIRE),
            ]
        ),
        passages=(
            ("The brothers owned:\n\n– two wheels of oak, which they had bought from a wright in the next valley\n\n"
            "– a stone from France\n\n– one boat"),
            FIRE,
        ),
        asked={"What did the brothers own?": Asked(quoted="one boat")},
    ),
    Case(
        2,
        "a record whose lines are numbered",
        "hearing.pdf",
        printed_signs(
            _numbered(
                (
                    "Q. Where were you on the night of the fire?",
                    "A. I was at the bridge with the carter, and we saw",
                    "the smoke at nine.",
                    "Q. Who else was at the bridge?",
                    "A. My sister Karen and a man with a dog.",
                )
            )
        ),
        passages=(
            ("Q. Where were you on the night of the fire?\n\nA. I was at the bridge with the carter, and we saw the "
            "smoke at nine."),
            "Q. Who else was at the bridge?\n\nA. My sister Karen and a man with a dog.",
        ),
        furniture={"1\n2\n3\n4\n5": Reason.PAGE},
        asked={"Who else was at the bridge?": Asked(marked="My sister Karen")},
    ),
    Case(
        2,
        "a table drawn without lines, its cells close to each other",
        "table.pdf",
        printed_signs(
            [
                Signs(60, 100, "The yields of the four fields were weighed every autumn by the steward."),
                *(
                    Signs(x, 130 + 14 * row, cell)
                    for row, cells in enumerate(
                        (("Year", "Wheat", "Barley"), ("1911", "14", "9"), ("1912", "21", "11"), ("1913", "17", "12"))
                    )
                    for x, cell in zip((60, 100, 150), cells, strict=True)
                ),
            ]
        ),
        passages=(
            "The yields of the four fields were weighed every autumn by the steward.",
            "Year: 1911; Wheat: 14; Barley: 9",
            "Year: 1912; Wheat: 21; Barley: 11",
            "Year: 1913; Wheat: 17; Barley: 12",
        ),
        asked={"How much barley was there in 1912?": Asked(quoted="Barley: 11")},
    ),
)  # fmt: skip

LARGER = (
    Case(
        7,
        "an opening in larger type",
        "lead.pdf",
        printed_signs([*paragraph(60, 100, _MILL, size=12, step=15), *paragraph(60, 170, [*_FIRE, *_FIRE, *_FIRE])]),
        headings=(),
        passages=(MILL, " ".join([FIRE] * 3)),
        asked={"When was the mill built?": Asked(marked="was built of brick in 1802")},
    ),
    Case(
        7,
        "a notice in bold type",
        "notice.pdf",
        printed_signs([*paragraph(60, 100, _FIRE), *paragraph(60, 140, _MILL, bold=True), *paragraph(60, 200, _FIRE)]),
        headings=(),
        passages=(FIRE, MILL, FIRE),
        asked={"When was the mill built?": Asked(marked="was built of brick in 1802")},
    ),
    Case(
        7,
        "a text whose many notes are small",
        "notes.pdf",
        printed_signs(
            [
                *paragraph(60, 60, ["The Mill"], size=16, bold=True),
                *paragraph(60, 100, _MILL, size=11, step=14),
                *paragraph(60, 600, [f"{i} The ledger of 18{i:02} names them." for i in range(1, 15)], size=8, step=10),
            ]
        ),
        title="The Mill",
        headings=(),
        asked={"When was the mill built?": Asked(marked="was built of brick in 1802")},
    ),
    Case(
        7,
        "one sentence in large bold type, and a heading that is one",
        "sentence.pdf",
        printed_signs(
            [
                *paragraph(60, 60, ["The Mill"], size=18, bold=True),
                Signs(60, 100, "No boat may pass the weir after dark.", 12, bold=True),
                *paragraph(60, 130, _MILL),
                Signs(60, 190, "The Fire", 13, bold=True),
                *paragraph(60, 210, _FIRE),
            ]
        ),
        title="The Mill",
        headings=("The Fire",),
        passages=("No boat may pass the weir after dark.", MILL, FIRE),
        asked={"May boats pass the weir after dark?": Asked(marked="No boat may pass the weir after dark.")},
    ),
)  # fmt: skip

RIGHT_TO_LEFT = (
    Case(
        19,
        "Hebrew with a year and a full stop, as it is seen",
        "seen.pdf",
        printed_signs([Signs(100, 100, _seen("הטחנה נבנתה בשנת 1744 על הנהר.")), Signs(200, 114, _seen("היא נשרפה."))]),
        passages=("הטחנה נבנתה בשנת 1744 על הנהר. היא נשרפה.",),
    ),
    Case(
        19,
        "Arabic with a number, letter by letter from the right",
        "placed.pdf",
        printed_signs(
            [Signs(300 - 5 * i, 100, sign) for i, sign in enumerate("كان في القرية نهر كبير سنة")]
            + [Signs(300 - 5 * 27 - 20, 100, "1802")]
        ),
        passages=("كان في القرية نهر كبير سنة 1802",),
    ),
    Case(
        19,
        "an English name within Hebrew, placed from the right",
        "mixed.pdf",
        printed_signs(
            [
                *(Signs(300 - 5 * i, 100, sign) for i, sign in enumerate("הטחנה של")),
                Signs(300 - 5 * 9 - 15, 100, "Lund"),
                *(Signs(300 - 5 * 14 - 5 * i, 100, sign) for i, sign in enumerate("נשרפה")),
            ]
        ),
        passages=("הטחנה של Lund נשרפה",),
    ),
)  # fmt: skip

BOXES = (
    Case(
        28,
        "a box to the right of two paragraphs",
        "box.pdf",
        printed_signs(
            [
                *paragraph(60, 100, [line[:48] for line in _MILL]),
                *paragraph(340, 106, ["Did you know?", "The wheel weighed four", "tons."], size=9, step=11),
                *paragraph(60, 160, ["It burned in 1844 after a lamp fell in the", "chaff, and nobody built it up."]),
            ]
        ),
        asked={"How much did the wheel weigh?": Asked(quoted="The wheel weighed four tons.")},
    ),
    Case(
        28,
        "a box to the left, whose lines stand between those of the text",
        "left.pdf",
        printed_signs(
            [
                *paragraph(240, 100, [
                    "The mill on the lower river was built of brick in", ("1802 by two brothers from the "
                    "coast, who had never"),
                    "seen a water wheel before and trusted a carpenter", "to tell them where it should stand.",
                ]),
                *paragraph(60, 103, ["Its wheel weighed four tons", "and turned fast."], size=9, step=11),
            ]
        ),
        asked={"How much did the wheel weigh?": Asked(quoted="Its wheel weighed four tons and turned fast.")},
    ),
    Case(
        28,
        "a label in bold type that begins a sentence",
        "label.pdf",
        printed_signs(
            [
                *paragraph(60, 100, _MILL),
                Signs(60, 150, "FOR FURTHER INFORMATION:", bold=True),
                Signs(185, 150, "Ian Won, Manager of the lower weir, who lives at the"),
                Signs(60, 162, "mill house from May to October."),
                *paragraph(60, 190, _FIRE),
            ]
        ),
        headings=(),
        passages=(
            MILL,
            ("FOR FURTHER INFORMATION: Ian Won, Manager of the lower weir, who lives at the mill house from May to "
            "October."),
            FIRE,
        ),
    ),
)  # fmt: skip
