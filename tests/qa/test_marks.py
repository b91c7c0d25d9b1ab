"""Which sentences are marked: every feature by hand, and the rule over the fitted chances, whatever they are."""

from math import log1p

import numpy as np
import pytest
from evidence import asked, candidate

from qa.ranking.logistic import Logistic, model
from qa.ranking.marks import FEATURES, answer_type_missing, features, marks
from qa.ranking.scoring import matches, word_weights

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


def chances(*wanted: float) -> np.ndarray:
    """Rows of features to which the fitted model gives these chances."""
    fitted = Logistic.read(model("marks")["marks"])
    place = int(np.argmax(np.abs(fitted.coefficients)))
    found = np.zeros((len(wanted), len(fitted.features)), np.float32)
    logits = np.log(np.asarray(wanted) / (1 - np.asarray(wanted)))
    found[:, place] = (logits - fitted.intercept) / fitted.coefficients[place]
    return found


def test_the_model_looks_at_what_it_is_given() -> None:
    assert tuple(model("marks")["marks"]["coefficients"]) == FEATURES


def test_the_likeliest_is_marked_however_unlikely() -> None:
    assert marks(chances(0.001, 0.003, 0.002)) == [1]
    assert marks(chances(0.5, 0.5)) == [0, 1]


def test_others_are_marked_that_are_likely_enough_and_not_far_behind() -> None:
    enough, share = model("marks")["enough"], model("marks")["share"]
    best = min(0.95, enough / share * 1.5)  # where the share asks for more than enough does
    assert marks(chances(share * best * 0.98, best, share * best * 1.02)) == [1, 2]
    best = enough / share * 0.7  # and where enough does
    assert enough < best < 1
    assert marks(chances(best, enough * 0.98, enough * 1.02)) == [0, 2]
