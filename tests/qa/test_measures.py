from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from small_encoder import SmallEncoder

from index.local.build import build
from qa.evaluation.evaluate import diagram, evaluate, foreign_questions, questions, table
from qa.evaluation.measures import auroc, calibration_error, compare, reliability
from qa.retriever import Retriever
from source.errors import UserError

TEXT = "Bees\n\nQueens lay eggs. Workers gather nectar. Drones idle.\n\nHives stand in gardens. Smoke calms bees.\n"


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


def test_runs_are_compared_question_by_question() -> None:
    def run(*hits: int) -> dict:
        return {"outcomes": [{"id": str(i), "hit@1": float(hit)} for i, hit in enumerate(hits)]}

    found = compare(run(0, 0, 1, 1, 0, 0), run(1, 1, 0, 1, 0, 1))
    assert (found.measure, found.better, found.worse) == ("hit@1", ("0", "1", "5"), ("2",))
    assert found.p_value == pytest.approx(0.625)
    assert str(found).endswith("better: 0 1 5\n  worse: 2")


def make_set(folder: Path, *lines: str) -> Path:
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "bees.txt").write_text(TEXT, encoding="utf-8")
    (folder / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_the_measures_of_marks_are_over_words(tmp_path: Path) -> None:
    start = TEXT.index("Workers")
    end = TEXT.index(" Drones")
    folder = make_set(
        tmp_path / "set",
        f'{{"question": "Do workers gather nectar?", "need": "all", '
        f'"spans": [{{"document": "bees", "start": {start}, "end": {end - 8}}}]}}',
    )
    snapshot, _ = build(folder / "documents", tmp_path / "index", encoder=SmallEncoder())
    run = evaluate(folder, Retriever(snapshot, SmallEncoder()))
    values = run.outcomes[0].values
    assert values["recall@5"] == 1
    assert values["words_wanted"] == 2  # "Workers gather"
    if run.outcomes[0].status == "found":
        assert values["words_both"] == 2
        assert values["marks_iou"] == pytest.approx(2 / values["words_marked"])
    assert "recall@5" in table([run])
    assert diagram(run).startswith("set:\n  said ")


def test_questions_are_sampled_alike_each_time(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "set", *(f'{{"id": "{i}", "question": "q{i}"}}' for i in range(20)))
    assert questions(folder, 5) == questions(folder, 5)
    assert [one.id for one in questions(folder, 50)] == [str(i) for i in range(20)]


def test_foreign_questions_are_of_sets_that_share_no_document(tmp_path: Path) -> None:
    bees, translated, rivers = (
        make_set(tmp_path / name, *(f'{{"id": "{name} {i}", "question": "q{i}"}}' for i in range(20)))
        for name in ("bees", "abejas", "rivers")
    )
    (rivers / "documents" / "bees.txt").rename(rivers / "documents" / "rivers.txt")
    sets = {folder: questions(folder, 5) for folder in (bees, translated, rivers)}
    assert {one.id for one in foreign_questions(sets, bees)} == {one.id for one in sets[rivers]}
    assert len(foreign_questions(sets, rivers)) == 10


@pytest.mark.parametrize(
    "line", ["x", "[]", "{}", '{"question": "q", "need": "some"}', '{"question": "q", "spans": [{"start": 1}]}']
)
def test_a_wrong_question_is_named(tmp_path: Path, line: str) -> None:
    folder = make_set(tmp_path / "set", '{"question": "q"}', line)
    with pytest.raises(UserError, match=r"questions\.jsonl, line 2 is no question of a set"):
        questions(folder)
    with pytest.raises(UserError, match=r"cannot be read: .*; a set has questions\.jsonl and documents/"):
        questions(tmp_path / "nowhere")
