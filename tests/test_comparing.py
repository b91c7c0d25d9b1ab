"""The comparison with other tools goes on where it stopped, and begins anew where it must."""

import argparse
import json
import sys
from pathlib import Path

import compare_peers
import pytest
from peers import environments, steps, table
from peers.digests import digest
from peers.kept import Kept

STEPS = ["build", "judge", "answer 1", "rebuild"]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    return folder


def kept(made: Path, made_of: str = "this") -> Kept:
    return Kept(made.with_suffix(".json"), made_of, made, steps.CHANGING)


def stopped(one: Kept, step: str) -> None:
    """A step that is begun and does not end."""

    def work() -> steps.Values:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        one.do(step, work)


def do(one: Kept, *names: str) -> None:
    for name in names:
        one.do(name, lambda name=name: {"did": name})


def test_finished_steps_are_taken_up(made: Path) -> None:
    do(kept(made), "build", "judge")
    one = kept(made)
    assert one.missing(STEPS) == ["answer 1", "rebuild"]
    assert one.steps == {"build": {"did": "build"}, "judge": {"did": "judge"}}
    do(one, "answer 1", "rebuild")
    assert kept(made).missing(STEPS) == []


def test_what_was_made_of_something_else_begins_anew(made: Path) -> None:
    do(kept(made), *STEPS)
    assert kept(made, "that").missing(STEPS) == STEPS


@pytest.mark.parametrize("step", ["build", "judge", "answer 1", "rebuild"])
def test_a_step_that_was_stopped_is_done_again(made: Path, step: str) -> None:
    one = kept(made)
    do(one, *STEPS[: STEPS.index(step)])
    stopped(one, step)
    rest = STEPS[STEPS.index(step) :]
    # What would have changed the index has perhaps changed half of it.
    assert kept(made).missing(STEPS) == (["build", *rest] if step == "rebuild" else rest)


def test_an_index_that_is_made_again_and_stopped_is_made_again(made: Path) -> None:
    one = kept(made)
    do(one, *STEPS[:3])
    stopped(one, "rebuild")
    again = kept(made)
    stopped(again, "build")
    assert kept(made).missing(STEPS) == ["build", "rebuild"]


def test_an_index_that_is_gone_is_made_again_only_for_steps_that_want_it(made: Path) -> None:
    do(kept(made), *STEPS[:3])
    made.rmdir()
    assert kept(made).missing(STEPS) == ["build", "rebuild"]
    made.mkdir()
    do(kept(made), "build", "rebuild")
    made.rmdir()
    assert kept(made).missing(STEPS) == []


def test_digests_tell_files_apart_by_name_and_bytes_and_not_by_what_python_compiled(tmp_path: Path) -> None:
    folder = tmp_path / "code"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "one.py").write_text("1")
    seen = [digest(folder), digest(folder, "x"), digest(folder / "one.py")]
    (folder / "__pycache__" / "one.pyc").write_text("2")
    assert digest(folder) == seen[0]
    (folder / "one.py").rename(folder / "two.py")
    seen.append(digest(folder))
    (folder / "two.py").write_text("2")
    assert len({*seen, digest(folder)}) == 5


def test_every_peer_has_packages_an_adapter_and_a_title() -> None:
    assert list(compare_peers.ENVIRONMENTS) == list(table.TITLES)
    assert set(compare_peers.ENVIRONMENTS.values()) == set(environments.PACKAGES) - {"plot"}
    adapters = {path.stem.removeprefix("with_") for path in compare_peers.HERE.glob("with_*.py")}
    assert adapters == set(compare_peers.ENVIRONMENTS)


def test_the_table_has_all_sizes_and_marks_the_best_of_each() -> None:
    results = [
        {"peer": "plain", "passages": 10, "hit_at_1": 0.5, "p50_ms": 3.2, "index_mb": 4.0},
        {"peer": "plain", "passages": 20, "hit_at_1": 0.5, "p50_ms": 4.0, "index_mb": 8.0},
        {"peer": "quoth", "passages": 20, "hit_at_1": 0.75, "p50_ms": 4.3, "index_mb": None},
        {"peer": "quoth", "passages": 10, "hit_at_1": 0.8, "p50_ms": 2.0},
    ]
    rows = table.table(results).splitlines()
    assert rows[0] == "| | Quoth | sentence-transformers + FAISS |"
    assert rows[2] == "| right paragraph first | **.800** / **.750** | .500 |"
    assert "| later answers, median, ms | **2** / **4** | 3 / **4** |" in rows
    assert "| index on disk, MB |  | 4 / 8 |" in rows


def test_prepared_steps_are_gone_on_with(tmp_path: Path) -> None:
    """Quoth itself, over three paragraphs: what needs a quiet machine comes later, and nothing is done twice."""
    texts = tmp_path / "corpus"
    (texts / "documents").mkdir(parents=True)
    paragraphs = ["The harbour was built in 1850.", "Tanks came over the river.", "Apples grow on trees in autumn."]
    (texts / "documents" / "a.txt").write_text("\n\n".join(paragraphs) + "\n")
    asked = [("When was the harbour built?", 1), ("What came over the river?", 2), ("What grows on trees?", 3)]
    lines = [json.dumps({"question": question, "right": [f"a.txt#{number}"]}) for question, number in asked]
    (texts / "questions.jsonl").write_text("\n".join(lines) + "\n")
    folder = tmp_path / "runs" / "quoth-3"
    python = Path(sys.executable)
    place = steps.Place("quoth", python, environments.model(python), tmp_path, texts, folder, None)

    def measured(timed: int, *, prepare: bool) -> dict[str, steps.Values]:
        options = argparse.Namespace(timed=timed, rounds=1, prepare=prepare)
        one = compare_peers.taken_up(options, place, {})
        failed: dict[str, str] = {}
        compare_peers.measure([place], {"quoth": one}, options, failed)
        assert failed == {}
        return one.steps

    prepared = measured(2, prepare=True)
    assert list(prepared) == ["build", "judge"]
    assert prepared["build"]["passages_per_second"] is None
    assert prepared["judge"]["questions"] == 3
    whole = measured(2, prepare=False)
    assert list(whole) == ["build", "judge", "answer 1", "rebuild", "index"]
    assert whole["build"] == prepared["build"]
    assert whole["rebuild"]["rebuild_found"]
    assert not folder.exists()
    result = compare_peers.typical(whole)
    assert result["passages_per_second"] == whole["index"]["passages_per_second"] is not None
    assert result["p50_ms"] == whole["answer 1"]["p50_ms"]
    assert measured(2, prepare=False) == whole
    assert list(measured(3, prepare=True)) == ["build", "judge"]
