"""An index for the adapters. `tests/run_adapters.py` installs what they adapt to; without it nothing here is tested."""

import os

import pytest
import quoth

NAME = os.environ.get("QUOTH_ADAPTER", "none")
collect_ignore_glob = [f"test_{one}.py" for one in ("langchain", "llama_index", "haystack") if one != NAME]


@pytest.fixture(scope="session")
def location(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the index of two essays lies."""
    folder = tmp_path_factory.mktemp("essays")
    (folder / "war.md").write_text(
        "---\nauthor: A. Writer\ndate: 1998\n---\n# The War\n\n## Its end\n\n"
        "The armistice was signed at Panmunjom on 27 July 1953. It ended the fighting, but no peace treaty followed.\n"
    )
    (folder / "sea.txt").write_text("Ships carry grain over the sea. They sail in spring.\n")
    index = tmp_path_factory.mktemp("index")
    quoth.build(folder, index=index)
    return str(index)
