from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.encoding.arrays import load_arrays
from index.encoding.encoder import unit
from index.encoding.vectors import packed_vectors
from index.local.files.checksums import CheckedFile
from index.local.files.order import Order
from index.local.files.shared_rows import SharedRows, SharedRowWriter
from index.local.files.vector_lists import Lying, write_computed, write_lists
from index.local.files.vectors import PassageVectors
from index.numbers import Slot


def shared(folder: Path, kind: str, size: int) -> SharedRows:
    files = {path.name: CheckedFile(path) for path in folder.glob(f"{kind}-*.bin")}
    return SharedRows(folder, kind, files, size)


def written(folder: Path, vectors: np.ndarray, owners: np.ndarray, slots: Sequence[int] | None = None) -> Lying:
    """Vectors of 16-bit floats with the number of the passage of each; they lie in `slots`, if these are given."""
    folder.mkdir(exist_ok=True)
    passages = int(owners.max(initial=-1)) + 1
    lie = np.arange(passages) if slots is None else np.asarray(slots)
    order = Order.of(np.stack([np.arange(passages), lie, np.ones(passages, np.int64)], 1), int(lie.max(initial=-1)) + 1)
    known = np.full(len(order.numbers), -1)
    with SharedRowWriter(folder, "vectors", 2 * vectors.shape[1], None, known, order.slots) as writer:
        for slot in sorted(order.slots):
            writer.add(Slot(slot), packed_vectors(vectors[owners == order.number(slot)]))
    return Lying(folder, shared(folder, "vectors", 2 * vectors.shape[1]), order)


def searched(lying: Lying, *, lists: bool = False) -> PassageVectors:
    return PassageVectors(lying.rows, lying.order, lying.folder / "vectors.faiss" if lists else None)


@pytest.fixture
def opened(tmp_path: Path) -> tuple[PassageVectors, np.ndarray, np.ndarray]:
    vectors = unit(np.random.default_rng(1).standard_normal((500, 16)).astype(np.float32))
    vectors = vectors.astype(np.float16).astype(np.float32)
    owners = np.sort(np.random.default_rng(2).permutation(np.r_[np.arange(200), np.arange(100), np.arange(200)]))
    slots = np.random.default_rng(4).permutation(250)[: int(owners.max()) + 1]  # in any order, with gaps
    return searched(written(tmp_path, vectors, owners, slots)), vectors, owners


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
    lying = written(tmp_path, vectors, np.arange(len(vectors)))
    write_lists(lying.rows, lying.order.slots, tmp_path / "vectors.faiss")
    exact, lists = searched(lying), searched(lying, lists=True)
    asked = unit(vectors[::500] + 0.05 * random.standard_normal((40, 32)).astype(np.float32))
    pairs = [(exact.nearest(question, 10), lists.nearest(question, 10)) for question in asked]
    assert np.mean([len({h.passage for h in one} & {h.passage for h in other}) for one, other in pairs]) >= 9.7
    for hits, found in pairs:
        assert found[0] == hits[0]
        assert found == sorted(found, key=lambda hit: (-hit.score, hit.passage))
    among = np.arange(0, 20_000, 7)
    assert lists.nearest(asked[0], 10, among) == exact.nearest(asked[0], 10, among)
    again = tmp_path / "again.faiss"
    write_lists(lying.rows, lying.order.slots, again)
    assert again.read_bytes() == (tmp_path / "vectors.faiss").read_bytes()


def test_the_mean_is_that_of_numpy(opened: tuple[PassageVectors, np.ndarray, np.ndarray]) -> None:
    index, vectors, owners = opened
    write_computed(written(index.rows.folder / "again", vectors, owners), None)
    found = load_arrays(index.rows.folder / "again" / "statistics.npz")
    assert np.allclose(found["mean"], vectors.mean(0), atol=1e-6)


@pytest.mark.parametrize(("gone", "more"), [(0, 300), (700, 0), (900, 900), (0, 4000)])
def test_lists_that_are_changed_find_what_new_ones_find(tmp_path: Path, gone: int, more: int) -> None:
    random = np.random.default_rng(7)
    themes = unit(random.standard_normal((50, 16)).astype(np.float32))
    vectors = unit(np.repeat(themes, 200, 0) + 0.2 * random.standard_normal((10_000, 16)).astype(np.float32))
    vectors = vectors.astype(np.float16).astype(np.float32)[random.permutation(10_000)]
    before = written(tmp_path / "before", vectors[:5000], np.arange(5000))
    write_computed(before, None, exact_up_to=1000)
    stays = np.sort(random.permutation(5000)[gone:])
    slots = random.permutation(np.r_[stays, np.arange(5000, 5000 + more)])  # the order of the library is another
    after = written(tmp_path / "after", vectors[slots], np.arange(len(slots)), slots)
    write_computed(after, before, exact_up_to=1000)
    changed, fresh = searched(after, lists=True), written(tmp_path / "fresh", vectors[slots], np.arange(len(slots)))
    write_computed(fresh, None, exact_up_to=1000)
    for name in ("sum", "mean"):
        one, other = (load_arrays(lying.folder / "statistics.npz")[name] for lying in (after, fresh))
        assert one.tobytes() == other.tobytes()
    asked = unit(vectors[::250] + 0.05 * random.standard_normal((40, 16)).astype(np.float32))
    exact = searched(fresh)
    shares = [
        len({h.passage for h in changed.nearest(q, 10)} & {h.passage for h in exact.nearest(q, 10)}) / 10 for q in asked
    ]
    assert np.mean(shares) >= 0.97


def test_the_first_vector_of_a_passage(opened: tuple[PassageVectors, np.ndarray, np.ndarray]) -> None:
    index, vectors, owners = opened
    wanted = [int(owners[300]), int(owners[0])]
    assert np.allclose(index.first(wanted), [vectors[np.argmax(owners == owner)] for owner in wanted])
    assert index.first([]).shape == (0, 16)


def test_an_index_without_passages_finds_nothing(tmp_path: Path) -> None:
    lying = written(tmp_path, np.zeros((0, 16), np.float32), np.zeros(0, np.int64))
    assert searched(lying).nearest(np.ones(16, np.float32), 5) == []
    write_computed(lying, None)
    assert np.allclose(load_arrays(tmp_path / "statistics.npz")["mean"], np.zeros(16))
