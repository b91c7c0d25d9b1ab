"""Neither pymilvus nor Quoth reaches for anything but the server that is named."""

import sys
from pathlib import Path

from apart import SUPPORT, apart, closed


def test_a_collection_is_built_and_asked_without_any_other_connection(tmp_path: Path) -> None:
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "bees.txt").write_text("The queen lays two thousand eggs a day.")
    (tmp_path / "milvus").mkdir()
    script = SUPPORT / "ask_milvus.py"
    did = apart(tmp_path, [sys.executable, script, tmp_path / "milvus", tmp_path / "essays"])
    assert did["status"] == 0, did
    assert "two thousand eggs" in str(did["out"])
    closed(tmp_path, did)
