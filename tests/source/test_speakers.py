"""Lone lines that name who speaks head nothing: they are quoted with what is said, and questions with their answers."""

import pytest
from reading import passages

from source.formats.text import read_text


def talk(first: str, second: str, gap: str = "\n\n") -> str:
    said = [
        (first, "Where did you learn to tie knots?"),
        (second, "From my aunt, who was blind."),
        (first, "And who taught her?"),
        (second, "Nobody. She taught herself by touch."),
    ]
    return f"An Evening with the Rigger{gap}{gap}" + gap.join(f"{name}{gap}{words}" for name, words in said) + gap


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\n\n\n"])
@pytest.mark.parametrize(
    ("first", "second"), [("INTERVIEWER", "HOLM"), ("Interviewer", "Karin Holm"), ("FRAGE", "DR. LÖF")]
)
def test_names_in_turn(first: str, second: str, gap: str) -> None:
    document = read_text(talk(first, second, gap), "a.txt")
    assert [heading.title for heading in document.headings] == ["An Evening with the Rigger"]
    found = passages(document)
    assert len(found) == 2
    assert found[0].startswith(f"{first}{gap}Where")
    assert found[0].endswith(f"{second}{gap}From my aunt, who was blind.")
    assert [sentence.asks for sentence in document.passages[0].sentences] == [True, False]


def test_sections_that_come_again_in_each_part_are_headings() -> None:
    part = "{}\n\nGains\n\nIt was cheap, and it held.\n\nLosses\n\nIt was slow, and it leaked.\n\n"
    document = read_text("Two Boats\n\n" + part.format("The Swan") + part.format("The Wren"), "a.txt")
    assert [heading.title for heading in document.headings][-6:] == [
        "The Swan",
        "Gains",
        "Losses",
        "The Wren",
        "Gains",
        "Losses",
    ]
