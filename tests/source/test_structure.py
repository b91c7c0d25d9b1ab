import re
from itertools import pairwise
from pathlib import Path

import pytest

from source.document import Document
from source.formats.text import read_text
from source.library import ESSAYS, read_library
from source.structure.passages import LONGEST_PASSAGE, LONGEST_SENTENCE

ESSAY = next(one for one in read_library(ESSAYS) if isinstance(one, Document))


def texts(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.passages]


def headings(document: Document) -> list[tuple[int, str]]:
    return [(h.level, h.title) for h in document.headings]


def test_the_shipped_essay_has_its_title_sections_and_subsections() -> None:
    assert ESSAY.title == "The Pivotal Role of the Soviet Union in Global Military History"
    assert ESSAY.titled
    assert (0, ESSAY.title) in headings(ESSAY)
    assert (1, "Early Support for North Korea") in headings(ESSAY)
    assert (2, "Military aid and training") in headings(ESSAY)
    assert (1, "Legacy of the Soviet Union’s Involvement in Korea") in headings(ESSAY)
    assert len(ESSAY.headings) == 17
    passage = next(p for p, text in zip(ESSAY.passages, texts(ESSAY), strict=True) if "T-34" in text)
    assert passage.heading == "Military Involvement in the Conflict › Provision of arms and equipment"
    assert passage.line == 67


def test_the_passages_are_those_that_a_brute_force_reading_finds() -> None:
    """Paragraphs by empty lines; headings and links have no full stop; a colon goes on with its list."""
    blocks = [block.strip("\n") for block in re.split(r"\n\n+", ESSAY.text)]
    expected: list[str] = []
    for block in blocks:
        body = "\n".join(line for line in block.split("\n") if not line.startswith("See also"))
        if body.lstrip().startswith("•"):
            expected[-1] += "\n\n" + body
        elif body.endswith((".", ":")):
            expected.append(body)
    assert texts(ESSAY) == expected
    assert len(expected) == 62


def test_links_to_other_pages_are_furniture_also_below_a_list() -> None:
    furniture = [ESSAY.text[span.start : span.end] for span in ESSAY.furniture]
    assert len(furniture) == 3
    assert all(text.startswith("See also") for text in furniture)
    assert not any("See also" in text for text in texts(ESSAY))


def test_every_sign_of_the_essay_is_heading_passage_or_furniture() -> None:
    left = list(ESSAY.text)
    for span in (*ESSAY.headings, *ESSAY.passages, *ESSAY.furniture):
        left[span.start : span.end] = " " * (span.end - span.start)
    assert not "".join(left).strip()


def test_sentences_lie_inside_their_passage_in_order() -> None:
    for passage in ESSAY.passages:
        assert passage.sentences
        assert passage.start <= passage.sentences[0].start
        assert passage.sentences[-1].end <= passage.end
        assert all(a.end <= b.start for a, b in pairwise(passage.sentences))


def test_a_sentence_that_says_see_also_is_no_furniture() -> None:
    document = read_text("Title\n\nSee also the account of the war by Smith.\n\nSee also Another Page", "a.txt")
    assert texts(document) == ["See also the account of the war by Smith."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Title\n\n1. Causes\n\nOne.\n\n1.1 Far\n\nTwo.\n\n2. Ends\n\nThree.", [0, 1, 2, 1]),
        (" = War = \n One line.\n = = Cause = = \n Another line " + "long " * 50 + ".", [0, 2]),
        ("Title\n\nA Section Here\n\nText.\n\nA part of it\n\nText.", [0, 1, 2]),
    ],
)
def test_levels_of_headings(text: str, expected: list[int]) -> None:
    assert [level for level, _ in headings(read_text(text, "a.txt"))] == expected


def test_a_short_line_with_nothing_under_it_is_text() -> None:
    document = read_text("Title\n\nOne sentence.\n\nThe Author", "a.txt")
    assert texts(document) == ["One sentence.", "The Author"]
    assert texts(read_text("Only this", "a.txt")) == ["Only this"]


def test_without_a_title_the_first_line_names_the_document_but_gives_no_context() -> None:
    document = read_text("It was a dark night. It rained.\n\nMore.", "a.txt")
    assert (document.title, document.titled) == ("It was a dark night. It rained.", False)
    assert document.context(document.passages[0]) == ""


def test_wrapped_lines_are_one_paragraph_and_long_lines_are_one_each() -> None:
    assert texts(read_text("T\n\nOne line\nand more.\n\nTwo.", "a.txt")) == ["One line\nand more.", "Two."]
    long = "A long line. " * 20
    assert texts(read_text(f"T\n\n{long}\n{long}\nShort one.", "a.txt")) == [long.strip()] * 2 + ["Short one."]


def test_a_list_is_one_passage_with_its_introduction_across_empty_lines() -> None:
    document = read_text("T\r\n\r\nThree aims:\r\n\r\n- one;\r\n\r\n- two;\r\n- three.\r\n\r\nAfter.", "a.txt")
    assert texts(document) == ["Three aims:\r\n\r\n- one;\r\n\r\n- two;\r\n- three.", "After."]
    assert document.passages[1].line == 10


def test_a_wrapped_line_that_begins_like_an_item_goes_on_with_its_sentence() -> None:
    text = "T\n\nHe counted them from\n12. to 20 and then went\n- so they say - home."
    assert texts(read_text(text, "a.txt")) == [text[3:]]


def test_a_very_long_paragraph_is_divided_between_sentences_of_like_length() -> None:
    sentence = "This sentence has exactly some words in it. "
    document = read_text("T\n\n" + sentence * 300, "a.txt")
    parts = texts(document)
    assert " ".join(parts) == (sentence * 300).strip()
    assert all(part.startswith("This") and part.endswith("it.") for part in parts)
    assert max(map(len, parts)) - min(map(len, parts)) <= 2 * len(sentence)
    assert max(map(len, parts)) <= LONGEST_PASSAGE + len(sentence)
    assert [p.number for p in document.passages] == list(range(1, len(parts) + 1))


def test_what_is_too_long_to_be_a_sentence_is_cut_but_kept() -> None:
    document = read_text("T\n\n" + "word " * 20_000, "a.txt")
    assert "".join(texts(document)).replace(" ", "") == "word" * 20_000
    assert max(len(text) for text in texts(document)) <= LONGEST_SENTENCE


def test_the_shared_essay_is_the_file_as_it_is() -> None:
    path = Path(ESSAYS) / "soviet-union-korean-war.txt"
    with path.open(encoding="utf-8", newline="") as file:
        assert file.read() == ESSAY.text
