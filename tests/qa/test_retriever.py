import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_encoder import PieceEncoder, SmallEncoder

import qa
from index.encoding.encoder import Encoder
from index.local.build import build
from index.local.location import current_name
from index.local.snapshot import Snapshot
from index.memory import MemoryIndex
from index.protocol import Index
from index.words import lexical
from qa.asked import LIST_FROM, LONGEST_QUESTION
from qa.command.output.terminal import as_text
from qa.conversation import Turn
from qa.page.html.cards import conversation
from qa.ranking.evidence import matched, missing
from qa.ranking.look import KEEP
from qa.ranking.marks import holding
from qa.ranking.ranker import CANDIDATES, FEWEST_FOR_MEAN
from qa.ranking.scoring import Settings
from qa.retriever import Retriever
from source.document import Document
from source.errors import UserError
from source.library import read_library

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


def built(folder: Path) -> Index:
    return build(folder, folder.parent / "index", encoder=SmallEncoder())[0]


def held(folder: Path) -> Index:
    return MemoryIndex([one for one in read_library(folder) if isinstance(one, Document)], SmallEncoder())


@pytest.fixture
def retriever(folder: Path, request: pytest.FixtureRequest) -> Retriever:
    return Retriever(getattr(request, "param", built)(folder), SmallEncoder())


def over(
    folder: Path, settings: Settings | None = None, encoder: SmallEncoder | None = None, **texts: str
) -> Retriever:
    """A retriever over essays of these texts."""
    (folder / "essays").mkdir()
    for name, text in texts.items():
        (folder / "essays" / f"{name}.txt").write_text(text, encoding="utf-8")
    encoder = encoder or SmallEncoder()
    snapshot, _ = build(folder / "essays", folder / "index", encoder=encoder)
    return Retriever(snapshot, encoder, settings or Settings())


on_each_index = pytest.mark.parametrize("retriever", [built, held], indirect=True)


@on_each_index
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


@on_each_index
def test_passages_that_say_the_same_are_folded_under_the_best(retriever: Retriever) -> None:
    quotes = retriever.answer("Who supplied tanks and artillery?").quotes
    (first,) = (quote for quote in quotes if quote.also)
    assert first == quotes[0]
    assert {first.paragraph, *(place.paragraph for place in first.also)} == {1, 2}


@on_each_index
def test_a_phrase_must_stand_in_the_passage_literally(retriever: Retriever) -> None:
    for question in ('Who said "advanced weaponry"?', "“ADVANCED weaponry”"):
        answer = retriever.answer(question)
        assert (answer.status, [quote.paragraph for quote in answer]) == ("found", [3])
        assert answer.quotes[0].marked == ("All of it was “advanced\nweaponry”, they said.",)
    answer = retriever.answer('Who supplied "many tanks"?')
    assert (answer.status, answer.quotes, answer.confidence) == ("none", (), 0.0)


@on_each_index
def test_asking_can_be_limited_to_documents(retriever: Retriever) -> None:
    assert {q.document.name for q in retriever.answer("tanks", documents=["peace.txt"])} == {"peace.txt"}
    assert len(retriever.answer("tanks", documents=[])) == 0
    with pytest.raises(UserError, match=r"The index holds no document 'piece\.txt'; the nearest is 'peace\.txt'\."):
        retriever.answer("tanks", documents=["piece.txt"])


@on_each_index
@pytest.mark.parametrize("k", [1, 2, 1000])
def test_k_is_the_most_quotes(retriever: Retriever, k: int) -> None:
    quotes = retriever.answer("tanks", k=k).quotes
    assert 0 < len(quotes) <= min(k, 5)
    assert quotes[0] == retriever.answer("tanks").quotes[0]


@on_each_index
def test_an_empty_question_and_no_quotes_are_refused(retriever: Retriever) -> None:
    with pytest.raises(ValueError, match="The question is empty; ask something"):
        retriever.answer(" \n")
    with pytest.raises(ValueError, match="k is 0; ask for at least 1 quote"):
        retriever.answer("tanks", k=0)


@pytest.mark.parametrize("distinct", [31, 300])
def test_no_more_phrases_are_looked_for_than_can_be(retriever: Retriever, distinct: int) -> None:
    phrases = " ".join(f'"{number}"' for number in range(distinct))
    with pytest.raises(ValueError, match=f"{distinct} phrases in quotation marks; at most 30"):
        retriever.answer(phrases)
    assert lexical.phrases('"war" “the war” ' * 300) == ("war", "the war")


@on_each_index
@pytest.mark.parametrize(
    "question", ["what is it?", "?", "\ud800", "\0", '"', "“", "*", "NEAR(", "tanks " * 5000, "坦克", "😀", "a" * 9000]
)
def test_no_question_breaks_it(retriever: Retriever, question: str) -> None:
    answer = retriever.answer(question)
    assert len(answer.question) <= LONGEST_QUESTION
    assert answer.status in ("found", "related", "none")
    assert answer.confidence in (None, 0.0)  # nothing is fitted for this encoder


def test_a_quote_whose_source_changed_is_withheld(folder: Path, retriever: Retriever) -> None:
    before = retriever.answer("armistice July").quotes[0]
    (folder / "peace.txt").write_text(TEXTS["peace.txt"].replace("July", "June"), encoding="utf-8")
    answer = retriever.answer("armistice July")
    assert before.text not in [quote.text for quote in answer]
    assert answer.withheld == ("A quotation is withheld: peace.txt has changed since it was indexed",)
    (folder / "peace.txt").write_text(TEXTS["peace.txt"] + "\nMore.", encoding="utf-8")
    assert retriever.answer("armistice July").quotes[0] == before
    (folder / "peace.txt").unlink()
    assert "peace.txt can no longer be read" in retriever.answer("armistice July").withheld[0]


def test_what_is_left_is_judged_where_the_first_passage_is_withheld(folder: Path, retriever: Retriever) -> None:
    whole = retriever.answer("armistice July")
    assert (whole.status, whole.verdict, whole.withheld_count) == ("found", "may_answer", 0)
    (folder / "peace.txt").write_text(TEXTS["peace.txt"].replace("July", "June"), encoding="utf-8")
    answer = retriever.answer("armistice July")
    assert (answer.status, answer.verdict, answer.withheld_count) == ("none", "withheld", 1)
    (folder / "more.txt").write_text("More\n\nThe armistice was signed in July. It held.\n", encoding="utf-8")
    (folder / "peace.txt").write_text(TEXTS["peace.txt"], encoding="utf-8")
    snapshot, _ = build(folder, folder.parent / "index", encoder=SmallEncoder())
    both = Retriever(snapshot, SmallEncoder())
    (folder / both.answer("armistice July").quotes[0].document.name).unlink()
    answer = both.answer("armistice July")
    assert (answer.verdict, answer.withheld_count, answer.quotes[0].also) == ("may_answer", 1, ())


def test_without_the_source_folder_the_index_answers_alone(folder: Path, retriever: Retriever) -> None:
    before = retriever.answer("armistice July").json()
    assert before["unchecked"] == ""
    folder.rename(folder.parent / "moved")
    answer = retriever.answer("armistice July")
    said = r"The essays themselves cannot be read; this is what they said on \d+ [A-Z]\w+ 20\d\d\."
    assert re.fullmatch(said, answer.unchecked)
    assert {**answer.json(), "unchecked": ""} == before
    assert as_text(answer, 80, colour=False).count(answer.unchecked) == 1
    page = conversation([Turn("armistice July", "armistice July", answer)])
    assert page.count("The essays themselves cannot be read") == 1


def test_a_passage_that_only_moved_is_quoted_as_indexed_with_its_place_now(folder: Path, retriever: Retriever) -> None:
    before = retriever.answer("armistice July")
    (folder / "peace.txt").write_text("Peace\n\nOne word more.\n" + TEXTS["peace.txt"][5:], encoding="utf-8")
    answer = retriever.answer("armistice July")
    assert (answer.verdict, answer.withheld, answer.withheld_count) == (before.verdict, (), 0)
    quote, was = answer.quotes[0], before.quotes[0]
    assert quote.moved is not None
    assert replace(quote, moved=None) == was
    now = (folder / "peace.txt").read_text(encoding="utf-8")
    assert now[quote.moved.start : quote.moved.end] == quote.text == was.text
    assert quote.json()["moved"] == {"start": quote.moved.start, "end": quote.moved.end, "line": quote.moved.line}
    assert f"line {was.line} (now on line {quote.moved.line})" in as_text(answer, 200, colour=False)
    assert f"now on line {quote.moved.line} of its file" in conversation([Turn("q", "q", answer)])


@on_each_index
def test_why_pairs_each_word_with_its_best_partner(retriever: Retriever) -> None:
    quote = next(q for q in retriever.answer("Was the armistice signed?") if "armistice" in q.text)
    pairs = {pair.question: pair for pair in quote.why}
    assert list(pairs) == ["Was", "the", "armistice", "signed"]
    for word, pair in pairs.items():
        assert quote.document.text[pair.start : pair.end] == pair.passage
        assert pair.passage.lower() == word.lower()
        assert pair.similarity > 0.95
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


@pytest.mark.parametrize("made", [built, held])
def test_what_another_essay_adds_comes_before_what_the_same_essay_adds(
    tmp_path: Path, made: Callable[[Path], Index]
) -> None:
    (tmp_path / "essays").mkdir()
    texts = {"bees": "Queens lay white eggs.\n\nHives shelter bats.\n", "hives": "Tall old hives shelter mice.\n"}
    for name, text in texts.items():
        (tmp_path / "essays" / f"{name}.txt").write_text(text, encoding="utf-8")
    retriever = Retriever(made(tmp_path / "essays"), SmallEncoder())
    question = "Which queens lay white eggs and which hives shelter?"
    look = retriever.look(question, 3)
    best, second, third = (one.passage.stored for one in look.ranked)
    assert best.text == "Queens lay white eggs."
    assert (second.document, third.document) == ("hives.txt", "bees.txt")
    assert look.ranked[1].score < look.ranked[2].score
    # Who asks for many wants a list: each passage by its own score.
    scores = [one.score for one in retriever.look(question, LIST_FROM).ranked]
    assert scores == sorted(scores, reverse=True)


GIANTS = "\n\n".join(
    [
        "Red giants burn helium slowly in 1950.",
        "Red giants burn helium slowly in 1951.",
        "Giants are in many old tales of the far north.",
        "Helium fills balloons, and children like them.",
        "Dwarfs and their mines are no part of this.",
    ]
)


def test_a_found_answer_ends_where_the_next_passage_is_worth_clearly_less(tmp_path: Path) -> None:
    retriever = over(tmp_path, stars=GIANTS, tales="Giants eat red apples.\n\nGiants sleep.\n")
    question = "Which red giants burn helium slowly?"
    look, answer = retriever.look(question), retriever.answer(question)
    assert answer.status == "found"
    kept = [
        one.passage.stored.text
        for one, worth in zip(look.ranked, look.worth, strict=True)
        if worth >= look.worth[0] - KEEP
    ]
    assert [quote.text for quote in answer] == kept == GIANTS.split("\n\n")[:2]
    assert len(look.ranked) == 7
    # Who asks for many gets a list, whole.
    assert len(retriever.answer(question, LIST_FROM)) == 7
    assert len(retriever.answer(question, LIST_FROM - 1)) == 2


def test_what_comes_closest_is_shown_whatever_it_is_worth_if_it_shares_a_word(tmp_path: Path) -> None:
    retriever = over(tmp_path, stars=GIANTS)
    answer = retriever.answer("Whose zebras sing of helium, violins and chess?", 4)
    assert answer.verdict == "close"
    assert {quote.paragraph for quote in answer} == {1, 2, 4}


def test_all_that_hold_a_phrase_are_quoted_whatever_they_are_worth(tmp_path: Path) -> None:
    retriever = over(tmp_path, stars=GIANTS)
    look = retriever.look('Which "giants" burn helium slowly?')
    assert look.worth[0] - KEEP > look.worth[-1]
    answer = retriever.answer('Which "giants" burn helium slowly?')
    assert sorted(quote.text for quote in answer) == sorted(GIANTS.split("\n\n")[:3])
    assert [dict(quote.ranks).keys() for quote in answer] == [{"phrase"}] * 3


def test_only_so_many_candidates_of_each_kind_are_looked_at(tmp_path: Path) -> None:
    text = "\n\n".join(f"Passage {i} speaks of tanks{' again' * (i % 7)}." for i in range(4 * CANDIDATES))
    retriever = over(tmp_path, many=text)
    question = "Of what does passage 17 speak again?"
    few = retriever.look(question).ranked
    assert CANDIDATES <= len(few) <= 2 * CANDIDATES
    assert {place for one in few for _, place in one.ranks} == set(range(CANDIDATES + 1))
    assert sum(dict(one.ranks)["meaning"] > 0 for one in few) == CANDIDATES
    assert sum(dict(one.ranks)["words"] > 0 for one in few) == CANDIDATES
    assert len(retriever.look(question, 2 * CANDIDATES).ranked) >= 2 * CANDIDATES
    assert "17" in few[0].passage.stored.text


def test_a_passage_has_its_place_in_each_retriever(tmp_path: Path) -> None:
    retriever = over(tmp_path, a="Queens lay eggs.\n\nQueens lay nothing.\n\nHives stand in gardens.\n")
    ranks = {one.passage.stored.text: dict(one.ranks) for one in retriever.look("queens lay eggs").ranked}
    assert ranks["Queens lay eggs."] == {"meaning": 1, "words": 1}
    assert ranks["Queens lay nothing."] == {"meaning": 2, "words": 2}
    assert ranks["Hives stand in gardens."] == {"meaning": 3, "words": 0}


@pytest.mark.parametrize("passages", [FEWEST_FOR_MEAN - 1, FEWEST_FOR_MEAN])
def test_the_mean_of_all_passages_counts_where_they_are_enough(tmp_path: Path, passages: int) -> None:
    text = "\n\n".join(f"Passage {i} speaks of thing{i}." for i in range(passages))
    retriever = over(tmp_path, many=text)
    question = "What speaks of thing7?"
    (read,) = SmallEncoder().encode([question], question=True)
    mean = float(retriever.index.statistics.mean @ read.vector)
    evidence = retriever.look(question).evidence
    assert evidence is not None
    assert abs(mean) > 0.05
    assert evidence.matched.mean == pytest.approx(mean if passages == FEWEST_FOR_MEAN else 0)


def test_the_evidence_is_that_of_the_passage_quoted_first(tmp_path: Path) -> None:
    retriever = over(tmp_path, stars=GIANTS, tales="Giants eat red apples.\n\nGiants sleep.\n")
    look = retriever.look("Which red giants burn helium slowly in 1951?")
    best = look.ranked[0]
    assert best.passage.stored.text == GIANTS.split("\n\n")[1]
    passages = [one.passage for one in look.ranked]
    scores = sorted((one.score for one in look.ranked), reverse=True)
    assert look.evidence is not None
    found = look.evidence.matched
    assert found == matched(look.question, best.passage, best.match, scores, passages, found.mean)
    absent = missing(look.question, {}, best.passage, best.match)
    assert replace(look.evidence.missing, unknown=0) == replace(absent, unknown=0)
    assert look.evidence.read is None
    assert found.number_missing == 0
    assert found.margin == pytest.approx(scores[0] - scores[1])


TWIN = "Old grey tanks came over {} wide river on a cold morning."


@pytest.mark.parametrize(("k", "quoted"), [(1, [1]), (2, [1]), (LIST_FROM, [1, 3])])
def test_what_says_the_same_takes_no_ones_place(tmp_path: Path, k: int, quoted: list[int]) -> None:
    texts = [TWIN.format("the"), TWIN.format("its"), "New planes flew by day."]
    answer = over(tmp_path, war="\n\n".join(texts)).answer("Which old grey tanks came over the wide river?", k)
    assert [quote.paragraph for quote in answer] == quoted
    assert [[place.paragraph for place in quote.also] for quote in answer] == [[2], []][: len(quoted)]


def test_only_what_would_have_been_quoted_is_withheld(tmp_path: Path) -> None:
    texts = {name: f"Queens lay {number} white eggs.\n" for number, name in enumerate(("bees", "hives"), 3)}
    retriever, question = over(tmp_path, **texts), "Which queens lay white eggs?"
    first, second = (quote.document.name for quote in retriever.answer(question))

    def change(name: str) -> None:
        (tmp_path / "essays" / name).write_text("Queens sleep.\n", encoding="utf-8")

    def asked(k: int) -> tuple[list[str], int]:
        answer = retriever.answer(question, k)
        return [quote.document.name for quote in answer], len(answer.withheld)

    change(second)
    assert asked(1) == ([first], 0)
    assert asked(2) == ([first], 1)
    # The next best comes in place of what is withheld.
    (tmp_path / "essays" / second).write_text(texts[second.removesuffix(".txt")], encoding="utf-8")
    change(first)
    assert asked(1) == ([second], 1)
    change(second)
    assert asked(2) == ([], 2)
    assert retriever.answer(question).status == "none"


def test_the_receipt_names_what_is_quoted_and_what_it_was_made_with(retriever: Retriever) -> None:
    answer = retriever.answer("armistice July", documents=["peace.txt"])
    document = retriever.index.document("peace.txt")
    assert answer.receipt.json() == {
        "index": retriever.index.name,
        "model": "small",
        "model_sha256": "0" * 64,
        "documents": {"peace.txt": document.sha256},
    }


def test_without_the_marks_model_only_the_best_matching_sentence_is_marked(tmp_path: Path) -> None:
    text = "Queens lay eggs. Queens lay white eggs. White queens lay many white eggs.\n"
    retriever = over(tmp_path, Settings(marking=False), bees=text)
    assert retriever.answer("Which queens lay white eggs?").quotes[0].marked == ("Queens lay white eggs.",)


@pytest.mark.parametrize(
    ("phrase", "sentences"),
    [
        ("held", [1]),
        ("July. It", [0, 1]),
        ("signed in July.", [0]),
        ("It held. Tanks", [1, 2]),
        ("tanks", [2]),
        ("war", []),
    ],
)
def test_each_sentence_that_holds_a_part_of_a_phrase_is_marked(
    tmp_path: Path, phrase: str, sentences: list[int]
) -> None:
    text = "Peace\n\nFirst.\n\nThe armistice was signed in July. It held. Tanks left.\n"
    index = over(tmp_path, peace=text).index
    (stored,) = (one for one in index.passages(range(index.statistics.passages)) if "It held" in one.text)
    assert stored.passage.start > 0
    assert holding(stored, [phrase]) == sentences


def test_a_word_read_in_pieces_is_paired_whole(tmp_path: Path) -> None:
    retriever = over(tmp_path, encoder=PieceEncoder(), peace="Peace\n\nAn armistice was signed — late.\n")
    (quote,) = retriever.answer("Armistice: signed?").quotes
    assert [(pair.question, pair.passage) for pair in quote.why] == [("Armistice", "armistice"), ("signed", "signed")]
    for pair in quote.why:
        assert quote.document.text[pair.start : pair.end] == pair.passage
        assert pair.similarity > 0.95
    assert sum(pair.weight for pair in quote.why) == pytest.approx(1)


def test_a_question_is_read_to_its_limit(retriever: Retriever) -> None:
    tail = " armistice"
    fits = "x" * (LONGEST_QUESTION - len(tail)) + tail
    assert retriever.answer(fits).question == retriever.answer(f"  {fits}\n").question == fits
    assert retriever.answer("x" + fits).question == ("x" + fits)[:-1]
