from pathlib import Path

import numpy as np
import pytest

from index.encoding.encoder import unit
from index.encoding.tokens import Projection, packed_tokens, shipped_projection
from index.encoding.vectors import packed_vectors
from index.local.files.checksums import CheckedFile
from index.local.files.rows import RowWriter
from index.local.files.token_files import TokenFiles, TokenWriter
from index.local.files.vectors import PassageVectors, mean_of, write_approximate


def written(folder: Path, vectors: np.ndarray, owners: np.ndarray) -> PassageVectors:
    """Vectors of 16-bit floats with the passage of each, written and opened."""
    with RowWriter(folder / "vectors.bin", 2 * vectors.shape[1]) as writer:
        for owner in range(int(owners.max(initial=-1)) + 1):
            writer.add(packed_vectors(vectors[owners == owner]))
    return PassageVectors.open(folder, CheckedFile(folder / "vectors.bin"), vectors.shape[1])


@pytest.fixture
def opened(tmp_path: Path) -> tuple[PassageVectors, np.ndarray, np.ndarray]:
    vectors = unit(np.random.default_rng(1).standard_normal((500, 16)).astype(np.float32))
    vectors = vectors.astype(np.float16).astype(np.float32)
    owners = np.sort(np.random.default_rng(2).permutation(np.r_[np.arange(200), np.arange(100), np.arange(200)]))
    return written(tmp_path, vectors, owners), vectors, owners


def brute_force(vectors: np.ndarray, owners: np.ndarray, question: np.ndarray, k: int) -> list[int]:
    best: dict[int, float] = {}
    for owner, cosine in zip(owners, vectors @ question, strict=True):
        best[owner] = max(best.get(owner, -2.0), cosine)
    return sorted(best, key=lambda owner: -best[owner])[:k]


@pytest.mark.parametrize("k", [1, 7, 60, 1000])
def test_the_nearest_passages_are_those_that_numpy_finds(
    opened: tuple[PassageVectors, np.ndarray, np.ndarray], k: int
) -> None:
    index, vectors, owners = opened
    for question in unit(np.random.default_rng(3).standard_normal((20, 16)).astype(np.float32)):
        hits = index.nearest(question, k)
        assert [hit.passage for hit in hits] == brute_force(vectors, owners, question, k)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_search_can_be_limited_to_some_passages(opened: tuple[PassageVectors, np.ndarray, np.ndarray]) -> None:
    index, vectors, owners = opened
    among = np.arange(20, 60)
    inside = np.isin(owners, among)
    hits = index.nearest(vectors[0], 10, among)
    assert [hit.passage for hit in hits] == brute_force(vectors[inside], owners[inside], vectors[0], 10)
    assert index.nearest(vectors[0], 10, np.asarray([], np.int64)) == []


def test_many_vectors_are_searched_in_lists_and_nearly_all_of_the_nearest_are_found(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    themes = unit(random.standard_normal((200, 32)).astype(np.float32))
    vectors = unit(np.repeat(themes, 100, 0) + 0.15 * random.standard_normal((20_000, 32)).astype(np.float32))
    vectors = vectors.astype(np.float16).astype(np.float32)
    exact = written(tmp_path, vectors, np.arange(len(vectors)))
    write_approximate(exact.rows, tmp_path / "vectors.faiss")
    lists = PassageVectors.open(tmp_path, CheckedFile(tmp_path / "vectors.bin"), 32)
    asked = unit(vectors[::500] + 0.05 * random.standard_normal((40, 32)).astype(np.float32))
    pairs = [(exact.nearest(question, 10), lists.nearest(question, 10)) for question in asked]
    assert np.mean([len({h.passage for h in one} & {h.passage for h in other}) for one, other in pairs]) >= 9.7
    for hits, found in pairs:
        assert found[0] == hits[0]
        assert found == sorted(found, key=lambda hit: (-hit.score, hit.passage))
    among = np.arange(0, 20_000, 7)
    assert lists.nearest(asked[0], 10, among) == exact.nearest(asked[0], 10, among)
    again = tmp_path / "again.faiss"
    write_approximate(exact.rows, again)
    assert again.read_bytes() == (tmp_path / "vectors.faiss").read_bytes()


def test_the_mean_is_that_of_numpy(opened: tuple[PassageVectors, np.ndarray, np.ndarray]) -> None:
    index, vectors, _ = opened
    assert np.allclose(mean_of(index.rows), vectors.mean(0), atol=1e-6)


def test_the_first_vector_of_a_passage(opened: tuple[PassageVectors, np.ndarray, np.ndarray]) -> None:
    index, vectors, owners = opened
    wanted = [int(owners[300]), int(owners[0])]
    assert np.allclose(index.first(wanted), [vectors[np.argmax(owners == owner)] for owner in wanted])
    assert index.first([]).shape == (0, 16)


def test_an_index_without_passages_finds_nothing(tmp_path: Path) -> None:
    index = written(tmp_path, np.zeros((0, 16), np.float32), np.zeros(0, np.int64))
    assert index.nearest(np.ones(16, np.float32), 5) == []
    assert np.allclose(mean_of(index.rows), 0)


def test_packed_tokens_keep_their_cosines_and_spans(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    tokens = unit((random.standard_normal((300, 24)) * np.geomspace(3, 0.1, 24)).astype(np.float32))
    spans = np.stack([np.arange(300), np.arange(300) + 3], 1).astype(np.int32)
    spans[:5] = -1
    projection = Projection.fit(tokens)
    projection.save(tmp_path / "p.npz")
    projection = Projection.open(tmp_path / "p.npz")
    with TokenWriter(tmp_path, projection, None, np.full(2, -1)) as writer:
        writer.add(1, packed_tokens(projection, tokens[100:], spans[100:]))
        writer.add(0, packed_tokens(projection, tokens[:100], spans[:100]))
    (path,) = tmp_path.glob("tokens-*.bin")
    read = TokenFiles(tmp_path, {path.name: CheckedFile(path)}, projection).tokens([1])[0]
    assert read.vectors.shape == (200, 24)
    assert read.spans.tolist() == spans[100:].tolist()
    cosines, exact = read.vectors @ projection.project(tokens).T, tokens[100:] @ tokens.T
    assert np.abs(cosines - exact).max() < 0.25
    assert np.abs(cosines - exact).mean() < 0.03


@pytest.mark.parametrize("dimensions", [1, 2, 7, 128])
def test_a_packed_token_has_four_bits_a_dimension(dimensions: int) -> None:
    random = np.random.default_rng(dimensions)
    tokens = unit(random.standard_normal((500, 130)).astype(np.float32))
    projection = Projection.fit(tokens, dimensions)
    packed = projection.pack(tokens)
    assert packed.shape == (500, projection.size) == (500, (dimensions + 1) // 2)
    steps = projection.unpack(packed) / projection.scale
    assert np.allclose(steps, np.rint(steps), atol=1e-3)
    assert -8 <= np.rint(steps).min() <= np.rint(steps).max() <= 7
    inside = np.abs(projection.project(tokens)) < 7 * projection.scale
    away = np.abs(projection.unpack(packed) - projection.project(tokens))
    assert (away[inside] <= np.broadcast_to(0.51 * projection.scale, away.shape)[inside]).all()
    assert projection.unpack(np.zeros((0, projection.size), np.uint8)).shape == (0, dimensions)


def test_the_projection_that_is_shipped_is_the_default_models(encoder) -> None:
    projection = shipped_projection(encoder.fingerprint)
    assert projection is not None
    assert projection.components.shape == (384, 128)
    assert np.allclose(projection.components.T @ projection.components, np.eye(128), atol=0.05)
    assert shipped_projection("0" * 64) is None
