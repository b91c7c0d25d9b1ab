"""Automatic numbers, large first letters, tables and what stands around the text in docx, odt and rtf."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import nsdecls

from source.document import Document, Reason
from source.formats.readers import read_here

W = nsdecls("w")
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
O = " ".join(  # noqa: E741 (the name of the namespaces)
    f'xmlns:{name}="{_OASIS}:{name}:1.0"' for name in ("office", "text", "table", "style")
)


def zipped(files: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def word(*paragraphs: str, **parts: str) -> Document:
    whole = f"<w:document {W}><w:body>{''.join(paragraphs)}</w:body></w:document>"
    more = {f"word/{name}.xml": data for name, data in parts.items()}
    return read_here(zipped({"word/document.xml": whole, **more}), "a.docx")


def p(text: str, properties: str = "", run: str = "") -> str:
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"
    )


def texts(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.passages]


def furniture(document: Document) -> dict[str, Reason]:
    return {document.text[one.start : one.end]: one.reason for one in document.furniture}


def numbering(*levels: str, nums: str = "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>") -> str:
    """A numbering of levels given as "format start text"."""
    parts = (
        f"<w:lvl w:ilvl='{i}'><w:start w:val='{start}'/><w:numFmt w:val='{form}'/><w:lvlText w:val='{text}'/></w:lvl>"
        for i, (form, start, text) in enumerate(level.split(" ", 2) for level in levels)
    )
    return f"<w:numbering {W}><w:abstractNum w:abstractNumId='0'>{''.join(parts)}</w:abstractNum>{nums}</w:numbering>"


STYLES = (
    f"<w:styles {W}><w:style w:styleId='H1'><w:name w:val='heading 1'/><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr>"
    "</w:pPr></w:style><w:style w:styleId='H2'><w:name w:val='heading 2'/><w:pPr><w:numPr><w:ilvl w:val='1'/>"
    "<w:numId w:val='1'/></w:numPr></w:pPr></w:style></w:styles>"
)
H1, H2 = "<w:pStyle w:val='H1'/>", "<w:pStyle w:val='H2'/>"


def item(text: str, level: int = 0, list_id: int = 1) -> str:
    return p(text, f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list_id}'/></w:numPr>")


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (("decimal 1 %1.", "decimal 1 %1.%2"), ["1. Terms", "2. Duties", "2.1 Fees", "2.2 Fines"]),
        (("upperRoman 1 %1", "lowerLetter 1 %2)"), ["I Terms", "II Duties", "a) Fees", "b) Fines"]),
        (("decimal 4 Part %1:", "decimal 1 §%2"), ["Part 4: Terms", "Part 5: Duties", "§1 Fees", "§2 Fines"]),
        (("decimalZero 9 %1", "lowerRoman 3 %1-%2"), ["09 Terms", "10 Duties", "10-iii Fees", "10-iv Fines"]),
        (("none 1 x", "decimal 1 %2."), ["Terms", "Duties", "1. Fees", "2. Fines"]),
        (("bullet 1 -", "upperLetter 26 %2."), ["Terms", "Duties", "Z. Fees", "AA. Fines"]),
    ],
)
def test_headings_have_the_numbers_that_word_shows(levels: tuple[str, str], expected: list[str]) -> None:
    document = word(
        p("Terms", H1), p("Words."), p("Duties", H1), p("Fees", H2), p("Nine."), p("Fines", H2), p("Ten."),
        styles=STYLES, numbering=numbering(*levels),
    )  # fmt: skip
    assert [h.title for h in document.headings] == expected
    assert document.inserted == ()


def test_items_go_on_with_the_numbers_of_headings() -> None:
    document = word(
        p("Duties", H1), p("Fees", H2), p("Nine."), item("A dog.", 1), item("A cat.", 1), p("Then."), p("Fines", H2),
        p("Ten."), styles=STYLES, numbering=numbering("decimal 1 %1.", "decimal 1 %1.%2"),
    )  # fmt: skip
    assert texts(document) == ["Nine.", "1.2 A dog.\n  1.3 A cat.", "Then.", "Ten."]
    assert [h.title for h in document.headings] == ["1. Duties", "1.1 Fees", "1.4 Fines"]


def test_lists_of_one_numbering_go_on_unless_they_begin_anew() -> None:
    nums = (
        "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='0'/></w:num>"
        "<w:num w:numId='3'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/>"
        "</w:lvlOverride></w:num>"
    )
    document = word(
        item("One."), item("Two."), p("Between."), item("Three.", 0, 2), p("Again."), item("One.", 0, 3),
        item("Two.", 0, 3), numbering=numbering("decimal 1 %1.", nums=nums),
    )  # fmt: skip
    assert texts(document) == ["1. One.\n2. Two.", "Between.", "3. Three.", "Again.", "1. One.\n2. Two."]


INITIAL = "<w:framePr w:dropCap='{}' w:lines='3'/>"


@pytest.mark.parametrize(
    ("initial", "rest", "expected"),
    [
        (p("O", INITIAL.format("drop")), "nce the dyke had been mended.", "Once the dyke had been mended."),
        (p("O", INITIAL.format("margin")), "nce the dyke had been mended.", "Once the dyke had been mended."),
        (p("“O", INITIAL.format("drop")), "nce,” he said.", "“Once,” he said."),
        (p("A", INITIAL.format("drop")), " dyke was mended.", "A dyke was mended."),
        (p("É", INITIAL.format("drop")) + p("", INITIAL.format("drop")), "mile went home.", "Émile went home."),
    ],
)
def test_a_large_first_letter_of_word_begins_its_word(initial: str, rest: str, expected: str) -> None:
    assert texts(word(initial, p(rest), p("The second field was sown."))) == [expected, "The second field was sown."]


def test_a_large_letter_with_nothing_behind_it_is_not_lost() -> None:
    assert "O" in word(p("The field was sown."), p("O", INITIAL.format("drop"))).text


def test_a_frame_without_a_large_letter_is_a_paragraph() -> None:
    assert texts(word(p("A box.", INITIAL.format("none")), p("The text is here."))) == ["A box.", "The text is here."]


def table(rows: list[tuple[str, ...]], *, bold: bool = False, marked: bool = False) -> Document:
    """A table of Word; its first row `bold`, or `marked` as the head."""
    made = docx.Document()
    made.add_paragraph("The boat in short, as she was.")
    cells = made.add_table(len(rows), len(rows[0]))
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            cells.cell(i, j).paragraphs[0].add_run(text).bold = bold and i == 0
    if marked:
        cells.rows[0]._tr.get_or_add_trPr().append(docx.oxml.OxmlElement("w:tblHeader"))
    file = io.BytesIO()
    made.save(file)
    return read_here(file.getvalue(), "a.docx")


KEY_VALUE = [("Name", "Swan of Aske"), ("Builder", "Ole Berg"), ("Length", "Forty feet"), ("Year", "1874")]


@pytest.mark.parametrize(
    ("rows", "how", "expected"),
    [
        (KEY_VALUE, {}, ["Name: Swan of Aske", "Builder: Ole Berg", "Length: Forty feet", "Year: 1874"]),
        ([("Builder", "Ole Berg"), ("Year", "1874"), ("Length", "40 feet")], {},
         ["Builder: Ole Berg", "Year: 1874", "Length: 40 feet"]),
        ([("Built by:", "Ole Berg"), ("Where?", "At Aske")], {}, ["Built by: Ole Berg", "Where? At Aske"]),
        ([("Year", "Tanks"), ("1950", "258"), ("1951", "300")], {},
         ["Year: 1950; Tanks: 258", "Year: 1951; Tanks: 300"]),
        ([("Swan", "Ole Berg", "oak"), ("Gull", "Per Lund", "pine")], {},
         ["Swan | Ole Berg | oak", "Gull | Per Lund | pine"]),
        ([("Ship", "Built by", "Wood"), ("Swan", "Ole Berg", "oak")], {"bold": True},
         ["Ship: Swan; Built by: Ole Berg; Wood: oak"]),
        ([("Ship", "Built by"), ("Swan", "Ole Berg")], {"marked": True}, ["Ship: Swan; Built by: Ole Berg"]),
        ([("Town", "Land", "People"), ("Aske", "Norway", "800")], {}, ["Town: Aske; Land: Norway; People: 800"]),
        ([("1874", "1901"), ("12", "30")], {}, ["1874 | 1901", "12 | 30"]),
    ],
)  # fmt: skip
def test_a_table_is_read_by_a_head_only_if_it_has_one(
    rows: list[tuple[str, ...]], how: dict[str, bool], expected: list[str]
) -> None:
    document = table(rows, **how)
    assert texts(document)[1:] == expected
    own = "".join(
        sign for i, sign in enumerate(document.text) if not any(one.start <= i < one.end for one in document.inserted)
    )
    assert all(cell in own for row in rows for cell in row)
    assert not set(own) & set("|;")


def test_what_stands_around_the_text_of_word_is_furniture() -> None:
    made = docx.Document()
    made.add_paragraph("The field was sown with rye.")
    made.sections[0].header.paragraphs[0].text = "The parish of Aske"
    made.sections[0].footer.paragraphs[0].text = "Page 3"
    made.add_comment(made.paragraphs[0].runs, text="Really?", author="A", initials="A")
    file = io.BytesIO()
    made.save(file)
    document = read_here(file.getvalue(), "a.docx")
    assert texts(document) == ["The field was sown with rye."]
    assert furniture(document) == {"The parish of Aske": Reason.PAGE, "Page 3": Reason.PAGE, "Really?": Reason.COMMENT}


def odt(body: str, styles: str = "", around: str = "") -> Document:
    content = (
        f"<office:document-content {O}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:text>{body}</office:text></office:body></office:document-content>"
    )
    whole = f"<office:document-styles {O}>{around}</office:document-styles>"
    return read_here(zipped({"content.xml": content, "styles.xml": whole}), "a.odt")


def levels(*formats: str) -> str:
    """Levels of a list style, given as "format prefix suffix display"."""
    parts = []
    for i, given in enumerate(formats, 1):
        form, prefix, suffix, shown = given.split(" ")
        parts.append(
            f"<text:list-level-style-number text:level='{i}' style:num-format='{form}' style:num-prefix='{prefix}' "
            f"style:num-suffix='{suffix}' text:display-levels='{shown}'/>"
        )
    return f"<text:list-style style:name='L1'>{''.join(parts)}</text:list-style>"


def listed(*items: str, more: str = "") -> str:
    inner = "".join(
        f"<text:list-item>{one if one[0] == '<' else f'<text:p>{one}</text:p>'}</text:list-item>" for one in items
    )
    return f"<text:list text:style-name='L1' {more}>{inner}</text:list>"


BETWEEN = "<text:p>Between.</text:p>"


@pytest.mark.parametrize(
    ("body", "style", "expected"),
    [
        (listed("One.") + BETWEEN + listed("Two.", "Three.", more="text:continue-numbering='true'"), "1  . 1",
         ["1. One.", "Between.", "2. Two.\n3. Three."]),
        (listed("One.", more="xml:id='a'") + BETWEEN + listed("Two.", more="text:continue-list='a'"), "1  . 1",
         ["1. One.", "Between.", "2. Two."]),
        (listed("One.") + BETWEEN + listed("One."), "1  . 1", ["1. One.", "Between.", "1. One."]),
        (listed("One.", "Two."), "a ( ) 1", ["(a) One.\n(b) Two."]),
        (listed("One.", "Two.", "<text:list><text:list-item><text:p>Deep.</text:p></text:list-item></text:list>"),
         "I  . 1", ["I. One.\nII. Two.\n  II.1 Deep."]),
        (listed("Seven.", "Eight.").replace("<text:list-item>", "<text:list-item text:start-value='7'>", 1), "1  . 1",
         ["7. Seven.\n8. Eight."]),
    ],
)  # fmt: skip
def test_lists_of_opendocument_have_their_numbers(body: str, style: str, expected: list[str]) -> None:
    assert texts(odt(body, levels(style, "1   2"))) == expected


def test_headings_of_opendocument_have_the_numbers_of_the_outline() -> None:
    outline = (
        "<office:styles><text:outline-style><text:outline-level-style text:level='1' style:num-format='1' "
        "style:num-suffix='.'/><text:outline-level-style text:level='2' style:num-format='a' text:display-levels='2'/>"
        "</text:outline-style></office:styles>"
    )
    h1, h2 = (f"<text:h text:outline-level='{i}'>" + "{}</text:h><text:p>Text.</text:p>" for i in (1, 2))
    document = odt(h1.format("Terms") + h1.format("Duties") + h2.format("Fees") + h2.format("Fines"), around=outline)
    assert [h.title for h in document.headings] == ["1. Terms", "2. Duties", "2.a Fees", "2.b Fines"]


def test_a_heading_in_a_list_is_a_heading() -> None:
    body = listed("<text:h text:outline-level='1'>Terms</text:h>") + "<text:p>Words.</text:p>" + listed(
        "<text:h text:outline-level='1'>Duties</text:h>", more="text:continue-numbering='true'"
    )  # fmt: skip
    document = odt(f"{body}<text:p>Fees.</text:p>", levels("1  . 1"))
    assert [h.title for h in document.headings] == ["1. Terms", "2. Duties"]


def test_what_stands_around_the_text_of_opendocument_is_furniture() -> None:
    around = (
        "<office:master-styles><style:master-page><style:header><text:p>The parish</text:p></style:header>"
        "<style:footer><text:p>Page 3</text:p></style:footer></style:master-page></office:master-styles>"
    )
    document = odt(
        "<text:p>The field<office:annotation><text:p>Really?</text:p></office:annotation> lay.</text:p>", "", around
    )
    assert texts(document) == ["The field lay."]
    assert furniture(document) == {"The parish": Reason.PAGE, "Page 3": Reason.PAGE, "Really?": Reason.COMMENT}


@pytest.mark.parametrize(
    ("rtf", "passages", "headings"),
    [
        (r"{\pard\s1{\listtext 2.1\tab}Fees\par}{\pard Nine.\par}{\pard\s1 Fines\par}{\pard Ten.\par}",
         ["Nine.", "Ten."], ["2.1 Fees", "Fines"]),
        (r"{\pard\dropcapli3\dropcapt1 O\par}{\pard nce it was mended.\par}{\pard Next.\par}",
         ["Once it was mended.", "Next."], []),
        (r"{\header\pard The parish\par}{\pard The field{\*\annotation\pard Really?\par} lay.\par}{\footer\pard 3\par}",
         ["The field lay."], []),
    ],
)  # fmt: skip
def test_rich_text_likewise(rtf: str, passages: list[str], headings: list[str]) -> None:
    document = read_here(rf"{{\rtf1{{\stylesheet{{\s1 heading 1;}}}}{rtf}}}".encode(), "a.rtf")
    assert texts(document) == passages
    assert [h.title for h in document.headings] == headings
    assert set(furniture(document).values()) == ({Reason.PAGE, Reason.COMMENT} if "header" in rtf else set())


def test_soft_hyphens_are_no_letters() -> None:
    assert texts(word(p("The win\u00addow was o\u00adpen."))) == ["The window was open."]
    assert texts(read_here(b"<p>The win&shy;dow was o&shy;pen.", "a.html")) == ["The window was open."]


def test_a_quotation_below_a_list_is_no_item_of_it() -> None:
    styles = f"<w:styles {W}><w:style w:styleId='Q'><w:name w:val='Quote'/></w:style></w:styles>"
    quoted = p("Nobody wept.", "<w:pStyle w:val='Q'/>")
    parts = {"styles": styles, "numbering": numbering("decimal 1 %1.")}
    document = word(item("Lift the bar."), quoted, item("Turn the wheel."), **parts)
    assert texts(document) == ["1. Lift the bar.", "Nobody wept.", "2. Turn the wheel."]


def test_nothing_parts_a_large_first_letter_from_its_word() -> None:
    rest = "nce the dyke was mended, they left."
    document = word(p("O", INITIAL.format("drop")), p(""), p(" "), p(rest), p("Nobody came."))
    assert (document.headings, texts(document)) == ((), [f"O{rest}", "Nobody came."])


M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
SQUARE = "<m:sSup><m:e><m:r><m:t>v</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
HALF = f"<m:f><m:num>{SQUARE}</m:num><m:den><m:r><m:t>2g</m:t></m:r></m:den></m:f>"


def test_a_formula_of_word_keeps_its_powers_and_fractions() -> None:
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    document = word(f"<w:p {M}>{run.format('It is ')}<m:oMath>{HALF}</m:oMath>{run.format(' high.')}</w:p>")
    assert texts(document) == ["It is v²/2g high."]
    assert [document.text[one.start : one.end] for one in document.inserted] == ["/"]


def test_letters_of_the_font_symbol_are_greek_and_readings_of_signs_are_left_out() -> None:
    sign = "<w:r><w:sym w:font='{}' w:char='{}'/></w:r>"
    greek = sign.format("Symbol", "F061") + sign.format("Symbol", "F057") + sign.format("Wingdings", "F0E0")
    reading = "<w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase>"
    signs = f"<w:r><w:ruby>{reading}</w:ruby></w:r>"
    assert texts(word(f"<w:p>{greek}</w:p>", f"<w:p>{signs}</w:p>")) == ["αΩ", "漢"]
