"""Whether two indexes hold the same, find the same and answer alike."""

import numpy as np
import pytest

from index.encoding.encoder import Encoder
from index.protocol import Index
from qa.retriever import Retriever

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


def assert_alike(one: Index, other: Index, encoder: Encoder, rounding: float = 0.0) -> None:
    """Both hold and find the same; tokens may differ by `rounding`: fewer threads add otherwise."""
    numbers = range(other.statistics.passages)
    assert one.statistics.passages == len(numbers)
    assert np.array_equal(one.statistics.mean, other.statistics.mean)
    assert one.entries == other.entries
    assert one.about.counts == other.about.counts
    assert one.passages(numbers) == other.passages(numbers)
    assert np.array_equal(one.vectors(numbers), other.vectors(numbers))
    for read, expected in zip(one.tokens(numbers), other.tokens(numbers), strict=True):
        assert np.allclose(read.vectors, expected.vectors, rtol=0, atol=rounding)
        assert np.array_equal(read.spans, expected.spans)
    for entry in other.entries:
        assert one.document(entry.name) == other.document(entry.name)
    assert one.frequencies(WORDS) == other.frequencies(WORDS)
    assert_found_alike(one, other, encoder)


def assert_found_alike(one: Index, other: Index, encoder: Encoder) -> None:
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


def quoted(index: Index, encoder: Encoder) -> list:
    """What is quoted for each question, in order, and what is said of it."""
    answers = [Retriever(index, encoder).answer(question, 12) for question in ASKED]
    return [(one.verdict, [(q.document.name, q.start, q.end, q.marked) for q in one]) for one in answers]
