"""What many tests share: the real encoder, an index of the shipped essay, a home of their own."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.encoding.encoder import Encoder
from index.encoding.loading import load_encoder
from index.local.build import build
from index.local.snapshot import Snapshot
from source.library import ESSAYS


@pytest.fixture(autouse=True, scope="session")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test touches the user's own index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.fixture(autouse=True, scope="session")
def _interruptible() -> Iterator[None]:
    """Processes that tests start can be interrupted, although those begun in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default model, really."""
    return load_encoder()


@pytest.fixture
def small_encoder() -> SmallEncoder:
    return SmallEncoder()


@pytest.fixture(scope="session")
def essay_index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Snapshot:
    """An index of the shipped essay, made with the default model."""
    snapshot, _ = build(ESSAYS, tmp_path_factory.mktemp("essay") / "index", encoder=encoder)
    return snapshot


@pytest.fixture(scope="session")
def essay_location(essay_index: Snapshot) -> Path:
    """Where `essay_index` lies."""
    return essay_index.folder.parent.parent
