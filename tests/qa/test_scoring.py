"""The matches of a question with sentences and passages, against plain loops; what a short sentence gains."""

import json
from pathlib import Path

import numpy as np
import pytest
from natural_set import ESSAYS_OF, make
from small_encoder import SmallEncoder

from index.encoding.encoder import Encoder
from index.local.build import build
from index.local.snapshot import Snapshot
from qa.evaluation.evaluate import questions
from qa.ranking.scoring import Settings
from qa.retriever import Retriever


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


def test_a_long_sentence_does_not_win_by_chance_matches(tmp_path: Path) -> None:
    (tmp_path / "essays").mkdir()
    long = "White queens of old hives lay so many eggs and tiny grubs that tired nurses must work all night."
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
