"""A collection in Milvus answers as the index on disk does, passage by passage, also while it is being rebuilt."""

import random
from pathlib import Path

import numpy as np
import pytest
from small_encoder import ShippedEncoder, SmallEncoder

from index.build import build
from index.local.build import build as build_locally
from index.milvus.index import MilvusIndex
from index.opening import current, open_index, origin, sink
from index.protocol import Index, Origin
from qa.retriever import Retriever
from source.errors import NoDocument, NoIndex

ASKED = (
    "Who saw the tanks come over the river?",
    "ships carry grain",
    "Panzer am Fluss",
    "谁看见坦克",
    '"the river"',
    '"grain" tank3',
)
WORDS = ("tanks", "river", "grain", "panzer", "the", "tank3", "坦克", "submarine")
AMONG = (None, ["many.txt", "war.txt"], ["krieg.txt", "zhan.txt"], [])


def assert_alike(one: Index, other: Index, encoder: SmallEncoder) -> None:
    """Both hold and find the same."""
    numbers = range(other.statistics.passages)
    assert one.statistics.passages == len(numbers)
    assert np.array_equal(one.statistics.mean, other.statistics.mean)
    assert one.entries == other.entries
    assert one.about.counts == other.about.counts
    assert one.passages(numbers) == other.passages(numbers)
    assert np.array_equal(one.vectors(numbers), other.vectors(numbers))
    for read, expected in zip(one.tokens(numbers), other.tokens(numbers), strict=True):
        assert np.array_equal(read.vectors, expected.vectors)
        assert np.array_equal(read.spans, expected.spans)
    for entry in other.entries:
        assert one.document(entry.name) == other.document(entry.name)
    assert one.frequencies(WORDS) == other.frequencies(WORDS)
    assert_found_alike(one, other, encoder)


def assert_found_alike(one: Index, other: Index, encoder: SmallEncoder) -> None:
    names = {entry.name for entry in other.entries}
    numbers = range(0, other.statistics.passages, 7)
    for words in (WORDS, WORDS[:1], WORDS[4:], ()):
        assert one.word_scores(words, numbers) == pytest.approx(other.word_scores(words, numbers), rel=1e-6)
    for documents in (among for among in AMONG if not among or set(among) <= names):
        for question in ASKED:
            (read,) = encoder.encode([question], question=True)
            near, also = one.nearest(read.vector, 500, documents), other.nearest(read.vector, 500, documents)
            assert [hit.score for hit in near] == pytest.approx([hit.score for hit in also], abs=1e-6)
            assert {hit.passage for hit in near} == {hit.passage for hit in also}
        for words in (WORDS, WORDS[:1], WORDS[4:], ()):
            for k in (1, 7, 500):
                same_hits(one.matching(words, k, documents), other.matching(words, k, documents))
        for phrases in (("the river",), ("grain", "tank3"), ("Über den Fluss",), ("over the river nobody",), ("看见",)):
            same_hits(one.containing(phrases, 200, documents), other.containing(phrases, 200, documents))
        for words in (["the", "river"], ["rivers", "nobody", "saw"], ["river", "the"], ["panzer", "gesehen"], []):
            assert one.following(words, 200, documents) == other.following(words, 200, documents)


def same_hits(found: list, expected: list) -> None:
    assert [hit.passage for hit in found] == [hit.passage for hit in expected]
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], rel=1e-6)


def quoted(index: Index, encoder: SmallEncoder) -> list:
    """What is quoted for each question, in order, and what is said of it."""
    answers = [Retriever(index, encoder).answer(question, 12) for question in ASKED]
    return [(one.verdict, [(q.document.name, q.start, q.end, q.marked) for q in one]) for one in answers]


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


def test_what_is_gone_for_all_is_taken_away(address: str, essays: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.milvus.generation.KEPT", 0)
    encoder = SmallEncoder()

    def rows(index: Index) -> list[int]:
        assert isinstance(index, MilvusIndex)
        tables = index.tables
        return [len(tables.where(table, "id > 0", ["id"], "Strong")) for table in (tables.passages, tables.records)]

    counts = []
    for number in range(4):
        (essays / "war.txt").write_text(f"The War\n\nVersion {number} of the tanks.\n", encoding="utf-8")
        index, _ = build(essays, sink(address), encoder=encoder)
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
