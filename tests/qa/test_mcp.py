"""What a language model can ask over the Model Context Protocol, with the client of the protocol's own SDK."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from mcp import Client, StdioServerParameters
from model_client import ask_all

from index.encoding.encoder import Encoder
from index.local.build import build
from qa.programs.model_context import server


def command(location: Path) -> list[str]:
    return ["-m", "qa", "mcp", "--index", str(location)]


def test_a_model_can_ask_read_and_check_and_change_nothing(essay_location: Path) -> None:
    async def asked() -> None:
        async with Client(StdioServerParameters(command=sys.executable, args=command(essay_location))) as client:
            await ask_all(client, essay_location)

    asyncio.run(asyncio.wait_for(asked(), 600))


def test_a_whole_essay_that_has_changed_says_so(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "essays").mkdir()
    changed, same = (tmp_path / "essays" / name for name in ("my boats.txt", "bees.txt"))
    changed.write_text("A boat wants tar.\n")
    same.write_text("Bees hum in May.\n")
    build(tmp_path / "essays", tmp_path / "index", encoder=encoder)[0].close()

    async def read() -> dict[str, list[str]]:
        async with Client(server(tmp_path / "index")) as client:
            uris = [f"essay:///{name}" for name in ("my%20boats.txt", "bees.txt")] + ["passage:///1/bees.txt"]
            return {uri: [one.text for one in (await client.read_resource(uri)).contents] for uri in uris}

    before = asyncio.run(read())
    assert list(map(len, before.values())) == [1, 1, 1]
    changed.write_text("A boat wants oil.\n")
    after = asyncio.run(read())
    uri, said = "essay:///my%20boats.txt", "my boats.txt has changed since it was indexed; this is what it said then."
    assert after == {**before, uri: [*before[uri], said]}
    (tmp_path / "essays").rename(tmp_path / "away")
    assert all("cannot be read; this is what they said" in asyncio.run(read())[uri][1] for uri in list(before)[:2])


def test_wrong_arguments_are_told_in_a_sentence(essay_location: Path) -> None:
    wrong: list[tuple[str, dict[str, object], str]] = [
        ("ask", {}, "ask: question: Field required."),
        ("ask", {"question": 5}, "ask: question: Input should be a valid string."),
        ("ask", {"question": "Why?", "k": 99}, "ask: k: Input should be less than or equal to 20."),
        (
            "read",
            {"document": "a", "paragraph": 2},
            "read takes no argument 'paragraph'; it takes document, start, length.",
        ),
        ("sing", {"song": 1}, "Unknown tool: sing"),
    ]

    async def told() -> list[str]:
        async with Client(server(essay_location)) as client:
            answers = [await client.call_tool(name, arguments) for name, arguments, _ in wrong]
            assert all(one.is_error for one in answers)
            return [one.content[0].text for one in answers]

    assert asyncio.run(told()) == [said for _, _, said in wrong]


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
