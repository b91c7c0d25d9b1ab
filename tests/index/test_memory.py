"""The index of a text at hand answers as the one on disk does."""

from pathlib import Path

import numpy as np
import pytest
from small_encoder import ShippedEncoder, SmallEncoder

from index.local.build import build
from index.memory import MemoryIndex
from index.protocol import Index
from qa.retriever import Retriever
from source.document import Document
from source.errors import NoDocument
from source.library import read_library
from source.proof import STANDS

TEXTS = {
    "war.txt": "The War\n\nThe tanks came over the river. Nobody saw the tanks.\n\nThe armistice was signed in July.\n",
    "sea/ships.md": "---\nauthor: A. Mariner\n---\n# Ships\n\nShips carry “grain”. They sail:\n\n- east\n- west\n",
    "krieg.txt": "Der Krieg\n\nDie Panzer kamen über den Fluss. Niemand hat die Panzer gesehen, und keiner fragte.\n",
    "long.txt": "Long\n\n" + " ".join(f"The river number {i} met a tank in July." for i in range(60)) + "\n",
    "many.txt": "Many\n\n"
    + "\n\n".join(f"Passage {i} of the river holds tank{i % 7} grain." for i in range(130))
    + "\n",
}
ASKED = (
    "Who saw the tanks come over the river?",
    "ships carry grain",
    "Panzer am Fluss",
    '"the river"',
    '"grain" tank3',
)
WORDS = ("tanks", "river", "grain", "panzer", "the", "tank3", "submarine")


@pytest.fixture(params=[SmallEncoder, ShippedEncoder])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Index, Index, SmallEncoder]:
    for name, text in TEXTS.items():
        path = tmp_path / "essays" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    encoder = request.param()
    documents = [one for one in read_library(tmp_path / "essays") if isinstance(one, Document)]
    stored, _ = build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    return MemoryIndex(documents, encoder), stored, encoder


def test_what_it_holds_is_the_same(both: tuple[Index, Index, SmallEncoder]) -> None:
    held, stored, _ = both
    numbers = range(stored.statistics.passages)
    assert held.statistics.passages == len(numbers) > 130
    assert np.array_equal(held.statistics.mean, stored.statistics.mean)
    assert held.entries == stored.entries
    assert held.about.counts == stored.about.counts
    assert (held.model, held.model_sha256) == (stored.model, stored.model_sha256)
    assert held.passages(numbers) == stored.passages(numbers)
    assert np.array_equal(held.vectors(numbers), stored.vectors(numbers))
    for one, other in zip(held.tokens(numbers), stored.tokens(numbers), strict=True):
        assert np.array_equal(one.vectors, other.vectors)
        assert np.array_equal(one.spans, other.spans)
    for entry in stored.entries:
        assert held.document(entry.name).text == stored.document(entry.name).text
    assert held.standing("war.txt", 0, 3) == STANDS


@pytest.mark.parametrize("documents", [None, ["many.txt", "war.txt"], ["krieg.txt"], []])
def test_what_is_found_is_the_same(both: tuple[Index, Index, SmallEncoder], documents: list[str] | None) -> None:
    held, stored, encoder = both
    numbers = [*range(0, stored.statistics.passages, 9), 3]
    for question in ASKED:
        (read,) = encoder.encode([question], question=True)
        assert np.array_equal(held.projection.project(read.tokens), stored.projection.project(read.tokens))
        for k in (1, 7, 500):
            near, also = held.nearest(read.vector, k, documents), stored.nearest(read.vector, k, documents)
            assert [hit.score for hit in near] == pytest.approx([hit.score for hit in also], abs=1e-6)
            assert {hit.passage for hit in near} == {hit.passage for hit in also} or k == 7  # ties at the end
    for words in (WORDS, WORDS[:1], WORDS[4:], ()):
        assert held.frequencies(words) == stored.frequencies(words)
        assert held.word_scores(words, numbers) == pytest.approx(stored.word_scores(words, numbers), rel=1e-6)
        for k in (1, 7, 500):
            found, expected = held.matching(words, k, documents), stored.matching(words, k, documents)
            assert [hit.passage for hit in found] == [hit.passage for hit in expected]
            assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], rel=1e-6)
    for phrases in (("the river",), ("grain", "tank3"), ("Über den Fluss",), ("over the river nobody",)):
        found, expected = held.containing(phrases, 200, documents), stored.containing(phrases, 200, documents)
        assert [hit.passage for hit in found] == [hit.passage for hit in expected]
        assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], rel=1e-6)


@pytest.mark.parametrize("documents", [None, ["many.txt", "war.txt"], []])
def test_words_that_follow_each_other_are_found_alike(
    both: tuple[Index, Index, SmallEncoder], documents: list[str] | None
) -> None:
    held, stored, _ = both
    asked = (["the", "river"], ["rivers", "nobody", "saw"], ["river", "the"], ["panzer", "gesehen"], ["tank3"], [])
    for words in asked:
        for k in (1, 200):
            assert held.following(words, k, documents) == stored.following(words, k, documents)
    assert len(stored.following(["the", "river"], 3)) == 3
    assert stored.following(["river", "the"], 3) == stored.following([], 3) == []
    (found,) = stored.passages(stored.following(["river", "nobody", "saw"], 9))
    assert found.text == "The tanks came over the river. Nobody saw the tanks."


def test_answers_are_the_same(both: tuple[Index, Index, SmallEncoder]) -> None:
    held, stored, encoder = both
    for question in ASKED:
        one, other = (Retriever(index, encoder).answer(question, 12) for index in (held, stored))
        assert [quote.json() for quote in one] == [quote.json() for quote in other]
        assert (one.verdict, one.confidence) == (other.verdict, pytest.approx(other.confidence, abs=1e-6))


def test_an_unknown_document_is_named(both: tuple[Index, Index, SmallEncoder]) -> None:
    held, _, encoder = both
    vector = np.ones(encoder.dimension, np.float32)
    for ask in (
        lambda: held.document("wars.txt"),
        lambda: held.nearest(vector, 1, ["wars.txt"]),
        lambda: held.matching(["tank"], 1, ["wars.txt"]),
        lambda: held.containing(["tank"], 1, ["wars.txt"]),
        lambda: held.following(["tank"], 1, ["wars.txt"]),
    ):
        with pytest.raises(NoDocument, match=r"The index holds no document 'wars\.txt'; the nearest is 'war\.txt'\."):
            ask()


def test_nothing_can_be_found_in_nothing() -> None:
    empty = MemoryIndex([], SmallEncoder())
    answer = Retriever(empty, SmallEncoder()).answer("What is it about?")
    assert (answer.verdict, answer.quotes) == ("none", ())
    assert empty.about.counts.passages == 0


def test_its_name_tells_what_it_holds() -> None:
    one, other = Document("", "One text.", "One"), Document("", "Another text.", "Other")
    names = [MemoryIndex([document], SmallEncoder()).name for document in (one, other, one)]
    assert names[0] == names[2] != names[1]
