"""A collection in Milvus answers as the index on disk does, passage by passage, also while it is being rebuilt."""

import random
from pathlib import Path

import pytest
from alike import assert_alike, assert_found_alike, quoted
from small_encoder import ShippedEncoder, SmallEncoder

from index.build import build
from index.local.build import build as build_locally
from index.milvus.address import Address
from index.milvus.index import MilvusIndex
from index.milvus.kind import MilvusSink
from index.opening import current, open_index, origin, sink
from index.protocol import Index, Origin
from source.errors import NoDocument, NoIndex


@pytest.mark.parametrize("kind", [SmallEncoder, ShippedEncoder])
def test_it_answers_as_the_index_on_disk_does(address: str, essays: Path, tmp_path: Path, kind: type) -> None:
    encoder = kind()
    with pytest.raises(NoIndex, match=r"There is no index at 'milvus://.*'; build one with: quoth index FOLDER --ind"):
        current(address)
    index, report = build(essays, sink(address), encoder=encoder, chosen=True)
    stored, expected = build_locally(essays, tmp_path / "index", encoder=encoder, chosen=True)
    assert (str(report).rsplit(",", 1)[0], report.changes) == (str(expected).rsplit(",", 1)[0], expected.changes)
    assert (report.languages, report.left_out, report.embedded) == (
        expected.languages,
        expected.left_out,
        expected.embedded,
    )
    assert_alike(index, stored, encoder)
    assert quoted(index, encoder) == quoted(stored, encoder)
    assert (current(address), origin(address)) == (index.name, Origin(str(essays), "small", True))
    with pytest.raises(NoDocument, match=r"The index holds no document 'wars\.txt'; the nearest is 'war\.txt'\."):
        index.document("wars.txt")


def test_a_rebuild_writes_what_changed_and_is_seen_at_once_when_it_is_whole(
    address: str, essays: Path, tmp_path: Path
) -> None:
    encoder = SmallEncoder()
    build(essays, sink(address), encoder=encoder)
    before, _ = build_locally(essays, tmp_path / "index", encoder=encoder)
    (essays / "krieg.txt").rename(essays / "a.txt")
    (essays / "many.txt").unlink()
    war = (essays / "war.txt").read_text(encoding="utf-8")
    (essays / "war.txt").write_text(war.replace("July", "August") + "\nA boat came, too.\n", encoding="utf-8")
    seen: list[str] = []

    def half_written(done: int, total: int) -> None:
        with open_index(address) as half:
            seen.append(half.name)
            assert_found_alike(half, before, encoder)
            assert quoted(half, encoder) == quoted(before, encoder)

    old = open_index(address)
    index, report = build(essays, sink(address), encoder=encoder, progress=half_written)
    assert set(seen) == {old.name}
    assert index.name != old.name == seen[0]
    after, expected = build_locally(essays, tmp_path / "index", encoder=encoder)
    assert (report.changes, report.embedded) == (expected.changes, expected.embedded)
    assert_alike(index, after, encoder)
    assert_alike(open_index(address), after, encoder)
    assert_alike(old, before, encoder)  # whoever began to ask it may go on
    again, report = build(essays, sink(address), encoder=encoder)
    assert report.embedded == 0
    assert_alike(again, after, encoder)


def test_what_is_gone_for_all_is_taken_away(address: str, essays: Path) -> None:
    encoder = SmallEncoder()

    def rows(index: Index) -> list[int]:
        assert isinstance(index, MilvusIndex)
        tables = index.tables
        return [len(tables.where(table, "id > 0", ["id"], "Strong")) for table in (tables.passages, tables.records)]

    counts = []
    for number in range(4):
        (essays / "war.txt").write_text(f"The War\n\nVersion {number} of the tanks.\n", encoding="utf-8")
        index, _ = build(essays, MilvusSink(Address.of(address), kept=0), encoder=encoder)
        counts.append(rows(index))
    assert counts[3] == counts[2] == counts[1]
    fresh, _ = build(essays, sink(f"{address}_fresh"), encoder=encoder)
    passages, records = rows(fresh)
    assert counts[3][0] == passages + 1  # the generation before may still be asked
    assert records < counts[3][1] < 2 * records


def test_long_texts_are_kept_whole(address: str, tmp_path: Path) -> None:
    signs = random.Random(4)
    words = ("".join(chr(signs.randrange(0x4E00, 0x9FFF)) for _ in range(7)) for _ in range(40_000))
    folder = tmp_path / "essays"
    folder.mkdir()
    (folder / "long.txt").write_text("Long\n\n" + "。".join(words) + "。\n", encoding="utf-8")
    encoder = SmallEncoder()
    index, _ = build(folder, sink(address), encoder=encoder)
    stored, _ = build_locally(folder, tmp_path / "index", encoder=encoder)
    assert len(stored.document("long.txt").text.encode()) > 10 * 65_535
    assert index.document("long.txt") == stored.document("long.txt")
    numbers = range(stored.statistics.passages)
    assert index.passages(numbers) == stored.passages(numbers)
    for number in (0, len(numbers) - 1):
        text = stored.passages([number])[0].text
        for phrase in (text[:4], text[len(text) // 2 :][:4], text[-5:-1]):
            assert [hit.passage for hit in index.containing((phrase,), 5)] == [number]
