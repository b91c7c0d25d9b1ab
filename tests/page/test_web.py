"""The page's server without a browser: who may use it, what it sends, the API, builds."""

import base64
import gc
import html
import json
import shutil
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import httpx
import pytest
from browsing import served, until

from index.encoding.loading import load_encoder
from index.local.build import build
from index.local.location import current_name
from qa.building import ensure_index
from qa.page.guard.door import Access, is_loopback
from qa.page.html.beginnings import Beginning
from qa.page.server.listening import address_of, listening
from qa.page.server.rebuild import Rebuild
from qa.page.server.site import Site
from qa.page.server.uploads import Upload
from qa.retrieve import retriever
from source.errors import UserError
from source.library import ESSAYS

# Gradio sets an option of pandas that pandas 3 warns of.
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated")

TANKS = "What tanks did the Soviet Union supply?"


@pytest.fixture
def library(tmp_path) -> Path:
    """An index of a folder that can be written; the index lies beside it."""
    shutil.copytree(ESSAYS, tmp_path / "essays")
    build(tmp_path / "essays", tmp_path / "index", encoder=load_encoder())
    return tmp_path


def site(location: Path) -> Site:
    return Site(location, Access(), location.parent / "kept")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "", "127.0.0.1.evil.example", "10.0.0.1", "a b"])
def test_a_foreign_host_is_refused(base, host):
    assert httpx.get(base, headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:80", "LOCALHOST"])
def test_names_of_the_loopback_are_known(base, host):
    assert httpx.get(base, headers={"Host": host}).status_code == 200


def test_other_sites_may_link_here_and_no_more(base):
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert httpx.get(base, headers=visit).status_code == 200
    assert httpx.get(base, headers={**visit, "Sec-Fetch-Dest": "iframe"}).status_code == 403
    assert httpx.get(base, headers={"Origin": "https://evil.example"}).status_code == 403
    form = {"files": ("a.md", b"text")}
    assert httpx.post(f"{base}gradio_api/upload", files=form, headers={"Origin": "null"}).status_code == 403


@pytest.mark.parametrize("place", ["cross-site", "same-site", "no-site-that-is-known"])
@pytest.mark.parametrize("kind", ["image", "script", "iframe", "empty"])
def test_nothing_of_the_page_is_a_part_of_another(base, place, kind):
    headers = {"Sec-Fetch-Site": place, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": kind}
    for path in ("", "quoth/icon.svg", "api/essays", "essay/soviet-union-korean-war.txt", "gradio_api/app_id"):
        assert httpx.get(base + path, headers=headers).status_code == 403


def test_protective_headers_are_everywhere(base):
    for path in ("", "quoth/style.css", "essay/soviet-union-korean-war.txt", "gradio_api/none"):
        headers = httpx.get(base + path).headers
        assert "default-src" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    assert "script-src" not in httpx.get(f"{base}essay/soviet-union-korean-war.txt").headers["content-security-policy"]
    assert "content-security-policy" in httpx.get(base, headers={"Host": "evil.example"}).headers


@pytest.mark.parametrize(
    "path",
    [
        "docs",
        "openapi.json",
        "quoth/nothing.css",
        "quoth/essay.html",
        "quoth/..%2fwidgets.py",
        "essay/none.txt",
        "essay/..%2f..%2fpyproject.toml",
        "gradio_api/proxy=http://evil.example/",
        "gradio_api/file=/etc/passwd",
    ],
)
def test_nothing_else_is_served(base, path):
    assert httpx.get(base + path).status_code in (403, 404)


def test_long_requests_are_refused(base):
    url = f"{base}gradio_api/call/retrieve"
    assert httpx.post(url, content=b"x" * 1_000_001).status_code == 413
    assert httpx.post(url, content=iter([b"{}"])).status_code == 411


@pytest.mark.parametrize(
    ("path", "most"),
    [("gradio_api/call/retrieve", 1_000_000), ("api/check", 1_000_000), ("api/ask", 250_000), ("mcp", 250_000)],
)
def test_requests_may_be_as_long_as_is_said_and_no_longer(base, path, most):
    assert httpx.post(base + path, content=b"x" * most).status_code not in (404, 413)
    assert httpx.post(base + path, content=b"x" * (most + 1)).status_code == 413


def test_the_api_answers_as_the_command_line_does(base, essay_location):
    expected = retriever(essay_location).answer(TANKS, 2).json()
    started = httpx.post(f"{base}gradio_api/call/retrieve", json={"data": [TANKS, 2, None]}).json()
    lines = httpx.get(f"{base}gradio_api/call/retrieve/{started['event_id']}", timeout=30).text.splitlines()
    data = next(line for line in lines if line.startswith("data: "))
    assert json.loads(data.removeprefix("data: ")) == [expected]
    described = httpx.get(f"{base}gradio_api/info").json()["named_endpoints"]
    assert list(described) == ["/retrieve"]
    assert [p["parameter_name"] for p in described["/retrieve"]["parameters"]] == ["question", "k", "documents"]


def test_the_gradio_client_gets_the_same_answer(base, essay_location):
    client = pytest.importorskip("gradio_client").Client(base, verbose=False)
    answer = client.predict(question=TANKS, k=1, api_name="/retrieve")
    assert answer == retriever(essay_location).answer(TANKS, 1).json()
    with pytest.raises(Exception, match="question is empty"):
        client.predict(question=" ", api_name="/retrieve")
    with pytest.raises(Exception, match="ask for at least 1"):
        client.predict(question="What?", k=0, api_name="/retrieve")


def test_beyond_the_loopback_everything_needs_the_password(essay_location):
    auth = ("reader", "pass:wörd")
    with served(essay_location, host="0.0.0.0", auth=auth) as address:
        assert httpx.get(address).status_code == 401
        assert "Basic" in httpx.get(address).headers["www-authenticate"]
        for path in ("essay/soviet-union-korean-war.txt", "quoth/page.js", "gradio_api/info", "config"):
            assert httpx.get(address + path).status_code == 401
        assert httpx.get(address, auth=("reader", "wrong")).status_code == 401
        assert httpx.get(address, headers={"Authorization": "Basic ?"}).status_code == 401
        token = base64.b64encode(":".join(auth).encode()).decode()
        known = {"Authorization": f"Basic {token}"}
        assert httpx.get(address, headers=known).status_code == 200
        assert httpx.get(address, headers={**known, "Host": "192.168.1.9:7860"}).status_code == 200
        assert httpx.get(address, headers={**known, "Host": "evil.example"}).status_code == 400
        client = pytest.importorskip("gradio_client").Client(address, headers=known, verbose=False)
        assert client.predict(question=TANKS, k=1, api_name="/retrieve")["status"] == "found"


def test_without_a_password_only_the_loopback_is_listened_on(essay_location):
    from qa.page.app import serve

    with pytest.raises(UserError, match="needs a password"):
        serve(essay_location, host="0.0.0.0")
    assert is_loopback("127.0.0.2")
    assert not is_loopback("example.com")


def test_uploads_can_be_off(essay_location):
    with served(essay_location, uploads=False) as address:
        assert httpx.post(f"{address}gradio_api/upload", files={"files": ("a.md", b"text")}).status_code == 404
        assert "Add essays" not in httpx.get(f"{address}config").text


def test_a_missing_index_is_built_first(tmp_path):
    said: list[str] = []
    ensure_index(tmp_path / "index", said.append)
    assert said[0].startswith("There is no index yet")
    assert said[-1].startswith("1 document, ")
    assert current_name(tmp_path / "index")
    ensure_index(tmp_path / "index", said.append)
    assert len(said) == 2


def test_a_taken_port_is_told():
    with listening("127.0.0.1", 0) as taken:
        with pytest.raises(UserError, match="--port"):
            listening("127.0.0.1", taken.getsockname()[1])
        assert address_of("0.0.0.0", taken).startswith("http://127.0.0.1:")
        assert address_of("::1", taken).startswith("http://[::1]:")


def test_serve_says_where_it_listens(essay_location):
    """The whole of `serve`, in a process of its own."""
    code = (
        "import sys; from pathlib import Path; from qa.page.app import serve; "
        "serve(Path(sys.argv[1]), port=0, say=lambda line: print(line, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(essay_location)], stdout=subprocess.PIPE, text=True
    ) as process:
        line = process.stdout.readline()
        try:
            assert line.startswith("Quoth answers at http://127.0.0.1:")
            assert httpx.get(line.split()[-1]).status_code == 200
        finally:
            process.terminate()


def test_a_build_can_be_cancelled(library):
    before = current_name(library / "index")
    started, go_on = threading.Event(), threading.Event()
    rebuild = Rebuild()
    advance = rebuild._advance

    def slowly(done: int, total: int) -> None:
        started.set()
        go_on.wait(30)
        advance(done, total)

    rebuild._advance = slowly
    rebuild.start(library / "essays", library / "index")
    assert started.wait(30)
    rebuild.start(library / "essays", library / "index")  # one at a time: this one is not begun
    rebuild.cancel()
    go_on.set()
    until(lambda: not rebuild.progress.running)
    assert rebuild.progress.failure == "Cancelled. The index is as it was."
    assert current_name(library / "index") == before


def test_a_build_that_cannot_be_done_says_why(library):
    shutil.rmtree(library / "essays")
    here = site(library / "index")
    here.build()
    until(lambda: not here.rebuild.progress.running)
    assert "There is no folder" in here.rebuild.progress.failure


def test_essays_are_added_to_the_library_or_for_one_reader(library):
    here = site(library / "index")
    tomato = Upload("tomato.txt", b"A tomato wants six hours of sun.\n")
    own = here.readers.name("0" * 32)
    rebuild, refused = here.add_own([tomato], own)
    assert refused == []
    until(lambda: not rebuild.progress.running)
    assert [entry.name for entry in here.snapshot(own).entries] == ["tomato.txt", "soviet-union-korean-war.txt"]
    assert len(here.snapshot().entries) == 1
    assert here.add_own([tomato], own) == (None, ["tomato.txt: it is there already"])
    assert sorted(path.name for path in here.readers.own(own).glob("essays/*")) == ["tomato.txt"]
    essay = Upload("soviet-union-korean-war.txt", b"Another text.\n")
    assert here.add_own([essay], own) == (None, [f"{essay.name}: another essay has this name; rename yours"])
    folder = here.readers.own(own)
    here.forget(own)
    assert not folder.exists()
    assert len(here.snapshot(own).entries) == 1
    build_, refused = here.add_to_library([tomato, tomato])
    assert refused == ["tomato.txt: it is there already"]
    until(lambda: not build_.progress.running)
    assert len(here.snapshot().entries) == 2
    here.close()


def test_an_essay_of_a_damaged_index_is_not_called_missing(library, monkeypatch):
    # What was read before is kept.
    monkeypatch.setattr(Site, "warm", lambda _: None)
    monkeypatch.setattr(Site, "begin", lambda _: Beginning(1, 1, (), ()))
    with served(library / "index") as address:
        [database] = (library / "index" / "snapshots").glob("*/text.sqlite")
        stored = database.read_bytes()
        name = next(ESSAYS.glob("*.txt")).name
        assert httpx.get(f"{address}essay/no such essay").status_code == 404
        database.write_bytes(stored.replace(b"Soviet Union", b"Soviet Onion"))
        damaged = httpx.get(f"{address}essay/{name}")
    assert damaged.status_code == 503
    assert "text.sqlite is not as it was written; rebuild it" in html.unescape(damaged.text)
    assert "Onion" not in damaged.text


def test_quoths_own_essay_takes_no_company(essay_location):
    here = site(essay_location)
    assert here.library is None
    assert here.begin().questions
    with pytest.raises(UserError, match="cannot be added"):
        here.add_to_library([])


def test_a_call_of_the_api_leaves_no_session_behind(essay_location):
    with served(essay_location) as base:
        for _ in range(130):
            started = httpx.post(f"{base}gradio_api/call/retrieve", json={"data": ["armistice", 1, None]}).json()
            assert "event: complete" in httpx.get(f"{base}gradio_api/call/retrieve/{started['event_id']}").text
        # Looked for among all objects, as some warn when they are looked at.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from gradio.state_holder import StateHolder

            kept = [len(one.session_data) for one in gc.get_objects() if isinstance(one, StateHolder)]
    assert 0 < max(kept) <= 110
