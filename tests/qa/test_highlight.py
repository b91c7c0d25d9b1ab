import pytest
from data import lines

from index.encoding.encoder import Encoder
from index.local.snapshot import Snapshot
from qa import highlight
from qa.ranking.minilm_reader import load_reader
from qa.retriever import Retriever
from source.library import ESSAYS

TEXT = (
    "The War\n\nThe war began in June 1950. Tanks came over the river, and nobody saw them.\r\n\r\n"
    "It ended with an armistice in 1953. The border hardly moved.\n"
)


def marked(question: str, text: str = TEXT) -> list[str]:
    return [text[span.start : span.end] for span in highlight(question, text)]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When did the war begin?", "The war began in June 1950."),
        ("What ended the war?", "It ended with an armistice in 1953."),
        ("Who saw the tanks?", "Tanks came over the river, and nobody saw them."),
        ('"border hardly"', "The border hardly moved."),
    ],
)
def test_the_sentence_that_answers_is_marked(question: str, answer: str) -> None:
    assert marked(question) == [answer]


@pytest.mark.parametrize(
    "question", ["How do I bake bread?", "hello", "what is it?", "zxqv wvut", '"no such phrase"', "Wer bäckt Brot?"]
)
def test_nothing_is_marked_where_nothing_answers(question: str) -> None:
    assert marked(question) == []


@pytest.mark.parametrize("text", ["", " \n", "***", "\ud800", "a"])
def test_poor_texts_do_no_harm(text: str) -> None:
    assert marked("When did the war begin?", text) == []


def test_an_empty_question_is_refused() -> None:
    with pytest.raises(ValueError, match="The question is empty"):
        highlight(" ", TEXT)


def test_a_whole_essay_can_be_marked() -> None:
    text = (ESSAYS / "soviet-union-korean-war.txt").read_bytes().decode()
    assert any("T-34" in sentence for sentence in marked("What tanks did the Soviet Union supply?", text))
    asked = lines("essay_questions.jsonl")
    right = [any(a in m for a in one["answers"] for m in marked(one["question"], text)) for one in asked[::5]]
    assert sum(right) >= 0.7 * len(right)


def test_a_text_is_marked_as_an_index_of_it_would_be(essay_index: Snapshot, encoder: Encoder) -> None:
    text = (ESSAYS / "soviet-union-korean-war.txt").read_bytes().decode()
    stored = Retriever(essay_index, encoder, reader=load_reader())
    asked = [one["question"] for one in lines("essay_questions.jsonl")[::9]]
    asked += [one["question"] for one in lines("offtopic_questions.jsonl")[::9]] + ['"advanced weaponry"']
    found = [highlight(question, text) for question in asked]
    assert found == [stored.marked(question) for question in asked]
    assert 0 < sum(map(bool, found)) < len(found)


def test_what_a_text_says_twice_is_marked_twice() -> None:
    eggs = "The queen lays two thousand eggs a day."
    text = f"Bees\n\n{eggs}\n\nHives are warm.\n\n{eggs}\n"
    assert marked("How many eggs does the queen lay?", text) == [eggs] * 2
