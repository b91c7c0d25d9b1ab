"""The order of passages: every weight and rule by hand, the matches against plain loops."""

import json
import re
from dataclasses import fields, replace
from math import log
from pathlib import Path

import numpy as np
import pytest
from evidence import asked, candidate
from natural_set import ESSAYS_OF, make
from small_encoder import SmallEncoder

from index.encoding.encoder import Encoder
from index.local.build import build
from index.local.snapshot import Snapshot
from index.protocol import Tokens
from qa.evaluation.evaluate import questions
from qa.ranking.scoring import (
    BM25_PASSAGES,
    FOREIGN_WORDS,
    GENERAL_PASSAGES,
    SAME_COSINE,
    SAME_TOKENS,
    SPLIT_FROM,
    SPLIT_TO,
    Question,
    Settings,
    TokenizedPassage,
    content_weights,
    covering_order,
    matches,
    order_scores,
    read_passage,
    same,
    word_weights,
    words_weights,
)
from qa.retriever import Retriever

# Nothing counts: each test turns on what it is about.
NOTHING = replace(
    Settings(), **{one.name: 0.0 for one in fields(Settings) if isinstance(getattr(Settings(), one.name), float)}
)


def scores(question: Question, passages: list[TokenizedPassage], settings: Settings, corpus: int = 0) -> list[float]:
    weights = word_weights(question, {}, 0)
    found = matches(question, passages, settings)
    return order_scores(question, weights, found, passages, corpus, settings).tolist()


def test_a_token_belongs_to_the_word_it_stands_in() -> None:
    question = asked("Did the U.S. army's tanks…", tokens="Did the U . S . army ' s tank s …")
    assert question.words == ("did", "the", "u", "", "s", "", "army", "", "s", "tanks", "tanks", "")
    assert question.word.tolist() == [0, 1, 2, -1, 3, -1, 4, -1, 5, 6, 6, -1]


def test_a_token_belongs_to_the_sentence_it_stands_in_and_the_title_to_none() -> None:
    passage = candidate(asked("?"), "Queens lay eggs. Drones idle.", {}, context="Bees Hives")
    assert passage.sentence.tolist() == [-1, -1, 0, 0, 0, 1, 1]
    assert passage.sentences == [(0, 16), (17, 29)]
    # What stands before the first sentence counts to it.
    late = replace(passage.stored.passage, sentences=passage.stored.passage.sentences[1:])
    stored = replace(passage.stored, passage=late)
    assert read_passage(stored, passage.tokens, 0.0, 0.0).sentence.tolist() == [-1, -1, 0, 0, 0, 0, 0]


def test_words_weigh_as_the_corpus_and_the_language_say_half_each() -> None:
    question = asked("rare word ?", rarity=[1.0, 3.0, 9.0])
    frequencies = {"word": GENERAL_PASSAGES // 2}
    idf = [
        log(1 + (GENERAL_PASSAGES + 0.5) / 0.5),
        log(1 + (GENERAL_PASSAGES / 2 + 0.5) / (GENERAL_PASSAGES / 2 + 0.5)),
    ]
    mixed = [(idf[0] + 1.0) / 2, (idf[1] + 3.0) / 2]
    expected = [mixed[0] / sum(mixed), mixed[1] / sum(mixed), 0]
    assert word_weights(question, frequencies, GENERAL_PASSAGES).tolist() == pytest.approx(expected)
    # Without a corpus the language decides, in a large one the corpus.
    assert word_weights(question, {}, 0).tolist() == pytest.approx([0.25, 0.75, 0])
    most = 10_000 * GENERAL_PASSAGES
    large = word_weights(question, {"word": most // 2}, most)
    assert large[1] / large[0] == pytest.approx(log(2) / log(2 * most), rel=0.01)


def test_a_words_weight_is_that_of_its_rarest_piece_shared_among_all() -> None:
    question = asked("T-34 tanks?", tokens="T - 34 tan ks ?", rarity=[2.0, 9.0, 3.0, 1.0, 5.0, 9.0])
    assert question.words == ("t", "", "34", "tanks", "tanks", "")
    assert word_weights(question, {}, 0).tolist() == pytest.approx([0.2, 0, 0.3, 0.25, 0.25, 0])


def test_signs_alone_weigh_alike() -> None:
    assert word_weights(asked("?!", rarity=[1.0, 3.0]), {}, 0).tolist() == [0.5, 0.5]
    assert word_weights(asked(""), {}, 0).tolist() == []


def test_stop_words_are_no_content() -> None:
    question = asked("What did the queen eat?", rarity=[9.0, 9.0, 9.0, 3.0, 1.0, 9.0])
    assert content_weights(question).tolist() == pytest.approx([0, 0, 0, 0.75, 0.25, 0], abs=1e-5)
    # Of stop words alone, all are.
    assert content_weights(asked("Who was it?", rarity=[2.0, 1.0, 1.0, 9.0])).tolist() == [0.5, 0.25, 0.25, 0]


def test_matches_by_hand() -> None:
    question = asked("queen eggs")
    passage = candidate(
        question,
        "Queens lay eggs. Drones idle.",
        {"Queens": (0.8, 0.1), "lay": (0.2, 0.4), "eggs": (-0.3, 0.9), "Drones": (0.5, -0.2), "Bees": (0.6, 0.05)},
        context="Bees",
    )
    (match,) = matches(question, [passage])
    assert match.sentences.tolist() == pytest.approx(np.asarray([[0.8, 0.9], [0.6, 0.05]]))
    assert match.passage.tolist() == pytest.approx([0.8, 0.9])
    assert match.focus.tolist() == pytest.approx([(0.8 + 0.4 + 0.9) / 3, 0.5 / 2])
    # Without headings the title's words match nothing.
    (match,) = matches(question, [passage], Settings(headings=False))
    assert match.sentences.tolist() == pytest.approx(np.asarray([[0.8, 0.9], [0.5, 0.0]]))


def test_matches_of_one_candidate_do_not_touch_the_next() -> None:
    question = asked("queen")
    first = candidate(question, "Queens lay.", {"Queens": (0.8,)}, context="Bees")
    silent = candidate(question, "One. Two.", {})
    silent = replace(
        silent, tokens=Tokens(silent.tokens.vectors[:0], silent.tokens.spans[:0]), sentence=silent.sentence[:0]
    )
    last = candidate(question, "Drones idle. Hives hum.", {"Hives": (0.4,), "Bees": (0.1,)}, context="Bees")
    found = matches(question, [first, silent, last])
    assert [match.sentences[:, 0].tolist() for match in found] == [
        pytest.approx([0.8]),
        [0, 0],
        pytest.approx([0.1, 0.4]),
    ]
    assert [match.focus.tolist() for match in found] == [pytest.approx([0.4]), [0, 0], pytest.approx([0, 0.2])]
    assert matches(question, []) == []
    (match,) = matches(question, [silent])
    assert match.passage.tolist() == [0]


def test_matches_are_the_best_cosines_and_focus_their_mean(essay_index: Snapshot, encoder: Encoder) -> None:
    look = Retriever(essay_index, encoder).look("What tanks did the Soviet Union supply?")
    assert len(look.ranked) > 10
    for one in look.ranked:
        cosines = one.passage.tokens.vectors @ look.question.vectors.T
        context = [row for row, sentence in zip(cosines, one.passage.sentence, strict=True) if sentence < 0]
        for number in range(len(one.passage.sentences)):
            own = [row for row, sentence in zip(cosines, one.passage.sentence, strict=True) if sentence == number]
            best = np.maximum(np.max([*own, *context], axis=0), 0)
            assert one.match.sentences[number] == pytest.approx(best, abs=1e-5)
            assert one.match.focus[number] == pytest.approx(np.mean([max(row.max(), 0) for row in own]), abs=1e-5)
        assert one.match.passage == pytest.approx(one.match.sentences.max(0), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("match", (0.8**2 + 0.6**2) / 2),  # both words find partners, in different sentences
        ("sentence", 0.8**2 / 2),  # the first sentence matches best
        ("focus", (0.8 + 0.3) / 2),  # its two words' own best cosines
        ("cosine", 0.7),
        ("words", 0.4),
    ],
)
def test_each_weight_counts_what_it_is_for(name: str, expected: float) -> None:
    question = asked("queen eggs")
    passage = candidate(
        question,
        "Queens lay. Eggs hatch.",
        {"Queens": (0.8, 0.0), "lay": (0.3, 0.0), "Eggs": (0.0, 0.6), "hatch": (0.0, 0.6)},
        cosine=0.7,
        bm25=0.4,
    )
    for weight in (1.0, 0.25):
        settings = replace(NOTHING, **{name: weight})
        assert scores(question, [passage], settings, BM25_PASSAGES) == [pytest.approx(expected)]
    # Beside another weight each counts in its proportion.
    other = "cosine" if name != "cosine" else "match"
    alone = scores(question, [passage], replace(NOTHING, **{other: 1.0}))[0]
    share = 3.0 if name != "words" else 1.5  # with so many passages, words count half
    mixed = scores(question, [passage], replace(NOTHING, **{name: 3.0, other: 1.0}), BM25_PASSAGES)
    assert mixed == [pytest.approx((share * expected + alone) / (share + 1))]


def test_every_weight_counts_by_default() -> None:
    weights = {one.name: getattr(Settings(), one.name) for one in fields(Settings)}
    assert {name for name, value in weights.items() if not value} == set()


def test_the_score_is_that_of_the_sentence_that_matches_best_by_weight() -> None:
    question = asked("queen eggs", rarity=[1.0, 3.0])
    passage = candidate(question, "Queens lay. Eggs hatch.", {"Queens": (1.0, 0.0), "Eggs": (0.0, 0.6)})
    assert scores(question, [passage], replace(NOTHING, sentence=1.0)) == [pytest.approx(0.75 * 0.36)]
    assert scores(question, [passage], replace(NOTHING, focus=1.0)) == [pytest.approx(0.6 / 2)]


def test_what_is_unlike_the_question_is_worth_no_less_than_nothing() -> None:
    question = asked("queen")
    passage = candidate(question, "Tanks roll.", {"Tanks": (-0.5,), "roll": (-0.1,)}, cosine=-0.4)
    assert scores(question, [passage], Settings()) == [0]
    assert scores(question, [passage], NOTHING) == [0]


def test_bm25_counts_for_more_the_larger_the_corpus_is() -> None:
    question = asked("queen")
    settings = replace(NOTHING, words=0.8)
    assert words_weights(question, 0, settings) == (0, 0)
    assert words_weights(question, BM25_PASSAGES, settings) == (pytest.approx(0.4), 0)
    assert words_weights(question, 9 * BM25_PASSAGES, settings) == (pytest.approx(0.72), 0)
    # Where no candidate holds a word, nothing is divided by what words would count for.
    passage = candidate(question, "Bees.", {}, cosine=0.5)
    assert scores(question, [passage], replace(NOTHING, words=1.0, cosine=1.0), BM25_PASSAGES) == [0.5]


def test_words_lead_where_the_model_reads_the_language_only_in_pieces() -> None:
    foreign = asked("Panzer rollten", tokens="Pan zer roll ten")
    near = candidate(foreign, "Nah.", {"Nah": (0.3, 0.3, 0.3, 0.3)}, cosine=0.6)
    literal = candidate(foreign, "Panzer rollten.", {}, bm25=0.2)
    found = scores(foreign, [near, literal], Settings())
    assert found[1] > found[0]
    # BM25 counts as a share of the best candidate's, whatever the corpus.
    assert scores(foreign, [near, literal], NOTHING) == [0, 1]
    half = candidate(foreign, "Panzer.", {}, bm25=0.1)
    assert scores(foreign, [half, literal], NOTHING) == [0.5, 1]
    english = replace(foreign, text="tanks rolled", word=np.arange(4, dtype=np.int32))
    found = scores(english, [near, literal], Settings())
    assert found[0] > found[1]


@pytest.mark.parametrize("split", range(9))
def test_a_language_is_foreign_by_the_share_of_words_in_pieces(split: int) -> None:
    words = ["aabb" if i < split else "cc" for i in range(8)]
    question = asked(" ".join(words) + "?", tokens=" ".join([*(w.replace("aabb", "aa bb") for w in words), "?"]))
    expected = FOREIGN_WORDS * min(max((split / 8 - SPLIT_FROM) / (SPLIT_TO - SPLIT_FROM), 0), 1)
    assert words_weights(question, 0, NOTHING) == (0, pytest.approx(expected))
    assert FOREIGN_WORDS > 0
    assert words_weights(asked("?"), 0, NOTHING) == (0, 0)


def test_a_long_sentence_does_not_win_by_chance_matches(tmp_path: Path) -> None:
    (tmp_path / "essays").mkdir()
    long = "White queens of old hives lay so many eggs and tiny grubs that clever broods must work all night."
    text = f"{long}\n\nWhite queens lay many eggs.\n\nTall trees shelter bats.\n"
    (tmp_path / "essays" / "bees.txt").write_text(text, encoding="utf-8")
    snapshot, _ = build(tmp_path / "essays", tmp_path / "index", encoder=SmallEncoder())
    scores = {}
    for focus in (0.0, 0.6):
        settings = Settings(cosine=0, words=0, focus=focus)
        look = Retriever(snapshot, SmallEncoder(), settings).look("Which white queens lay eggs?", 2)
        scores[focus] = {one.passage.stored.text: one.score for one in look.ranked}
    short = "White queens lay many eggs."
    assert scores[0.0][long] > scores[0.0][short]  # by chance, one of its many words is a little like "which"
    assert scores[0.6][short] > scores[0.6][long]


def covering(scores: list[float], k: int, coverage: float = 0.5) -> tuple[list[int], list[float]]:
    """The order of four passages: two of one essay match the first word, one of another essay each word."""
    question = asked("queen eggs")
    words = {"Queens": (1.0, 0.0), "Eggs": (0.0, 0.8)}
    passages = [
        candidate(question, "Queens.", words, document="a.txt"),
        candidate(question, "Eggs.", words, document="a.txt"),
        candidate(question, "Queens.", words, document="b.txt"),
        candidate(question, "Eggs.", words, document="c.txt"),
    ]
    settings = replace(NOTHING, coverage=coverage)
    weights = word_weights(question, {}, 0)
    return covering_order(weights, matches(question, passages), passages, np.asarray(scores, np.float32), k, settings)


def test_what_another_essay_adds_is_worth_more_at_its_place() -> None:
    gain = 0.5 * 0.8**2 / 2  # coverage by the strength of the word that the first does not match, by its weight
    order, worth = covering([0.9, 0.6, 0.55, 0.5], 4)
    assert order == [0, 3, 1, 2]
    assert worth == pytest.approx([0.9, 0.5 + gain, 0.6, 0.55])


def test_an_essay_that_is_quoted_adds_nothing_more() -> None:
    question = asked("queen eggs drones")
    words = {"Queens": (1.0, 0.0, 0.0), "Eggs": (0.0, 1.0, 0.0), "Drones": (0.0, 0.0, 1.0)}
    texts = (("Queens.", "a.txt"), ("Eggs.", "b.txt"), ("Drones.", "b.txt"), ("Drones.", "c.txt"))
    passages = [candidate(question, text, words, document=name) for text, name in texts]
    scores = np.asarray([0.9, 0.8, 0.5, 0.4], np.float32)
    settings = replace(NOTHING, coverage=0.6)
    weights = word_weights(question, {}, 0)
    order, worth = covering_order(weights, matches(question, passages), passages, scores, 4, settings)
    assert order == [0, 1, 3, 2]
    assert worth == pytest.approx([0.9, 0.8 + 0.6 / 3, 0.4 + 0.6 / 3, 0.5])


def test_only_the_first_k_are_chosen_by_what_they_add() -> None:
    order, worth = covering([0.9, 0.6, 0.55, 0.5], 1)
    assert order == [0, 1, 2, 3]
    assert worth == pytest.approx([0.9, 0.6, 0.55, 0.5])
    assert covering([0.2, 0.4, 0.4, 0.3], 0) == ([1, 2, 3, 0], pytest.approx([0.4, 0.4, 0.3, 0.2]))
    assert covering_order(np.zeros(0, np.float32), [], [], np.zeros(0, np.float32), 5) == ([], [])


def alike(
    first: str, second: str, *, cosines: tuple[float, float] = (1.0, 1.0), context: str = ""
) -> tuple[TokenizedPassage, TokenizedPassage]:
    """Two passages of which the second's words have these cosines with the first's."""
    two = asked("x y")
    one = candidate(two, first, {"tanks": (1.0, 0.0), "came": (0.0, 1.0)})
    other = candidate(two, second, {"tanks": (cosines[0], 0.0), "came": (0.0, cosines[1])}, context=context)
    return one, other


def test_passages_say_the_same_if_they_are_alike_whole_and_word_by_word() -> None:
    assert same(*alike("tanks came.", "tanks came."), SAME_COSINE)
    assert not same(*alike("tanks came.", "tanks came."), SAME_COSINE - 0.01)
    mean = (1.0, 2 * SAME_TOKENS - 1)  # so that the mean is just what is asked
    assert same(*alike("tanks came.", "tanks came.", cosines=(mean[0], mean[1] + 0.02)), 1.0)
    assert not same(*alike("tanks came.", "tanks came.", cosines=(mean[0], mean[1] - 0.02)), 1.0)


def test_what_only_one_of_two_says_is_not_the_same() -> None:
    whole, part = alike("tanks came.", "tanks.")
    assert not same(whole, part, 1.0)
    assert not same(part, whole, 1.0)
    # Their titles do not make them alike.
    assert not same(*alike("tanks came.", "tanks.", context="came"), 1.0)
    nothing = replace(part, tokens=Tokens(part.tokens.vectors[:0], part.tokens.spans[:0]), sentence=part.sentence[:0])
    assert not same(nothing, nothing, 1.0)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("tanks came 1950.", "tanks came 1950.", True),
        ("tanks came 1950.", "tanks came 1951.", False),
        ("tanks came 258.", "tanks came.", False),
        ("tanks came.", "tanks came T34.", False),
        ("tanks 12 came 3.", "tanks 3 came 12.", True),
    ],
)
def test_passages_with_other_numbers_do_not_say_the_same(first: str, second: str, expected: bool) -> None:
    one, other = (
        candidate(asked("x"), text, dict.fromkeys(re.findall(r"\w+", text), (1.0,))) for text in (first, second)
    )
    assert same(one, other, 1.0) is expected


def test_the_questions_of_readers_make_a_set(tmp_path: Path) -> None:
    names: dict[str, None] = {}
    for line in (Path(__file__).parents[1] / "benchmarks" / "natural_questions.jsonl").read_text("utf-8").splitlines():
        names |= dict.fromkeys(span["document"] for span in json.loads(line)["spans"])
    for name in ESSAYS_OF:
        (tmp_path / "bench" / name / "documents").mkdir(parents=True)
    for name in names:
        (tmp_path / "bench" / "squad" / "documents" / f"{name}.txt").write_text("An essay.", encoding="utf-8")
    asked = questions(make(tmp_path / "bench", tmp_path / "natural"))
    assert len({one.id for one in asked}) == len(asked) == 1137
    assert all(bool(one.spans) == one.answerable for one in asked)
    assert {path.stem for path in (tmp_path / "natural" / "documents").iterdir()} == set(names)
