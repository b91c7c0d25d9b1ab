"""Two things asked for are both quoted, what is close shares something with the question, and a bare name is found."""

import pytest

from index.encoding.encoder import Encoder
from index.memory import MemoryIndex
from qa.ranking.minilm_reader import load_reader
from qa.ranking.sharing import completing, is_bare_name
from qa.retriever import Retriever
from source.reading import read_data

BRIDGES = """# Crossings of the Lune

The old bridge was built in 1640 by the mason Piers Ångström. It was made of oak and had nine arches.

The new bridge was built of iron between 1871 and 1874. It cost 31,000 guilders.

Eels, willow and turf were sold at the landing. The toll was a farthing for each cart.

The toll keeper lived in the narrow house. His daughter, Zoë Müller, rang the bell in fog for 40 years.

Grey geese nest on the island below. Two foxes stole a goose in the cold spring.
"""


@pytest.fixture(scope="module")
def crossings(encoder: Encoder) -> Retriever:
    """An essay of five paragraphs, asked with the reader."""
    essay = read_data(BRIDGES.encode(), "crossings.md")
    return Retriever(MemoryIndex([essay], encoder), encoder, reader=load_reader())


@pytest.mark.parametrize(
    "question",
    [
        "Compare the old and the new bridge",
        "When were the old bridge and the new bridge built?",
        "What is the difference between the old bridge and the new one?",
        "Was the old bridge or the new bridge made of iron?",
        "old bridge versus new bridge",
    ],
)
def test_a_question_about_two_things_gets_both(crossings, question):
    answer = crossings.answer(question)
    assert answer.status == "found"
    assert {1, 2} <= {quote.paragraph for quote in answer}


@pytest.mark.parametrize(
    ("name", "paragraph"), [("Zoe Muller", 4), ("Zoë Müller", 4), ("Piers Angstrom", 1), ("foxes", 5), ("willow", 3)]
)
def test_a_bare_name_that_stands_in_a_passage_is_found_there(crossings, name, paragraph):
    answer = crossings.answer(name)
    assert (answer.status, answer.quotes[0].paragraph) == ("found", paragraph)


@pytest.mark.parametrize("question", ["Who taught Zoe Muller the bell?", "Who stole the goose of the mason?"])
def test_what_comes_close_shares_something_with_the_question(crossings, question):
    answer = crossings.answer(question)
    if answer.status == "related":
        words = {word for word in question.lower().strip("?").split() if len(word) > 3}
        for quote in answer.quotes[1:]:
            paired = any(pair.similarity > 0.5 for pair in quote.why if pair.question.lower() in words)
            assert paired or any(word[:4] in quote.text.lower() for word in words)


def test_a_question_about_one_thing_is_not_completed():
    assert completing("When was the old bridge built?", ["The new bridge."], ["The old bridge."]) == []
    assert completing("Compare the old and the new bridge", ["The new bridge."], ["The old bridge."]) == [0]
    assert completing("Compare the old and the new bridge", ["The new bridge."], ["An old man."]) == []
    assert completing("Compare the old and the new bridge", ["The old bridge, a new bridge."], ["Old bridge."]) == []


@pytest.mark.parametrize("question", ["Who is Zoe?", "the bridge", "", "a b c d e f", "Zoe?"])
def test_what_asks_something_is_no_bare_name(question):
    assert not is_bare_name(question)
