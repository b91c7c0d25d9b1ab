"""The thirty-one kinds of fault of essays as people have them, by what is right of inputs of our own."""

from collections import Counter

import pytest
from kinds.case import KINDS, Case
from kinds.every import CASES
from reading import furniture, headings, nowhere, passages, sentences

from source.document import Document, Reason
from source.errors import UnreadableFile
from source.formats.readers import read_here

# Kind 29 is of indexes: what is asked when a file has gone.
READ = [case for case in CASES if not case.refused]
FEWEST = 3


def read(case: Case) -> Document:
    return read_here(case.data, case.file)


def test_each_kind_has_several_inputs() -> None:
    counts = Counter(case.kind for case in CASES)
    assert {kind for kind in KINDS if counts[kind] < FEWEST} == {29}


@pytest.mark.parametrize("case", READ, ids=str)
def test_it_is_read_as_it_is_meant(case: Case) -> None:
    document = read(case)
    found = {
        "title": document.title,
        "author": document.author,
        "date": document.date,
        "headings": tuple(headings(document)),
        "passages": tuple(passages(document)),
        "sentences": tuple(sentences(document)),
        "inserted": tuple(document.text[one.start : one.end] for one in document.inserted),
    }
    wanted = {name: value for name in found if (value := getattr(case, name)) is not None}
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize("case", [case for case in READ if case.places or case.locators], ids=str)
def test_each_passage_stands_where_it_does(case: Case) -> None:
    document = read(case)
    for part, heading in case.places.items():
        assert [one.heading for one in document.passages if part in document.text[one.start : one.end]] == [heading]
    for part, label in case.locators.items():
        starts = [one.start for one in document.passages if part in document.text[one.start : one.end]]
        assert [document.locator(start) for start in starts] == [label]


@pytest.mark.parametrize("case", READ, ids=str)
def test_every_letter_is_somewhere(case: Case) -> None:
    """In a passage, a heading, or furniture with a reason; and what is left out is left out for the reason "
    "it should."""
    document = read(case)
    assert nowhere(document) == ""
    left_out = furniture(document)
    for part, reason in case.furniture.items():
        assert any(part in text and why == reason for text, why in left_out), (part, left_out)
    assert all(isinstance(one.reason, Reason) for one in document.furniture)


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=str)
def test_what_cannot_be_read_says_why(case: Case) -> None:
    with pytest.raises(UnreadableFile, match=case.refused):
        read(case)
