"""Kinds 12, 13, 14 and 26: e-books and saved pages, and verse wherever it stands."""

from signs import paragraph, printed_signs

from kinds.case import Asked, Case
from kinds.files import docx, epub, odt, p
from source.document import Reason

_FROST, _THAW = "The well froze in December.", "The ice went out in March."


def _locked(*files: tuple[str, str]) -> dict[str, str]:
    parts = "".join(
        f"<e:EncryptedData><e:EncryptionMethod Algorithm='{how}'/><e:CipherData><e:CipherReference URI='{name}'/>"
        "</e:CipherData></e:EncryptedData>"
        for how, name in files
    )
    return {"META-INF/encryption.xml": f"<encryption xmlns:e='http://www.w3.org/2001/04/xmlenc#'>{parts}</encryption>"}


_ADOBE, _IDPF = "http://ns.adobe.com/pdf/enc#RC", "http://www.idpf.org/2008/embedding"
_AES = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
_CHAPTER = ("1.xhtml", f"<h1>The Frost</h1><p>{_FROST}</p>")

FONTS = (
    Case(
        12,
        "fonts obfuscated in the way of the IDPF",
        "a.epub",
        epub(_CHAPTER, more=_locked((_IDPF, "E/fonts/a.woff"))),
        passages=(_FROST,),
        asked={"When did the well freeze?": Asked(marked=_FROST)},
    ),
    Case(
        12,
        "fonts obfuscated in the way of Adobe, and a picture that is encrypted",
        "b.epub",
        epub(_CHAPTER, more=_locked((_ADOBE, "E/fonts/a.otf"), (_AES, "E/cover.jpg"))),
        passages=(_FROST,),
    ),
    Case(
        12,
        "a chapter that is encrypted",
        "c.epub",
        epub(_CHAPTER, more=_locked((_AES, "E/1.xhtml"))),
        refused="protected against copying",
    ),
)

_LONG = "<p>This edition was made by volunteers with great care and may be given away to anybody.</p>" * 6

GROUPED = (
    Case(
        13,
        "a number and a title in one group, an imprint before them",
        "a.epub",
        epub(
            ("imprint.xhtml", f"<section epub:type='imprint'><h2>Imprint</h2>{_LONG}</section>"),
            ("1.xhtml", f"<hgroup><h2>I</h2><p epub:type='title'>The Frost</p></hgroup><p>{_FROST}</p>"),
            ("2.xhtml", f"<hgroup><h2>II</h2><p epub:type='title'>The Thaw</p></hgroup><p>{_THAW}</p>"),
            ("colophon.xhtml", f"<section epub:type='colophon'><h2>Colophon</h2>{_LONG}</section>"),
        ),
        headings=("I. The Frost", "II. The Thaw"),
        places={_THAW: "II. The Thaw"},
        locators={_FROST: "chapter 1: I. The Frost", _THAW: "chapter 2: II. The Thaw"},
        asked={"What happens in The Thaw?": Asked(quoted=_THAW)},
    ),
    Case(
        13,
        "a title with its subtitle, of a page",
        "page.html",
        f"<hgroup><h1>The Frost</h1><p>A chronicle of one winter</p></hgroup><p>{_FROST}</p>".encode(),
        title="The Frost: A chronicle of one winter",
        passages=(_FROST,),
    ),
    Case(
        13,
        "a heading whose number is a line of its own, and a dedication",
        "b.epub",
        epub(
            ("dedication.xhtml", "<section epub:type='dedication'><p>For Anna, who was cold.</p></section>"),
            ("1.xhtml", f"<h2>Chapter One<br/>The Frost</h2><p>{_FROST}</p>"),
            ("2.xhtml", f"<h2><span>2</span><br/>The Thaw</h2><p>{_THAW}</p>"),
        ),
        headings=("Chapter One The Frost", "2 The Thaw"),
        locators={_FROST: "chapter 1: Chapter One The Frost", _THAW: "chapter 2: 2 The Thaw"},
    ),
    Case(
        13,
        "a number and a title that are two headings in a header",
        "c.epub",
        epub(
            (
                "1.xhtml",
                (
                    f"<section><header><p>Chapter 1</p><h2 epub:type='title'>The "
                    f"Frost</h2></header><p>{_FROST}</p></section>"
                ),
            ),
            (
                "2.xhtml",
                (
                    f"<section><header><h2 epub:type='ordinal'>2</h2><h3 epub:type='title'>The "
                    f"Thaw</h3></header><p>{_THAW}"
                    "</p></section>"
                ),
            ),
        ),
        headings=("Chapter 1. The Frost", "2. The Thaw"),
    ),
)

_STANZAS = (
    ("The water turns", "and turns again", "before it falls", "beneath the wren"),
    ("My mother came", "in nineteen-four", "with seven sheep", "and one oak door"),
)
_PROSE = ("The mill on the lower river was built of brick in 1802", "by two brothers from the coast, who came on foot.")
_VERSES = tuple("\n".join(stanza) for stanza in _STANZAS)

VERSE = (
    Case(
        14,
        "a paragraph a line, of a page with a class of its own",
        "a.html",
        (
            "<h1>The Weir</h1>"
            + "".join(f"<div class='s'>{''.join(f'<p class=l>{line}</p>' for line in one)}</div>" for one in _STANZAS)
        ).encode(),
        passages=_VERSES,
    ),
    Case(
        14,
        "a block a line with their numbers, of a book",
        "a.epub",
        epub(
            (
                "1.xhtml",
                "<h1>The Weir</h1>"
                + "".join(
                    "<div>"
                    + "".join(
                        f"<div>{line}{'<span class=linenum>4</span>' * (line == one[3])}</div>"
                        for line in one
                    )
                    + "</div>"
                    for one in _STANZAS
                ),
            )
        ),
        passages=_VERSES,
        furniture={"4 4": Reason.PAGE},
    ),
    Case(
        14,
        "breaks within a paragraph, of Word",
        "a.docx",
        docx(
            *(
                "<w:p><w:r>" + "<w:br/>".join(f"<w:t>{line}</w:t>" for line in one) + "</w:r></w:p>"
                for one in _STANZAS
            ),
            p("The mill on the lower river was built of brick in 1802 by two brothers from the coast."),
        ),
        passages=(
            *_VERSES,
            "The mill on the lower river was built of brick in 1802 by two brothers from the coast.",
        ),
    ),
    Case(
        14,
        "a paragraph a line, of OpenDocument",
        "a.odt",
        odt(
            "<text:h text:outline-level='1'>The Weir</text:h>"
            + "<text:p/>".join("".join(f"<text:p>{line}</text:p>" for line in one) for one in _STANZAS)
        ),
        passages=_VERSES,
    ),
    Case(
        14,
        "printed in short lines",
        "a.pdf",
        printed_signs(
            [
                *paragraph(60, 60, ["The Weir"], size=16, bold=True),
                *paragraph(60, 100, _STANZAS[0], step=14),
                *paragraph(60, 170, _STANZAS[1], step=14),
                *paragraph(60, 250, _PROSE),
            ]
        ),
        passages=(
            *_VERSES,
            "The mill on the lower river was built of brick in 1802 by two brothers from the coast, who came on foot.",
        ),
    ),
    Case(
        14,
        "plain text with the numbers of its lines",
        "a.txt",
        (
            b"The Weir\n\nThe water turns\nand turns again\nbefore it falls\nbeneath the wren          4\n\n"
            b"My mother came\nin nineteen-four\nwith seven sheep\nand one oak door          8\n\n"
            b"She set the door\nagainst the rain\nand let the sheep\ncome in again             12\n"
        ),
        headings=(),
        furniture={"4": Reason.PAGE, "8": Reason.PAGE, "12": Reason.PAGE},
        asked={"What did my mother bring?": Asked(quoted="seven sheep")},
    ),
    Case(
        14,
        "verses of scripture with their numbers, of plain text",
        "b.txt",
        (
            b"THE BOOK OF THE MILL\n\nChapter 1\n\n1 In the beginning was the wheel, and the wheel was still.\n"
            b"2 And the miller said, Let there be water.\n3 And there was water, and the wheel turned.\n"
        ),
        headings=("Chapter 1",),
        sentences=(
            "In the beginning was the wheel, and the wheel was still.",
            "And the miller said, Let there be water.",
            "And there was water, and the wheel turned.",
        ),
        furniture={"1": Reason.PAGE, "2": Reason.PAGE, "3": Reason.PAGE},
    ),
)  # fmt: skip

_SALT = (
    "The salt road ran from the pans at Lund to the fairs of the south, and every mile of it was paid for in toll. "
    "It closed in 1811 because the canal was cheaper."
)
_NAV = "<nav><a href=/>Home</a> <a href=/news>News</a></nav>"

PAGES = (
    Case(
        26,
        "the site's name as the only main heading",
        "a.html",
        (
            "<html><head><title>The Salt Road - The Northern Review</title><meta property=og:title content='The Salt "
            f"Road'></head><body><header><h1>The Northern Review</h1>{_NAV}</header><main><h2>The Salt Road</h2>"
            f"<p class=byline>By Otto Brandt</p><p>{_SALT}</p></main><footer>© 2020</footer></body></html>"
        ).encode(),
        title="The Salt Road",
        asked={"When did the salt road close?": Asked(marked="It closed in 1811 because the canal was cheaper.")},
    ),
    Case(
        26,
        "notes in the margin, of a page and its button",
        "b.html",
        (
            "<article><h1>Glass</h1><p>The furnace burned beech wood.<label for=a class='margin-toggle'>⊕</label>"
            "<input type=checkbox id=a class=margin-toggle><span class=marginnote>Beech gives potash.</span> The glass "
            "was green.</p></article>"
        ).encode(),
        title="Glass",
        passages=("The furnace burned beech wood. The glass was green.", "Beech gives potash."),
    ),
    Case(
        26,
        "readers' comments, an article's own footer and aside",
        "c.html",
        (
            f"<body>{_NAV}<article><h1>The Salt Road</h1><p>{_SALT}</p><aside><p>Toll was one pfennig a "
            f"horse.</p></aside>"
            "<footer><p>Distances are in old miles.</p></footer></article><div id=comments class=comments-area><h2>2 "
            "comments</h2><ol><li><p>My grandfather drove salt until 1820.</p></li></ol></div></body>"
        ).encode(),
        furniture={"My grandfather": Reason.COMMENT},
        asked={
            "What was the toll for a horse?": Asked(marked="Toll was one pfennig a horse."),
            "What are the distances in?": Asked(marked="Distances are in old miles."),
        },
    ),
    Case(
        26,
        "the author and the day in a line of the article alone",
        "d.html",
        (
            f"<body>{_NAV}<article><h1>The Salt Road</h1><div class='post-meta'><span>By </span><span "
            f"class='author'>Otto "
            f"Brandt</span> · <span class=date>4 May 2021</span></div><p>{_SALT}</p></article></body>"
        ).encode(),
        title="The Salt Road",
        author="Otto Brandt",
        date="4 May 2021",
        passages=(_SALT,),
        asked={"Who wrote The Salt Road?": Asked(known="Otto Brandt")},
    ),
    Case(
        26,
        "the author and the day in data for search engines alone",
        "e.html",
        (
            '<html><head><title>The Salt Road</title><script type=\'application/ld+json\'>{"@context":"https://schema.org",'
            '"@type":"Article","headline":"The Salt Road","author":{"@type":"Person","name":"Otto Brandt"},'
            f'"datePublished":"2021-05-04T10:00:00Z"}}</script></head><body>{_NAV}<main>'
            f"<h1>The Salt Road</h1><p>{_SALT}"
            "</p></main></body></html>"
        ).encode(),
        title="The Salt Road",
        author="Otto Brandt",
        date="2021-05-04",
        passages=(_SALT,),
    ),
)
