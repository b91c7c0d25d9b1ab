"""The trainings run, are seeded, go on from where they stopped, and write what the product reads."""

import json
import lzma
from pathlib import Path

import numpy as np
import pytest
import torch
import train_encoder
from safetensors.numpy import load_file as load_numpy
from safetensors.torch import load_file
from ship_encoder import drawn_back
from train_reader import Plan, train
from training.network import published
from training.questions import NONE, Asked, LearningSet, learning_sets

from qa.ranking.minilm_reader import WEIGHTS

TEXT = "The bridge was built in 1887 by two brothers. It carried carts until the flood."
OTHER = "The flood came in March. Nobody had seen the river rise so high."


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path]:
    """What there is to learn from: two written passages, and a set of two essays."""
    training, bench = tmp_path / "training", tmp_path / "bench"
    training.mkdir()
    passages = [
        {"id": 4, "source": "s", "document": "d", "title": "Bridges", "heading": "", "text": TEXT,
         "sentences": [[0, 45], [46, 79]]},
        {"id": 9, "source": "s", "document": "d", "title": "Bridges", "heading": "Floods", "text": OTHER,
         "sentences": [[0, 24], [25, 64]]},
    ]  # fmt: skip
    with lzma.open(training / "passages.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(one) + "\n" for one in passages))
    asked = [
        {"passage": 4, "question": "When was the bridge built?", "sentences": [0]},
        {"passage": 9, "question": "How high did the river rise?", "sentences": [1]},
        {"passage": 4, "question": "When was the bridge painted?", "sentences": None},
    ]
    (training / "questions.jsonl").write_text("".join(json.dumps(one) + "\n" for one in asked), encoding="utf-8")
    for name in ("squad", "squad-more"):
        (bench / name / "documents").mkdir(parents=True)
        (bench / name / "documents" / "bridge.txt").write_text(f"{TEXT}\n\n{OTHER}\n", encoding="utf-8")
        (bench / name / "documents" / "warsaw.txt").write_text(f"{OTHER}\n", encoding="utf-8")
        at = {"document": "bridge", "start": 0, "end": 79}
        span = {"document": "bridge", "start": TEXT.index("1887"), "end": TEXT.index("1887") + 4}
        lines = [
            {"question": "In which year was the bridge built?", "answerable": True, "spans": [span], "paragraph": at},
            {"question": "In which year was it sold?", "answerable": False, "spans": [], "paragraph": at},
        ]
        (bench / name / "questions.jsonl").write_text("".join(json.dumps(x) + "\n" for x in lines), encoding="utf-8")
    return training, bench


@pytest.fixture
def sets(sources: tuple[Path, Path]) -> dict[str, LearningSet]:
    return learning_sets(*sources)


def test_questions_become_tokens_with_the_places_of_their_answers(sets: dict[str, LearningSet]) -> None:
    assert {name: len(one.passages) for name, one in sets.items()} == {"squad": 2, "squad-more": 3, "written": 2}
    answered, near = sets["squad"].questions
    assert (answered.answering, answered.near, near.answering, near.near) == ([(0, [0])], None, (), 0)
    passage = sets["squad"].passages[0]
    shown = {i: passage.ids[i] for i in answered.words}
    assert shown == {i: x for i, x in enumerate(passage.ids) if x == shown[answered.words[0]]}
    assert [passage.sentence[i] for i in answered.words] == [0]
    assert sum(answered.weights) == pytest.approx(1, abs=1e-5)
    title = sets["written"].passages[0].sentence
    assert (title[0], title[1], title[-1]) == (NONE, -1, NONE)


def test_a_training_is_seeded_and_writes_what_ships(sets: dict[str, LearningSet], tmp_path: Path) -> None:
    found = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        found.append(load_file(train(Plan(sets, 2, 1, 7), tmp_path / name, 2, "cpu", 7)))
    shipped = load_file(WEIGHTS.path)
    for name, value in shipped.items():
        assert (found[0][name].shape, found[0][name].dtype) == (value.shape, value.dtype)
        assert torch.equal(found[0][name], found[1][name]), name
    assert set(found[0]) == set(shipped)
    moved = "encoder.layer.5.output.dense.weight"
    assert not torch.equal(found[0][moved], published()[moved].half())
    (tmp_path / "on").mkdir()
    kept = load_file(train(Plan(sets, 0, 1, 7), tmp_path / "on", 0, "cpu", 7, WEIGHTS.path))
    assert all(torch.equal(kept[name], value.reshape(kept[name].shape)) for name, value in shipped.items())


def test_near_misses_are_made_by_exchanging_names_and_years_within_an_essay() -> None:
    learning = LearningSet()
    for text in ("The bridge over the Avon was built in 1887.", "It replaced the ferry of Bath in 1790 and 12 boats."):
        learning.add("", text, [(0, len(text))], "bridge")
    learning.ask([Asked("Name what crossed the Avon in 1887?", [(0, [0])]), Asked("name what crossed?", [(0, [0])])])
    made = {one.text for seed in range(20) for one in learning.exchanged(seed)}
    assert made == {"Name what crossed the Bath in 1887?", "Name what crossed the Avon in 1790?"}
    assert [(one.answering, one.near, one.made_of) for one in learning.exchanged(1)] == [((), 0, 0)]


def test_near_misses_exchange_parts_words_and_what_is_asserted() -> None:
    learning = LearningSet()
    text = "Troops of Bath, led by Anne Wood, fought Wells. The first of them came in June."
    learning.add("", text, [(0, 47), (48, len(text))], "war")
    led, first = (text.index(word) for word in ("Anne Wood", "June"))
    learning.ask(
        [
            Asked("Who led the troops of Bath?", [(0, [0])], None, [(led, led + 9)]),
            Asked("When did the first of the troops come?", [(0, [1])], None, [(first, first + 4)]),
        ]
    )
    made = [{(one.made_of, one.text) for one in learning.exchanged(seed)} for seed in range(40)]
    assert all(
        {(0, "Who led the troops of Wells?"), (1, "When did the last of the troops come?")} <= one for one in made
    )
    denied = (1, "When didn't the first of the troops come?")
    assert 0 < sum(denied in one for one in made) < 40


def test_a_near_miss_stands_in_the_step_of_what_it_was_made_of(sets: dict[str, LearningSet]) -> None:
    squad = sets["squad"]
    squad.ask([Asked("In which year was the bridge sold?", (), 0, made_of=0)])
    groups = Plan({"squad": squad}, 1, 1, 7, batch=1).step(0)
    bridge = list(squad.passages[0].ids[1:])
    assert [[(row.answers, list(row.ids[row.lead :]) == bridge) for row in group] for group in groups] == [
        [(1.0, True)],
        [(0.0, True)],
        [(0.0, True)],
    ]


def test_the_encoders_training_is_seeded_and_drawn_back(sets: dict[str, LearningSet], tmp_path: Path) -> None:
    found = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        found.append(load_numpy(train_encoder.train(sets, tmp_path / name, 1, "cpu", 1)))
    once, again = found
    assert all(np.array_equal(once[name], again[name]) for name in once)
    assert (once["projection"].shape, once["importance"].shape) == ((384, 128), (384,))
    none, all_of_it = drawn_back(once, 0), drawn_back(once, 1)
    assert np.array_equal(none[1], train_encoder.first_projection().numpy())
    assert np.array_equal(all_of_it[1], once["projection"])
    moved = "encoder.layer.5.output.dense.weight"
    assert not np.array_equal(none[0][moved], all_of_it[0][moved])
    for name in none[0]:
        assert np.array_equal(none[0][name], published()[name].half().numpy()), name
        assert np.array_equal(all_of_it[0][name], once[name].astype(np.float16)), name
