"""Which sentences are marked: every feature by hand, and the rule over the fitted chances, whatever they are."""

from math import log1p

import numpy as np
import pytest
from evidence import asked, candidate

from index.protocol import Stored
from qa.ranking.fitted import Logistic, model
from qa.ranking.marks import (
    FEATURES,
    READ,
    Marker,
    answer_type_missing,
    features,
    handed_on,
    reading_features,
    with_introduced,
)
from qa.ranking.reader import UNREAD, Reading
from qa.ranking.scoring import Match, matches, word_weights
from source.formats.markdown import read_markdown

TEXT = "Queens lay eggs. The queens hatch. Drones and workers idle."
LIKE = {"Queens": (1.0, 0.0), "eggs": (0.0, 0.6), "queens": (0.8, 0.0)}


def rows(question: str, text: str = TEXT, behind: float = 0.0) -> list[dict[str, float]]:
    """The features of each sentence of `text`, by name."""
    read = asked(question)
    passage = candidate(read, text, LIKE if len(read.vectors) == 2 else {})
    (match,) = matches(read, [passage])
    found = features(read, word_weights(read, {}, 0), match, text, passage.sentences, behind)
    assert found.dtype == np.float32
    return [dict(zip(FEATURES, row, strict=True)) for row in found.tolist()]


def column(name: str, question: str = "queens eggs", text: str = TEXT) -> list[float]:
    return [row[name] for row in rows(question, text)]


def test_a_sentences_match_is_that_of_all_words_of_the_question() -> None:
    assert column("match") == pytest.approx([(1 + 0.36) / 2, 0.64 / 2, 0])


def test_its_lead_is_over_the_best_of_the_others() -> None:
    best, second = (1 + 0.36) / 2, 0.64 / 2
    assert column("lead") == pytest.approx([best - second, second - best, -best])
    assert column("lead", text="Queens lay eggs.") == [0]
    assert column("lead", text="Queens lay eggs. Queens lay eggs. Drones.") == pytest.approx([0, 0, -best])


def test_its_focus_is_told_from_the_best_of_the_passage() -> None:
    focus = [(1 + 0.6) / 3, 0.8 / 3, 0]
    assert column("focus") == pytest.approx([0, focus[1] - focus[0], -focus[0]])


def test_new_words_are_neither_in_the_question_nor_stop_words() -> None:
    assert column("new_words") == pytest.approx([log1p(1), log1p(1), log1p(3)])  # lay; hatch; drones, workers, idle


def test_how_far_the_passage_is_behind_the_best_is_told() -> None:
    assert [row["behind"] for row in rows("queens eggs", behind=0.25)] == [0.25] * 3


@pytest.mark.parametrize(
    ("question", "sentence", "missing"),
    [
        ("When did it end?", "It ended in 1953.", False),
        ("When did it end?", "It ended in July.", False),
        ("When did it end?", "It ended in the 19th century.", False),
        ("When did it end?", "It ended with an armistice.", True),
        ("In what year did it end?", "It ended late.", True),
        ("Which exact date was it?", "It was 3 days long.", True),
        ("How many tanks came?", "Tanks came: 258.", False),
        ("How many tanks came?", "Two hundred tanks came.", False),
        ("How many tanks came?", "Tanks came.", True),
        ("What percentage came?", "Most came.", True),
        ("Why did they come?", "They came because it was cold.", False),
        ("Why did they come?", "They came.", True),
        ("What caused it?", "The cold led to it.", False),
        ("What caused it?", "It was cold.", True),
        ("WHY did they come?", "THEREFORE they came.", False),
        ("Who came?", "They came.", False),
        ("Whenever did they come?", "They came.", False),
        # One kind that is asked for and lacking is enough.
        ("When and why did it end?", "It ended in 1953.", True),
        ("When and why did it end?", "It ended in 1953 because of the cold.", False),
    ],
)
def test_what_asks_for_a_kind_of_answer_looks_for_it_in_the_sentence(
    question: str, sentence: str, missing: bool
) -> None:
    assert answer_type_missing(question, sentence) is missing
    assert rows(question, sentence)[0]["type_missing"] == missing


def test_what_the_sentence_before_matches_is_told() -> None:
    best, second = (1 + 0.36) / 2, 0.64 / 2
    assert column("previous") == pytest.approx([0, best - second, second])
    assert column("previous", text="Drones idle. Queens lay eggs.") == [0, 0]


@pytest.mark.parametrize(
    ("sentence", "pronoun", "asks"),
    [
        ("It held.", 1, 0),
        ("“These held”, he said.", 1, 0),
        ("Its end came.", 1, 0),
        ("Italy held.", 0, 0),
        ("The armistice held.", 0, 0),
        ("Did it hold?", 0, 1),
        ("“Did it hold?”", 0, 1),
        ("何時？", 0, 1),
        ("Did it hold? Yes.", 0, 0),
    ],
)
def test_how_a_sentence_begins_and_ends_is_told(sentence: str, pronoun: float, asks: float) -> None:
    read = asked("queens eggs")
    passage = candidate(read, TEXT, LIKE)
    (match,) = matches(read, [passage])
    one = Match(match.sentences[:1], match.passage, match.focus[:1])
    found = features(read, word_weights(read, {}, 0), one, sentence, [(0, len(sentence))], 0.0)[0]
    assert dict(zip(FEATURES, found.tolist(), strict=True)).items() >= {"pronoun": pronoun, "asks": asks}.items()


def test_what_the_reader_says_of_each_sentence_and_its_words() -> None:
    spans = np.asarray([(0, 6), (11, 15), (17, 20)], np.int32)
    reading = Reading(1.0, np.asarray([2, UNREAD, 0.5], np.float32), np.asarray([-1, 3, 0.25], np.float32), spans)
    rows = reading_features(reading, [(0, 16), (17, 33), (34, 59)])
    assert [dict(zip(READ, row, strict=True)) for row in rows.tolist()] == [
        {"logit": 2, "logit_behind": 0, "logit_word": 3},
        {"logit": -8, "logit_behind": -10, "logit_word": 0.25},
        {"logit": 0.5, "logit_behind": -1.5, "logit_word": -8},
    ]


MARKS = Marker(Logistic(("a", "b"), (0.5, 2.0), -1.0), 0.12, 0.4)


def chances(*wanted: float) -> np.ndarray:
    """Rows of features to which the model of `MARKS` gives these chances."""
    found = np.zeros((len(wanted), 2), np.float32)
    found[:, 1] = (np.log(np.asarray(wanted) / (1 - np.asarray(wanted))) + 1) / 2
    return found


def marked(rows: np.ndarray, *asking: bool) -> list[int]:
    return MARKS.chosen(rows, asking or [False] * len(rows))


def test_a_question_of_the_text_is_not_marked_but_what_answers_it() -> None:
    assert marked(chances(0.9, 0.01, 0.2), True, False, False) == [1]  # it has the question's chance
    assert marked(chances(0.9, 0.8, 0.01, 0.5), True, True, False, False) == [2, 3]  # the likeliest comes first
    assert marked(chances(0.3, 0.9), False, True) == [0]  # nothing stands behind it
    assert marked(chances(0.2, 0.9), True, True) == [1]  # nothing but questions
    assert handed_on([-2.0, 3.0, -1.0], [False, True, False], -8.0) == [-2, -8, 3]


def introduced(text: str, *marked: str) -> list[str]:
    """What is marked of the only passage of a Markdown `text`, given the beginnings of the likeliest sentences."""
    document = read_markdown(text, "a.md")
    (passage,) = document.passages
    sentences = [text[one.start : one.end] for one in passage.sentences]
    chosen = [next(i for i, one in enumerate(sentences) if one.startswith(begin)) for begin in marked]
    stored = Stored("a.md", "", passage, text[passage.start : passage.end], "")
    return [sentences[i] for i in with_introduced(chosen, stored)]


PRICES = "The prices were:\n\n| Grain | Crowns |\n|---|---|\n| Rye | 3 |\n| Oats | 2 |\n"
STEPS = "Before he starts he does this:\n\n- He looks at the water. It must be high.\n- He closes the door.\n"


def test_what_a_marked_sentence_introduces_is_marked_too() -> None:
    assert introduced("To open the gate, type:\n\n```\ngate --open 3\n```\n", "To open") == [
        "To open the gate, type:",
        "```\ngate --open 3\n```",
    ]
    assert introduced("He gave one reason:\n\nThe frost. It came in May.\n", "He gave") == [
        "He gave one reason:",
        "The frost.",
    ]
    assert [one.split()[0] for one in introduced(STEPS, "Before")] == ["Before", "He", "It", "He"]
    assert introduced(PRICES, "The prices")[-1].startswith("| Oats")
    assert introduced("He wanted two things: bread and water. He got none.\n", "He wanted") == [
        "He wanted two things: bread and water."
    ]


def test_a_part_that_is_likelier_than_what_introduces_it_is_marked_alone() -> None:
    assert [one.split()[0] for one in introduced(STEPS, "He closes", "Before")] == ["Before", "He"]
    assert [one.split()[0] for one in introduced(STEPS, "Before", "He closes")] == ["Before", "He", "It", "He"]


def test_the_models_look_at_what_they_are_given() -> None:
    for one in model("marks")["fits"]:
        read = READ if one["reader_sha256"] else ()
        assert tuple(one["marks"]["coefficients"]) == (*FEATURES, *read)
        assert Marker.fitted(one["encoder_sha256"], one["reader_sha256"]).enough == one["enough"]


def test_an_encoder_that_nothing_was_fitted_for_marks_as_the_first_one_does() -> None:
    for reader in {one["reader_sha256"] for one in model("marks")["fits"]}:
        first = next(one for one in model("marks")["fits"] if one["reader_sha256"] == reader)
        assert Marker.fitted("0" * 64, reader) == Marker.fitted(first["encoder_sha256"], reader)


def test_the_likeliest_is_marked_however_unlikely() -> None:
    assert marked(chances(0.001, 0.003, 0.002)) == [1]
    assert marked(chances(0.5, 0.5)) == [0, 1]


def test_others_are_marked_that_are_likely_enough_and_not_far_behind() -> None:
    assert marked(chances(0.4, 0.8, 0.31)) == [1, 0]
    assert marked(chances(0.31, 0.8, 0.33)) == [1, 2]  # where the share asks for more than enough does
    assert marked(chances(0.2, 0.115, 0.125)) == [0, 2]  # and where enough does
