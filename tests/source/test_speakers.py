"""Lone lines that name who speaks head nothing: they are quoted with what is said, and questions with their answers."""

import pytest
from reading import passages

from source.formats.markdown import read_markdown
from source.formats.text import read_text
from source.reading import read_data


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


@pytest.mark.parametrize("name", ["**{}**", "__{}__", "**{}:**", "### {}", "{}:"])
def test_names_in_markdown(name: str) -> None:
    document = read_markdown("# " + talk(name.format("Maud"), name.format("Karin Holm")), "a.md")
    assert len(document.passages) == 2
    assert [sentence.asks for sentence in document.passages[0].sentences] == [True, False]
    assert passages(document)[1].endswith("She taught herself by touch.")


def test_names_in_html() -> None:
    parts = talk("MAUD", "HOLM").split("\n\n")[1:-1]
    lines = "".join(f"<p>{'<b>' * part.isupper()}{part}{'</b>' * part.isupper()}</p>" for part in parts)
    document = read_data(f"<title>Knots</title><h1>Knots</h1>{lines}".encode(), "a.html")
    assert [[sentence.asks for sentence in passage.sentences][:2] for passage in document.passages] == [
        [True, False]
    ] * 2


def test_a_turn_that_ends_with_a_question_is_answered_in_the_next() -> None:
    said = (
        "MAUD:\n\nThank you. Where is it?\n\nHOLM:\n\nAt Aske. I burned it.\n\nMAUD:\n\nWhy?\n\nHOLM:\n\nIt was bad.\n"
    )
    assert len(passages(read_text("A Talk\n\n" + said, "a.txt"))) == 2


@pytest.mark.parametrize("names", ["A B C D", "A B A C", "A A A A"])
def test_names_that_do_not_take_turns_head_what_follows(names: str) -> None:
    sections = {"A": "Ole Berg", "B": "Per Lund", "C": "Siri Holm", "D": "Tom Rud"}
    text = "\n\n".join(
        f"{sections[name]}\n\nHe was born in {1800 + i}. He had a boat." for i, name in enumerate(names.split())
    )
    document = read_text(f"Four Pilots\n\n{text}", "a.txt")
    expected = 0 if names == "A B A C" else 4
    assert len(document.headings) - 1 == expected
