"""Token files that snapshots share: linked where that pays, whole whatever happens to the snapshot before."""

import os
from pathlib import Path

import pytest
from small_encoder import ShippedEncoder

from index.local.build import build
from index.local.snapshot import Snapshot
from qa.retriever import Retriever
from source.errors import UserError

ENCODER = ShippedEncoder()
FIRST = "tokens-000001.bin"


@pytest.fixture
def essays(tmp_path: Path) -> Path:
    """Ten essays of ten paragraphs each, and an index of them."""
    folder = tmp_path / "essays"
    folder.mkdir()
    for i in range(10):
        write(folder, i, [f"Passage {i * 10 + j} speaks of thing{i * 10 + j}." for j in range(10)])
    build(folder, tmp_path / "index", encoder=ENCODER)
    return folder


def write(folder: Path, number: int, paragraphs: list[str]) -> None:
    (folder / f"{number}.txt").write_text("Things\n\n" + "\n\n".join(paragraphs) + "\n", encoding="utf-8")


def rebuilt(essays: Path) -> Snapshot:
    return build(essays, essays.parent / "index", encoder=ENCODER)[0]


def token_files(snapshot: Snapshot) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in sorted(snapshot.folder.glob("tokens-*.bin"))}


def answers(snapshot: Snapshot) -> list[object]:
    retriever = Retriever(snapshot, ENCODER)
    return [retriever.answer(f"What of thing{i}?").json()["quotes"] for i in range(0, 100, 7)]


def same_as_fresh(essays: Path, snapshot: Snapshot) -> bool:
    fresh, _ = build(essays, essays.parent / f"fresh-{snapshot.name}", encoder=ENCODER)
    return answers(snapshot) == answers(fresh)


def test_a_changed_paragraph_is_all_that_a_rebuild_writes(essays: Path) -> None:
    before = Snapshot.open(essays.parent / "index")
    write(essays, 3, ["Passage 30 speaks of ships.", *(f"Passage {i} speaks of thing{i}." for i in range(31, 40))])
    after = rebuilt(essays)
    assert (after.folder / FIRST).samefile(before.folder / FIRST)
    sizes = token_files(after)
    assert list(sizes) == [FIRST, "tokens-000002.bin"]
    assert sizes["tokens-000002.bin"] * 50 < sizes[FIRST]
    assert same_as_fresh(essays, after)
    again = rebuilt(essays)  # nothing is new, and the small file is taken into the next one
    assert token_files(again) == {FIRST: sizes[FIRST], "tokens-000002.bin": sizes["tokens-000002.bin"]}
    assert not (again.folder / "tokens-000002.bin").samefile(after.folder / "tokens-000002.bin")
    assert same_as_fresh(essays, again)


def test_the_snapshot_before_may_go(essays: Path) -> None:
    before = Snapshot.open(essays.parent / "index")
    of_before = answers(before)
    (essays / "new.txt").write_text("New\n\nThe tanks came.\n", encoding="utf-8")
    after = rebuilt(essays)
    of_after = answers(after)
    assert answers(before) == of_before
    folder = before.folder
    del before
    rebuilt(essays)
    assert not folder.exists()
    assert answers(after) == of_after


def test_what_is_mostly_not_needed_is_not_kept(essays: Path) -> None:
    for i in range(4):
        (essays / f"{i}.txt").unlink()
    after = rebuilt(essays)
    fresh, _ = build(essays, essays.parent / "fresh", encoder=ENCODER)
    assert token_files(after) == token_files(fresh)
    assert answers(after) == answers(fresh)


def test_files_do_not_become_many(essays: Path) -> None:
    whole = sum(token_files(Snapshot.open(essays.parent / "index")).values())
    for turn in range(40):
        paragraphs = [f"Passage {turn % 10 * 10 + j} speaks of thing{turn % 10 * 10 + j}." for j in range(9)]
        write(essays, turn % 10, [*paragraphs, f"This was said in turn {turn}."])
        after = rebuilt(essays)
        sizes = token_files(after).values()
        assert len(sizes) <= 17
        assert sum(sizes) <= whole * 1.5
    assert same_as_fresh(essays, after)


def test_where_files_cannot_be_linked_they_are_copied(essays: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError("this file system has no links")

    monkeypatch.setattr(os, "link", no_links)
    (essays / "new.txt").write_text("New\n\nThe tanks came.\n", encoding="utf-8")
    after = rebuilt(essays)
    assert list(token_files(after)) == [FIRST]
    assert same_as_fresh(essays, after)


@pytest.mark.parametrize("checked_whole", [0, 1 << 30])
def test_damage_to_a_shared_file_is_noticed_and_mended(essays: Path, checked_whole: int) -> None:
    (essays / "new.txt").write_text("New\n\nThe tanks came.\n", encoding="utf-8")
    after = rebuilt(essays)
    expected = answers(after)
    path = after.folder / FIRST
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(UserError, match=f"file {FIRST} is not as it was written; rebuild it: quoth index"):
        answers(Snapshot.open(essays.parent / "index", checked_whole=checked_whole))
    mended = rebuilt(essays)
    assert list(token_files(mended)) == [FIRST]
    assert answers(mended) == expected
