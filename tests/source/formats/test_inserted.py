"""What Quoth writes into a text itself is told apart from the file's letters, wherever the text goes."""

import json
from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.local.build import build
from index.memory import MemoryIndex
from qa.retriever import Retriever
from source.document import Document, Span
from source.formats.readers import read_here
from source.reading import read
from source.structure.extracted.inserted import inserted, marked, told_apart

PAGE = (
    "<h1>The boat</h1><p>She sank<sup><a href='#fn1'>1</a></sup> in 1901.</p><table><tr><th>Year<th>Tons"
    "<tr><td>1874<td>40 <sup><a href='#fn2'>2</a></sup><tr><td>1875<td></table>"
    "<hgroup><h2>I</h2><p>The end</p></hgroup>"
    "<p>It was so.</p><p id='fn1'>In the log.</p><p id='fn2'>By the builder.</p>"
)


def own(document: Document) -> str:
    """The text without what was inserted."""
    return "".join(
        sign for i, sign in enumerate(document.text) if not any(one.start <= i < one.end for one in document.inserted)
    )


def test_column_names_separators_and_brackets_are_inserted() -> None:
    document = read_here(PAGE.encode(), "a.html")
    assert [document.text[one.start : one.end] for one in document.inserted] == [
        "[", "]", ": ", "; ", ": ", "[", "]", "Year: ", ". ", "[", "]", "[", "]",
    ]  # fmt: skip
    assert own(document).split() == (
        "The boat She sank1 in 1901. Year1874Tons40 2 1875 IThe end It was so. 1 In the log. 2 By the builder.".split()
    )


def test_the_parts_of_a_span_that_were_inserted() -> None:
    document = read_here(PAGE.encode(), "a.html")
    row = document.passages[1]
    assert document.text[row.start : row.end] == "Year: 1874; Tons: 40 [2]"
    found = [document.text[one.start : one.end] for one in document.inserted_in(row)]
    assert found == [": ", "; ", ": ", "[", "]"]
    cut = document.inserted_in(Span(row.start + 5, row.start + 11))
    assert [document.text[one.start : one.end] for one in cut] == [" ", ";"]
    assert document.inserted_in(Span(0, 5)) == ()


def test_the_snapshot_and_the_worker_keep_it(tmp_path: Path) -> None:
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "a.html").write_text(PAGE, encoding="utf-8")
    document = read_here(PAGE.encode(), "a.html")
    assert read(tmp_path / "essays" / "a.html", "a.html") == document
    snapshot, _ = build(tmp_path / "essays", tmp_path / "index", encoder=SmallEncoder())
    assert snapshot.document("a.html").inserted == document.inserted


def test_a_quotation_says_what_its_file_does_not_have() -> None:
    document = read_here(PAGE.encode(), "a.html")
    encoder = SmallEncoder()
    answer = Retriever(MemoryIndex([document], encoder), encoder).answer('"1874"')
    (quote,) = json.loads(json.dumps(answer.json()))["quotes"]
    assert quote["text"] == "Year: 1874; Tons: 40 [2]"
    assert [document.text[one["start"] : one["end"]] for one in quote["inserted"]] == [": ", "; ", ": ", "[", "]"]


@pytest.mark.parametrize(
    ("text", "plain", "spans"),
    [
        (f"a{inserted(': ')}b", "a: b", (Span(1, 3),)),
        (inserted("x") + inserted("yz"), "xyz", (Span(0, 1), Span(1, 3))),
        ("a\ufdd0b", "ab", ()),
        ("a\ufdd1b\ufdd0\ufdd1c", "abc", ()),
        ("\ufdd0a\ufdd0b\ufdd1c", "abc", (Span(1, 2),)),
        ("plain", "plain", ()),
    ],
)
def test_marks_are_told_apart_whatever_a_file_holds(text: str, plain: str, spans: tuple[Span, ...]) -> None:
    assert told_apart(text) == (plain, spans)
    assert told_apart(marked(plain, spans)) == (plain, spans)
