"""One client cannot crowd out the others: connections, sessions, turns, passwords."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest
from browsing import served, until
from calling import CALL

from qa.page.guard.clients import FairQueue, Guesses, Sessions
from qa.page.guard.limits import Limits, client_of

TANKS = "What tanks did the Soviet Union supply?"
OTHER, THIRD = "127.0.0.2", "127.0.0.3"


@pytest.fixture
def holding(monkeypatch) -> Iterator[threading.Event]:
    """While this event is not set, no question is answered."""
    from qa.page.server.site import Site

    go_on, retriever = threading.Event(), Site.retriever

    def held(site: Site, own: str = "") -> object:
        assert go_on.wait(60)
        return retriever(site, own)

    yield go_on, lambda: monkeypatch.setattr(Site, "retriever", held)
    go_on.set()


def connected(address: str, host: str) -> socket.socket:
    port = httpx.URL(address).port
    return socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(host, 0))


def test_connections_of_one_address_are_limited_and_others_get_in(essay_location, capfd, client):
    with served(essay_location, limits=Limits(connections_of_one=8)) as address, contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(connected(address, OTHER)) for _ in range(40)]
        for refused in sockets[8:]:
            assert refused.recv(1000).startswith(b"HTTP/1.1 503 ")
        assert httpx.get(address).status_code == 200
        sockets[0].close()
        until(lambda: client(address, OTHER).numbers, 30)
    assert "Traceback" not in capfd.readouterr().err


def test_connections_in_all_are_limited(essay_location):
    limits = Limits(connections=12, connections_of_one=5)
    with served(essay_location, limits=limits) as address, contextlib.ExitStack() as stack:
        for number in range(2, 5):
            for _ in range(4):
                stack.enter_context(connected(address, f"127.0.0.{number}"))
        with connected(address, "127.0.0.9") as late:
            assert b"Too many connections" in late.recv(1000)


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\n"])
def test_a_connection_on_which_no_request_comes_is_closed(essay_location, sent):
    with served(essay_location, limits=Limits(header_seconds=0.3)) as address, connected(address, OTHER) as quiet:
        quiet.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            assert quiet.recv(1000) == b""


def test_headers_that_do_not_end_close_a_connection_that_was_used_before(essay_location):
    with served(essay_location, limits=Limits(header_seconds=0.3)) as address, connected(address, OTHER) as used:
        head = b"GET /gradio_api/app_id HTTP/1.1\r\nHost: localhost\r\n"
        used.sendall(head + b"\r\n")
        received = b""
        while b"app_id" not in received:
            received += used.recv(10_000)
        used.sendall(head)
        with contextlib.suppress(ConnectionResetError):
            assert used.recv(1000) == b""


@pytest.mark.parametrize("route", [CALL, "gradio_api/queue/join", "gradio_api/upload"])
def test_a_body_that_does_not_come_is_not_waited_for(essay_location, route):
    with served(essay_location, limits=Limits(body_seconds=0.3)) as address, connected(address, OTHER) as slow:
        kind = "multipart/form-data; boundary=x" if "upload" in route else "application/json"
        slow.sendall(
            f"POST /{route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: 99\r\n\r\n-".encode()
        )
        assert slow.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_one_clients_calls_are_limited_and_the_others_are_answered(essay_location, holding, client):
    go_on, hold = holding
    with served(essay_location, limits=Limits(outstanding_of_one=6)) as address:
        hold()
        flooding, other = client(address, OTHER), client(address, THIRD)
        sent = [flooding.http.post(CALL, json={"data": [TANKS, 1, None]}) for _ in range(10)]
        assert [one.status_code for one in sent] == [200] * 6 + [429] * 4
        assert sent[-1].json()["detail"] == "6 questions of yours are waiting; ask again when they are done."
        waiting = other.http.post(CALL, json={"data": [TANKS, 1, None]})
        assert waiting.status_code == 200
        go_on.set()
        assert other.result(waiting.json()["event_id"])["quotes"]
        for one in sent[:6]:
            assert flooding.result(one.json()["event_id"])["quotes"]
        assert flooding.retrieve(TANKS)["quotes"]


def test_calls_in_all_are_limited(essay_location, holding, client):
    go_on, hold = holding
    with served(essay_location, limits=Limits(outstanding=3)) as address:
        hold()
        for number in range(2, 5):
            assert client(address, f"127.0.0.{number}").http.post(CALL, json={"data": ["x"]}).status_code == 200
        refused = client(address, "127.0.0.9").http.post(CALL, json={"data": ["x"]})
        assert refused.status_code == 429
        assert "Too many questions" in refused.json()["detail"]
        go_on.set()


def event(host: str) -> SimpleNamespace:
    return SimpleNamespace(request=SimpleNamespace(client=SimpleNamespace(host=host)))


def test_the_queue_goes_round_the_clients():
    running: list[SimpleNamespace] = []
    queue = FairQueue(lambda: running)
    order = [*"aaaaaa", *"bb", "c"]
    for client in order:
        queue.append(event(client))
    assert "".join(one.client for one in queue) == "abcabaaaa"
    assert queue.pop(0).client == "a"
    queue.append(event("d"))
    queue.append(event("b"))
    queue.append(event("a"))
    assert "".join(one.client for one in queue) == "bcdababaaaa"


def test_who_has_fewest_running_is_next():
    running: list[SimpleNamespace] = []
    queue = FairQueue(lambda: running)
    for client in "aaab":
        queue.append(event(client))
    order = ""
    while queue:
        running.append(queue[0])
        queue.remove(running[-1])
        order += running[-1].client
        if order == "ab":
            queue.append(event("c"))
            del running[1]  # the short one of b is done, that of a is not
            queue.append(event("b"))
    assert order == "abcbaa"


def test_the_oldest_session_of_who_has_most_is_forgotten():
    gone: list[str] = []
    sessions = Sessions(5, 3, gone.append)
    for session in ("a1", "a2", "a3"):
        sessions.used(session, "a")
    sessions.used("a1", "a")
    sessions.used("a4", "a")
    assert gone == ["a2"]
    sessions.used("b1", "b")
    sessions.used("b2", "b")
    sessions.used("c1", "c")
    assert gone == ["a2", "a3"]
    sessions.used("b1", "c")  # a reader who came by another way
    sessions.used("d1", "d")
    assert gone == ["a2", "a3", "a1"]


def test_answers_that_nobody_reads_are_forgotten(essay_location, client):
    with served(essay_location, limits=Limits(calls_of_one=4)) as address:
        caller, other = client(address, OTHER), client(address, THIRD)
        kept = other.http.post(CALL, json={"data": [TANKS, 1, None]}).json()["event_id"]
        events = [caller.http.post(CALL, json={"data": [TANKS, 1, None]}).json()["event_id"] for _ in range(8)]
        assert caller.result(events[-1])["quotes"]
        assert other.result(kept)["quotes"]
        lost = caller.http.get(f"{CALL}/{events[0]}")
        assert lost.status_code == 404
        assert lost.json()["detail"].startswith("There is no answer here")


def test_only_essays_of_the_library_are_chosen(essay_location, client):
    with served(essay_location) as address:
        caller = client(address)
        names = ["soviet-union-korean-war.txt", *(f"none {number}" for number in range(10_000))]
        caller.tell("choose", names=names)
        shown = str(caller.tell("ask", question=TANKS))
        assert "Asked only: soviet-union-korean-war.txt<" in shown
        assert "none 1" not in shown


def test_wrong_passwords_are_slowed_down_for_who_gives_them(essay_location):
    auth = ("reader", "secret")
    with served(essay_location, host="0.0.0.0", auth=auth) as address:
        transport = httpx.HTTPTransport(local_address=OTHER)
        with httpx.Client(base_url=address, transport=transport) as guessing:
            tried = [guessing.get("", auth=("reader", f"guess {number}")).status_code for number in range(25)]
            assert tried == [401] * 20 + [429] * 5
            assert guessing.get("", auth=auth).status_code == 429  # nothing is told of a guess that is right
            assert guessing.get("", auth=auth).headers["retry-after"] == "60"
        assert httpx.get(address, auth=auth).status_code == 200


def test_guesses_are_forgotten_after_a_minute():
    now = [0.0]
    guesses = Guesses(3, lambda: now[0])
    for second in (0, 10, 20):
        now[0] = second
        assert not guesses.too_many("a")
        guesses.add("a")
    assert guesses.too_many("a")
    assert not guesses.too_many("b")
    now[0] = 60
    assert not guesses.too_many("a")
    for number in range(20_000):
        guesses.add(str(number))
    assert len(guesses._times) == 10_000


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("127.0.0.2", "127.0.0.2"),
        ("::ffff:127.0.0.2", "127.0.0.2"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
        (None, ""),
    ],
)
def test_who_counts_as_one_client(address, client):
    assert client_of(address) == client


def test_what_a_client_says_of_its_address_is_not_believed(essay_location):
    with served(essay_location, host="0.0.0.0", auth=("reader", "secret")) as address:
        tried = [
            httpx.get(address, auth=("reader", "x"), headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code
            for number in range(21)
        ]
        assert tried[-1] == 429
