"""What markup can do that slipped into the page, in real Chromium: be seen, and nothing else."""

import base64
import hashlib
import re
from collections.abc import Iterator

import httpx
import pytest
from browsing import Reader, chromium, served
from playwright.sync_api import Browser

# The names are reserved: nothing is ever there.
ELSEWHERE = "https://essays.example/"
INJECTED = {
    "script": "<script>window.bad = 1</script>",
    "handler": '<img src="x:" onerror="window.bad = 1">',
    "toggled": '<details open ontoggle="window.bad = 1"><summary>x</summary></details>',
    "svg": '<svg onload="window.bad = 1"><script>window.bad = 1</script></svg>',
    "foreign script": f'<script src="{ELSEWHERE}a.js"></script>',
    "picture": f'<img src="{ELSEWHERE}a.png"><img srcset="{ELSEWHERE}a.png">',
    "style": f'<link rel="stylesheet" href="{ELSEWHERE}a.css"><style>@import "{ELSEWHERE}b.css";</style>',
    "background": f'<p style="background: url({ELSEWHERE}a.png)">x</p>',
    "font": f"<style>@font-face {{ font-family: a; src: url({ELSEWHERE}a) }} p {{ font-family: a }}</style><p>x</p>",
    "frame": f'<iframe src="{ELSEWHERE}"></iframe><iframe srcdoc="<script>parent.bad = 1</script>"></iframe>',
    "object": f'<object data="{ELSEWHERE}a"></object><embed src="{ELSEWHERE}a">',
    "media": f'<video src="{ELSEWHERE}a" autoplay></video><audio src="{ELSEWHERE}a"></audio>',
    "refresh": f'<meta http-equiv="refresh" content="0;url={ELSEWHERE}">',
    "base": f'<base href="{ELSEWHERE}"><img src="a.png">',
    "form": f'<form action="{ELSEWHERE}"><input name="a" value="b"><button class="go">x</button></form>',
    "form here": '<form action="/" method="post"><input name="a"><button class="go">x</button></form>',
    "link": f'<a class="go" href="{ELSEWHERE}">x</a>',
    "script link": '<a class="go" href="javascript:window.bad = 1">x</a>',
}


@pytest.fixture(scope="module")
def page(essay_location) -> Iterator[tuple[Reader, str]]:
    with served(essay_location) as address, chromium() as browser:
        yield browser, address


def test_injected_markup_runs_nothing_sends_nothing_and_leads_nowhere(page: tuple[Browser, str]) -> None:
    browser, address = page
    reader = Reader(browser, address)
    for name, markup in INJECTED.items():
        reader.open()
        reader.page.evaluate(
            """markup => {
                const box = document.createElement("div");
                box.id = "injected";
                document.querySelector("#conversation").append(box);
                box.innerHTML = markup;
                for (const script of box.querySelectorAll("script")) {
                    const again = document.createElement("script");
                    for (const one of script.attributes) again.setAttribute(one.name, one.value);
                    again.textContent = script.textContent;
                    script.replaceWith(again);
                }
                box.querySelector(".go")?.click();
            }""",
            markup,
        )
        # What it set off would have come by the time that two pictures of the page were drawn and an answer came.
        reader.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        reader.page.evaluate("() => fetch('/gradio_api/app_id').then((answer) => answer.text())")
        assert reader.page.evaluate("() => window.bad") is None, name
        assert reader.page.url == address, name
        assert [one for one in reader.problems if one.startswith("request to")] == [], name
    reader.close()


def test_every_script_in_the_page_is_named_by_its_hash_and_no_other_runs(page: tuple[Browser, str]) -> None:
    sent = httpx.get(page[1])
    policy = sent.headers["content-security-policy"]
    scripts = dict(re.findall(r"(script|style)-src ([^;]*)", policy))["script"]
    inline = [one for one in re.findall(r"<script[^>]*>(.*?)</script>", sent.text, re.DOTALL) if one]
    hashes = {base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in inline}
    assert scripts.split() == ["'self'", "'unsafe-eval'", *scripts.split()[2:]]
    assert {one[8:-1] for one in scripts.split()[2:]} == hashes
    assert "unsafe-inline" not in scripts
    assert "default-src 'none'" in policy
    assert "form-action 'none'" in policy


@pytest.mark.parametrize("path", ["essay/soviet-union-korean-war.txt", "quoth/page.js", "gradio_api/info", "none"])
def test_nothing_else_that_is_sent_can_run_scripts(page: tuple[Browser, str], path: str) -> None:
    policy = httpx.get(page[1] + path).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
