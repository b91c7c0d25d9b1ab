"""What is said of a quotation: as it is written, but for its form, or otherwise, and where it stands."""

from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.memory import MemoryIndex
from index.protocol import Index
from qa import check
from qa.quotations.check import check_draft
from qa.quotations.difference import LONGEST, compared
from qa.quotations.drafts.draft import Quotation
from qa.quotations.examiner import Examiner
from qa.quotations.normal import normal
from qa.quotations.report import Finding
from qa.quotations.search import Library
from source.document import Document
from source.errors import NoDocument, UserError
from source.library import ESSAYS, read_library
from source.reading import read_data


def told(index: Index, text: str, citation: str = "") -> Finding:
    return Examiner(Library(index)).finding(Quotation(text, 0, len(text), 1, citation))


VERBATIM = [
    "Cod are caught in winter off the northern shore",
    "The fleet sold 1,200 tons in 1953. Nobody had counted the boats before.",
    "“Old Wick” was never deep enough - that is what the pilots say",
    "didn't use it for 13.5 years.",
    "The *old* oak was felled",
    "1953",
    "Die Panzer kamen über den Fluss.",
    "冬に鱈が獲れる",
    "Their wood is softer… and cheaper.",
    "who regret-\nted it",
    "> Acorns are carried by jays,\n> which forget a third of them.",
    "Bark and leaves",
    "It is not lit any more.\n\nHerring came in summer",
]
FORMAL = [
    "cod are caught in winter",
    "[c]od are caught in winter",
    "Cod  are\ncaught in winter",
    "Cod are caught in winter off the northern,",
    "The fleet sold 1,200 tons in 1953 …",
    "Cod are caught … mostly by small boats.",
    "Cod are caught […] mostly by small boats. . . . Nobody had counted the boats before",
    "Cod are caught in winter [...] was never deep enough ... built in 1871",
    "The harbour of 'Old Wick' was never deep enough – that is",
    "The harbour of «Old Wick» was never deep enough--that is what",
    "The US navy didn’t use it",
    "Cod are caught in win-\nter off the northern shore",
    "The old oak was felled in 1904",
    "who regretted it for the rest of his life",
    "A well-\nknown forester wrote",
    "Acorns are carried by jays, which forget a third of them.",
    "non-native oaks grow faster. Their wood",
    "It is not lit any more. Herring came in summer",
    "COD ARE CAUGHT IN WINTER",
    "Nobody [sic] had counted the boats",
    "Ｃｏｄ are caught",
    "冬に鱈が獲れる、",
    "bark and leaves",
]
ALTERED = [
    "Cod are caught in summer off the northern shore",
    "Cod are caught in winter of the northern shore",
    "The fleet sold 1,300 tons in 1953.",
    "The fleet sold 200 tons in 1953.",
    "didn't use it for 3.5 years",
    "The US navy did use it for 13.5 years",
    "The us navy didn't use it",
    "It is lit any more.",
    "A lighthouse was not built in 1871 by the Stevenson brothers.",
    "A lighthouse was built in 1871 by the Robertson brothers.",
    "A lighthouse was built by the Stevenson brothers.",
    "Nobody has counted the boats before",
    "A well known forester wrote that",
    "native oaks grow faster. Their wood is",
    "The harbour of Old Wick was never deep enough",
    "Cod are caught [only] in winter off the northern shore",
    "Bark was sold to tanners until 1953, leaves were left to the pigs.",
    "Niemand hat die Masse des Turms gekannt",
    "Die Panzer kamen uber den Fluss",
    "北の海では夏に鱈が獲れる。",
    "Cod are caught in winter off the northern shore … mostly by large boats",
    "The fleet sold 1,200 tons in 1953. before.",
]
STITCHED = [
    "Cod are caught in winter off the northern shore. The oak was felled in 1904 by Per",
    "The fleet sold 1,200 tons in 1953 until 1953; leaves were left to the pigs.",
    "Nobody had counted the boats before. Cod are caught in winter off the northern shore",
    "Cod are caught in winter off the northern shore … the merchants from Inverness",
    "They sang while they worked […] Herring came in summer",
    "Cod are caught in winter off … carried by jays, which forget",
]
STITCHED[0] = STITCHED[0].replace("The oak", "the old oak")
ABSENT = [
    "The moon is made of green cheese and nobody minds.",
    "Whales were never hunted from this coast by anyone",
    "completely unrelated quantum chromodynamics",
    "月には誰もいない",
]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        *((text, "verbatim") for text in VERBATIM),
        *((text, "formal") for text in FORMAL),
        *((text, "altered") for text in ALTERED),
        *((text, "stitched") for text in STITCHED),
        *((text, "absent") for text in ABSENT),
    ],
)
def test_each_verdict(index: Index, text: str, verdict: str) -> None:
    finding = told(index, text)
    assert finding.verdict == verdict, finding
    assert finding.right is (verdict in ("verbatim", "formal"))
    for place, original in zip(finding.places, finding.originals, strict=True):
        assert original == index.document(place.document).text[place.start : place.end]
    if verdict == "verbatim":
        assert text in index.document(finding.places[0].document).text
    assert bool(finding.places) is (verdict != "absent")
    assert bool(finding.differences) is (verdict == "altered")


HARBOUR = r"""The harbour

In chapter 1, 200 men were named, of whom 1,200 came later. On page 4. 5 ships carried 4.5 tons of grain.

He ate 1/2 of the loaf at 10:30 in the evening. They could not win \[the war\], and they left.¹ The ships were sold.

The board was 5' wide. He said "back in 1950" that it was 12" long.
"""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("In chapter 1,200 men were named", "altered"),
        ("of whom 1, 200 came later", "altered"),
        ("On page 4.5 ships carried", "altered"),
        ("ships carried 4. 5 tons of grain", "altered"),
        ("In chapter 1,\n200 men were  named", "formal"),
        ("He ate 1", "altered"),
        ("30 in the evening", "altered"),
        ("He ate 1 / 2 of the loaf", "formal"),
        ("\u202ecould not win", "altered"),
        ("They could not\u202d win", "altered"),
        ("They \u200ecould not win", "formal"),
        ("They could not win [the war], and they left", "formal"),
        (r"\[t\]hey could not win \[…\] and they left.", "formal"),
        (r"They could not win, \[sic\] and they left.", "altered"),
        ("They could not win [....] and they ⋯ left", "formal"),
        ("and they left. The ships were sold", "formal"),
        ("and they left.² The ships were sold", "formal"),
        ("He ate 1/2² of the loaf", "altered"),
        ('The board was 5" wide', "altered"),
        ("The board was 5’ wide", "formal"),
        ("said ‘back in 1950’ that it was 12” long", "formal"),
        ("‘back in 1950’ that it was", "formal"),
    ],
)
def test_spaces_escapes_and_unseen_signs_hide_no_change(text: str, verdict: str) -> None:
    finding = told(MemoryIndex([read_data(HARBOUR.encode(), "harbour.md")], SmallEncoder()), text)
    assert finding.verdict == verdict, finding
    assert verdict != "altered" or {one.kind for one in finding.differences} != {"same"}, finding.differences


def test_capitals_and_points_that_make_another_word_are_told_as_differences(index: Index) -> None:
    finding = told(index, "The us navy didn't use it for 13. 5 years")
    changed = [(one.kind, one.quoted, one.original) for one in finding.differences if one.kind != "same"]
    assert (finding.verdict, changed) == ("altered", [("changed", "us", "US"), ("changed", "13. 5", "13.5")])


def test_an_index_in_memory_says_the_same(index: Index, essays: Path) -> None:
    held = MemoryIndex([one for one in read_library(essays) if isinstance(one, Document)], SmallEncoder())
    for text in (*VERBATIM, *FORMAL, *ALTERED, *STITCHED, *ABSENT):
        assert told(held, text) == told(index, text)


@pytest.mark.parametrize(
    ("citation", "fits"),
    [
        ("On the Sea", True),
        ("sea.txt", True),
        ("cf. On the Sea, ¶ 1", True),
        ("On the Sea, line 3", True),
        ("para. 1", True),
        ("Smith 1999", True),
        ("Of Oaks", False),
        ("oak.md", False),
        ("On the Sea, ¶ 3", False),
        ("On the Sea, line 9", False),
        ("¶ 2–4", False),
    ],
)
def test_where_the_draft_says_it_stands(index: Index, citation: str, fits: bool) -> None:
    finding = told(index, "Nobody had counted the boats before", citation)
    assert finding.verdict == ("verbatim" if fits else "misplaced")
    assert [(place.document, place.paragraph, place.line) for place in finding.places] == [("sea.txt", 1, 3)]


def test_of_several_places_that_which_is_cited_counts(index: Index) -> None:
    assert told(index, "1953", "Of Oaks").places[0].document == "oak.md"
    assert told(index, "1953", "On the Sea").places[0].document == "sea.txt"
    assert {place.document for place in told(index, "1953").places} == {"sea.txt", "oak.md"}


def test_the_difference_is_told_word_by_word(index: Index) -> None:
    finding = told(index, "A lighthouse was not built in 1881 by Stevenson brothers.")
    assert [(one.kind, one.quoted, one.original) for one in finding.differences] == [
        ("same", "A lighthouse was", "A lighthouse was"),
        ("added", "not", ""),
        ("same", "built in", "built in"),
        ("changed", "1881", "1871"),
        ("same", "by", "by"),
        ("left out", "", "the"),
        ("same", "Stevenson brothers", "Stevenson brothers"),
    ]
    assert finding.originals == ("A lighthouse was built in 1871 by the Stevenson brothers",)


def test_a_draft_is_told_in_its_order_without_scare_quotes_and_titles(index: Index) -> None:
    text = (
        "# A draft\n\nIn “On the Sea” we read that “cod are caught in winter” by “small” boats, and that\n"
        "“the fleet sold 1,300 tons” (On the Sea).\n\n> Acorns are carried by jays, which forget a third of them.\n"
        "> — On the Sea\n\nAnd “never closed.\n"
    )
    draft = read_data(text.encode(), "draft.md")
    report = check_draft(draft, index)
    assert [(one.verdict, one.quotation.line) for one in report] == [("formal", 3), ("altered", 4), ("misplaced", 6)]
    assert (report.right, report.unclosed, len(report)) == (False, (9,), 3)
    assert report.counts == {"verbatim": 0, "formal": 1, "altered": 1, "stitched": 0, "misplaced": 1, "absent": 0}
    assert [one.quotation.text for one in check_draft(draft, index, all_marked=True)][:3] == [
        "On the Sea",
        "cod are caught in winter",
        "small",
    ]


def test_python_asks_for_a_text_or_a_file(address: str, tmp_path: Path) -> None:
    (finding,) = check("“Cod are caught in winter”", index=address)
    assert (finding.verdict, finding.places[0].paragraph) == ("verbatim", 1)
    draft = tmp_path / "draft.txt"
    draft.write_text("They write “cod are caught in summer off the northern shore”.", encoding="utf-8")
    assert [one.verdict for one in check(draft, index=address)] == ["altered"]
    assert [one.verdict for one in check("Nobody had counted", index=address, documents=["oak.md"])] == ["misplaced"]
    with pytest.raises(NoDocument, match=r"the nearest is 'oak\.md'"):
        check("Nobody had counted", index=address, documents=["oaks.md"])
    with pytest.raises(UserError, match=r"The draft .*none\.md' cannot be read"):
        check(tmp_path / "none.md", index=address)


@pytest.mark.parametrize("unit", ["the ", "of the and in the to ", "a b c d ", "1, "])
def test_what_is_repeated_without_end_is_compared_in_bounded_steps(unit: str) -> None:
    one = normal(unit * LONGEST).tokens[:LONGEST]
    other = normal(f"zebra {unit * LONGEST}").tokens
    beside = compared(one, other)
    assert sum(len(beside.b2j.get(token, ())) for token in one) <= 30_000
    assert beside.get_matching_blocks()[-1] == (len(one), len(other), 0)


def test_all_of_prose_is_compared() -> None:
    text = " ".join((ESSAYS / "soviet-union-korean-war.txt").read_text(encoding="utf-8").split()[:1200])
    assert not compared(normal(text).tokens[:LONGEST], normal(text).tokens).bjunk
