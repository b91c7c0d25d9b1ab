"""One client cannot crowd out the others: connections, sessions, turns, passwords."""

import asyncio
import contextlib
import select
import socket
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import httpx
import pytest
import uvicorn
from browsing import served, until
from calling import CALL
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from qa.page.guard.admission import patient
from qa.page.guard.clients import FairQueue, Guesses, Sessions, Turns
from qa.page.guard.door import Access
from qa.page.guard.limits import Limits, client_of
from qa.page.server.connections import limited

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
        sockets = [stack.enter_context(connected(address, OTHER)) for _ in range(16)]
        for _ in range(24):  # not even told, unless the first are refused by then; ended while it connects, or after
            with contextlib.suppress(ConnectionResetError):
                ended = stack.enter_context(connected(address, OTHER))
                assert ended.recv(1000)[:13] in (b"", b"HTTP/1.1 503 ")
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
    queue = FairQueue(lambda: running, None)
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
    queue = FairQueue(lambda: running, None)
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


@pytest.mark.parametrize(
    ("waiting", "started"),
    [("aaaaaa", "aaaa"), ("aaaaab", "aba"), ("aaabbb", "abab"), ("aaabbc", "abc"), ("aabbccddee", "abcd")],
)
def test_of_what_may_run_each_client_has_its_share(waiting, started):
    """Though there is room for more: a flood would take the processor from those who run."""
    running: list[SimpleNamespace] = []
    queue = FairQueue(lambda: running, 4)
    for client in waiting:
        queue.append(event(client))
    order = ""
    while len(queue) and len(running) < 4:
        running.append(queue[0])
        queue.remove(running[-1])
        order += running[-1].client
    assert order == started
    running.clear()
    left = sorted(waiting)
    for client in started:
        left.remove(client)
    assert sorted(event.client for event in queue) == left


def test_of_one_client_no_more_requests_are_worked_on_than_may():
    async def tried() -> list[str]:
        turns, seen, go_on = Turns(2), [], asyncio.Event()

        async def request(client: str) -> None:
            async with turns.of(client):
                seen.append(client)
                await go_on.wait()

        tasks = [asyncio.create_task(request(client)) for client in "aaaabb"]
        await asyncio.sleep(0)
        before = sorted(seen)
        tasks[0].cancel()
        go_on.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert turns._of == {}
        assert sorted(seen) == [*"aaaabb"]
        return before

    assert asyncio.run(tried()) == [*"aabb"]


@pytest.mark.parametrize("path", ["", "config", "gradio_api/info", "api/essays"])
def test_what_is_made_for_each_who_asks_is_made_for_a_client_a_few_at_a_time(essay_location, monkeypatch, path):
    from fastapi import FastAPI

    app, go_on, making = FastAPI.__call__, threading.Event(), []

    async def held(self: FastAPI, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            making.append(scope["client"][0])
            await asyncio.to_thread(go_on.wait, 60)
        await app(self, scope, receive, send)

    monkeypatch.setattr(FastAPI, "__call__", held)
    with served(essay_location) as address, contextlib.ExitStack() as stack:
        request = f"GET /{path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        asking = [stack.enter_context(connected(address, host)) for host in [*[OTHER] * 5, THIRD]]
        for one in asking:
            one.sendall(request)
        until(lambda: THIRD in making, 30)
        assert sorted(making) == [OTHER] * Limits().shown_of_one + [THIRD]
        go_on.set()
        assert [one.recv(15) for one in asking] == [b"HTTP/1.1 200 OK"] * 6


BODY = 30_000_000


@pytest.fixture
def sending() -> Iterator[Callable[[Limits], tuple[str, int]]]:
    """A server of our connections, with given limits, that answers whatever comes with a long body."""
    with contextlib.ExitStack() as stack:

        async def long(scope: Scope, _: Receive, send: Send) -> None:
            await Response(b"x" * BODY)(scope, _, send)

        def started(limits: Limits) -> tuple[str, int]:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            server = uvicorn.Server(uvicorn.Config(long, http=limited(limits), lifespan="off", log_level="error"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
            thread.start()
            stack.callback(thread.join, 30)
            stack.callback(setattr, server, "should_exit", True)
            return listener.getsockname()

        yield started


def received(where: tuple[str, int], before: Callable[[socket.socket], object]) -> int:
    """How many bytes come of an answer, where `before` is done first."""
    count = 0
    with socket.create_connection(where, timeout=60) as reading, contextlib.suppress(ConnectionResetError):
        reading.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        before(reading)
        while part := reading.recv(1_000_000):
            count += len(part)
    return count


def ended(reading: socket.socket) -> None:
    """Wait until the other end has ended the connection, and read nothing."""
    poll = select.poll()
    poll.register(reading, select.POLLRDHUP | select.POLLERR)
    assert poll.poll(60_000)


def test_who_reads_nothing_of_an_answer_is_cut_off(sending):
    assert received(sending(Limits(unread_seconds=0.2)), ended) < BODY


def test_who_reads_late_is_not_cut_off(sending):
    """Also where the next request would have been due by then."""
    where = sending(Limits(header_seconds=0.1))
    assert received(where, lambda _: threading.Event().wait(0.5)) > BODY


@pytest.mark.parametrize("route", [CALL, "gradio_api/queue/join", "gradio_api/run/predict", "gradio_api/upload"])
@pytest.mark.parametrize("length", ["", "Content-Length: 10\r\n"])
def test_what_comes_in_pieces_is_not_taken_whatever_length_is_named(essay_location, route, length):
    with served(essay_location) as address, connected(address, OTHER) as pieces:
        head = f"POST /{route} HTTP/1.1\r\nHost: localhost\r\n{length}Transfer-Encoding: chunked\r\n\r\n"
        pieces.sendall(head.encode() + b"10\r\n0123456789abcdef\r\n")
        assert pieces.recv(1000).startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize(
    ("pieces", "limits", "taken"),
    [
        ([b"ab", b"cde"], Limits(), 5),
        ([b"ab", b"cdef"], Limits(), 2),  # more than was named
        ([b"abcdef"], Limits(), 0),
        ([b"ab", None], Limits(body_seconds=0.01), 2),  # a pause
        ([b"ab", b"cd", b"e"], Limits(body_seconds=0.0, slowest=10**9), 0),  # too slow in all
    ],
)
def test_a_body_is_taken_as_far_as_its_length_and_in_time(pieces, limits, taken):
    coming = iter(pieces)

    async def receive() -> dict[str, object]:
        piece = next(coming)
        if piece is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": piece, "more_body": piece[-1:] != b"e"}

    async def tried() -> int:
        got, message = 0, {"type": "http.request", "more_body": True}
        body = patient(receive, 5, limits)
        while message["type"] == "http.request" and message["more_body"]:
            message = await body()
            got += len(message.get("body", b""))
        return got

    assert asyncio.run(tried()) == taken


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


def test_what_holds_nothing_is_forgotten_before_what_does():
    gone, read = [], {"b", "c", "e"}
    sessions = Sessions(100, 4, gone.append, lambda session: session not in read)
    for session in "abcde":
        sessions.used(session, "client")
    assert gone == ["b", "c"]
    for session in "fgh":
        sessions.used(session, "client")
    assert gone == ["b", "c", "e", "a"]


def test_a_call_that_takes_long_is_not_forgotten_for_those_that_were_read(essay_location, monkeypatch, client):
    from qa.page.server.site import Site

    go_on, held, retriever = threading.Event(), [], Site.retriever

    def first_held(site: Site, own: str = "") -> object:
        if not held:
            held.append(own)
            assert go_on.wait(60)
        return retriever(site, own)

    with served(essay_location, limits=Limits(calls_of_one=4)) as address:
        long, quick = client(address, OTHER), client(address, OTHER)
        monkeypatch.setattr(Site, "retriever", first_held)
        waiting = long.http.post(CALL, json={"data": [TANKS, 1, None]}).json()["event_id"]
        until(lambda: held, 30)
        for _ in range(6):
            assert quick.retrieve("Who led North Korea?")
        go_on.set()
        assert long.result(waiting)["quotes"]


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
        assert "Asked only: The Pivotal Role of the Soviet Union in Global Military History<" in shown
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
    "header",
    [
        b"Basic \xe9\xe9",
        b"Basic \xff",
        b"Basic =",
        b"Basic a\tb",
        b"\xe9",
        b"Basic",
        b"Bearer x",
        b"Basic " + b"A" * 50_000,
    ],
)
def test_what_is_no_password_is_a_wrong_one(header):
    headers = Headers(raw=[(b"host", b"localhost"), (b"authorization", header)])
    assert Access(auth=("reader", "secret")).refusal(headers) == (401, "A name and a password are needed.")


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
