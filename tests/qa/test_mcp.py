"""What a language model can ask over the Model Context Protocol, with the client of the protocol's own SDK."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from mcp import Client, StdioServerParameters
from model_client import ask_all


def command(location: Path) -> list[str]:
    return ["-m", "qa", "mcp", "--index", str(location)]


def test_a_model_can_ask_read_and_check_and_change_nothing(essay_location: Path) -> None:
    async def asked() -> None:
        async with Client(StdioServerParameters(command=sys.executable, args=command(essay_location))) as client:
            await ask_all(client, essay_location)

    asyncio.run(asyncio.wait_for(asked(), 600))


def test_what_is_no_message_ends_nothing(essay_location: Path) -> None:
    sent = "nonsense\n" + json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}) + "\n"
    done = subprocess.run(
        [sys.executable, *command(essay_location)], input=sent, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert any(one.get("id") == 1 for one in answers)


def test_an_index_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("no folder")
    done = subprocess.run(
        [sys.executable, *command(tmp_path / "index" / "nowhere")],
        input="",
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("quoth: ")
