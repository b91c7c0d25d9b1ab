"""A Milvus to test on. `tests/run_milvus.py` installs it; without it nothing here is tested."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from milvus_server import LiteServer

collect_ignore_glob = [] if "QUOTH_MILVUS" in os.environ else ["test_*.py"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=3, help="kill so many builds")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiteServer]:
    """A server for all tests."""
    served = LiteServer(tmp_path_factory.mktemp("milvus"))
    served.start()
    yield served
    served.stop()


_NUMBERS = itertools.count(1)


@pytest.fixture
def address(server: LiteServer) -> str:
    """The address of a collection that nobody has used."""
    return f"milvus://{server.host}/quoth_{next(_NUMBERS)}"


TEXTS = {
    "war.txt": "The War\n\nThe tanks came over the river. Nobody saw the tanks.\n\nThe armistice was signed in July.\n",
    "sea/ships.md": "---\nauthor: A. Mariner\n---\n# Ships\n\nShips carry “grain”. They sail:\n\n- east\n- west\n",
    "krieg.txt": "Der Krieg\n\nDie Panzer kamen über den Fluss. Niemand hat die Panzer gesehen, und keiner fragte.\n",
    "zhan.txt": "战争\n\n" + "坦克过了河。没有人看见坦克。" * 1200 + "\n\n停战协定在七月签署。\n",
    "long.txt": "Long\n\n" + " ".join(f"The river number {i} met a tank in July." for i in range(60)) + "\n",
    "many.txt": "Many\n\n"
    + "\n\n".join(f"Passage {i} of the river holds tank{i % 7} grain." for i in range(130))
    + "\n",
}


@pytest.fixture
def essays(tmp_path: Path) -> Path:
    """A small library: two languages that are parted by spaces and one that is not, texts longer than a window."""
    for name, text in TEXTS.items():
        path = tmp_path / "essays" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "essays"
