"""A rebuilt index holds and answers what a new one does."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from held import everything
from small_encoder import ShippedEncoder

from index.local.build import build
from index.local.writing import DocumentWriter
from qa.retriever import Retriever
from source.reading import read_data


def test_a_rebuild_holds_what_a_fresh_build_holds(tmp_path: Path) -> None:
    essays = tmp_path / "essays"
    essays.mkdir()
    random = Random(3)
    vocabulary = [f"word{i}" for i in range(60)]
    straight = []
    for turn in range(12):
        for name in random.sample("abcdefghij", 1 + turn % 4):
            paragraphs = [" ".join(random.choices(vocabulary, k=12)) + "." for _ in range(random.randrange(4))]
            path = essays / f"{name}.txt"
            if paragraphs:
                path.write_text("A title\n\n" + "\n\n".join([*paragraphs, "Said by all."]), encoding="utf-8")
            else:
                path.unlink(missing_ok=True)
        (essays / "z.txt").write_text("A title\n\nNever changed by anyone.\n\nNeither is this.", encoding="utf-8")
        rebuilt, report = build(essays, tmp_path / "index", encoder=ShippedEncoder())
        fresh, whole = build(essays, tmp_path / f"fresh{turn}", encoder=ShippedEncoder())
        assert everything(rebuilt) == everything(fresh)
        straight.append(rebuilt.order.straight)
        assert fresh.order.straight
        assert str(report).rpartition(",")[0] == str(whole).rpartition(",")[0]
        assert turn == 0 or report.embedded < whole.embedded
        answers = [
            Retriever(one, ShippedEncoder()).answer("word3 word7 and word11?").json() for one in (rebuilt, fresh)
        ]
        for answer in answers:
            answer["receipt"].pop("index")
        assert answers[0] == answers[1]
    assert 3 <= sum(straight) <= 9  # some were changed where they lay, some written anew


def test_the_text_of_what_is_gone_is_nowhere_in_the_index(tmp_path: Path) -> None:
    essays = tmp_path / "essays"
    essays.mkdir()
    for i in range(12):
        (essays / f"{i}.txt").write_text(f"Essay {i}\n\n" + "\n\n".join(f"Ship {i} {j} sailed." for j in range(9)))
    (essays / "secret.txt").write_text("A plan\n\nThe submarine Nonsuch lies off Xanadu harbour.\n\nNobody knows.")
    build(essays, tmp_path / "index", encoder=ShippedEncoder())
    (essays / "secret.txt").unlink()
    snapshot, _ = build(essays, tmp_path / "index", encoder=ShippedEncoder())
    assert not snapshot.order.straight  # it was changed where it lay
    held = b"".join(path.read_bytes() for path in snapshot.folder.iterdir()).lower()
    assert b"sailed" in held
    for word in (b"submarine", b"nonsuch lies", b"xanadu harbour", b"nobody knows"):
        assert word not in held


def test_frequent_terms_are_those_of_a_fresh_build(tmp_path: Path) -> None:
    essays = tmp_path / "essays"
    essays.mkdir()
    random = Random(5)
    vocabulary = [f"word{i}" for i in range(12)]

    def write(name: str) -> None:
        paragraphs = [" ".join(random.choices(vocabulary, k=8)) + "." for _ in range(20)]
        text = f"{random.choice(vocabulary)} again\n\n" + "\n\n".join(paragraphs)
        (essays / f"{name}.txt").write_text(text, encoding="utf-8")

    for name in "bdefghijkl":
        write(name)
    build(essays, tmp_path / "index", encoder=ShippedEncoder())
    terms = []
    for changed in ("a", "e", "bcd"):  # one more, one changed, and several of both
        for name in changed:
            write(name)
        (essays / "l.txt").unlink(missing_ok=True)
        rebuilt, _ = build(essays, tmp_path / "index", encoder=ShippedEncoder())
        fresh, _ = build(essays, tmp_path / f"fresh-{changed}", encoder=ShippedEncoder())
        assert everything(rebuilt) == everything(fresh)
        terms.append(len(rebuilt.frequent_terms.lists.starts) - 1)
    assert 0 < min(terms) < max(terms)  # some have become frequent, or are no longer


@pytest.mark.parametrize("gone", ["z", "xyz"])
@pytest.mark.parametrize("added", ["z", "wz"])
def test_what_follows_a_gap_is_copied_from_where_it_lies(tmp_path: Path, gone: str, added: str) -> None:
    """Numbers of documents are given again, slots are not."""
    essays = tmp_path / "essays"
    essays.mkdir()

    def write(name: str, word: str) -> None:
        paragraphs = "\n\n".join(f"The {word} of {name} sailed {i} times." for i in range(ord(name) % 3))
        (essays / f"{name}.txt").write_text(f"Essay {name}\n\n{paragraphs}", encoding="utf-8")

    for name in "abcdefghijklmnopqrstuvxyz":
        write(name, "ship")
    build(essays, tmp_path / "index", encoder=ShippedEncoder())
    for name in gone:
        (essays / f"{name}.txt").unlink()
    build(essays, tmp_path / "index", encoder=ShippedEncoder())
    for name in added:
        write(name, "boat")
    behind, _ = build(essays, tmp_path / "index", encoder=ShippedEncoder())
    assert not behind.order.straight
    for name in "abcdefghijk":
        (essays / f"{name}.txt").unlink()
    rebuilt, _ = build(essays, tmp_path / "index", encoder=ShippedEncoder())
    fresh, _ = build(essays, tmp_path / "fresh", encoder=ShippedEncoder())
    assert rebuilt.order.straight
    assert everything(rebuilt) == everything(fresh)


def test_an_essay_is_written_in_as_many_steps_however_many_lie_before_it(tmp_path: Path) -> None:
    document = read_data(b"A log\n\nNothing was seen.\n\nIt rained.", "log.txt")
    writer = DocumentWriter(tmp_path / "added.sqlite")
    ticks: list[None] = []
    writer._connection.set_progress_handler(lambda: ticks.append(None), 10)
    steps = []
    for number in range(400):
        before = len(ticks)
        writer.add(replace(document, name=f"{number}.txt"))
        steps.append(len(ticks) - before)
    writer.close()
    assert 0 < sum(steps[-40:]) < 2 * sum(steps[:40])


def test_passages_that_say_the_same_are_each_found_in_one_step(tmp_path: Path) -> None:
    essays = tmp_path / "essays"
    essays.mkdir()
    steps = []
    for count in (50, 400):
        (essays / "a.txt").write_text("A log\n\n" + "\n\n".join(["Nothing was seen.", "It rained."] * count))
        snapshot, _ = build(essays, tmp_path / f"index{count}", encoder=ShippedEncoder())
        with closing(sqlite3.connect(snapshot.folder / "text.sqlite")) as connection:
            keys = [key for (key,) in connection.execute("SELECT key FROM passage ORDER BY id")]
        ticks: list[None] = []
        with snapshot._text.connection() as connection:
            connection.set_progress_handler(lambda ticks=ticks: ticks.append(None), 10)
        assert snapshot.keyed([b"none", *keys, keys[0], b"none"]) == [-1, *range(2 * count), 0, -1]
        steps.append(len(ticks))
    assert steps[0] < steps[1] < 10 * steps[0]


def test_essays_without_passages_that_come_and_go_leave_no_more_gaps_than_others(tmp_path: Path) -> None:
    essays = tmp_path / "essays"
    essays.mkdir()
    (essays / "a.txt").write_text("Ships\n\n" + "\n\n".join(f"Ship {i} sailed." for i in range(20)))
    lying = []
    for turn in range(12):
        for path in essays.glob("scan*"):
            path.unlink()
        for i in range(4):
            (essays / f"scan {turn} {i}.txt").write_text(f"***\n\n{'*' * (3 + turn)}\n")
        rebuilt, _ = build(essays, tmp_path / "index", encoder=ShippedEncoder())
        assert len(rebuilt.entries) == 5
        lying.append(len(rebuilt.stock.digests["documents"]))
    assert 5 < max(lying) < 15
