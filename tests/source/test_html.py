from pathlib import Path

import pytest
import saved_pages

from source.document import Document
from source.reading import read

BLOCKS = [
    ("p", "The Soviet Union sent tanks to Korea in the spring of 1950, long before the first shot was fired there."),
    ("h2", "The pilots"),
    ("p", "Pilots in Chinese uniforms flew the new fighters, and nobody was to know of it; many people knew."),
    ("p", "They were forbidden to speak Russian over the radio, which they did all the same when it mattered."),
    ("h2", "The armistice"),
    ("p", "After three years of war an armistice was signed at Panmunjom, and the guns fell silent that night."),
]


def page(tmp_path: Path, markup: str | bytes) -> Document:
    path = tmp_path / "page.html"
    path.write_bytes(markup if isinstance(markup, bytes) else markup.encode())
    return read(path, "page.html")


def texts(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.passages]


@pytest.mark.parametrize("name", saved_pages.PAGES)
def test_of_a_saved_page_the_essay_is_read(name: str, tmp_path: Path) -> None:
    document = page(tmp_path, saved_pages.PAGES[name]("Tanks for Korea", BLOCKS))
    found = texts(document)
    for kind, text in BLOCKS:
        assert kind == "h2" or text in found, name
    assert document.title == "Tanks for Korea"
    assert not [around for around in saved_pages.AROUND if any(around in text for text in found)]


def test_a_simple_page_keeps_all_its_text(tmp_path: Path) -> None:
    document = page(
        tmp_path, "<p>One &amp; two.<p>A <b>bo</b>ld wo<i>rd</i>.<br>Next line.<pre>as\n  it is</pre>Bare text."
    )
    assert texts(document) == ["One & two.", "A bold word.\nNext line.", "as\nit is", "Bare text."]


def test_lists_tables_and_notes_keep_together(tmp_path: Path) -> None:
    document = page(
        tmp_path,
        "<h1>T</h1><p>They sent:</p><ul><li>tanks<li>planes</ul>"
        "<table><tr><th>Year<th>Tanks<tr><td>1950<td>258<tr><td>1951<td>300</table>"
        "<p>It was known<sup><a href='#fn1'>1</a></sup> early.</p><p id='fn1'>1. In the archive.</p>",
    )
    found = texts(document)
    assert found[0].split() == "They sent: • tanks • planes".split()
    assert found[1:3] == ["Year: 1950; Tanks: 258", "Year: 1951; Tanks: 300"]
    assert found[3] == "It was known[1] early."
    assert "In the archive." in found[4]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("<meta charset=windows-1251><p>Танки и самолёты.".encode("cp1251"), "cp1251"),
        (
            "<meta http-equiv=Content-Type content='text/html; charset=shift_jis'><p>戦車と航空機。".encode("cp932"),
            "cp932",
        ),
        ("<p>Größe und Führung.".encode(), "utf-8"),
    ],
)
def test_a_page_is_decoded_as_it_says(data: bytes, encoding: str, tmp_path: Path) -> None:
    document = page(tmp_path, data)
    assert document.encoding == encoding
    assert texts(document)[0][-1] in ".。"
    assert "\ufffd" not in document.text
