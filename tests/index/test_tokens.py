"""What is kept of tokens: their vectors in few bits, and their places."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.encoding.encoder import Encoder, Spans, Vectors, unit
from index.encoding.projection import Projection, shipped_projection
from index.encoding.tokens import packed_tokens, row_size, unpacked_passages
from index.local.files.checksums import CheckedFile
from index.local.files.shared_rows import SharedRows, SharedRowWriter
from index.local.files.token_files import TokenFiles
from index.numbers import Slot

NOWHERE = (-1, -1)


def tokens_of_passages(sizes: Sequence[int], dimension: int, seed: int = 4) -> list[Vectors]:
    """Tokens of passages, those of each about a middle of their own, some dimensions wider than others."""
    random = np.random.default_rng(seed)
    wide = np.geomspace(3, 0.1, dimension)
    middles = random.standard_normal((len(sizes), dimension))
    drawn = [(middle + random.standard_normal((n, dimension))) * wide for middle, n in zip(middles, sizes, strict=True)]
    return [unit(one.astype(np.float32)) for one in drawn]


def places(*spans: tuple[int, int]) -> Spans:
    return np.asarray(spans, np.int32).reshape(-1, 2)


def kept(spans: Spans) -> Spans:
    """The spans as they are given back."""
    (passage,) = tokens_of_passages([len(spans)], 24)
    projection = Projection.fit([passage])
    ((_, found),) = unpacked_passages(projection, [packed_tokens(projection, passage, spans)])
    return found


@pytest.mark.parametrize(
    "spans",
    [
        places((0, 4), (5, 6), (6, 90), (92, 93)),
        places(NOWHERE, NOWHERE, (0, 1), (1, 2)),
        places((3, 7), (7, 7 + 84), (93, 93 + 85), (180, 181), (184, 185)),  # lengths and gaps at and over the limit
        places((40, 41), (0, 300), (300, 301), (302, 303)),  # the first far behind the beginning, one that goes back
        places((5, 6), (5, 6), (5, 7), (7, 8)),  # several of one character
        places((2, 3), (3, 3), (4, 5)),  # of no character
        places((0, 3), NOWHERE, (4, 8), NOWHERE, NOWHERE, (900_000, 900_004), (900_005, 4_000_000)),
        places(NOWHERE),
        places(),
    ],
)
def test_places_are_kept_exactly(spans: Spans) -> None:
    assert kept(spans).tolist() == np.where(spans < 0, 0, spans).tolist()


def test_any_places_are_kept() -> None:
    random = np.random.default_rng(1)
    for _ in range(200):
        count = int(random.integers(1, 60))
        start = random.integers(0, 30, count).cumsum() - random.integers(0, 9, count) * random.integers(0, 2, count)
        spans = np.stack([start.clip(0), start.clip(0) + random.integers(1, 150, count)], 1)
        spans[random.random(count) < 0.2] = NOWHERE
        assert kept(spans.astype(np.int32)).tolist() == np.where(spans < 0, 0, spans).tolist()


def test_tokens_keep_their_cosines_in_whatever_passages_they_are_read_with(tmp_path: Path) -> None:
    passages = tokens_of_passages([200, 0, 1, 99, 0], 24)
    spans = [np.stack([np.arange(len(one)), np.arange(len(one)) + 3], 1).astype(np.int32) for one in passages]
    projection = Projection.fit(passages)
    projection.save(tmp_path / "p.npz")
    projection = Projection.open(tmp_path / "p.npz")
    packed = [packed_tokens(projection, one, where) for one, where in zip(passages, spans, strict=True)]
    size = row_size(projection)
    with SharedRowWriter(tmp_path, "tokens", size, None, np.full(5, -1), np.arange(5)) as writer:
        for slot, rows in enumerate(packed):
            writer.add(Slot(slot), rows)
    files = {path.name: CheckedFile(path) for path in tmp_path.glob("tokens-*.bin")}
    on_disk = TokenFiles(SharedRows(tmp_path, "tokens", files, size), projection)
    for order in ([0, 1, 2, 3, 4], [3], [1], [4, 1, 3, 0], []):
        read = on_disk.tokens([Slot(slot) for slot in order])
        assert len(read) == len(order)
        for slot, one in zip(order, read, strict=True):
            alone, where = unpacked_passages(projection, [packed[slot]])[0]
            assert np.array_equal(one.vectors, alone)
            assert one.spans.tolist() == where.tolist() == spans[slot].tolist()
            cosines, exact = one.vectors @ projection.project(passages[slot]).T, passages[slot] @ passages[slot].T
            assert one.vectors.shape == (len(passages[slot]), 24)
            assert np.abs(cosines - exact).max(initial=0) < 0.4
            assert np.abs(cosines - exact).sum() <= 0.05 * max(exact.size, 2)


@pytest.mark.parametrize("dimensions", [1, 2, 7, 24, 128])
def test_a_dimension_is_kept_in_three_bits(dimensions: int) -> None:
    passages = tokens_of_passages([400, 300], 130)
    projection = Projection.fit(passages, dimensions)
    mean, packed = projection.pack(passages[0])
    assert packed.shape == (400, projection.size) == (400, 3 * -(-dimensions // 8))
    assert mean.shape == (dimensions,)
    middle = mean.view(np.int8) / 127
    assert np.allclose(middle, projection.project(passages[0]).mean(0), atol=0.51 / 127)
    gain = np.float32(projection.gain)
    found = (projection.unpack(packed, mean[None], np.asarray([400])) - middle) / gain
    assert np.isin(np.round(found / projection.scale, 2), np.arange(-3.5, 4)).all()
    beside = projection.project(passages[0]) - middle
    inside = np.abs(beside) <= 4 * projection.scale
    assert (np.abs(found - beside)[inside] <= np.broadcast_to(0.51 * projection.scale, found.shape)[inside]).all()
    assert projection.unpack(packed[:0], mean[None][:0], np.asarray([], np.int64)).shape == (0, dimensions)


def test_a_packed_token_is_as_long_on_the_mean_as_it_was() -> None:
    passages = tokens_of_passages([150] * 40, 60)
    projection = Projection.fit(passages[::2], 48)
    others = passages[1::2]
    whole = unpacked_passages(
        projection, [packed_tokens(projection, one, np.zeros((150, 2), np.int32)) for one in others]
    )
    products = [(vectors * projection.project(one)).sum(1) for one, (vectors, _) in zip(others, whole, strict=True)]
    assert abs(np.concatenate(products).mean() - 1) < 0.01


@pytest.mark.parametrize("known", [[1], [2], [1, 1, 1], [40]])
def test_a_projection_that_knows_hardly_any_tokens_keeps_those_that_come_later(known: list[int]) -> None:
    alike = [np.repeat(one[:1], len(one), 0) for one in tokens_of_passages(known, 32)]
    projection = Projection.fit(alike)
    for passage in tokens_of_passages([1, 5, 60], 32, seed=5):
        packed = packed_tokens(projection, passage, np.zeros((len(passage), 2), np.int32))
        ((vectors, _),) = unpacked_passages(projection, [packed])
        products = (vectors * projection.project(passage)).sum(1)
        assert np.abs(products - 1).max() < 0.4
        assert abs(products.mean() - 1) < 0.15


def test_a_projection_without_tokens_projects() -> None:
    projection = Projection.fit([np.zeros((0, 32), np.float32)])
    (passage,) = tokens_of_passages([5], 32)
    assert np.allclose((projection.project(passage) ** 2).sum(1), 1, atol=1e-3)


def test_the_projection_that_is_shipped_is_the_default_models(encoder: Encoder) -> None:
    projection = shipped_projection(encoder.fingerprint)
    assert projection is not None
    assert projection.components.shape == (384, 128)
    assert np.allclose(projection.components.T @ projection.components, np.eye(128), atol=0.05)
    assert shipped_projection("0" * 64) is None
