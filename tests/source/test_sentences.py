import pytest

from source.text.sentences import sentences


def split(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    "whole",
    [
        ["Dr. Smith went to the U.S. Army.", "U.S. forces in Japan stayed."],
        ["He said, “We must go. Now!”", "Then he left."],
        ["J. R. R. Tolkien wrote.", "E. H. Carr said no."],
        ["It began in vol. 3, fig. 2, p. 12.", "In 1950, approx. 3.5 million (e.g. soldiers) died."],
        ["Wait... what?", "He paused … and then left.", "It ended . . . badly."],
        ["He was born c. 1890 in St. Petersburg.", "Mr. and Mrs. Jones Jr. came."],
        ["“Really?” she asked.", "It was (he knew. Twice.) so.", "No full stop at the end"],
        ["The price is $5.00.", "Version 2.0.1 is out.[1]", "See www.example.com."],
        ["😀 Emoji here.", "Zweiter Satz.", "É accents."],
    ],
)
def test_a_sentence_is_never_cut(whole: list[str]) -> None:
    assert split(" ".join(whole)) == whole


def test_items_of_a_list_are_sentences_without_their_bullets() -> None:
    text = "Aims were:\n\n  • To win.\n  • To lose\n  • To draw.\r\n1) Counted.\n2) Twice."
    assert split(text) == ["Aims were:", "To win.", "To lose", "To draw.", "Counted.", "Twice."]


def test_wrapped_lines_do_not_end_a_sentence() -> None:
    assert split("The war\nended in\r\n1953. Then\npeace.") == ["The war\nended in\r\n1953.", "Then\npeace."]


def test_a_long_quotation_is_divided_between_its_sentences() -> None:
    quotation = "“" + "We must go on. " * 60 + "It ends.”"
    found = split(f"He wrote: {quotation} Then he left.")
    assert found[0] == "He wrote: “We must go on."
    assert found[-2:] == ["It ends.”", "Then he left."]


def test_lone_surrogates_do_no_harm() -> None:
    assert split("One \ud800 here. Two.") == ["One \ud800 here.", "Two."]


def test_offsets_count_from_the_start_of_the_text() -> None:
    text = "Left out. One here. Two."
    assert [text[s.start : s.end] for s in sentences(text, 10, len(text))] == ["One here.", "Two."]
