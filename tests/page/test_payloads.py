"""Payloads that name files and addresses: nothing of them is read, copied, fetched or told."""

import itertools
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from browsing import served
from calling import CALL, RUN

from index.local.build import build
from qa.page.guard.calls import CALLS, Calls, Refused

SECRET = "Cormorants nest in the sealed vault."


@pytest.fixture(scope="module")
def location(tmp_path_factory, encoder) -> Path:
    """An index of a small essay that can be rebuilt."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "essays").mkdir()
    (folder / "essays" / "lamps.txt").write_text("A lamp must be trimmed every evening.\n")
    build(folder / "essays", folder / "index", encoder=encoder)
    return folder / "index"


@pytest.fixture(scope="module")
def base(location) -> Iterator[str]:
    with served(location) as address:
        yield address


@pytest.fixture
def secret(tmp_path) -> Path:
    """A file of the machine that is no essay of the library."""
    path = tmp_path / "secret.txt"
    path.write_text(SECRET + "\n")
    return path


class Elsewhere(HTTPServer):
    """A server that notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Noting)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/essay.txt"


class _Noting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(SECRET.encode())

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def hostile(path: str) -> list[object]:
    """What may stand for a file, in all forms that a version of Gradio has known."""
    meta = {"_type": "gradio.FileData"}
    file = {"path": path, "meta": meta}
    return [
        file,
        {"path": path},
        {**file, "url": path, "orig_name": "../../a.txt", "size": 1, "mime_type": "image/svg+xml"},
        {**file, "is_stream": True},
        {"url": path, "meta": meta},
        {"path": "lamps.txt", "url": path, "meta": meta},
        {"name": path, "is_file": True, "data": None},
        {"name": path, "data": f"file={path}", "is_file": True},
        [file],
        [[{"x": [file, file]}]],
        {"value": file},
        {"a": {"b": {"c": file}}},
        {"__type__": "update", "value": file},
        {"root": [file]},
        {"video": file, "subtitles": file},
        {"text": "", "files": [file]},
    ]


@pytest.fixture
def told(base, secret, elsewhere) -> Iterator[list[str]]:
    """What came back to a client; in the end, nothing in it or on the disk may be of the secret."""
    from qa.page.scratch import scratch

    texts: list[str] = []
    yield texts
    assert texts
    for text in (SECRET, secret.name, "file="):
        assert text not in "".join(texts)
    assert elsewhere.asked == []
    assert not [path for path in scratch().rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def test_no_function_reads_a_file_or_an_address(base, secret, elsewhere, told, client):
    """Every function, named and unnamed, with every form of a file and of an address, as input and as event."""
    caller, tried = client(base), 0
    for number, where in itertools.product([*range(16), None, -1], [str(secret), elsewhere.address]):
        for bad in hostile(where):
            for data in ([bad, bad, bad], [None, bad]):
                sent = caller.send(number, data, event_data=bad)
                assert sent.status_code in (200, 400), sent.text
                told += [sent.text, caller.answers() if sent.status_code == 200 else ""]
                tried += 1
    assert tried == 18 * 2 * 16 * 2


@pytest.mark.parametrize("route", [RUN, CALL])
def test_no_other_route_to_a_function_does(base, secret, elsewhere, told, route, client):
    caller = client(base)
    for bad in hostile(str(secret)) + hostile(elsewhere.address):
        for number in (None, *caller.numbers.values()):
            sent = caller.send(number, [bad, bad, bad], route, event_data=bad)
            assert sent.status_code in (200, 400, 404), sent.text
            told += [sent.text]


def test_without_uploads_there_is_no_function_that_takes_files(location, secret, client):
    with served(location, uploads=False) as address:
        caller = client(address)
        assert "add" not in caller.numbers
        for bad in hostile(str(secret)):
            sent = caller.send("ask", [bad, None, None], event_data=bad)
            assert sent.status_code == 400
            assert caller.send(10, [bad, "own", caller.key]).status_code == 400


def test_an_upload_is_taken_under_its_secret_and_no_other_way(location, secret, client):
    with served(location) as base:
        caller = client(base)
        sent = caller.upload("birds.txt", b"Herons wade in shallow water.\n").json()
        other = caller.upload("bees.txt", b"Bees hum.\n").json()[0]
        name = sent[0]
        assert not name.startswith("/")
        folder, _, last = name.partition("/")
        for path in (
            f"{folder}/../{other}",
            f"{folder}/bees.txt",
            f"{folder}/",
            folder,
            f"/{name}",
            f"{name}/",
            f"{folder}/../../../..{secret}",
            f"../{folder}/{last}",
            "",
            "/",
        ):
            sent = caller.send("add", [[{"path": path, "meta": {"_type": "gradio.FileData"}}], "own", caller.key])
            assert sent.status_code == 400, path
            assert sent.json()["detail"] == "A file is no longer here; choose it again."
        shown = caller.call("add", [[{"path": name, "url": str(secret), "orig_name": str(secret)}], "own", caller.key])
        assert "Added <cite>Herons wade in shallow water.</cite>, 1 paragraph." in json.dumps(shown)
        again = caller.send("add", [[{"path": name}], "own", caller.key])
        assert again.status_code == 400
        assert "Herons" in json.dumps(caller.tell("ask", question="Where do herons wade?"))


def calls() -> Calls:
    return Calls(dict(enumerate(CALLS)), lambda name: Path("/uploads", name) if name == "known/a.txt" else None)


NUMBERS = {name: number for number, name in enumerate(CALLS)}


KEY = "0123456789abcdef" * 2


def reduced(name: str, **sent: object) -> dict:
    body = {"fn_index": NUMBERS[name], "session_hash": "abc", "data": [], **sent}
    if isinstance(body.get("event_data"), dict):
        body["event_data"] = {"key": KEY, **body["event_data"]}
    return json.loads(calls().reduced(json.dumps(body).encode()).body)


def test_a_payload_is_reduced_to_what_its_function_takes():
    extra = {"event_id": "x", "batched": True, "simple_format": True, "oauth_token": "t", "request": {}}
    told = {"question": "What?", "path": "/x", "everywhere": [1]}
    assert reduced("ask", event_data=told, trigger_id=7, **extra) == {
        "data": [],
        "event_data": {"key": KEY, "seen": None, "question": "What?", "everywhere": False},
        "fn_index": NUMBERS["ask"],
        "trigger_id": 7,
        "session_hash": "abc",
    }
    assert reduced("revise", event_data={"turn": 1, "literally": 1, "more": 2, "seen": ["0f"]})["event_data"] == {
        "key": KEY,
        "seen": ["0f"],
        "turn": 1,
        "literally": False,
        "understood": "",
    }
    assert reduced("add", data=[[{"path": "known/a.txt", "url": "http://192.0.2.1/"}], "own", KEY])["data"] == [
        [{"path": "/uploads/known/a.txt", "meta": {"_type": "gradio.FileData"}}],
        "own",
        KEY,
    ]
    assert json.loads(calls().reduced(b'{"data": ["Who?"]}', "new").body)["data"] == ["Who?", 5, None]


@pytest.mark.parametrize(
    ("name", "sent", "reason"),
    [
        ("ask", {"data": "text"}, "A list"),
        ("ask", {"data": None}, "A list"),
        ("ask", {"event_data": {"question": 1}}, "text is expected"),
        ("ask", {"event_data": {"question": "\ud800"}}, "text is expected"),
        ("ask", {"event_data": {"question": "x" * 20_001}}, "20001 letters; at most 20000"),
        ("ask", {"data": ["", None, None, None]}, "at most 0 values"),
        ("ask", {"event_data": {"more": "x" * 100_000}}, "at most 100000 are taken"),
        ("ask", {"event_data": {"key": None}}, "reader's key"),
        ("ask", {"event_data": {"key": "A" * 32}}, "reader's key"),
        ("ask", {"event_data": {"key": "0" * 33}}, "reader's key"),
        ("ask", {"event_data": {"key": "0" * 32 + "\n"}}, "reader's key"),
        ("ask", {}, "reader's key"),
        ("load", {"data": ["../../x", "", []]}, "reader's key"),
        ("keep_chosen", {"event_data": {"document": ["a"]}}, "text is expected"),
        ("note", {"event_data": {"kept": 0}}, "text is expected"),
        ("move", {"event_data": {"by": "0"}}, "whole number"),
        ("ask", {"session_hash": None}, "session"),
        ("ask", {"session_hash": "../x"}, "session"),
        ("ask", {"session_hash": "x" * 65}, "session"),
        ("ask", {"fn_index": 99}, "no such function"),
        ("ask", {"fn_index": "0"}, "no such function"),
        ("ask", {"fn_index": None}, "no such function"),
        ("ask", {"fn_index": [0]}, "no such function"),
        ("like", {"event_data": {"turn": 10**23}}, "whole number"),
        ("like", {"event_data": {"turn": 1.5}}, "whole number"),
        ("like", {"event_data": {"turn": True}}, "whole number"),
        ("like", {"event_data": {"seen": "all"}}, "list of turns"),
        ("undo", {"event_data": {"seen": ["0f" * 1_000]}}, "at most 2000 are taken"),
        ("choose", {"event_data": {"names": "all"}}, "list of documents"),
        ("choose", {"event_data": {"names": [["a"]]}}, "list of documents"),
        ("choose", {"event_data": {"names": ["a" * 1_000_000]}}, "at most 1000000 are taken"),
        ("retrieve", {"data": ["Who?", "five"]}, "whole number"),
        ("retrieve", {"data": ["Who?", 5, [None]]}, "list of documents"),
        ("add", {"data": [["known/a.txt"]]}, "at most 200 uploaded files"),
        ("add", {"data": [[{"path": "known/a.txt"}] * 201]}, "at most 200 uploaded files"),
    ],
)
def test_what_a_function_does_not_take_is_refused_in_one_sentence(name, sent, reason):
    with pytest.raises(Refused, match=reason):
        reduced(name, **sent)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"\xff", b"{", b'{"data": ' + b"[" * 50_000, b"1" * 5_000])
def test_what_is_no_object_is_refused(body):
    with pytest.raises(Refused, match="JSON object"):
        calls().reduced(body)


def test_the_api_says_in_a_sentence_what_is_wrong(location):
    with served(location) as base:
        for data in (["Who?", "five", None], [{"a": 1}, 5, None], ["Who?", 5, "lamps.txt"]):
            sent = httpx.post(base + CALL, json={"data": data})
            assert sent.status_code == 400
            assert sent.json()["detail"].endswith(" is expected.")


def test_a_fault_of_our_own_is_told_in_a_sentence(location, monkeypatch, capsys):
    from qa.page.server.site import Site

    with served(location) as base:
        monkeypatch.setattr(Site, "retriever", lambda *_: 1 / 0)
        started = httpx.post(base + CALL, json={"data": ["Who?", 5, None]}).json()
        told = httpx.get(f"{base}{CALL}/{started['event_id']}").text
        assert "could not answer this question" in told
        assert "null" not in told
        assert "ZeroDivisionError" in capsys.readouterr().err


def test_every_function_of_the_page_is_in_the_table(location, client):
    with served(location) as base:
        assert set(client(base).numbers) <= set(CALLS)
