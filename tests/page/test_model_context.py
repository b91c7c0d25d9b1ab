"""What a language model can ask of the served page, with the client of the protocol's own SDK."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import httpx2
import pytest
from browsing import served
from fastapi import FastAPI
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from model_client import TANKS, ask_all
from starlette.testclient import TestClient

from qa.page.server.model_context import ModelContext

KINDS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def base(essay_location: Path) -> Iterator[str]:
    with served(essay_location) as address:
        yield address


def called(method: str, **params: object) -> dict:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


def send(base: str, message: object, method: str = "POST", **headers: str) -> httpx.Response:
    return httpx.request(method, f"{base}mcp", json=message, headers={**KINDS, **headers}, timeout=120)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_model_can_ask_read_and_check_and_change_nothing(base: str, essay_location: Path, mode: str) -> None:
    async def asked() -> None:
        async with Client(f"{base}mcp", mode=mode) as client:
            await ask_all(client, essay_location)

    asyncio.run(asyncio.wait_for(asked(), 600))


def test_beyond_the_loopback_a_model_needs_the_password(essay_location: Path) -> None:
    async def found(address: str, auth: tuple[str, str] | None) -> str:
        async with (
            httpx2.AsyncClient(auth=auth, timeout=120) as http,
            Client(streamable_http_client(f"{address}mcp", http_client=http)) as client,
        ):
            return (await client.call_tool("ask", {"question": TANKS})).structured_content["status"]

    with served(essay_location, host="0.0.0.0", auth=("reader", "word")) as address:
        for wrong in ({}, {"Authorization": "Basic cmVhZGVyOm90aGVy"}, {"Authorization": "Bearer word"}):
            refused = send(address, called("tools/list"), **wrong)
            assert (refused.status_code, refused.json()["error"]) == (401, "password_needed")
        with pytest.raises(ExceptionGroup):
            asyncio.run(found(address, ("reader", "other")))
        assert asyncio.run(found(address, ("reader", "word"))) == "found"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_is_no_stream_and_no_session(base: str, method: str) -> None:
    answer = httpx.request(method, f"{base}mcp", headers=KINDS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert set(answer.json()) == {"error", "detail"}
    listening = called("subscriptions/listen", notifications={"toolsListChanged": True})
    assert "error" in send(base, listening).json()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "HEAD"])
def test_there_is_nothing_else(base: str, method: str) -> None:
    assert httpx.request(method, f"{base}mcp", headers=KINDS).status_code == 404


def test_another_site_may_not_ask(base: str) -> None:
    message = called("tools/list")
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"},
    ):
        refused = send(base, message, **headers)
        assert (refused.status_code, refused.json()["error"]) == (403, "other_site")
    assert send(base, message, Host="evil.example").status_code == 400
    assert send(base, message, Origin=base.rstrip("/")).status_code == 200


def test_a_message_names_its_length_and_is_not_too_long(base: str) -> None:
    asked = f"{base}mcp"
    assert httpx.post(asked, content=iter([b"{}"]), headers=KINDS).json()["error"] == "length_needed"
    assert httpx.post(asked, content=b" " * 250_001, headers=KINDS).json()["error"] == "too_long"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[" * 200_000, b"[]", b"null", b"\xff", b'{"jsonrpc": "2.0", "id": 1, "method": "\\ud800"}'],
    ids=lambda body: repr(body[:20]),
)
@pytest.mark.parametrize("version", ["", "2025-06-18", "2026-07-28", "nonsense"])
def test_what_is_no_message_harms_nothing(base: str, body: bytes, version: str, capfd) -> None:
    headers = {**KINDS, "MCP-Protocol-Version": version} if version else KINDS
    answer = httpx.post(f"{base}mcp", content=body, headers=headers, timeout=120)
    assert 400 <= answer.status_code < 500 or "error" in answer.json()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (called("tools/call", name="delete", arguments={}), "Unknown tool"),
        (called("tools/call", name="ask", arguments={}), "question"),
        (called("tools/call", name="ask", arguments={"question": " "}), "The question is empty"),
        (called("tools/call", name="ask", arguments={"question": "x" * 20_001}), "at most 20000"),
        (called("tools/call", name="ask", arguments={"question": "x", "documents": "x.txt"}), "list"),
        (called("tools/call", name="check_quotation", arguments={"text": "‘" * 19_999 + "a"}), "send at most 10,000"),
        (called("resources/read", uri="file:///etc/passwd"), "Unknown resource"),
        (called("resources/read", uri="essay:///../../etc/passwd"), "etc/passwd"),
        (called("nothing/such"), "Method not found"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_done_is_told(base: str, message: dict, said: str, capfd) -> None:
    answer = send(base, message).json()
    assert "error" in answer or answer["result"]["isError"]
    assert said in str(answer)
    assert capfd.readouterr().err == ""


def test_without_the_package_who_asks_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)  # as where the extra is not installed
    models = ModelContext(tmp_path)
    app = FastAPI(lifespan=models.running)
    models.add_to(app)
    with TestClient(app) as client:
        answer = client.post("/mcp", json=called("tools/list"))
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert "pip install 'quoth[mcp]'" in answer.json()["detail"]
