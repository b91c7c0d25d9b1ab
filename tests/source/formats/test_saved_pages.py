"""Saved pages and e-books: what stands around an essay, beside it and above it."""

import pytest

from source.document import Document, Reason
from source.formats.readers import read_here

FIRST = "The salt road ran from the pans at Lund to the fairs of the south, and every mile of it was paid for in toll."
LAST = "It closed in 1811 because the canal was cheaper than any horse."


def page(markup: str) -> Document:
    return read_here(f"<!DOCTYPE html><html>{markup}</html>".encode(), "page.html")


def article(inner: str, head: str = "<title>The Salt Road</title>") -> Document:
    return page(
        f"<head>{head}</head><body><nav><a href=/>Home</a></nav><article><h1>The Salt Road</h1><p>{FIRST}</p>{inner}"
        f"<p>{LAST}</p></article><footer>© The Site</footer></body>"
    )


def texts(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.passages]


def furniture(document: Document) -> dict[str, Reason]:
    return {document.text[one.start : one.end]: one.reason for one in document.furniture}


@pytest.mark.parametrize(
    "kept",
    [
        "<aside><p>Toll was one pfennig.</p></aside>",
        "<footer><p>Toll was one pfennig.</p></footer>",
        "<footer class='entry-notes'>Toll was one pfennig.</footer>",
        "<header><p>Toll was one pfennig.</p></header>",
        "<section id='social-life'><p>Toll was one pfennig.</p></section>",
        "<aside class='pullquote'>Toll was one pfennig.</aside>",
        "<blockquote><footer>Toll was one pfennig.</footer></blockquote>",
    ],
)
def test_what_an_article_says_in_its_asides_and_footers_is_text(kept: str) -> None:
    document = article(kept)
    assert texts(document) == [FIRST, "Toll was one pfennig.", LAST]
    assert furniture(document) == {"Home": Reason.NAVIGATION, "© The Site": Reason.SITE}


@pytest.mark.parametrize(
    ("left_out", "reason"),
    [
        ("<section id='comments'><p>Reader: so it was.</p></section>", Reason.COMMENT),
        ("<section class='comments-area'><p>Reader: so it was.</p></section>", Reason.COMMENT),
        ("<div id='comments'><p>Reader: so it was.</p></div>", Reason.COMMENT),
        ("<div class='Comments__list'><p>Reader: so it was.</p></div>", Reason.COMMENT),
        ("<section id='replies'><p>Reader: so it was.</p></section>", Reason.COMMENT),
        ("<aside><a href=/1>Reader: so it was.</a></aside>", Reason.SITE),
        ("<footer><a href=/1>Reader: so</a> it was.</footer>", Reason.SITE),
        ("<footer>Reader: so it was. <form><input></form></footer>", Reason.SITE),
        ("<aside class='newsletter'>Reader: so it was.</aside>", Reason.SITE),
        ("<div class='share'>Reader: so it was.</div>", Reason.SITE),
        ("<p style='display: none'>Reader: so it was.</p>", Reason.MARKUP),
    ],
)
def test_what_others_say_or_the_site_wants_is_furniture_with_its_reason(left_out: str, reason: Reason) -> None:
    document = article(left_out)
    assert texts(document) == [FIRST, LAST]
    assert furniture(document)["Reader: so it was."] is reason


def test_an_aside_of_a_plain_page_is_text() -> None:
    document = page(
        f"<body><h1>The Salt Road</h1><p>{FIRST}</p><aside>Toll was one pfennig.</aside><p>{LAST}</p></body>"
    )
    assert texts(document) == [FIRST, "Toll was one pfennig.", LAST]


@pytest.mark.parametrize("where", ["main", "section", "blockquote"])
def test_a_page_without_an_article_has_asides_and_footers_of_its_own(where: str) -> None:
    own = f"<{where}><aside>Toll was one pfennig.</aside><footer>So says the ledger.</footer></{where}>"
    document = page(f"<body><nav>Home</nav><h1>The Salt Road</h1><p>{FIRST}</p>{own}<p>{LAST}</p></body>")
    assert "\n\n".join(texts(document)) == "\n\n".join([FIRST, "Toll was one pfennig.", "So says the ledger.", LAST])


NEWS, ROAD = "<h1>History News</h1>", "<h1>The Salt Road</h1>"
TITLES = {
    "a banner outside the article": ("<meta property='og:title' content='The Salt Road'>", NEWS),
    "a banner named in the title": ("<title>The Salt Road | History News</title>", NEWS),
    "a banner that is the site's name": (
        "<title>The Salt Road</title><meta property='og:site_name' content='History News'>", NEWS,
    ),
    "a banner in a page of two titles": (
        "<title>History News: The Salt Road</title><meta name='twitter:title' content='The Salt Road'>", NEWS,
    ),
    "the title above the article": ("<title>The Salt Road | History News</title>", ROAD),
    "no title but the heading": ("", ROAD),
}  # fmt: skip


@pytest.mark.parametrize("name", TITLES)
def test_the_banner_of_a_site_is_no_title(name: str) -> None:
    head, heading = TITLES[name]
    main = f"<main><h2>Toll</h2><p>{FIRST}</p><p>{LAST}</p></main>"
    document = page(f"<head>{head}</head><body><header>{heading}</header>{main}</body>")
    assert (document.title, texts(document)) == ("The Salt Road", [FIRST, LAST])
    assert ("History News" in furniture(document)) == (heading == NEWS)
    assert document.text.count("The Salt Road") == (heading == ROAD)


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<meta property='og:title' content='Minecraft 1.8'>", "Building News", "Minecraft 1.8"),
        ("<title>How the salt came</title>", "The Salt Road", "The Salt Road"),
        ("<title>Untitled</title><meta property='og:title' content='Of salt'>", "The Salt Road", "The Salt Road"),
    ],
)
def test_the_heading_of_an_article_is_its_title_if_the_head_says_as_much(head: str, heading: str, title: str) -> None:
    inner = f"<article><h1>{heading}</h1><p>{FIRST}</p><p>{LAST}</p></article>"
    assert page(f"<head>{head}</head><body><nav>Home</nav>{inner}</body>").title == title


@pytest.mark.parametrize(
    "note",
    [
        "<label class='margin-toggle'></label><input type='checkbox'><span class='sidenote'>Beech gives potash.</span>",
        "<label for='mn-1' class='margin-toggle'>&#8853;</label><span class='marginnote'>Beech gives potash.</span>",
        "<small class='sidenote'>Beech gives potash.</small>",
        "<span class='note sidenote'>Beech <i>gives</i> potash.</span>",
        "<span class='inline-footnote'>Beech gives potash.</span>",
    ],
)
def test_a_note_beside_the_text_stays_out_of_its_sentence(note: str) -> None:
    document = page(
        f"<body><h1>Glass</h1><p>The furnace burned beech wood.{note} The glass was green.</p><p>{LAST}</p></body>"
    )
    assert texts(document) == ["The furnace burned beech wood. The glass was green.", LAST, "Beech gives potash."]


def lines(name: str, numbered: str = "") -> str:
    """Three lines of verse, each an element of this name."""
    return "".join(
        f"<{name}>{line}</{name}>" for line in ("The water turns", f"and turns again{numbered}", "before it falls.")
    )


VERSE = {
    "divs": f"<div class='linegroup'>{lines('div')}</div>",
    "paragraphs": f"<div class='x'>{lines('p')}</div>",
    "in a poem": f"<div class='poem'>{lines('div')}</div>",
    "typed": f"<section epub:type='z3998:poem'>{lines('p')}</section>",
    "broken by hand": "<p>The water turns<br>and turns again<br>before it falls.</p>",
    "with line numbers": "<div>" + lines("div", "<span class='lnum'>2</span>") + "</div>",
}


@pytest.mark.parametrize("name", VERSE)
def test_lines_of_verse_are_one_passage(name: str) -> None:
    document = page(f"<body><h1>The Weir</h1>{VERSE[name]}<p>{LAST}</p></body>")
    assert texts(document) == ["The water turns\nand turns again\nbefore it falls.", LAST]


def test_paragraphs_in_a_box_are_no_verse() -> None:
    paragraphs = ["It burned in 1844.", "The parish kept the wheel.", "Nobody knows why."]
    document = page(f"<body><div>{''.join(f'<p>{text}</p>' for text in paragraphs)}</div></body>")
    assert texts(document) == paragraphs


@pytest.mark.parametrize(
    ("group", "title"),
    [
        ("<hgroup><h2>I</h2><p>The Frost</p></hgroup>", "I. The Frost"),
        ("<hgroup><h2>Chapter 4</h2><p>The Frost</p></hgroup>", "Chapter 4. The Frost"),
        ("<hgroup><h2>XIV.</h2><h3>The Frost</h3></hgroup>", "XIV. The Frost"),
        ("<hgroup><h2>The Frost</h2><p>or, how the well froze</p></hgroup>", "The Frost: or, how the well froze"),
        ("<header><h2>I</h2><p epub:type='title'>The Frost</p></header>", "I. The Frost"),
        ("<hgroup><p>Part One</p><h2>The Frost</h2></hgroup>", "Part One: The Frost"),
    ],
)
def test_a_heading_in_parts_is_one(group: str, title: str) -> None:
    document = page(f"<body><h1>A book</h1>{group}<p>{FIRST}</p><h2>Last</h2><p>{LAST}</p></body>")
    assert [h.title for h in document.headings] == ["A book", title, "Last"]
    assert [document.text[h.start : h.end] for h in document.headings] == ["A book", title, "Last"]
    assert texts(document) == [FIRST, LAST]


@pytest.mark.parametrize(
    "around", ["<nav>Menu <nav>of menus</nav></nav>", "<div hidden>Menu <p><b hidden>of menus</b></p></div>"]
)
def test_furniture_in_furniture_stands_in_the_text_once(around: str) -> None:
    page = f"<body>{around}<article><p>The toll was one pfennig a head.</p></article></body>"
    document = read_here(page.encode(), "a.html")
    assert document.text.count("of menus") == 1
    assert [document.text[one.start : one.end] for one in document.passages] == ["The toll was one pfennig a head."]


def test_what_stands_over_all_columns_names_the_table() -> None:
    page = (
        "<h1>The boat</h1><table><tr><th colspan=2>Swan of Aske<tr><th>Builder<td>Ole Berg<tr><th>Length<td>Forty feet"
        "</table><table><tr><th colspan=2>Tons<tr><th>Year<th>Rye<tr><td>1911<td>9<tr><td>1912<td>7</table>"
    )
    document = read_here(page.encode(), "a.html")
    assert [document.text[p.start : p.end] for p in document.passages] == [
        "Swan of Aske", "Builder: Ole Berg", "Length: Forty feet", "Tons", "Year: 1911; Rye: 9", "Year: 1912; Rye: 7",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ('<img alt="N" src="n.png">OBODY came.', "NOBODY came."),
        ('<img alt="N" src="n.png">obody came.', "Nobody came."),
        ('<img alt="A" src="a.png"> boat came.', "A boat came."),
        ('<img alt="“N" src="n.png">obody,” he said.', "“Nobody,” he said."),
        ('<img alt="N" src="n.png">Nobody came.', "Nobody came."),
        ('<img alt="Nets" src="n.png">Nobody came.', "Nobody came."),
        ('Nobody <img alt="c" src="n.png">came.', "Nobody came."),
    ],
)
def test_a_first_letter_that_is_a_picture_is_read(paragraph: str, expected: str) -> None:
    assert texts(article(f"<p>{paragraph}</p>")) == [FIRST, expected, LAST]


@pytest.mark.parametrize("name", ["footnote", "endnote", "inline-footnote"])
def test_a_note_within_a_sentence_stands_apart(name: str) -> None:
    document = article(f'<p>Salt<span class="{name}">from the pans at Lund</span> was dear.</p>')
    assert texts(document) == [FIRST, "Salt was dear.", LAST, "from the pans at Lund"]


@pytest.mark.parametrize("comments", ["kommentare", "comentarios", "commentaires"])
def test_a_site_is_told_by_the_names_of_its_parts(comments: str) -> None:
    document = page(
        "<head><title>Salt – Gazette</title></head><body><div id=header><h1>Gazette</h1></div>"
        f"<div id=content><h2>Salt</h2><p>{FIRST}</p><p>{LAST}</p></div>"
        f"<div id={comments}><p>So it was!</p></div><div id=footer>Imprint</div></body>"
    )
    assert texts(document) == [FIRST, LAST]
    assert furniture(document) == {"Gazette": Reason.SITE, "So it was!": Reason.COMMENT, "Imprint": Reason.SITE}


def test_one_part_of_a_site_makes_none() -> None:
    document = page(f"<body><div id=header><p>{FIRST}</p></div><p>{LAST}</p></body>")
    assert texts(document) == [FIRST, LAST]


def test_names_of_rows_and_columns_and_an_empty_cell_keep_their_places() -> None:
    head = "<tr><td></td><th>Oak</th><th>Beech</th></tr>"
    rows = "<tr><th>Price</th><td>12</td><td>8</td></tr><tr><th>Weight</th><td></td><td>7</td></tr>"
    document = article(f"<table>{head}{rows}</table>")
    assert texts(document)[1:-1] == ["Price; Oak: 12; Beech: 8", "Weight; Beech: 7"]
    bare = article(
        "<table><tr><td>Red</td><td>Blue</td><td>Grey</td></tr><tr><td>a</td><td></td><td>b</td></tr></table>"
    )
    assert texts(bare)[1:-1] == ["Red | Blue | Grey", "a |  | b"]
