"""What speaks for an answer, each piece by hand; how the fitted numbers are used, whatever they are."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from math import exp, log

import numpy as np
import pytest
from evidence import asked, candidate

from index.encoding.default_model import DefaultEncoder
from qa.ranking.confidence import NOTHING, Judgement, Model, judged
from qa.ranking.evidence import Evidence, Matched, Missing, Read, matched, missing, read, without_ending
from qa.ranking.fitted import Logistic, model
from qa.ranking.minilm_reader import WEIGHTS
from qa.ranking.reader import UNREAD, Reading
from qa.ranking.scoring import Question, Settings, TokenizedPassage, matches


def speaks(
    question: Question, best: TokenizedPassage, *others: TokenizedPassage, scores: tuple[float, ...] = (0.5,)
) -> Matched:
    (match,) = matches(question, [best])
    return matched(question, best, match, scores, [best, *others], 0.125)


def test_the_match_is_that_of_the_best_sentence_with_the_content_words() -> None:
    question = asked("Do queens lay eggs?", rarity=[9.0, 1.0, 1.0, 2.0, 9.0])
    like = {"Do": (1.0, 0, 0, 0, 0), "Queens": (0, 0.6, 0, 0, 0), "lay": (0, 0, 0.8, 0, 0), "Eggs": (0, 0, 0, 0.9, 0)}
    values = speaks(question, candidate(question, "Do Queens lay. Eggs.", like))
    assert values.sentence == pytest.approx(0.9**2 / 2)  # the last sentence's, for its rare word
    # What matches only in other sentences.
    assert values.scattered == pytest.approx((0.6 + 0.8) / 4, abs=1e-5)


def test_the_nearest_candidate_and_the_mean_of_all_are_told() -> None:
    question = asked("queens")
    best, other = (candidate(question, "Queens.", {}, cosine=cosine) for cosine in (0.3, 0.7))
    values = speaks(question, best, other)
    assert (values.cosine, values.mean) == (0.7, 0.125)


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
    assert (values.margin, values.lead) == pytest.approx((margin, lead))


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("Queens lay eggs.", "", 1),
        ("The queen is laying an egg.", "", 1),  # whatever their endings
        ("Queens sleep.", "", 1 / 4),
        ("Queens sleep.", "On laying eggs", 1),  # title and headings count
        ("Queens laid an egg.", "", 1),  # irregular forms, too
        ("Quèens lày ëggs.", "", 1),  # and accents that are not typed
        ("Drones sleep.", "", 0),
    ],
)
def test_the_share_of_the_content_words_that_stand_there(text: str, context: str, expected: float) -> None:
    question = asked("Do queens lay eggs?", rarity=[9.0, 1.0, 1.0, 2.0, 9.0])
    assert speaks(question, candidate(question, text, {}, context=context)).literal == pytest.approx(expected, abs=1e-5)


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
    assert (values.negative, values.negated) == (negative, negated)


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
    assert speaks(read, candidate(read, text, {})).number_missing == missing


@pytest.mark.parametrize(
    ("word", "expected"),
    [("tanks", "tank"), ("armies", "arm"), ("supplied", "suppli"), ("repeatedly", "repeat"), ("slowly", "slow"),
     ("laying", "lay"), ("boxes", "box"), ("its", "its"), ("king", "king"), ("bed", "bed"), ("1950s", "1950")],
)  # fmt: skip
def test_an_ending_goes_where_three_letters_stay(word: str, expected: str) -> None:
    assert without_ending(word) == expected


def sigmoid(value: float) -> float:
    return 1 / (1 + exp(-value))


def logit(probability: float) -> float:
    return log(probability / (1 - probability))


FITTED = Model(
    topic=Logistic(("cosine", "literal"), (4.0, 1.0), -1.0),
    answer=Logistic(("margin", "logit"), (2.0, 1.0), 0.5),
    scale=1.25,
    shift=-0.5,
    none_below=0.4,
    may_answer_from=0.45,
    answers_from=0.8,
)
UNREAD_MODEL = Model(FITTED.topic, FITTED.answer, 1.25, -0.5, 0.4, 0.45, None)


def told(**values: float) -> Evidence:
    """Evidence that is 0 but for `values`."""
    parts = {kind: dict.fromkeys([one.name for one in fields(kind)], 0.0) for kind in (Matched, Missing, Read)}
    for own in parts.values():
        own |= {name: values.pop(name) for name in own if name in values}
    assert not values
    return Evidence(Matched(**parts[Matched]), Missing(**parts[Missing]), Read(**parts[Read]))


def but(found: Evidence, **values: float) -> Evidence:
    """`found`, but for `values`."""
    return told(**found.named() | values)


def with_confidence(confidence: float) -> Evidence:
    """Evidence, certain of its topic, that FITTED has this confidence in."""
    found = told(cosine=9.0, literal=0.5)
    both = sigmoid((logit(confidence) - FITTED.shift) / FITTED.scale)
    return but(found, logit=logit(both / FITTED.topic.probability(found.named())) - 0.5)


def test_the_fitted_numbers_are_those_of_the_file() -> None:
    for written in model("confidence")["fits"]:
        found = Model.fitted(written["encoder_sha256"], written["reader_sha256"])
        assert found is not None
        assert (found.topic, found.answer) == (Logistic.read(written["topic"]), Logistic.read(written["answer"]))
        assert [found.scale, found.shift] == written["scaling"]
        assert (found.none_below, found.may_answer_from) == (written["none_below"], written["may_answer_from"])
        assert found.answers_from == written["answers_from"]
        assert 0 < found.none_below < 1
        assert 0 < found.may_answer_from < (found.answers_from or 1) <= 1
        assert (found.answers_from is None) == (written["reader_sha256"] is None)  # without a reader nothing answers
    assert Model.fitted("0" * 64, None) is None


def test_a_logistic_regression_by_hand() -> None:
    fitted = Logistic.read({"intercept": -1, "coefficients": {"a": 2, "b": -0.5}})
    assert fitted.probability({"b": 1.0, "a": 0.75, "c": 9.0}) == pytest.approx(0.5)
    assert fitted.probability({"a": 0.0, "b": 0.0}) == pytest.approx(sigmoid(-1))
    assert fitted.probabilities(np.asarray([[1, 0], [0, 2]], np.float32)).tolist() == pytest.approx(
        [sigmoid(1), sigmoid(-2)]
    )


def test_the_confidence_is_the_scaled_product_of_both_chances() -> None:
    values = told(cosine=0.3, margin=0.1, literal=0.5, logit=1.0)
    judgement = judged(asked("queens"), values, FITTED)
    topic, answer = sigmoid(4 * 0.3 + 0.5 - 1), sigmoid(2 * 0.1 + 1 + 0.5)
    assert judgement.topic == pytest.approx(topic)
    assert judgement.answers == pytest.approx(sigmoid(1.25 * logit(topic * answer) - 0.5))


@pytest.mark.parametrize("step", [-0.01, 0.01])
def test_the_essays_do_not_say_below_the_threshold_of_their_topic(step: float) -> None:
    values = told(literal=0.5, cosine=(logit(0.4 + step) + 0.5) / 4, logit=-9.0)
    judgement = judged(asked("queens"), values, FITTED)
    assert judgement.topic == pytest.approx(0.4 + step)
    assert judgement.verdict == ("none" if step < 0 else "close")


@pytest.mark.parametrize(
    ("confidence", "verdict", "unread"),
    [
        (0.44, "close", "close"),
        (0.46, "may_answer", "may_answer"),
        (0.79, "may_answer", "may_answer"),
        (0.81, "answers", "may_answer"),
    ],
)
def test_what_is_said_grows_with_the_confidence(confidence: float, verdict: str, unread: str) -> None:
    values = with_confidence(confidence)
    judgement = judged(asked("queens"), values, FITTED)
    assert judgement.answers == pytest.approx(confidence, abs=1e-4)
    assert judgement.verdict == verdict
    assert judged(asked("queens"), values, UNREAD_MODEL).verdict == unread


def test_nothing_answers_without_a_word_in_common_and_no_question_does() -> None:
    sure = with_confidence(0.9)
    assert judged(asked("queens"), but(sure, literal=0.0), FITTED).verdict == "close"
    assert judged(asked("queens"), but(sure, asks=1.0), FITTED).verdict == "may_answer"


def test_what_stands_nowhere_and_what_has_no_time_is_not_said_to_answer() -> None:
    sure = with_confidence(0.9)
    assert judged(asked("queens"), but(sure, unknown=0.49), FITTED).verdict == "answers"
    assert judged(asked("queens"), but(sure, unknown=0.5), FITTED).verdict == "may_answer"
    for question, verdict in (
        ("when queens", "may_answer"),
        ("in which year queens", "may_answer"),
        ("queens", "answers"),
    ):
        assert judged(asked(question), sure, FITTED).verdict == "answers"
        assert judged(asked(question), but(sure, type_missing=1.0), FITTED).verdict == verdict


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"literal": 0.0, "sentence": 0.29}, "none"),
        ({"literal": 0.0, "sentence": 0.31}, "close"),  # a near word
        ({"literal": 0.1, "sentence": 0.0}, "close"),
        ({"literal": 0.5, "sentence": 0.0}, "may_answer"),
        ({"literal": 0.9, "sentence": 0.9, "logit": -0.1}, "close"),
        ({"literal": 0.9, "sentence": 0.9, "logit": 0.1}, "may_answer"),
    ],
)
def test_where_nothing_was_fitted_nothing_is_said_to_answer(values: dict[str, float], verdict: str) -> None:
    found = told(**values)
    found = found if "logit" in values else Evidence(found.matched, found.missing)
    assert judged(asked("queens"), found, None) == Judgement(None, None, verdict)


def test_certainty_has_an_end() -> None:
    for sign in (1, -1):
        values = told(cosine=1e4 * sign, literal=1e4, margin=1e4 * sign, logit=1e4 * sign)
        with np.errstate(over="ignore"):
            answers = judged(asked("queens"), values, FITTED).answers
        assert answers is not None
        assert 0 < answers < 1


def test_a_question_of_stop_words_asks_for_nothing() -> None:
    sure = with_confidence(0.9)
    for text in ("What is it?", "?", "Who was who"):
        assert judged(asked(text), sure, FITTED) == NOTHING
        assert judged(asked(text), sure, None) == NOTHING
    assert judged(asked("What is queens?"), sure, FITTED) != NOTHING


def lacks(text: str, passage: str, cosines: Mapping[str, tuple[float, ...]], **known: int) -> Missing:
    question = asked(text)
    best = candidate(question, passage, cosines)
    (match,) = matches(question, [best])
    return missing(question, known, best, match)


def test_words_without_a_near_partner_are_told_and_those_the_corpus_lacks_apart() -> None:
    found = lacks("Did Turkey send horses", "Mules went.", {"Mules": (0, 0, 0, 0.7), "went": (0, 0, 0.3, 0)}, send=4)
    assert found.absent == pytest.approx(2 / 3, abs=1e-5)  # Turkey and send; horses has its mules
    assert found.unknown == pytest.approx(1 / 3, abs=1e-5)
    assert found.weakest == 0
    held = lacks("Did Turkey send horses", "Turkey sent horses, which it sends.", {})
    assert (held.absent, held.unknown, held.weakest) == (0, 0, 1)


@pytest.mark.parametrize(
    ("question", "passage", "count"),
    [
        ("How did Turkey send China horses?", "Horses came.", 2),
        ("How did Turkey send China horses?", "China sent horses.", 1),
        ("Turkey sent how many horses?", "Horses came.", 0),  # a first word has its capital for another reason
        ("how did turkey send horses?", "Horses came.", 0),
    ],
)
def test_names_that_the_passage_lacks_are_counted(question: str, passage: str, count: float) -> None:
    assert lacks(question, passage, {}).name_missing == count


def test_what_the_reader_says_is_told() -> None:
    question = asked("When did queens come?")
    best = candidate(question, "Queens came. Was it 1950?", {})
    spans = np.asarray([(0, 6), (20, 24)], np.int32)
    own = Reading(1.5, np.asarray([0.5, 0.75], np.float32), np.asarray([4, 2], np.float32), spans)
    others = [Reading(logit, own.sentences, own.words, spans) for logit in (2.0, -1.0, -2.0, -3.0, -9.0)]
    assert asdict(read(question, best, own, [own, *others])) == pytest.approx(
        {
            "logit": 1.5,
            "logit_better": 0.5,
            "logit_second": 1.5,
            "logit_mean": (2 + 1.5 - 1 - 2 - 3) / 5,
            "logit_sentence": 0.5,  # the likelier sentence asks itself
            "logit_word": 4,
            "type_missing": 1,
            "asks": 0,
        }
    )
    alone = candidate(question, "Was it 1950?", {})
    asking = Reading(1.5, np.asarray([0.75], np.float32), np.asarray([2], np.float32), np.asarray([(7, 11)], np.int32))
    told = read(question, alone, asking, [asking])
    assert (told.asks, told.logit_sentence, told.logit_word, told.type_missing) == (1, 0.75, 2, 0)
    none = Reading(UNREAD, np.asarray([0, UNREAD], np.float32), own.words[:0], spans[:0])
    assert read(question, best, none, [none]).logit_word == -8
    assert read(question, best, none, [none]).type_missing == 1


@pytest.mark.parametrize("name", ["confidence", "marks"])
def test_what_was_fitted_was_fitted_under_the_settings_of_today(name: str) -> None:
    """Who changes a weight of the order fits again: tests/benchmarks/fit_models.py."""
    order = model("order")
    today = {**asdict(Settings()), **{part: order[part] for part in ("words", "reading", "keep")}}
    for one in model(name)["fits"]:
        assert one["settings"] == today
        assert {"learnt_on", "commit", "encoder", "encoder_sha256", "reader_sha256"} <= set(one)
    fitted = {(one["encoder_sha256"], one["reader_sha256"]) for one in model(name)["fits"]}
    assert {(DefaultEncoder.fingerprint, WEIGHTS.sha256), (DefaultEncoder.fingerprint, None)} <= fitted
