import threading
from pathlib import Path

import numpy as np
import pytest
from small_encoder import SmallEncoder

import qa
from index.encoding.encoder import Encoder
from index.local.build import build
from index.local.location import current_name
from index.local.snapshot import Snapshot
from qa.retriever import LIST_FROM, LONGEST_QUESTION, Retriever
from source.errors import UserError

TEXTS = {
    "arms.txt": (
        "Arms\n\nThe union supplied tanks, and artillery came later. Nobody paid for them.\n\n"
        "The union supplied tanks, and artillery came much later. Nobody paid for them.\n\n"
        "All of it was “advanced\nweaponry”, they said.\n"
    ),
    "peace.txt": "Peace\n\nThe armistice was signed in July. It held.\n\nTanks left the country.\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "essays").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / "essays" / name).write_text(text, encoding="utf-8", newline="")
    return tmp_path / "essays"


@pytest.fixture
def retriever(folder: Path) -> Retriever:
    snapshot, _ = build(folder, folder.parent / "index", encoder=SmallEncoder())
    return Retriever(snapshot, SmallEncoder())


def test_a_quote_is_a_slice_of_its_document_and_marks_lie_inside_it(retriever: Retriever) -> None:
    answer = retriever.answer("Who supplied tanks and artillery?")
    assert len(answer) == len(answer.quotes) > 0
    for quote in answer:
        assert quote.text == quote.document.text[quote.start : quote.end]
        assert quote.document.text == TEXTS[quote.document.name]
        assert quote.highlights
        for span in quote.highlights:
            assert quote.start <= span.start < span.end <= quote.end
    assert [quote.score for quote in answer] == sorted((quote.score for quote in answer), reverse=True)


def test_passages_that_say_the_same_are_folded_under_the_best(retriever: Retriever) -> None:
    quotes = retriever.answer("Who supplied tanks and artillery?").quotes
    (first,) = (quote for quote in quotes if quote.also)
    assert first == quotes[0]
    assert {first.paragraph, *(place.paragraph for place in first.also)} == {1, 2}


def test_a_phrase_must_stand_in_the_passage_literally(retriever: Retriever) -> None:
    for question in ('Who said "advanced weaponry"?', "“ADVANCED weaponry”"):
        answer = retriever.answer(question)
        assert (answer.status, [quote.paragraph for quote in answer]) == ("found", [3])
        assert answer.quotes[0].marked == ("All of it was “advanced\nweaponry”, they said.",)
    answer = retriever.answer('Who supplied "many tanks"?')
    assert (answer.status, answer.quotes, answer.confidence) == ("none", (), 0.0)


def test_asking_can_be_limited_to_documents(retriever: Retriever) -> None:
    assert {q.document.name for q in retriever.answer("tanks", documents=["peace.txt"])} == {"peace.txt"}
    assert len(retriever.answer("tanks", documents=[])) == 0
    with pytest.raises(UserError, match=r"The index holds no document 'piece\.txt'; the nearest is 'peace\.txt'\."):
        retriever.answer("tanks", documents=["piece.txt"])


@pytest.mark.parametrize("k", [1, 2, 1000])
def test_k_is_the_most_quotes(retriever: Retriever, k: int) -> None:
    quotes = retriever.answer("tanks", k=k).quotes
    assert 0 < len(quotes) <= min(k, 5)
    assert quotes[0] == retriever.answer("tanks").quotes[0]


def test_an_empty_question_and_no_quotes_are_refused(retriever: Retriever) -> None:
    with pytest.raises(ValueError, match="The question is empty; ask something"):
        retriever.answer(" \n")
    with pytest.raises(ValueError, match="k is 0; ask for at least 1 quote"):
        retriever.answer("tanks", k=0)


@pytest.mark.parametrize(
    "question", ["what is it?", "?", "\ud800", "\0", '"', "“", "*", "NEAR(", "tanks " * 5000, "坦克", "😀", "a" * 9000]
)
def test_no_question_breaks_it(retriever: Retriever, question: str) -> None:
    answer = retriever.answer(question)
    assert len(answer.question) <= LONGEST_QUESTION
    assert answer.status in ("found", "related", "none")
    assert 0 <= answer.confidence <= 1


def test_a_quote_whose_source_changed_is_withheld(folder: Path, retriever: Retriever) -> None:
    before = retriever.answer("armistice July").quotes[0]
    (folder / "peace.txt").write_text(TEXTS["peace.txt"].replace("July", "June"), encoding="utf-8")
    answer = retriever.answer("armistice July")
    assert before.text not in [quote.text for quote in answer]
    assert answer.withheld == (
        "A quotation is withheld: peace.txt has changed since it was indexed; rebuild the index with: quoth index",
    )
    (folder / "peace.txt").write_text(TEXTS["peace.txt"] + "\nMore.", encoding="utf-8")
    assert retriever.answer("armistice July").quotes[0] == before
    (folder / "peace.txt").unlink()
    assert "peace.txt can no longer be read" in retriever.answer("armistice July").withheld[0]


def test_what_is_left_is_judged_where_the_first_passage_is_withheld(folder: Path, retriever: Retriever) -> None:
    whole = retriever.answer("armistice July")
    assert (whole.status, whole.verdict, whole.withheld_count) == ("found", "answers", 0)
    (folder / "peace.txt").write_text(TEXTS["peace.txt"].replace("July", "June"), encoding="utf-8")
    answer = retriever.answer("armistice July")
    assert (answer.status, answer.verdict, answer.withheld_count) == ("none", "withheld", 1)
    assert answer.confidence < whole.confidence
    (folder / "more.txt").write_text("More\n\nThe armistice was signed in July. It held.\n", encoding="utf-8")
    (folder / "peace.txt").write_text(TEXTS["peace.txt"], encoding="utf-8")
    snapshot, _ = build(folder, folder.parent / "index", encoder=SmallEncoder())
    both = Retriever(snapshot, SmallEncoder())
    (folder / both.answer("armistice July").quotes[0].document.name).unlink()
    answer = both.answer("armistice July")
    assert (answer.verdict, answer.withheld_count, answer.quotes[0].also) == ("answers", 1, ())


def test_without_the_source_folder_the_index_answers_alone(folder: Path, retriever: Retriever) -> None:
    before = retriever.answer("armistice July").json()
    folder.rename(folder.parent / "moved")
    assert retriever.answer("armistice July").json() == before


def test_why_pairs_each_word_with_its_best_partner(retriever: Retriever) -> None:
    quote = next(q for q in retriever.answer("Was the armistice signed?") if "armistice" in q.text)
    pairs = {pair.question: pair for pair in quote.why}
    assert list(pairs) == ["Was", "the", "armistice", "signed"]
    for word, pair in pairs.items():
        assert quote.document.text[pair.start : pair.end] == pair.passage
        assert pair.passage.lower() == word.lower()
        assert pair.similarity > 0.99
    assert np.isclose(sum(pair.weight for pair in quote.why), 1)
    assert dict(quote.ranks).keys() == {"meaning", "words"}


def test_a_new_snapshot_is_used_from_the_next_question_on(tmp_path: Path, encoder: Encoder) -> None:
    essays, location = tmp_path / "essays", tmp_path / "index"
    essays.mkdir()
    (essays / "a.txt").write_text("Bees\n\nThe queen lays two thousand eggs a day.", encoding="utf-8")
    build(essays, location, encoder=encoder)
    first = qa.retrieve("How many eggs does the queen lay?", index=location)
    (essays / "a.txt").write_text("Bees\n\nThe queen lays four thousand eggs a day.", encoding="utf-8")
    build(essays, location, encoder=encoder)
    second = qa.retrieve("How many eggs does the queen lay?", index=str(location))
    assert ("two" in first.quotes[0].text, "four" in second.quotes[0].text) == (True, True)
    assert first.receipt.index != second.receipt.index == current_name(location)


def test_many_threads_get_the_same_answer(essay_index: Snapshot) -> None:
    expected = qa.retrieve("When was the armistice?", index=essay_index)
    found: list[qa.Answer] = []

    def ask() -> None:
        found.extend(qa.retrieve("When was the armistice?", index=essay_index) for _ in range(3))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.json() for one in found] == [expected.json()] * 24


def test_what_another_essay_adds_comes_before_what_the_same_essay_adds(tmp_path: Path) -> None:
    (tmp_path / "essays").mkdir()
    texts = {"bees": "Queens lay white eggs.\n\nHives shelter bats.\n", "hives": "Tall old hives shelter mice.\n"}
    for name, text in texts.items():
        (tmp_path / "essays" / f"{name}.txt").write_text(text, encoding="utf-8")
    snapshot, _ = build(tmp_path / "essays", tmp_path / "index", encoder=SmallEncoder())
    retriever, question = Retriever(snapshot, SmallEncoder()), "Which queens lay white eggs and which hives shelter?"
    look = retriever.look(question, 3)
    best, second, third = (one.passage.stored for one in look.ranked)
    assert best.text == "Queens lay white eggs."
    assert (second.document, third.document) == ("hives.txt", "bees.txt")
    assert look.ranked[1].score < look.ranked[2].score
    # Who asks for many wants a list: each passage by its own score.
    scores = [one.score for one in retriever.look(question, LIST_FROM).ranked]
    assert scores == sorted(scores, reverse=True)
