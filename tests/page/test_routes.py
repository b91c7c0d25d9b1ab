"""Only what is in the table of routes is there: every route of the app and of Gradio is tried."""

import contextlib
import http.client
import inspect
import json
import re
from collections.abc import Iterator

import httpx
import pytest
from browsing import served

from qa.page.guard.allowed import ALLOWED, allowed

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What a parameter of a route may be.
VALUES = {"api_name": "ask", "path_or_url": "/etc/passwd", "url_path": "http://192.0.2.1/", "path": "../../etc/passwd"}


@pytest.fixture(scope="module", params=[True, False], ids=["uploads", "no uploads"])
def page(request, essay_location) -> Iterator[tuple[str, bool]]:
    with served(essay_location, uploads=request.param) as address:
        yield address, request.param


def gradios_routes() -> set[str]:
    """Every path that Gradio declares, also those that this configuration does not have."""
    from gradio import routes

    source = inspect.getsource(routes)
    declared = re.findall(r"@(?:app|router)\.(?:get|post|head|put|delete)\(\s*f?\"([^\"]+)\"", source)
    assert len(declared) > 80
    return {path for one in declared for path in (one, f"/gradio_api{one}")}


def own_routes(essay_location) -> set[str]:
    """Every path of the app that is served."""
    from qa.page.app import create_app

    found: set[str] = set()
    waiting = [("", create_app(essay_location)._app.routes)]
    while waiting:
        prefix, routes = waiting.pop()
        for route in routes:
            path = prefix + getattr(route, "path", "")
            inner = getattr(route, "original_router", route)
            if getattr(inner, "routes", None):
                waiting.append((path.rstrip("/"), inner.routes))
            else:
                found.add(path)
    assert len(found) > 50
    return found


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: VALUES.get(found[1], "x"), path)


def test_every_route_that_is_not_allowed_is_closed(page, essay_location):
    address, uploads = page
    tried = 0
    with httpx.Client(base_url=address) as client:
        for path in sorted({filled(one) for one in gradios_routes() | own_routes(essay_location)}):
            for method in METHODS:
                if allowed(method, path, uploads=uploads) is None:
                    tried += 1
                    sent = client.request(method, httpx.URL(address).copy_with(path=path))
                    assert sent.status_code == 404, (method, path)
    assert tried > 700


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "file=/etc/passwd"),
        ("HEAD", "file=/etc/passwd"),
        ("GET", "file/etc/passwd"),
        ("GET", "file=http://192.0.2.1/"),
        ("GET", "file=https://localhost.example/"),
        ("GET", "proxy=http://192.0.2.1/"),
        ("POST", "process_recording"),
        ("POST", "component_server"),
        ("POST", "run/retrieve"),
        ("POST", "run/rebuild"),
        ("POST", "api/predict"),
        ("POST", "call/rebuild"),
        ("POST", "call/add"),
        ("POST", "call/v2/retrieve"),
        ("POST", "queue/join/"),
        ("POST", "cancel"),
        ("POST", "reset"),
        ("POST", "stream/x"),
        ("POST", "vibe-edit"),
        ("POST", "run-history/connect"),
        ("GET", "deep_link"),
        ("GET", "openapi.json"),
        ("GET", "queue/status"),
        ("GET", "startup-events"),
        ("GET", "custom_component/x/client/component/x"),
        ("GET", "../file=/etc/passwd"),
        ("GET", "%66ile=/etc/passwd"),
        ("GET", "heartbeat/../file=/etc/passwd"),
        ("GET", "call/retrieve/../../file=/etc/passwd"),
    ],
)
def test_gradios_other_doors_are_closed(page, method, path):
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for headers in ({}, {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "image"}, visit if method == "GET" else {}):
        url = httpx.URL(page[0]).copy_with(raw_path=f"/gradio_api/{path}".encode())
        assert httpx.request(method, url, headers=headers).status_code == 404


@pytest.mark.parametrize(
    "path", ["/login", "/logout", "/monitoring", "/docs", "/svelte/x", "/static/img/logo.svg", "//"]
)
def test_the_app_has_no_other_pages(page, path):
    assert httpx.get(httpx.URL(page[0]).copy_with(raw_path=path.encode())).status_code == 404


@pytest.mark.parametrize("letters", ["a" * 300, "é" * 150, "a" * 3000])
@pytest.mark.parametrize("where", ["/quoth/{}.css", "/assets/{}", "/assets/{}.js", "/static/js/{}", "/essay/{}", "/{}"])
def test_a_name_that_no_file_can_have_is_not_here(page, where, letters):
    assert httpx.get(httpx.URL(page[0]).copy_with(path=where.format(letters))).status_code == 404


@pytest.mark.parametrize("where", ["/", "/config", "/gradio_api/info", "/essay/birds.txt", "/api/essays", "/q/a"])
@pytest.mark.parametrize("length", [61_000, 64_000])
def test_an_address_that_is_too_long_is_one_sentence(page, where, length):
    host, port = httpx.URL(page[0]).host, httpx.URL(page[0]).port
    with contextlib.closing(http.client.HTTPConnection(str(host), port)) as connection:
        connection.request("GET", f"{where}?s={'1-2,' * (length // 4)}")
        reply = connection.getresponse()
        assert (reply.status, json.loads(reply.read())["error"]) == (414, "too_long")


@pytest.mark.parametrize("where", ["/", "/config", "/gradio_api/info"])
@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Gradio-Server", "X-Direct-Url", "X-Original-Url", "Forwarded", "X-Forwarded-Prefix"]
)
def test_no_header_tells_the_page_where_it_is(page, where, name):
    headers = {name: "host=evil.example" if name == "Forwarded" else "http://evil.example"}
    assert "evil.example" not in httpx.get(page[0].rstrip("/") + where, headers=headers).text


def test_the_table_says_what_each_route_is_for():
    assert all(route.purpose and route.methods <= set(METHODS) for route in ALLOWED)
    assert all(("POST" in route.methods) == bool(route.longest) for route in ALLOWED)
