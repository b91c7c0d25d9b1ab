"""A small library for the quotation desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.build import build
from index.opening import open_index, sink
from index.protocol import Index

ESSAYS = {
    "sea.txt": (
        "On the Sea\n\n"
        "Cod are caught in winter off the northern shore, mostly by small boats. The fleet sold 1,200 tons in 1953. "
        "Nobody had counted the boats before.\n\n"
        "The harbour of “Old Wick” was never deep enough - that is what the pilots say. "
        "The US navy didn't use it for 13.5 years.\n\n"
        "A lighthouse was built in 1871 by the Stevenson brothers. It is not lit any more.\n\n"
        "Herring came in summer, and the women salted them on the quay. They sang while they worked.\n\n"
        "The railway reached the town in 1874, and with it came the merchants from Inverness.\n"
    ),
    "oak.md": (
        "# Of Oaks\n\n"
        "The *old* oak was felled in 1904 by Per, who regret-\nted it for the rest of his life.\n\n"
        "> Acorns are carried by jays,\n> which forget a third of them.\n\n"
        "A well-known forester wrote that non-native oaks grow faster.[3] Their wood is softer… and cheaper.\n\n"
        "## Bark and leaves\n\n"
        "Bark was sold to tanners until 1953; leaves were left to the pigs.\n"
    ),
    "krieg.txt": "Der Krieg\n\nDie Panzer kamen über den Fluss. "
    "Niemand hat die Maße des Turms gekannt, und keiner fragte.\n",
    "umi.txt": "海について\n\n北の海では冬に鱈が獲れる。小さな船が多い。夏には鰊が来る。\n",
}


@pytest.fixture(scope="session")
def essays(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "essays"
    folder.mkdir()
    for name, text in ESSAYS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def address(essays: Path) -> str:
    """Where an index of these essays lies."""
    where = str(essays.parent / "index")
    build(essays, sink(where), encoder=SmallEncoder())
    return where


@pytest.fixture
def index(address: str) -> Iterator[Index]:
    with open_index(address) as opened:
        yield opened
