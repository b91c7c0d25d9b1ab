"""The judge, by hand: every outcome and measure of a few answers worked out on paper."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from evidence import answered, quoted
from sklearn.metrics import roc_auc_score
from small_encoder import SmallEncoder

from index.local.build import build
from qa.answer import Answer, Quote, Verdict
from qa.evaluation.evaluate import FOREIGN, diagram, evaluate, foreign_questions, questions, table
from qa.evaluation.judge import Judge, LabelledQuestion, Outcome, without_suffix
from qa.evaluation.measures import MEASURES, auroc, calibration_error, measured, reliability, risk_area
from qa.evaluation.runs import Run, compare
from qa.retriever import Retriever
from source.document import Span
from source.errors import UserError

BEES = "Bees\n\nQueens lay eggs. Workers gather nectar. Drones idle.\n\nHives stand in gardens. Smoke calms bees.\n"
TREES = "Trees\n\nOaks drop acorns. Hives stand in oaks.\n"
FIRST, SECOND = BEES.split("\n\n")[1:]
SECOND = SECOND.strip()
THIRD = TREES.split("\n\n")[1].strip()


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    (tmp_path / "essays").mkdir()
    for name, text in (("bees.txt", BEES), ("trees.md", TREES)):
        (tmp_path / "essays" / name).write_text(text, encoding="utf-8")
    return Judge(build(tmp_path / "essays", tmp_path / "index", encoder=SmallEncoder())[0])


def spans(*texts: str, name: str = "bees") -> tuple[tuple[str, Span], ...]:
    text = {"bees": BEES, "trees": TREES}[name]
    return tuple((name, Span(text.index(one), text.index(one) + len(one))) for one in texts)


def wants(need: str, *texts: str, name: str = "bees") -> LabelledQuestion:
    return LabelledQuestion("1", "?", True, need, spans(*texts, name=name), {})


def quotes(judge: Judge, *texts: str, marked: Sequence[str] = ()) -> list[Quote]:
    """Quotes of these passages, in this order; in the first the `marked` sentences are."""
    documents = [judge._document("trees" if text == THIRD else "bees") for text in texts]
    return [
        quoted(document, text, () if i else marked)
        for i, (document, text) in enumerate(zip(documents, texts, strict=True))
    ]


def values(judge: Judge, one: LabelledQuestion, answer: Answer) -> dict[str, float]:
    return dict(judge.outcome(one, answer, 5.0).values)


def test_an_outcome_keeps_what_was_answered(judge: Judge) -> None:
    one = judge.outcome(wants("any", "gather nectar"), answered(quotes(judge, FIRST), "close", 0.25), 7.5)
    assert (one.id, one.status, one.confidence, one.milliseconds, one.right) == ("1", "related", 0.25, 7.5, True)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ((FIRST, SECOND, THIRD), (1, 1, 1, 1)),
        ((SECOND, FIRST, THIRD), (0, 1, 1, 1 / 2)),
        ((SECOND, *[THIRD] * 3, FIRST), (0, 1, 1, 1 / 5)),
        ((SECOND, *[THIRD] * 4, FIRST), (0, 0, 1, 1 / 6)),
        ((SECOND, *[THIRD] * 8, FIRST), (0, 0, 1, 1 / 10)),
        ((SECOND, *[THIRD] * 9, FIRST), (0, 0, 0, 0)),
        ((SECOND, THIRD), (0, 0, 0, 0)),
        ((SECOND, FIRST, THIRD, FIRST), (0, 1, 1, 1 / 2)),
        ((), (0, 0, 0, 0)),
    ],
)
def test_a_hit_is_the_first_quote_that_holds_a_span(
    judge: Judge, order: tuple[str, ...], expected: tuple[float, ...]
) -> None:
    found = values(judge, wants("any", "gather nectar"), answered(quotes(judge, *order)))
    assert tuple(found[name] for name in ("hit@1", "hit@5", "hit@10", "mrr@10")) == pytest.approx(expected)
    right = judge.outcome(wants("any", "gather nectar"), answered(quotes(judge, *order)), 0.0).right
    assert right is bool(expected[0])


def test_an_overlap_is_no_hit(judge: Judge) -> None:
    start, end = BEES.index(FIRST), BEES.index(FIRST) + len(FIRST)
    answer = answered(quotes(judge, FIRST))
    for span, hit in (
        (Span(start, end), True),
        (Span(start - 1, end), False),
        (Span(start, end + 1), False),
        (Span(end - 4, end + 4), False),
        (Span(start - 4, start + 4), False),
        (Span(0, len(BEES)), False),
    ):
        outcome = judge.outcome(LabelledQuestion("1", "?", True, "any", (("bees", span),), {}), answer, 0.0)
        assert (outcome.right, outcome.values["hit@1"], outcome.values["mrr@10"]) == (hit, hit, hit), span


def test_one_of_several_spans_is_a_hit_and_that_of_another_document_is_not(judge: Judge) -> None:
    first = answered(quotes(judge, FIRST))
    assert values(judge, wants("any", "Smoke calms", "Drones idle."), first)["hit@1"] == 1
    ((_, span),) = spans("gather nectar")
    assert values(judge, LabelledQuestion("1", "?", True, "any", (("trees", span),), {}), first)["hit@1"] == 0


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (["Workers gather nectar."], 1),
        (["Queens lay eggs.", "Workers gather nectar."], 1),
        (["Queens lay eggs. Workers gather nectar."], 1),
        (["Queens lay eggs.", "Drones idle."], 0),
        (["Workers gather"], 0),  # a part of the answer
        (["gather nectar"], 1),
        (["Workers", "nectar."], 0),
    ],
)
def test_the_mark_must_hold_the_whole_answer(judge: Judge, marked: list[str], expected: float) -> None:
    answer = answered(quotes(judge, FIRST, SECOND, marked=marked))
    assert values(judge, wants("any", "gather nectar"), answer)["marked@1"] == expected


def test_only_the_first_quote_is_looked_at_for_its_mark(judge: Judge) -> None:
    answer = answered(quotes(judge, SECOND, FIRST))
    assert values(judge, wants("any", "gather nectar"), answer)["marked@1"] == 0
    assert values(judge, wants("any", "gather nectar"), answered([]))["marked@1"] == 0


def test_recall_is_over_characters_and_marks_are_over_words(judge: Judge) -> None:
    one = wants("all", "Workers gather nectar.", "calms")
    answer = answered(quotes(judge, FIRST, marked=["Queens lay eggs.", "Workers gather nectar."]))
    assert values(judge, one, answer) == {
        "recall@5": pytest.approx(22 / 27),  # "Workers gather nectar." of that and "calms"
        "words_marked": 6,
        "words_wanted": 4,
        "words_both": 3,
        "marks_iou": pytest.approx(3 / 7),
    }


def test_a_word_counts_whole_where_a_span_cuts_it(judge: Judge) -> None:
    answer = answered(quotes(judge, FIRST, marked=["Workers gather"]))
    found = values(judge, wants("all", "kers gath"), answer)
    assert (found["words_wanted"], found["words_marked"], found["words_both"], found["marks_iou"]) == (2, 2, 2, 1)
    # White space at its ends is no word.
    found = values(judge, wants("all", " gather "), answer)
    assert (found["words_wanted"], found["words_both"]) == (1, 1)


def test_the_same_words_of_another_document_are_others(judge: Judge) -> None:
    answer = answered(quotes(judge, THIRD, marked=["Hives stand in oaks."]))
    found = values(judge, wants("all", "Hives stand in gardens."), answer)
    assert (found["words_marked"], found["words_wanted"], found["words_both"]) == (4, 4, 0)
    assert (found["marks_iou"], found["recall@5"]) == (0, 0)
    found = values(judge, wants("all", "Hives stand in oaks.", name="trees"), answer)
    assert (found["words_both"], found["marks_iou"], found["recall@5"]) == (4, 1, 1)


@pytest.mark.parametrize(
    ("verdict", "marked"), [("answers", 3), ("may_answer", 3), ("close", 0), ("none", 0), ("withheld", 0)]
)
def test_marks_count_only_where_an_answer_was_found(judge: Judge, verdict: Verdict, marked: int) -> None:
    answer = answered(quotes(judge, FIRST, marked=["Workers gather nectar."]), verdict)
    found = values(judge, wants("all", "Workers gather nectar."), answer)
    assert (found["words_marked"], found["words_both"], found["marks_iou"]) == (marked, marked, bool(marked))
    assert (found["words_wanted"], found["recall@5"]) == (3, 1)  # but it was quoted


def test_recall_is_of_the_first_five_quotes(judge: Judge) -> None:
    one = wants("all", "gather nectar", "Smoke calms")
    assert values(judge, one, answered(quotes(judge, SECOND, *[THIRD] * 3, FIRST)))["recall@5"] == 1
    assert values(judge, one, answered(quotes(judge, SECOND, *[THIRD] * 4, FIRST)))["recall@5"] == pytest.approx(
        11 / 24
    )
    # A single character is all that is wanted.
    assert values(judge, wants("all", "Q"), answered(quotes(judge, FIRST)))["recall@5"] == 1
    # A passage that is quoted twice counts once.
    assert values(judge, one, answered(quotes(judge, SECOND, SECOND)))["recall@5"] == pytest.approx(11 / 24)
    assert values(judge, LabelledQuestion("1", "?", True, "all", (), {}), answered([])) == {
        "recall@5": 0,
        "marks_iou": 0,
        "words_marked": 0,
        "words_wanted": 0,
        "words_both": 0,
    }


def test_where_all_spans_are_wanted_the_first_quote_is_right_with_any(judge: Judge) -> None:
    one = wants("all", "gather nectar", "Smoke calms")
    for order, right in (((FIRST,), True), ((SECOND, FIRST), True), ((THIRD, FIRST), False), ((), False)):
        assert judge.outcome(one, answered(quotes(judge, *order)), 0.0).right is right


def test_documents_are_judged_by_their_grades_in_the_order_first_quoted(judge: Judge) -> None:
    one = LabelledQuestion("1", "?", True, "document", (), {"bees": 1, "trees": 3})
    best = 3 + 1 / np.log2(3)
    for order, gained in (
        ((THIRD, FIRST), best),
        ((FIRST, SECOND, THIRD), 1 + 3 / np.log2(3)),  # the second quote is of the first document again
        ((THIRD,), 3),
        ((FIRST,), 1),
        ((), 0),
    ):
        outcome = judge.outcome(one, answered(quotes(judge, *order)), 0.0)
        assert outcome.values == {"ndcg@10": pytest.approx(gained / best)}
        assert outcome.right is bool(order)
    ungraded = LabelledQuestion("1", "?", True, "document", (), {"trees": 1})
    assert judge.outcome(ungraded, answered(quotes(judge, FIRST, THIRD)), 0.0).right is False


def test_what_cannot_be_answered_has_no_measures_and_is_never_right(judge: Judge) -> None:
    near = LabelledQuestion("1", "?", False, "any", spans("gather nectar"), {"bees": 1})
    for need in ("any", "all", "document"):
        outcome = judge.outcome(
            LabelledQuestion(near.id, "?", False, need, near.spans, near.grades), answered(quotes(judge, FIRST)), 0
        )
        assert (outcome.values, outcome.right) == ({}, False)


def test_a_document_that_the_set_lacks_is_named(judge: Judge) -> None:
    one = LabelledQuestion("1", "?", True, "all", (("whales", Span(0, 3)),), {})
    with pytest.raises(UserError, match="names the document 'whales', which the set does not hold"):
        judge.outcome(one, answered([]), 0.0)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/b.txt", "a/b"),
        ("b.md", "b"),
        ("b.markdown", "b"),
        ("b.pdf", "b.pdf"),
        ("v1.2", "v1.2"),
        ("a.txt.txt", "a.txt"),
    ],
)
def test_a_stem_is_the_name_without_the_suffix_of_a_text(name: str, expected: str) -> None:
    assert without_suffix(name) == expected


def outcome(verdict: Verdict, confidence: float | None, *, right: bool, ms: float = 0.0, **found: float) -> Outcome:
    named = {name.replace("_at_", "@"): value for name, value in found.items()}
    return Outcome("", verdict, confidence, right, named, ms)


def asks(*answerable: bool) -> list[LabelledQuestion]:
    return [LabelledQuestion(str(i), "?", one, "any", (), {}) for i, one in enumerate(answerable)]


def test_a_set_is_measured_over_its_answerable_questions() -> None:
    outcomes = [
        outcome("answers", 0.95, right=True, ms=1.0, hit_at_1=1, mrr_at_10=1),
        outcome("close", 0.55, right=False, ms=9.0, hit_at_1=0, mrr_at_10=0.5),
        outcome("withheld", 0.05, right=False, ms=2.0, hit_at_1=0, mrr_at_10=0),
        outcome("answers", 0.65, right=False, ms=3.0),
        outcome("none", 0.15, right=False, ms=4.0),
        outcome("close", 0.25, right=False, ms=5.0),
        outcome("may_answer", 0.75, right=False, ms=6.0),
    ]
    foreign: list[Verdict] = ["none", "none", "close", "none"]
    found = measured(asks(True, True, True, False, False, False, False), outcomes, foreign)
    wrong = [0, 1 / 2, 2 / 3, 3 / 4, 4 / 5, 5 / 6, 6 / 7]  # among the surest one, two, three …
    assert found == {
        "hit@1": pytest.approx(1 / 3),
        "mrr@10": pytest.approx(0.5),
        "found": pytest.approx(1 / 3),
        "answers": pytest.approx(1 / 3),
        "may_answer": 0,
        "close": pytest.approx(1 / 3),
        "wrong_refusals": pytest.approx(1 / 3),
        "near_refusals": 0.5,  # "none" and "close" alike
        "near_answers": 0.25,
        "near_may_answer": 0.25,
        "near_close": 0.25,
        "near_none": 0.25,
        "near_auroc": pytest.approx((4 + 2 + 0) / 12),
        "far_answers": 0,
        "far_may_answer": 0,
        "far_close": 0.25,
        "far_refusals": 0.75,
        "answers_precision": 0.5,
        "risk_area": pytest.approx(np.mean(wrong)),
        "calibration_error": pytest.approx((0.05 + 0.55 + 0.05 + 0.65 + 0.15 + 0.25 + 0.75) / 7),
        "ms": 4.0,
    }


def test_the_risk_is_that_of_the_surest_at_each_coverage() -> None:
    assert risk_area([(0.9, True), (0.5, False), (0.1, True)]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    # Of equally sure ones neither comes first.
    for ties in ([(0.5, True), (0.5, False)], [(0.5, False), (0.5, True)]):
        assert risk_area(ties) == pytest.approx(0.5)
    assert risk_area([(0.2, True), (0.8, False)]) > risk_area([(0.8, True), (0.2, False)])


def test_without_a_confidence_only_verdicts_are_measured() -> None:
    outcomes = [outcome("may_answer", None, right=True), outcome("close", None, right=False)]
    found = measured(asks(True, False), outcomes, [])
    assert (found["may_answer"], found["near_close"]) == (1, 1)
    assert not {"near_auroc", "risk_area", "calibration_error", "answers_precision"} & set(found)


def test_marked_words_are_summed_over_all_questions() -> None:
    outcomes = [
        outcome("answers", 0.5, right=True, recall_at_5=1, marks_iou=0.5, words_marked=8, words_wanted=4, words_both=4),
        outcome("answers", 0.5, right=True, recall_at_5=0, marks_iou=0, words_marked=0, words_wanted=12, words_both=0),
        outcome("answers", 0.5, right=False, words_marked=100, words_wanted=100, words_both=100),  # cannot be answered
    ]
    found = measured(asks(True, True, False), outcomes, [])
    names = ("marks_precision", "marks_recall", "marks_f1", "marks_iou", "recall@5")
    assert [found[name] for name in names] == pytest.approx([4 / 8, 4 / 16, 1 / 3, 0.25, 0.5])
    assert "far_refusals" not in found
    unmarked = [outcome("none", 0.5, right=False, words_marked=0, words_wanted=4, words_both=0)]
    found = measured(asks(True), unmarked, [])
    assert [found[name] for name in names[:3]] == [0, 0, 0]
    assert "near_auroc" not in found
    assert "near_refusals" not in found


def test_without_an_answerable_question_only_refusals_are_measured() -> None:
    found = measured(asks(False), [outcome("none", 0.25, right=False, ms=2.0)], [])
    shares = {"near_answers": 0, "near_may_answer": 0, "near_close": 0, "near_none": 1}
    assert found == {"near_refusals": 1, **shares, "risk_area": 1, "calibration_error": 0.25, "ms": 2}


def test_the_auroc_is_that_of_scikit_learn() -> None:
    random = np.random.default_rng(0)
    positive, negative = random.integers(0, 8, 60) / 8, random.integers(0, 6, 40) / 8
    expected = roc_auc_score([1] * 60 + [0] * 40, [*positive, *negative])
    assert auroc(positive.tolist(), negative.tolist()) == pytest.approx(expected)


def test_the_calibration_error_is_the_mean_gap_between_confidence_and_truth() -> None:
    outcomes = [(0.95, True)] * 3 + [(0.95, False)] + [(0.15, False)] * 4
    assert reliability(outcomes) == [(pytest.approx(0.15), 0.0, 4), (pytest.approx(0.95), 0.75, 4)]
    assert calibration_error(outcomes) == pytest.approx((0.15 * 4 + 0.20 * 4) / 8)
    assert reliability([(1.0, True)]) == [(1.0, 1.0, 1)]
    assert calibration_error([]) == 0


def test_bins_are_tenths_and_begin_at_their_lower_end() -> None:
    assert [
        count for *_, count in reliability([(0.0, False), (0.09, True), (0.1, True), (0.9, True), (1.0, True)])
    ] == [2, 1, 2]
    assert reliability([(0.2, True), (0.4, False), (0.6, False)], 2) == [
        (pytest.approx(0.3), 0.5, 2),
        (pytest.approx(0.6), 0.0, 1),
    ]


def test_a_run_as_json_is_rounded_and_whole() -> None:
    run = Run("bees", {"hit@1": 1 / 3}, (Outcome("7", "may_answer", 2 / 3, True, {"hit@1": 1 / 3}, 1.0),))
    assert run.json() == {
        "set": "bees",
        "measures": {"hit@1": 0.3333},
        "reliability": [{"confidence": 0.6667, "right": 1.0, "questions": 1}],
        "outcomes": [
            {
                "id": "7",
                "status": "found",
                "verdict": "may_answer",
                "confidence": 0.6667,
                "right": True,
                "hit@1": 0.3333,
            }
        ],
    }
    assert diagram(run) == "bees:\n  said 0.67  right 1.00  ████████████████████ 1"


def test_a_table_has_a_row_a_measure_and_a_column_a_run() -> None:
    runs = [Run("bees", {"ms": 2.0, "hit@1": 0.5}, ()), Run("a-long-name", {"recall@5": 0.25, "hit@1": 1.0}, ())]
    assert table(runs).splitlines() == [
        "              bees  a-long-name",
        "hit@1        0.500        1.000",
        "recall@5                  0.250",
        "ms           2.000             ",
    ]


@pytest.mark.parametrize("measure", ["hit@1", "recall@5", "ndcg@10", "right"])
def test_runs_are_compared_question_by_question_on_what_their_set_is_about(measure: str) -> None:
    def run(*hits: int) -> dict:
        return {"outcomes": [{"id": str(i), measure: float(hit), "confidence": 0.5} for i, hit in enumerate(hits)]}

    found = compare(run(0, 0, 1, 1, 0, 0, 1), run(1, 1, 0, 1, 0, 1))
    assert (found.measure, found.better, found.worse) == (measure, ("0", "1", "5"), ("2",))
    assert found.p_value == pytest.approx(0.625)
    assert str(found).endswith("better: 0 1 5\n  worse: 2")
    assert compare(run(1), run(1)).p_value == 1
    assert measure in MEASURES or measure == "right"


def make_set(folder: Path, *lines: str) -> Path:
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "bees.txt").write_text(BEES, encoding="utf-8")
    (folder / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_a_set_is_asked_and_measured(tmp_path: Path) -> None:
    ((_, span),) = spans("gather nectar")
    asked = {
        "question": "Which workers gather nectar?",
        "spans": [{"document": "bees.txt", "start": span.start, "end": span.end}],
    }
    folder = make_set(tmp_path / "set", json.dumps(asked), json.dumps({**asked, "id": "near", "answerable": False}))
    snapshot, _ = build(folder / "documents", tmp_path / "index", encoder=SmallEncoder())
    foreign = [
        LabelledQuestion("0", '"smoke calms whales"', True, "any", (), {}),
        LabelledQuestion("1", '"smoke calms"', True, "any", (), {}),
    ]
    calls: list[tuple[int, int]] = []
    retriever = Retriever(snapshot, SmallEncoder())
    started = time.perf_counter()
    run = evaluate(folder, retriever, foreign=foreign, progress=lambda done, total: calls.append((done, total)))
    elapsed = (time.perf_counter() - started) * 1000
    assert calls == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert [(one.id, one.right) for one in run.outcomes] == [("1", True), ("near", False)]
    assert (run.measures["hit@1"], run.measures["mrr@10"]) == (1, 1)
    # The essay holds one of the phrases.
    assert (run.measures["far_refusals"], run.measures["far_answers"]) == (0.5, 0.5)
    assert all(0 < one.milliseconds < elapsed for one in run.outcomes)
    assert run.name == "set"
    assert len(evaluate(folder, retriever, limit=1).outcomes) == 1


def test_a_question_is_read_with_what_its_line_leaves_out(tmp_path: Path) -> None:
    graded = '{"id": 9, "question": "r", "answerable": false, "need": "document", "documents": {"a.md": "2"}}'
    folder = make_set(tmp_path / "set", '{"question": "q"}', graded)
    assert questions(folder) == [
        LabelledQuestion("1", "q", True, "any", (), {}),
        LabelledQuestion("9", "r", False, "document", (), {"a": 2}),
    ]


def test_questions_are_sampled_alike_each_time(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "set", *(f'{{"id": "{i}", "question": "q{i}"}}' for i in range(20)))
    sample = [int(one.id) for one in questions(folder, 5)]
    assert len(sample) == 5
    assert sample == sorted(sample) == [int(one.id) for one in questions(folder, 5)]
    assert sample != list(range(5))
    for limit in (None, 20, 50):
        assert [one.id for one in questions(folder, limit)] == [str(i) for i in range(20)]


def test_foreign_questions_are_of_sets_that_share_no_document(tmp_path: Path) -> None:
    bees, translated, rivers = (
        make_set(tmp_path / name, *(f'{{"id": "{name} {i}", "question": "q{i}"}}' for i in range(20)))
        for name in ("bees", "abejas", "rivers")
    )
    (rivers / "documents" / "bees.txt").rename(rivers / "documents" / "rivers.txt")
    sets = {folder: questions(folder, 5) for folder in (bees, translated, rivers)}
    assert {one.id for one in foreign_questions(sets, bees)} == {one.id for one in sets[rivers]}
    assert len(foreign_questions(sets, rivers)) == 10


@pytest.mark.parametrize(("count", "taken"), [(150, 150), (FOREIGN + 50, FOREIGN)])
def test_one_other_set_gives_all_foreign_questions(tmp_path: Path, count: int, taken: int) -> None:
    own = make_set(tmp_path / "own")
    other = make_set(tmp_path / "other", *(f'{{"id": "{i}", "question": "q{i}"}}' for i in range(count)))
    (other / "documents" / "bees.txt").rename(other / "documents" / "rivers.txt")
    found = foreign_questions({own: [], other: questions(other)}, own)
    assert len({one.id for one in found}) == len(found) == taken


@pytest.mark.parametrize(
    "line", ["x", "[]", "{}", '{"question": "q", "need": "some"}', '{"question": "q", "spans": [{"start": 1}]}']
)
def test_a_wrong_question_is_named(tmp_path: Path, line: str) -> None:
    folder = make_set(tmp_path / "set", '{"question": "q"}', line)
    with pytest.raises(UserError, match=r"questions\.jsonl, line 2 is no question of a set"):
        questions(folder)
    with pytest.raises(UserError, match=r"The questions of a set .* cannot be read: "):
        questions(tmp_path / "nowhere")
