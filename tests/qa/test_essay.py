"""How well the shipped essay is asked: questions that were written without knowing the program."""

import pytest
from data import lines

from index.local.snapshot import Snapshot
from qa import retrieve


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What tanks did the Soviet Union supply?", "Notably, the T-34 tank was delivered in large numbers"),
        ("When was the armistice?", "Following the armistice in 1953"),
        ("Which fighter planes fought the UN?", "such as the MiG-15"),
        ("What did North Korea's forces learn?", "training"),
    ],
)
def test_the_sentence_that_answers_is_marked_in_the_first_quote(
    essay_index: Snapshot, question: str, words: str
) -> None:
    answer = retrieve(question, index=essay_index)
    assert answer.status == "found"
    assert any(words in sentence for sentence in answer.quotes[0].marked)


def test_the_right_passage_comes_first(essay_index: Snapshot) -> None:
    asked = lines("essay_questions.jsonl")
    assert len(asked) == 50
    first, marked = [], []
    for one in asked:
        quote = retrieve(one["question"], index=essay_index).quotes[0]
        first.append(any(text in quote.text for text in one["answers"]))
        marked.append(any(text in sentence for text in one["answers"] for sentence in quote.marked))
    missed = [one["question"] for one, hit in zip(asked, first, strict=True) if not hit]
    assert sum(first) >= 0.85 * len(asked), missed
    assert sum(marked) >= 0.7 * len(asked)


def test_what_the_essay_answers_is_not_refused(essay_index: Snapshot) -> None:
    refused = [
        one["question"]
        for one in lines("essay_questions.jsonl")
        if retrieve(one["question"], index=essay_index).status == "none"
    ]
    assert len(refused) <= 2, refused


def test_what_the_essay_does_not_speak_of_is_refused(essay_index: Snapshot) -> None:
    asked = lines("offtopic_questions.jsonl")
    assert len(asked) == 20
    statuses = {one["question"]: retrieve(one["question"], index=essay_index).status for one in asked}
    assert sum(status == "none" for status in statuses.values()) >= 18, statuses


def test_only_what_answers_is_said_to_answer(essay_index: Snapshot) -> None:
    """Fourteen questions that the essay answers, ten that sound as if it did, six that it does not speak of."""
    asked = lines("reading_questions.jsonl")
    kinds = [one["kind"] for one in asked]
    assert [kinds.count(kind) for kind in ("answered", "near", "foreign")] == [14, 10, 6]
    said, wrong = [], []
    for one in asked:
        answer = retrieve(one["question"], index=essay_index)
        if answer.verdict == "answers":
            answers = any(text in answer.quotes[0].text for text in one["answers"])
            (said if answers else wrong).append(one["question"])
    assert not wrong
    assert len(said) >= 11, said


def test_without_the_reader_nothing_is_said_to_answer(essay_index: Snapshot) -> None:
    verdicts = {
        retrieve(one["question"], index=essay_index, reader=False).verdict for one in lines("essay_questions.jsonl")
    }
    assert "answers" not in verdicts
    assert "may_answer" in verdicts
