"""Nothing leaves the machine: every command, in a network of its own where an attempt is noticed."""

import json
import sys
from pathlib import Path

import pytest
from apart import apart, closed

from source.library import ESSAYS

QUOTH = [sys.executable, "-m", "qa"]


@pytest.mark.parametrize(
    "code",
    [
        "import socket\ntry: socket.getaddrinfo('example.org', 80)\nexcept OSError: pass",
        "import socket\ntry: socket.create_connection(('203.0.113.9', 80))\nexcept OSError: pass",
        "import socket\ntry: socket.create_connection(('2001:db8::9', 80))\nexcept OSError: pass",
        "import socket\ntry: socket.socket(2, 2).sendto(b'x', ('203.0.113.9', 53))\nexcept OSError: pass",
        "from pathlib import Path\n(Path.home() / '.cache').mkdir(parents=True)\n(Path.home() / '.cache/id').touch()",
    ],
)
def test_what_would_be_tried_is_noticed(tmp_path: Path, code: str) -> None:
    did = apart(tmp_path, [sys.executable, "-c", code])
    with pytest.raises(AssertionError):
        closed(tmp_path, did)


def test_index_ask_verify_and_the_worker_reach_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "essays").mkdir()
    page = "<html><body><h1>Bees</h1><p>The queen lays two thousand eggs a day.</p></body></html>"
    (tmp_path / "essays" / "bees.html").write_text(page)  # read by a worker
    for command in (["index", tmp_path / "essays"], ["ask", "How many eggs?"], ["verify"], ["doctor"]):
        did = apart(tmp_path, [*QUOTH, *command])
        assert did["status"] == 0, did
        closed(tmp_path, did)


def test_eval_reaches_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "set" / "documents").mkdir(parents=True)
    (tmp_path / "set" / "documents" / "bees.txt").write_text("The queen lays two thousand eggs a day.")
    span = {"document": "bees", "start": 15, "end": 27}
    asked = {"id": "1", "question": "How many eggs does the queen lay?", "need": "any", "spans": [span]}
    (tmp_path / "set" / "questions.jsonl").write_text(json.dumps(asked))
    did = apart(tmp_path, [*QUOTH, "eval", tmp_path / "set"])
    assert did["status"] == 0, did
    closed(tmp_path, did)


def test_serve_and_what_programs_ask_of_it_reach_for_nothing(tmp_path: Path) -> None:
    did = apart(tmp_path, [*QUOTH, "serve"], until="Quoth answers at")
    said = str(did["err"])
    for answer in ("<html", '"verdict": "answers"', '"openapi": "3', '"counts"', '"isError":false'):
        assert answer in said, answer
    closed(tmp_path, did)


def test_mcp_reaches_for_nothing(tmp_path: Path) -> None:
    begun = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    asked = {"name": "ask", "arguments": {"question": "What tanks did the Soviet Union supply?"}}
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": begun},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": asked},
    ]
    typed = "".join(f"{json.dumps(one)}\n" for one in messages)
    did = apart(tmp_path, [*QUOTH, "mcp"], typed=typed, until='"id":2')
    assert (did["status"], '"isError":false' in str(did["out"])) == (0, True), did
    closed(tmp_path, did)


@pytest.mark.parametrize("model", ["unknown-model", "nobody/unknown-model", "https://example.org/model"])
def test_a_model_that_is_not_here_is_not_looked_for_elsewhere(tmp_path: Path, model: str) -> None:
    did = apart(tmp_path, [*QUOTH, "index", ESSAYS, "--model", model])
    assert (did["status"], did["out"]) == (1, "")
    assert f"There is no sentence-transformers model '{model}' on this machine" in str(did["err"])
    closed(tmp_path, did)


def test_a_model_that_is_here_reaches_for_nothing(tmp_path: Path) -> None:
    from index.encoding.pinned import published_folder

    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "bees.txt").write_text("The queen lays two thousand eggs a day.")
    did = apart(tmp_path, [*QUOTH, "index", tmp_path / "essays", "--model", published_folder()])
    assert did["status"] == 0, did
    closed(tmp_path, did)
