"""What speaks for an answer, each piece by hand; how the fitted numbers are used, whatever they are."""

from collections.abc import Mapping
from math import exp, log

import numpy as np
import pytest
from evidence import asked, candidate

from qa.ranking.confidence import NOTHING, Model, evidence, fitted_model, judged, stem
from qa.ranking.logistic import Logistic, model
from qa.ranking.scoring import Passage, Question, matches


def speaks(question: Question, best: Passage, *others: Passage, scores: tuple[float, ...] = (0.5,)) -> dict[str, float]:
    (match,) = matches(question, [best])
    return evidence(question, best, match, scores, [best, *others], 0.125)


def test_the_match_is_that_of_the_best_sentence_with_the_content_words() -> None:
    question = asked("Do queens lay eggs?", rarity=[9.0, 1.0, 1.0, 2.0, 9.0])
    like = {"Do": (1.0, 0, 0, 0, 0), "Queens": (0, 0.6, 0, 0, 0), "lay": (0, 0, 0.8, 0, 0), "Eggs": (0, 0, 0, 0.9, 0)}
    values = speaks(question, candidate(question, "Do Queens lay. Eggs.", like))
    assert values["sentence"] == pytest.approx(0.9**2 / 2)  # the last sentence's, for its rare word
    # What matches only in other sentences.
    assert values["scattered"] == pytest.approx((0.6 + 0.8) / 4, abs=1e-5)


def test_the_nearest_candidate_and_the_mean_of_all_are_told() -> None:
    question = asked("queens")
    best, other = (candidate(question, "Queens.", {}, cosine=cosine) for cosine in (0.3, 0.7))
    values = speaks(question, best, other)
    assert (values["cosine"], values["mean"]) == (0.7, 0.125)


@pytest.mark.parametrize(
    ("scores", "margin", "lead"),
    [
        ((0.9,), 0, 0),
        ((0.9, 0.7), 0.2, 0.2),
        ((0.9, 0.7, 0.6, 0.5, 0.3, 0.1), 0.2, 0.6),
    ],
)
def test_the_first_is_ahead_of_the_second_and_the_fifth(scores: tuple[float, ...], margin: float, lead: float) -> None:
    question = asked("queens")
    values = speaks(question, candidate(question, "Queens.", {}), scores=scores)
    assert (values["margin"], values["lead"]) == pytest.approx((margin, lead))


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("Queens lay eggs.", "", 1),
        ("The queen is laying an egg.", "", 1),  # whatever their endings
        ("Queens sleep.", "", 1 / 4),
        ("Queens sleep.", "On laying eggs", 1),  # title and headings count
        ("Drones sleep.", "", 0),
    ],
)
def test_the_share_of_the_content_words_that_stand_there(text: str, context: str, expected: float) -> None:
    question = asked("Do queens lay eggs?", rarity=[9.0, 1.0, 1.0, 2.0, 9.0])
    assert speaks(question, candidate(question, text, {}, context=context))["literal"] == pytest.approx(
        expected, abs=1e-5
    )


@pytest.mark.parametrize(
    ("question", "text", "negative", "negated"),
    [
        ("Who supplied tanks?", "Tanks were supplied.", 0, 0),
        ("Who supplied tanks?", "Tanks were not supplied.", 0, 0),
        ("Who did not supply tanks?", "Tanks were supplied.", 1, 1),
        ("Who did not supply tanks?", "Tanks were never supplied.", 1, 0),
        ("Who didn't supply tanks?", "Tanks were supplied.", 1, 1),
        ("Who FAILED to supply tanks?", "Tanks were supplied.", 1, 1),
        ("Who supplied nothing without tanks?", "Nobody, except spies, had tanks.", 1, 0),
        ("Who supplied notable tanks?", "Tanks were supplied.", 0, 0),  # whole words only
        # What is negated in another sentence is not what matches.
        ("Who did not supply tanks?", "Planes never came. Tanks were supplied.", 1, 1),
    ],
)
def test_a_negation_in_the_question_is_seen_and_looked_for_in_the_sentence(
    question: str, text: str, negative: float, negated: float
) -> None:
    read = asked(question)
    like = {word: np.eye(len(read.words))[i] for i, word in enumerate(read.words) if word == "tanks"}
    values = speaks(read, candidate(read, text, {"Tanks": like["tanks"], "tanks": like["tanks"]}))
    assert (values["negative"], values["negated"]) == (negative, negated)


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("How many tanks came in 1950?", "In 1950 tanks came.", 0),
        ("How many tanks came in 1950?", "In 1951 tanks came.", 1),
        ("Did 258 tanks come in 1950?", "In 1951 tanks came.", 2),
        ("Did 258 tanks come in the 1950s?", "In 1950 came 258 tanks.", 0),
        ("Did tanks come?", "In 1951 tanks came.", 0),
    ],
)
def test_numbers_that_the_passage_lacks_are_counted(question: str, text: str, missing: float) -> None:
    read = asked(question)
    assert speaks(read, candidate(read, text, {}))["number_missing"] == missing


@pytest.mark.parametrize(
    ("word", "expected"),
    [("tanks", "tank"), ("armies", "arm"), ("supplied", "suppli"), ("repeatedly", "repeat"), ("slowly", "slow"),
     ("laying", "lay"), ("boxes", "box"), ("its", "its"), ("king", "king"), ("bed", "bed"), ("1950s", "1950")],
)  # fmt: skip
def test_an_ending_goes_where_three_letters_stay(word: str, expected: str) -> None:
    assert stem(word) == expected


def sigmoid(value: float) -> float:
    return 1 / (1 + exp(-value))


def logit(probability: float) -> float:
    return log(probability / (1 - probability))


def told(**values: float) -> dict[str, float]:
    """Evidence that is 0 but for `values`."""
    fitted = fitted_model()
    return dict.fromkeys([*fitted.topic.features, *fitted.answer.features, "literal"], 0.0) | values


def with_chance(fitted: Logistic, chance: float, values: Mapping[str, float]) -> dict[str, float]:
    """`values` with one feature moved so that `fitted` gives `chance`."""
    place = int(np.argmax(np.abs(fitted.coefficients)))
    name, weight = fitted.features[place], fitted.coefficients[place]
    rest = fitted.intercept + sum(
        c * values[f] for f, c in zip(fitted.features, fitted.coefficients, strict=True) if f != name
    )
    return {**values, name: (logit(chance) - rest) / weight}


def only(fitted: Logistic, other: Logistic) -> Logistic:
    """`fitted` with the features that `other` does not look at."""
    kept = [(f, c) for f, c in zip(fitted.features, fitted.coefficients, strict=True) if f not in other.features]
    return Logistic(tuple(f for f, _ in kept), tuple(c for _, c in kept), fitted.intercept)


def test_the_fitted_numbers_are_those_of_the_file() -> None:
    written = model("confidence")
    assert fitted_model() == Model(
        Logistic(
            tuple(written["topic"]["coefficients"]),
            tuple(written["topic"]["coefficients"].values()),
            written["topic"]["intercept"],
        ),
        Logistic(
            tuple(written["answer"]["coefficients"]),
            tuple(written["answer"]["coefficients"].values()),
            written["answer"]["intercept"],
        ),
        *written["scaling"],
        written["none_below"],
        written["found_from"],
    )
    assert 0 < fitted_model().none_below < 1
    assert 0 < fitted_model().found_from < 1


def test_a_logistic_regression_by_hand() -> None:
    fitted = Logistic.read({"intercept": -1, "coefficients": {"a": 2, "b": -0.5}})
    assert fitted.probability({"b": 1.0, "a": 0.75, "c": 9.0}) == pytest.approx(0.5)
    assert fitted.probability({"a": 0.0, "b": 0.0}) == pytest.approx(sigmoid(-1))
    assert fitted.probabilities(np.asarray([[1, 0], [0, 2]], np.float32)).tolist() == pytest.approx(
        [sigmoid(1), sigmoid(-2)]
    )


def test_the_confidence_is_the_scaled_product_of_both_chances() -> None:
    fitted = fitted_model()
    values = told(cosine=0.3, margin=0.1, literal=0.5)
    judgement = judged(asked("queens"), values)
    topic, answer = fitted.topic.probability(values), fitted.answer.probability(values)
    assert judgement.topic == pytest.approx(topic)
    assert judgement.answers == pytest.approx(sigmoid(fitted.scale * logit(topic * answer) + fitted.shift))


@pytest.mark.parametrize("step", [-0.01, 0.01])
def test_the_essays_do_not_say_below_the_threshold_of_their_topic(step: float) -> None:
    fitted = fitted_model()
    values = with_chance(only(fitted.topic, fitted.answer), fitted.none_below + step, told(literal=0.5, cosine=0.0))
    judgement = judged(asked("queens"), values)
    assert judgement.topic == pytest.approx(fitted.none_below + step, abs=1e-4)
    assert (judgement.status == "none") is (step < 0)


@pytest.mark.parametrize(("step", "status"), [(-0.01, "related"), (0.01, "found")])
def test_an_answer_is_found_from_its_threshold_on(step: float, status: str) -> None:
    fitted = fitted_model()
    both = sigmoid((logit(fitted.found_from + step) - fitted.shift) / fitted.scale)
    values = with_chance(only(fitted.topic, fitted.answer), 0.9999, told(literal=0.5))
    topic = fitted.topic.probability(values)
    values = with_chance(only(fitted.answer, fitted.topic), both / topic, values)
    judgement = judged(asked("queens"), values)
    assert judgement.answers == pytest.approx(fitted.found_from + step, abs=1e-4)
    assert judgement.status == status
    # Nothing is found without a word in common.
    apart = with_chance(only(fitted.topic, fitted.answer), 0.9999, values | {"literal": 0.0})
    assert judged(asked("queens"), apart).status == "related"


def test_certainty_has_an_end() -> None:
    fitted = fitted_model()
    for sign in (1, -1):
        values = {
            f: 1e4 * sign * (1 if c > 0 else -1)
            for part in (fitted.topic, fitted.answer)
            for f, c in zip(part.features, part.coefficients, strict=True)
        }
        with np.errstate(over="ignore"):
            assert 0 < judged(asked("queens"), values | {"literal": 1e4}).answers < 1


def test_a_question_of_stop_words_asks_for_nothing() -> None:
    sure = dict.fromkeys(told(), 1.0)
    for text in ("What is it?", "?", "Who was who"):
        assert judged(asked(text), sure) == NOTHING
    assert judged(asked("What is queens?"), sure) != NOTHING
