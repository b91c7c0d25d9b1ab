"""Kinds 15, 16 and 17: tables of names and values, automatic numbers, large first letters."""

from kinds.case import Asked, Case
from kinds.files import W, docx, epub, item, numbering, odt, p, rtf, table

_PAIRS = (("Boat", "Swan of Aske"), ("Builder", "Ole Berg"), ("Length", "Forty feet"), ("Year", "1874"))
_READ = tuple(f"{name}: {value}" for name, value in _PAIRS)
_BUILDER = {"Who was the builder?": Asked(marked="Ole Berg")}

PAIRS = (
    Case(
        15,
        "a box of facts, of Word",
        "boat.docx",
        docx(p("The boat in short."), table(*_PAIRS), p("She sank in 1901.")),
        passages=("The boat in short.", *_READ, "She sank in 1901."),
        inserted=(": ",) * 4,
        asked=_BUILDER,
    ),
    Case(
        15,
        "a box of facts with a name over it, of a page",
        "boat.html",
        (
            "<p>The boat in short.</p><table class=infobox><tr><th colspan=2>Swan of Aske</th></tr>"
            + "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in _PAIRS)
            + "</table><p>She sank in 1901.</p>"
        ).encode(),
        passages=("The boat in short.", "Swan of Aske", *_READ, "She sank in 1901."),
        asked=_BUILDER,
    ),
    Case(
        15,
        "of OpenDocument",
        "boat.odt",
        odt(
            "<text:p>The boat in short.</text:p><table:table>"
            + "".join(
                "<table:table-row>"
                + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
                + "</table:table-row>"
                for row in _PAIRS
            )
            + "</table:table><text:p>She sank in 1901.</text:p>"
        ),
        passages=("The boat in short.", *_READ, "She sank in 1901."),
        asked=_BUILDER,
    ),
    Case(
        15,
        "of Rich Text",
        "boat.rtf",
        rtf(
            r"\pard The boat in short.\par"
            + "".join(rf"\trowd\cellx900\cellx1800\intbl {name}\cell {value}\cell\row" for name, value in _PAIRS)
            + r"\pard She sank in 1901.\par"
        ),
        passages=("The boat in short.", *_READ, "She sank in 1901."),
        asked=_BUILDER,
    ),
    Case(
        15,
        "names with colons, over three columns without a head",
        "boats.docx",
        docx(p("The boats."), table(("Swan:", "Ole Berg", "Aske"), ("Heron:", "Nils Lund", "Torsby"))),
        passages=("The boats.", "Swan: | Ole Berg | Aske", "Heron: | Nils Lund | Torsby"),
        inserted=(" | ",) * 4,
    ),
)

_STYLES = (
    f"<w:styles {W}><w:style w:styleId='H1'><w:name w:val='heading 1'/><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr>"
    "</w:pPr></w:style><w:style w:styleId='H2'><w:name w:val='heading 2'/><w:pPr><w:numPr><w:ilvl w:val='1'/>"
    "<w:numId w:val='1'/></w:numPr></w:pPr></w:style></w:styles>"
)
_H1, _H2 = "<w:pStyle w:val='H1'/>", "<w:pStyle w:val='H2'/>"

NUMBERS = (
    Case(
        16,
        "headings and items that count together, of Word",
        "rules.docx",
        docx(
            p("Terms", _H1),
            p("Words are used here as in the Act."),
            p("Duties", _H1),
            p("Fees", _H2),
            p("A keeper shall pay nine crowns."),
            item("A dog shall be led.", 1),
            item("A cat need not.", 1),
            styles=_STYLES,
            numbering=numbering(("decimal", 1, "%1."), ("decimal", 1, "%1.%2")),
        ),
        headings=("1. Terms", "2. Duties", "2.1 Fees"),
        places={"nine crowns": "2. Duties › 2.1 Fees"},
        passages=(
            "Words are used here as in the Act.",
            "A keeper shall pay nine crowns.",
            "2.2 A dog shall be led.\n  2.3 A cat need not.",
        ),
        asked={"What shall a keeper pay?": Asked(marked="A keeper shall pay nine crowns.")},
    ),
    Case(
        16,
        "lists that go on behind a paragraph, of OpenDocument",
        "list.odt",
        odt(
            "<text:list xml:id='a' text:style-name='L'><text:list-item><text:p>Salt is dry.</text:p></text:list-item>"
            "</text:list><text:p>Between the rules stands this.</text:p><text:list text:continue-numbering='true' "
            "text:style-name='L'><text:list-item><text:p>Tar is "
            "wet.</text:p></text:list-item><text:list-item><text:p>Rope "
            "is neither.</text:p></text:list-item></text:list>",
            "<text:list-style style:name='L'><text:list-level-style-number text:level='1' style:num-format='1' "
            "style:num-suffix='.'/></text:list-style>",
        ),
        passages=("1. Salt is dry.", "Between the rules stands this.", "2. Tar is wet.\n3. Rope is neither."),
    ),
    Case(
        16,
        "articles in Roman numbers, with letters below, of Word",
        "charter.docx",
        docx(
            p("The charter of the guild says of those who come to the pans, and of those who leave them:"),
            item("Who comes shall pay."),
            item("in salt,", 1),
            item("or in days.", 1),
            item("Who leaves shall pay twice."),
            numbering=numbering(("upperRoman", 1, "%1."), ("lowerLetter", 1, "%2)")),
        ),
        passages=(
            (
                "The charter of the guild says of those who come to the pans, and of those who leave them:\n\n"
                "I. Who comes shall pay.\n  a) in salt,\n  b) or in days.\nII. Who leaves shall pay twice."
            ),
        ),
    ),
    Case(
        16,
        "a list that begins with four, of a page",
        "list.html",
        b"<p>The last rules are:</p><ol start=4><li>Salt is dry.<li>Tar is wet.<li value=9>Rope is neither.</ol>",
        passages=("The last rules are:\n\n4. Salt is dry.\n5. Tar is wet.\n9. Rope is neither.",),
    ),
    Case(
        16,
        "headings that are counted by a list style, of OpenDocument",
        "rules.odt",
        odt(
            "<text:h text:outline-level='1'>Terms</text:h><text:p>Words are used here as in the Act.</text:p>"
            "<text:h text:outline-level='1'>Duties</text:h><text:h "
            "text:outline-level='2'>Fees</text:h><text:p>A keeper "
            "shall pay nine crowns.</text:p>",
            "<text:outline-style style:name='Outline'><text:outline-level-style text:level='1' style:num-format='1' "
            "style:num-suffix='.'/><text:outline-level-style text:level='2' style:num-format='1' "
            "text:display-levels='2'/>"
            "</text:outline-style>",
        ),
        headings=("1. Terms", "2. Duties", "2.1 Fees"),
    ),
)

_DYKE = "Once the dyke had been mended, the farmers went back to their fields."
_DROPPED = "<w:p><w:pPr><w:framePr w:dropCap='{}' w:lines='3'/></w:pPr><w:r><w:t>O</w:t></w:r></w:p>"

DROP_CAPS = (
    Case(
        17,
        "in the text, of Word",
        "a.docx",
        docx(_DROPPED.format("drop"), p(_DYKE[1:]), p("The second field was sown with rye.")),
        passages=(_DYKE, "The second field was sown with rye."),
        asked={"When did the farmers go back to their fields?": Asked(marked=_DYKE)},
    ),
    Case(
        17,
        "in the margin, behind a heading of Word",
        "b.docx",
        docx(
            p("The Dyke", "<w:pStyle w:val='H1'/>"),
            _DROPPED.format("margin"),
            p(_DYKE[1:]),
            styles=f"<w:styles {W}><w:style w:styleId='H1'><w:name w:val='heading 1'/></w:style></w:styles>",
        ),
        passages=(_DYKE,),
    ),
    Case(
        17,
        "a letter in a box of its own, of a page",
        "c.html",
        f"<h1>The Dyke</h1><p><span class='dropcap'>O</span>{_DYKE[1:]}</p><p><b>T</b>he second field.</p>".encode(),
        passages=(_DYKE, "The second field."),
    ),
    Case(
        17,
        "a picture of the letter, of a book",
        "d.epub",
        epub(("1.xhtml", f"<h1>The Dyke</h1><p><img src='o.png' alt='O'/>{_DYKE[1:]}</p>")),
        passages=(_DYKE,),
    ),
    Case(
        17,
        "a letter in a paragraph of its own, floated, of a book",
        "e.epub",
        epub(
            ("1.xhtml", f"<h1>The Dyke</h1><p><span style='float:left'>O</span><small>NCE</small> {_DYKE[5:]}</p>"),
        ),
        passages=(_DYKE.replace("Once", "ONCE"),),
    ),
)
