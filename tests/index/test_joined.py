"""Two indexes that are joined answer as one index of the same essays does."""

from pathlib import Path

import numpy as np
import pytest
from small_encoder import ShippedEncoder, SmallEncoder

from index.joined import JoinedIndex
from index.local.build import build
from index.local.snapshot import Snapshot
from index.protocol import Hit, Index
from qa.retriever import Retriever
from source.errors import NoDocument, OtherModel

LIBRARY = {
    "war.txt": "The War\n\nThe tanks came over the river. Nobody saw the tanks.\n\nThe armistice was signed in July.\n",
    "krieg.txt": "Der Krieg\n\nDie Panzer kamen über den Fluss. Niemand hat die Panzer gesehen, und keiner fragte.\n",
    "long.txt": "Long\n\n" + " ".join(f"The river number {i} met a tank in July." for i in range(60)) + "\n",
    "many.txt": "Many\n\n"
    + "\n\n".join(f"Passage {i} of the river holds tank{i % 7} grain." for i in range(130))
    + "\n",
}
OWN = {
    "bees.txt": "Bees\n\nThe bees came over the river in July. Everybody saw the bees, and nobody saw a tank.\n\n"
    "A queen lays eggs.\n",
    "sea/ships.md": "# Ships\n\nShips carry “grain” over the river. They sail:\n\n- east\n- west\n",
    "wide.txt": "Wide\n\n" + " ".join(f"Ship {i} carried grain to the bees." for i in range(50)) + "\n",
}
ASKED = (
    "Who saw the tanks come over the river?",
    "Who saw the bees?",
    "ships carry grain",
    "Panzer am Fluss",
    '"over the river"',
    '"grain" tank3',
    "the queen's eggs",
)
WORDS = ("tanks", "river", "grain", "panzer", "the", "tank3", "bees", "submarine")
AMONG = (None, ["many.txt", "bees.txt"], ["sea/ships.md"], ["war.txt"], [])


def written(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(params=[SmallEncoder, ShippedEncoder])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Index, Index, SmallEncoder]:
    """The two as one index, and one index of all."""
    encoder = request.param()
    library, _ = build(written(tmp_path / "library", LIBRARY), tmp_path / "index", encoder=encoder)
    own, _ = build(written(tmp_path / "own", OWN), tmp_path / "own-index", encoder=encoder, beside=library)
    written(tmp_path / "all", OWN | LIBRARY)
    whole, _ = build(tmp_path / "all", tmp_path / "whole", encoder=encoder, beside=library)
    return JoinedIndex(own, library), whole, encoder


def places(index: Index, hits: list[Hit]) -> list[tuple[str, int, float]]:
    """Passages by their place, as their numbers differ, those of one score in one order."""
    read = index.passages([hit.passage for hit in hits])
    found = [(one.document, one.passage.start, round(hit.score, 5)) for one, hit in zip(read, hits, strict=True)]
    return sorted(found, key=lambda one: (-one[2], one))


def test_what_it_holds_is_the_same(both: tuple[Index, Index, SmallEncoder]) -> None:
    joined, whole, _ = both
    assert joined.statistics.mean == pytest.approx(whole.statistics.mean, abs=1e-6)
    for name in ("passages", "vectors", "terms", "languages"):
        assert getattr(joined.statistics, name) == getattr(whole.statistics, name)
    assert sorted(joined.entries) == sorted(whole.entries)
    assert joined.about.counts == whole.about.counts
    numbers = range(whole.statistics.passages)
    by_place = {(one.document, one.passage.start): number for number, one in enumerate(joined.passages(numbers))}
    at = [by_place[one.document, one.passage.start] for one in whole.passages(numbers)]
    assert joined.passages(at) == whole.passages(numbers)
    assert joined.terms(at) == whole.terms(numbers)
    assert np.array_equal(joined.vectors(at), whole.vectors(numbers))
    for one, other in zip(joined.tokens(at), whole.tokens(numbers), strict=True):
        assert np.array_equal(one.vectors, other.vectors)
        assert np.array_equal(one.spans, other.spans)
    assert joined.word_scores(WORDS, at) == pytest.approx(whole.word_scores(WORDS, numbers), rel=1e-5)
    assert joined.frequencies(WORDS) == whole.frequencies(WORDS)
    for entry in whole.entries:
        assert joined.document(entry.name) == whole.document(entry.name)
        assert joined.standing(entry.name, 0, 3) == whole.standing(entry.name, 0, 3)


@pytest.mark.parametrize("documents", AMONG)
def test_what_is_found_is_the_same(both: tuple[Index, Index, SmallEncoder], documents: list[str] | None) -> None:
    joined, whole, encoder = both
    for question in ASKED:
        (read,) = encoder.encode([question], question=True)
        assert np.array_equal(joined.projection.project(read.tokens), whole.projection.project(read.tokens))
        for k in (1, 500):
            near, also = joined.nearest(read.vector, k, documents), whole.nearest(read.vector, k, documents)
            assert places(joined, near) == places(whole, also)
    for words in (WORDS, WORDS[:1], WORDS[4:], ()):
        found, expected = joined.matching(words, 500, documents), whole.matching(words, 500, documents)
        assert places(joined, found) == places(whole, expected)
        best, first = joined.matching(words, 5, documents), whole.matching(words, 5, documents)
        assert [hit.score for hit in best] == pytest.approx([hit.score for hit in first], rel=1e-5)
    for phrases in (("the river",), ("grain", "tank3"), ("over the river",), ("über den fluss",)):
        found, expected = joined.containing(phrases, 500, documents), whole.containing(phrases, 500, documents)
        assert {one[:2] for one in places(joined, found)} == {one[:2] for one in places(whole, expected)}
    for words in (["the", "river"], ["nobody", "saw"], ["panzer", "gesehen"], []):
        numbers, also = joined.following(words, 500, documents), whole.following(words, 500, documents)
        texts, expected = ([one.text for one in it.passages(some)] for it, some in ((joined, numbers), (whole, also)))
        assert sorted(texts) == sorted(expected)


def test_the_answers_are_the_same(both: tuple[Index, Index, SmallEncoder]) -> None:
    joined, whole, encoder = both
    of_joined, of_whole = Retriever(joined, encoder), Retriever(whole, encoder)
    for question in ASKED:
        for documents in AMONG[:4]:
            # Of many passages that hold a phrase others are looked at: the last of a list may differ.
            answer, expected = (one.answer(question, 4, documents) for one in (of_joined, of_whole))
            assert answer.verdict == expected.verdict
            assert answer.confidence == pytest.approx(expected.confidence, abs=1e-4)
            assert [quote.place for quote in answer] == [quote.place for quote in expected]
            assert [quote.marked for quote in answer] == [quote.marked for quote in expected]
            for quote in answer.quotes:
                assert quote.text == quote.document.text[quote.start : quote.end]


def test_of_two_essays_of_one_name_that_of_the_library_is_meant(tmp_path: Path) -> None:
    encoder = ShippedEncoder()
    library, _ = build(written(tmp_path / "library", LIBRARY), tmp_path / "index", encoder=encoder)
    texts = {"war.txt": "War\n\nThe bees came over the river at night.\n", "bees.txt": OWN["bees.txt"]}
    own, _ = build(written(tmp_path / "own", texts), tmp_path / "own-index", encoder=encoder)
    joined = JoinedIndex(own, library)
    assert joined.document("war.txt") == library.document("war.txt")
    assert [entry.name for entry in joined.entries].count("war.txt") == 1
    for documents in (None, ["war.txt", "bees.txt"]):
        answer = Retriever(joined, encoder).answer("Who came over the river at night?", 20, documents)
        assert {quote.document.name for quote in answer.quotes} >= {"bees.txt", "war.txt"}
        assert not any("at night" in quote.text for quote in answer.quotes)
        for quote in answer.quotes:
            assert quote.text == joined.document(quote.document.name).text[quote.start : quote.end]
    with pytest.raises(NoDocument, match=r"no document 'wars\.txt'; the nearest is 'war\.txt'\."):
        joined.nearest(np.zeros(384, np.float32), 1, ["wars.txt"])


def test_what_was_built_otherwise_is_not_joined(tmp_path: Path) -> None:
    library, _ = build(written(tmp_path / "library", LIBRARY), tmp_path / "index", encoder=SmallEncoder())
    for other in (ShippedEncoder(), SmallEncoder()):  # other weights; another projection, fitted to other essays
        own, _ = build(written(tmp_path / "own", OWN), tmp_path / "own-index", encoder=other)
        with pytest.raises(OtherModel, match=r"was built with other weights than the one beside it; rebuild it: quoth"):
            JoinedIndex(own, library)
    again, _ = build(tmp_path / "own", tmp_path / "again", encoder=SmallEncoder(), beside=library)
    assert isinstance(again, Snapshot)
    assert JoinedIndex(again, library).statistics.passages > library.statistics.passages
