"""HTML as programs write it: editors, newsletters, old tables, formulas, pages that open and close."""

import pytest
from reading import furniture, headings, nowhere, passages, sentences

from source.document import Document
from source.formats.readers import read_here

NOTE = '<div class="footnote-content"><p>Or in 1803.</p></div>'
POWER = "<msup><mi>v</mi><mn>2</mn></msup>"
SEMANTICS = f"<math><semantics><mi>h</mi><mo>=</mo>{POWER}<annotation>h=v^2</annotation></semantics></math>"
MILL = "The mill on the lower river was built of brick in 1802 by two brothers from the coast."


def page(body: str, head: str = "") -> Document:
    return read_here(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "a.html")


@pytest.mark.parametrize(
    "opener",
    [
        "<button class='accordion-button'>When was it built?</button>",
        "<h3><button aria-expanded='false'>When was it built?</button></h3>",
        "<button class='faq__toggle'><span>When was it built?</span><svg/></button>",
        "<dl><dt><button>When was it built?</button></dt></dl>",
    ],
)
def test_what_a_button_opens_keeps_its_words(opener: str) -> None:
    document = page(f"<h1>Mill</h1>{opener}<div class='panel'><p>In 1802.</p></div><button>Share</button>")
    assert "When was it built?" in document.text
    assert "Share" not in document.text
    assert [p.headings or document.text[p.start : p.end] for p in document.passages] in (
        ["When was it built?\n\nIn 1802."],
        [("When was it built?",)],
    )


@pytest.mark.parametrize("summary", ["Who may hire boats", "Who may hire boats?"])
def test_a_summary_is_quoted_with_what_it_opens(summary: str) -> None:
    document = page(
        f"<h1>Boats</h1><details><summary>{summary}</summary><div><p>Members may.</p><p>Others not.</p></div></details>"
        "<p>It is so.</p>"
    )
    assert passages(document) == [f"{summary}\n\nMembers may.", "Others not.", "It is so."]


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        (
            '<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a>',
            f'<div class=footnote><a id="footnote-1" href="#footnote-anchor-1" class="number">1</a>{NOTE}</div>',
        ),
        (
            '<a href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a>',
            '<p><a href="#_ftnref1" name="_ftn1">[1]</a> Or in 1803.</p>',
        ),
        ('<a id="fnref:1" href="#fn:1">1</a>', '<ol><li id="fn:1">Or in 1803. <a href="#fnref:1">↩</a></li></ol>'),
        ('<a href="#endnote-1">*</a>', '<p id="endnote-1">* Or in 1803.</p>'),
    ],
)
def test_marks_of_notes_that_are_not_raised(mark: str, note: str) -> None:
    document = page(f"<h1>Mill</h1><p>The mill was built in 1802.{mark} It burned.</p>{note}")
    sign = "*" if ">*<" in mark else "1"
    assert sentences(document)[:2] == [f"The mill was built in 1802.[{sign}]", "It burned."]
    assert len(document.passages) == 2
    assert passages(document)[1].replace("[", "").replace("]", "") in (f"{sign} Or in 1803.", f"{sign}. Or in 1803.")


def test_a_table_around_text_parted_by_breaks_is_none() -> None:
    document = page(
        f"<table><tr><td><img src=x></td><td><font size=2>{MILL}<br><br><b>Fire</b><br><br>It burned in 1844. The<br>"
        "keeper wept.<br><br>Nobody came.</font></td></tr></table>"
    )
    assert passages(document) == [MILL, "It burned in 1844. The\nkeeper wept.", "Nobody came."]
    assert headings(document) == ["Fire"]


@pytest.mark.parametrize(
    "formula",
    [
        f"<math><mi>h</mi><mo>=</mo>{POWER}</math>",
        f"<span class='katex'><span class='katex-mathml'>{SEMANTICS}</span><span class='katex-html'>h=v2</span></span>",
        f"<span style='display: none;'>{SEMANTICS}</span><img alt='h=v^{{2}}'>",
    ],
)
def test_a_formula_is_read_once(formula: str) -> None:
    document = page(f"<h1>Mill</h1><p>The head is {formula}, where v is the speed.</p>")
    assert passages(document) == ["The head is h=v², where v is the speed."]
    assert document.inserted == ()


def test_a_fraction_is_no_longer_number() -> None:
    document = page("<p>It is <math><mfrac><mi>v</mi><mrow><mn>2</mn><mi>g</mi></mrow></mfrac></math> high.</p>")
    assert passages(document) == ["It is v/2g high."]
    assert [document.text[one.start : one.end] for one in document.inserted] == ["/"]


@pytest.mark.parametrize("name", ["c3 title", "MsoTitle"])
def test_the_title_of_an_editor_is_a_paragraph(name: str) -> None:
    document = page(f"<p class='{name}'>The Torsby Bridge</p><p>{MILL}</p><h1>Costs</h1><p>Forty crowns.</p>")
    assert (document.title, headings(document)) == ("The Torsby Bridge", ["Costs"])
    assert [p.headings for p in document.passages] == [(), ("Costs",)]


@pytest.mark.parametrize(
    "below",
    [
        "<p>By Anna Pell</p><p>May 3, 2021</p>",
        "<p>by <a rel='author' href='/a'>Anna Pell</a></p><time datetime='2021-05-03'>May 3, 2021</time>",
        "<h2>by Anna Pell</h2><h4>May 3, 2021</h4>",
        "<div><a rel='author' href='/a'>Anna Pell</a></div><div>May 3, 2021</div>",
    ],
)
@pytest.mark.parametrize("around", ["<main><article>{}</article></main>", "{}"])
def test_who_and_when_below_the_title(below: str, around: str) -> None:
    document = page(around.format(f"<h1>Mill</h1>{below}<p>{MILL}</p>"))
    assert (document.title, document.author) == ("Mill", "Anna Pell")
    assert document.date in ("May 3, 2021", "2021-05-03")
    assert passages(document) == [MILL]
    assert {reason for _, reason in furniture(document)} == {"metadata"}
    assert nowhere(document) == ""


def test_the_days_of_a_diary_are_kept() -> None:
    document = page(f"<h1>Diary</h1><p>May 3, 2021</p><p>{MILL}</p><p>May 4, 2021</p><p>It burned.</p>")
    assert (document.date, furniture(document)) == ("", [])
    assert "May 3, 2021" in document.text


@pytest.mark.parametrize(
    ("attributes", "numbers"), [("reversed", "321"), ("reversed start=5", "543"), ("start=0", "012"), ("", "123")]
)
def test_numbers_of_a_list_that_counts_down(attributes: str, numbers: str) -> None:
    document = page(f"<ol {attributes}><li>Oak.</li><li>Tar.</li><li>Rope.</li></ol>")
    assert passages(document) == [
        "\n".join(f"{n}. {word}" for n, word in zip(numbers, ("Oak.", "Tar.", "Rope."), strict=True))
    ]


def test_what_is_said_to_machines_and_shown_to_eyes_is_read_once() -> None:
    document = page("<p><span aria-hidden='true'><b>O</b>nce</span><span class='sr-only'>Once</span> it burned.</p>")
    assert passages(document) == ["Once it burned."]
    document = page("<p aria-hidden='true'>It burned.</p><p class='sr-only'>Skip the picture.</p>")
    assert passages(document) == ["It burned.", "Skip the picture."]


def test_the_corner_of_a_table_may_be_empty() -> None:
    rows = "".join(
        f"<tr><td>{a}</td><td>{b}</td><td>{c}</td></tr>"
        for a, b, c in (("", "Oak", "Tar"), ("1901", "3", "2"), ("1902", "4", "1"))
    )
    document = page(f"<p>Before.</p><table>{rows}</table>")
    assert passages(document) == ["Before.", "1901; Oak: 3; Tar: 2", "1902; Oak: 4; Tar: 1"]
