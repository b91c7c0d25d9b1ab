import random
from collections.abc import Callable
from pathlib import Path

import pytest
from data import lines
from fpdf import FPDF
from printed import bare, print_essay
from small_encoder import SmallEncoder

from index.encoding.encoder import Encoder
from index.local.build import build
from index.local.snapshot import Snapshot
from index.verify import verify
from qa.retriever import Retriever
from source.document import Reason
from source.errors import UnreadableFile
from source.library import ESSAYS
from source.reading import read

ESSAY = read(ESSAYS / "soviet-union-korean-war.txt", "essay.txt")
WAYS = [{}, {"columns": 2}, {"divided": True}, {"columns": 2, "divided": True}]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_printed_essay_has_the_passages_of_its_text(way: dict, tmp_path: Path) -> None:
    print_essay(ESSAY, tmp_path / "essay.pdf", **way)
    found = read(tmp_path / "essay.pdf", "essay.pdf")
    printed = [bare(ESSAY.text[p.start : p.end]) for p in ESSAY.passages]
    assert [bare(found.text[p.start : p.end]) for p in found.passages] == printed
    assert [bare(h.title) for h in found.headings] == [bare(h.title) for h in ESSAY.headings]
    assert [h.level for h in found.headings] == [h.level for h in ESSAY.headings]
    assert (found.title, found.author) == (ESSAY.title, "A. N. Author")
    assert {one.reason for one in found.furniture} == {Reason.PAGE}
    around = "".join(found.text[one.start : one.end] for one in found.furniture)
    assert ("Page 2" in around, around.count("Page")) == (True, found.text.count("Page"))
    assert found.extractor.startswith("pypdfium2 ")


def test_three_narrow_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    print_essay(ESSAY, tmp_path / "essay.pdf", columns=3)
    found = read(tmp_path / "essay.pdf", "essay.pdf")
    assert bare(found.text).find(bare(ESSAY.text[ESSAY.passages[-1].start : ESSAY.passages[-1].end])) > 0
    texts = {bare(found.text[p.start : p.end]) for p in found.passages}
    whole = [bare(ESSAY.text[p.start : p.end]) in texts for p in ESSAY.passages]
    assert sum(whole) >= 0.95 * len(whole)  # whether a paragraph ends where a narrow column does cannot always be told


def test_places_are_pages(tmp_path: Path) -> None:
    print_essay(ESSAY, tmp_path / "essay.pdf")
    found = read(tmp_path / "essay.pdf", "essay.pdf")
    labels = [found.locator(p.start) for p in found.passages]
    assert labels[0] == "page 1"
    assert list(dict.fromkeys(labels)) == [f"page {n}" for n in range(1, len(set(labels)) + 1)]


def test_the_same_questions_quote_the_same_sentences(tmp_path: Path, encoder: Encoder, essay_index: Snapshot) -> None:
    print_essay(ESSAY, tmp_path / "essay.pdf", columns=2, divided=True)
    snapshot, _ = build(tmp_path / "essay.pdf", tmp_path / "index", encoder=encoder)
    assert list(verify(snapshot)) == []
    of_text, of_pdf = Retriever(essay_index, encoder), Retriever(snapshot, encoder)
    agree = []
    for values in lines("essay_questions.jsonl"):
        first, second = (one.answer(values["question"], 1).quotes[0] for one in (of_text, of_pdf))
        assert second.text == second.document.text[second.start : second.end]
        assert second.place.locator.startswith("page ")
        agree.append(bare(first.marked[0]) == bare(second.marked[0]))
    assert sum(agree) >= 0.95 * len(agree)


def printed(path: Path, draw: Callable[[FPDF], None]) -> Path:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    draw(pdf)
    pdf.output(str(path))
    return path


def test_a_table_is_read_by_row_with_its_header(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        pdf.multi_cell(0, 6, "The deliveries of each year are listed here, as far as they are known.")
        pdf.ln(8)
        with pdf.table() as table:
            for row in (("Year", "Tanks", "Aircraft"), ("1950", "258", "150"), ("1951", "300", "220")):
                table.row(row)

    found = read(printed(tmp_path / "t.pdf", draw), "t.pdf")
    texts = [found.text[p.start : p.end] for p in found.passages]
    assert texts[1:] == ["Year: 1950; Tanks: 258; Aircraft: 150", "Year: 1951; Tanks: 300; Aircraft: 220"]


def test_a_footnote_does_not_interrupt_a_paragraph(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        pdf.multi_cell(
            0, 6, "A paragraph that is long enough to be running text. " * 6 + "It goes over", new_x="LMARGIN"
        )
        pdf.set_y(260)
        pdf.set_font("helvetica", size=7)
        pdf.cell(0, 4, "1 See the archive of the ministry.")
        pdf.add_page()
        pdf.set_font("helvetica", size=11)
        pdf.multi_cell(0, 6, "to the next page, and there it ends. " + "More is said there. " * 9)

    found = read(printed(tmp_path / "n.pdf", draw), "n.pdf")
    texts = [found.text[p.start : p.end] for p in found.passages]
    assert "It goes over to the next page, and there it ends." in texts[0]
    assert texts[1] == "[1] See the archive of the ministry."


def test_a_page_without_text_is_named(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        pdf.cell(0, 6, "There is text on this page only, and it is a sentence.")
        pdf.add_page()
        pdf.rect(20, 20, 100, 100, style="F")

    (tmp_path / "essays").mkdir()
    printed(tmp_path / "essays" / "half.pdf", draw)
    (tmp_path / "essays" / "essay.txt").write_text("Another essay is here.", encoding="utf-8")
    snapshot, report = build(tmp_path / "essays", tmp_path / "index", encoder=SmallEncoder())
    assert [str(skip) for skip in report.skipped] == ["half.pdf: page 2: no text (scanned, or only a picture)"]
    assert len(snapshot.entries) == 2


def _locked(path: Path) -> None:
    pdf = FPDF()
    pdf.set_encryption(owner_password="one", user_password="two")
    pdf.add_page()
    pdf.output(str(path))


def _loop(path: Path) -> None:
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 999999999>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def _cut(path: Path) -> None:
    print_essay(ESSAY, path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 3])


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "locked": (_locked, "locked with a password; save it without one"),
    "loop": (_loop, "damaged|pages"),
    "cut": (_cut, "damaged"),
    "empty": (lambda path: path.touch(), "damaged, or no PDF"),
    "noise": (lambda path: path.write_bytes(b"%PDF-1.7\n" + random.Random(1).randbytes(9999)), "damaged, or no PDF"),
    "text": (lambda path: path.write_text("This is no PDF at all.", encoding="utf-8"), "damaged, or no PDF"),
    "scanned": (
        lambda path: printed(path, lambda pdf: pdf.rect(20, 20, 90, 90, style="F")),
        "scanned: its pages .*OCR.* first",
    ),
    "folder": (lambda path: path.mkdir(), "cannot be read: Is a directory"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_says_why(name: str, tmp_path: Path) -> None:
    make, reason = HOSTILE[name]
    make(tmp_path / "x.pdf")
    with pytest.raises(UnreadableFile, match=reason):
        read(tmp_path / "x.pdf", "x.pdf")
