"""docx, odt and rtf: what word processors write."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from source.document import Document
from source.reading import read_data

W = nsdecls("w")
ODT_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">'
)


def zipped(files: dict[str, str] | dict[str, bytes] | dict[str, str | bytes]) -> bytes:
    """A zip archive of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def odt(body: str, styles: str = "", more: dict[str, str] | None = None) -> bytes:
    """An .odt file with this body of text."""
    content = (
        f"<?xml version='1.0'?>{ODT_HEAD}<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **(more or {})})


def texts(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.passages]


def word(*paragraphs: str, more: dict[str, str] | None = None) -> Document:
    """A document of these paragraphs in WordprocessingML."""
    whole = f"<w:document {W}><w:body>{''.join(paragraphs)}</w:body></w:document>"
    return read_data(zipped({"word/document.xml": whole, **(more or {})}), "a.docx")


def p(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def test_what_was_deleted_is_left_out_and_what_was_inserted_is_read() -> None:
    document = word(
        p(
            f"{r('It ')}<w:del w:id='1'>{r('was').replace('w:t', 'w:delText')}</w:del><w:ins w:id='2'>{r('is')}</w:ins>"
            f"<w:hyperlink>{r(' so')}</w:hyperlink><w:r><w:noBreakHyphen/></w:r>{r('called,')}<w:r><w:br/></w:r>"
            f"{r('x')}"
            f"{r('2', '<w:vertAlign w:val=' + chr(34) + 'superscript' + chr(34) + '/>')}{r('secret', '<w:vanish/>')}."
        )
    )
    assert texts(document) == ["It is so\u2011called,\nx²"]


def test_footnotes_of_word_stand_at_the_end_of_their_section() -> None:
    notes = (
        f"<w:footnotes {W}><w:footnote w:id='0'>{p(r('sep'))}</w:footnote>"
        f"<w:footnote w:id='2'>{p(r('The note.'))}</w:footnote></w:footnotes>"
    )
    heading = "<w:outlineLvl w:val='0'/>"
    document = word(
        p(r("One"), heading),
        p(r("A claim") + "<w:r><w:footnoteReference w:id='2'/></w:r>" + r(" here.")),
        p(r("Next.")),
        p(r("Two"), heading),
        p(r("Last.")),
        more={"word/footnotes.xml": notes},
    )
    assert texts(document) == ["A claim[1] here.", "Next.", "[1] The note.", "Last."]
    assert [passage.heading for passage in document.passages] == ["One", "One", "One", "Two"]


def test_lists_of_word_have_their_numbers() -> None:
    numbering = (
        f"<w:numbering {W}><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='2'/>"
        "<w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>"
        "<w:lvl w:ilvl='1'><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='%2)'/></w:lvl>"
        "</w:abstractNum><w:num w:numId='7'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
    )

    def item(text: str, level: int) -> str:
        return p(r(text), f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='7'/></w:numPr>")

    document = word(
        p(r("These aims:")),
        item("One;", 0),
        item("deep;", 1),
        item("deep too;", 1),
        item("two;", 0),
        item("again.", 1),
        p(r("After.")),
        more={"word/numbering.xml": numbering},
    )
    assert texts(document) == ["These aims:\n\n2. One;\n  a) deep;\n  b) deep too;\n3. two;\n  a) again.", "After."]


def test_tables_and_text_boxes_of_word() -> None:
    made = docx.Document()
    made.add_paragraph("Before the table stands this.")
    table = made.add_table(2, 2)
    for cell, text in zip(table._cells, ("Year", "Tanks", "1950", "258"), strict=True):
        cell.text = text
    anchor = made.add_paragraph("An anchor.")
    anchor._p.append(
        parse_xml(
            f"<w:r {W} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'><mc:AlternateContent>"
            f"<mc:Choice Requires='wps'><w:txbxContent>{p(r('In a box.'))}</w:txbxContent></mc:Choice>"
            f"<mc:Fallback><w:txbxContent>{p(r('In a box.'))}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    file = io.BytesIO()
    made.save(file)
    document = read_data(file.getvalue(), "a.docx")
    assert texts(document) == ["Before the table stands this.", "Year: 1950; Tanks: 258", "An anchor.", "In a box."]
    assert document.author == ""  # the library's own name is nobody's


def test_headings_by_styles_in_any_language_and_by_bold_lines() -> None:
    styles = (
        f"<w:styles {W}><w:style w:styleId='berschrift1'><w:name w:val='heading 1'/></w:style>"
        "<w:style w:styleId='Titel'><w:name w:val='Title'/></w:style>"
        "<w:style w:styleId='Mein'><w:name w:val='Mein'/><w:basedOn w:val='berschrift1'/>"
        "</w:style></w:styles>"
    )
    document = word(
        p(r("Der Krieg"), "<w:pStyle w:val='Titel'/>"),
        p(r("Anfang"), "<w:pStyle w:val='Mein'/>"),
        p(r("Text.")),
        p(r("Fett", "<w:b/>")),
        p(r("Mehr Text.")),
        more={"word/styles.xml": styles},
    )
    assert [(h.level, h.title) for h in document.headings] == [(0, "Der Krieg"), (1, "Anfang"), (2, "Fett")]


def test_the_parts_of_opendocument() -> None:
    styles = (
        '<style:style style:name="P1" style:parent-style-name="Quotations"/><text:list-style style:name="L1">'
        '<text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'
        '<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/></style:style>'
    )
    document = read_data(
        odt(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes><text:h text:outline-level='1'>One</text:h>"
            "<text:p>A<text:s text:c='2'/>claim<text:note><text:note-citation>7</text:note-citation><text:note-body>"
            "<text:p>The note.</text:p></text:note-body></text:note> of m<text:span text:style-name='T1'>2</text:span>:"
            "<text:line-break/>so<office:annotation><text:p>Hm.</text:p></office:annotation> it is:</text:p>"
            "<text:list text:style-name='L1'><text:list-item><text:p>first</text:p></text:list-item><text:list-item>"
            "<text:p>second</text:p></text:list-item></text:list><text:p text:style-name='P1'>He said.</text:p>"
            "<text:p text:style-name='P1'>And said.</text:p>"
            "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Year</text:p></table:table-cell>"
            "<table:table-cell><text:p>Tanks</text:p></table:table-cell></table:table-row></table:table-header-rows>"
            "<table:table-row><table:table-cell><text:p>1950</text:p></table:table-cell><table:table-cell><text:p>258</text:p>"
            "</table:table-cell></table:table-row></table:table>"
            "<text:h text:outline-level='1'>Two</text:h><text:p>Last.</text:p>",
            styles,
        ),
        "a.odt",
    )
    assert texts(document) == [
        "A  claim[7] of m²:\nso it is:\n\n1. first\n\n2. second",
        "He said.\n\nAnd said.",
        "Year: 1950; Tanks: 258",
        "[7] The note.",
        "Last.",
    ]
    assert [h.title for h in document.headings] == ["One", "Two"]


@pytest.mark.parametrize(
    ("rtf", "expected"),
    [
        (r"caf\'e9 \u8212? \u8220\'93so\u8221\'94\par", ["café — “so”"]),
        (r"{\uc2\u26085\'93\'fa\u26412\'96\'7b}\par", ["日本"]),
        (r"\f1 \'93\'fa\'96\'7b\plain  x\par", ["日本 x"]),
        (r"\u-10179?\u-8704?\par", ["😀"]),
        (r"one{\deleted two}{\v three}{\*\unknown four} five\line six\par seven", ["one five\nsix", "seven"]),
        (
            r"A claim{\super\chftn}{\*\footnote \pard\chftn  The note.} here.\par Next.\par",
            ["A claim[1] here.", "Next.", "[1] The note."],
        ),
        (
            r"Aims:\par{\listtext 1.\tab}one\par{\listtext 2.\tab}two\par\pard After.\par",
            ["Aims:\n\n1. one\n\n2. two", "After."],
        ),
        (
            r"\trowd\intbl Year\cell Tanks\cell\row\trowd\intbl 1950\cell 258\cell\row\pard After.\par",
            ["Year: 1950; Tanks: 258", "After."],
        ),
        (
            r"{\field{\*\fldinst HYPERLINK x}{\fldrslt linked}}{\upr{a?}{\*\ud{a\u234?}}} {\pict 0a}{\bin4 }}}}}x\par",
            ["linkedaê x"],
        ),
        (r"{\header head\par}{\pard\outlinelevel0 Part\par}\pard text.\par", ["text."]),
    ],
)
def test_rich_text(rtf: str, expected: list[str]) -> None:
    head = r"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 A;}{\f1\fcharset128 B;}}"
    document = read_data(f"{head} {rtf}}}".encode("ascii"), "a.rtf")
    assert texts(document) == expected
