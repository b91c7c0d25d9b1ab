"""The page, really served, and a real Chromium to look at it: for the browser tests and the screenshots."""

import contextlib
import gc
import os
import shutil
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Long, as the tests may run beside a build on a busy machine.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@contextlib.contextmanager
def served(location: Path | str, **options: object) -> Iterator[str]:
    """The address of the page over the index at `location`, served from a thread of this process."""
    with warnings.catch_warnings():
        # What Gradio's own imports and threads warn of is not ours to mend.
        warnings.simplefilter("ignore")
        from qa.page.app import create_app
        from qa.page.server.listening import Server, address_of, listening

        listener = listening("127.0.0.1", 0)
        ready = threading.Event()
        server = Server(create_app(location, **options), ready.set)  # type: ignore[arg-type]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        assert ready.wait(60)
        try:
            yield address_of("127.0.0.1", listener)
        finally:
            server.should_exit = True
            thread.join(30)
            listener.close()
            # Gradio leaves event loops unclosed; they are collected here, where that is no error.
            del server, thread
            gc.collect()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium: QUOTH_CHROMIUM, or the one on the PATH, or Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("QUOTH_CHROMIUM") or next((p for p in map(shutil.which, names) if p), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Reader:
    """Someone at the page: a browser window that notes what should not happen."""

    def __init__(self, browser: Browser, base: str, *, width: int = 1280, scheme: str = "light", **options: object):
        self.base = base
        self.problems: list[str] = []
        self._slow = False
        phone = {"is_mobile": True, "has_touch": True} if width < 600 else {}
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 844 if phone else 860},
            color_scheme=scheme,
            permissions=["clipboard-read", "clipboard-write"],
            reduced_motion="reduce",
            **phone,
            **options,
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.route("**/*", self._passed)
        self.page: Page = self.context.new_page()
        self._listen(self.page)

    def _passed(self, route) -> None:
        if route.request.url.startswith((self.base, "data:", "blob:")):
            route.continue_()
        else:
            self.problems.append(f"request to {route.request.url}")
            route.abort()

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("console", lambda line: self._heard(line.text) if line.type == "error" else None)
        page.on("framenavigated", lambda frame: self._left() if frame == page.main_frame else None)

    def _heard(self, said: str) -> None:
        if not said.startswith("AbortError: signal is aborted"):
            self.problems.append(f"console: {said}")

    def _left(self) -> None:
        """Forget what Gradio's client says of its connection when its page is left while an answer streams."""
        self.problems[:] = [one for one in self.problems if "Connection errored out" not in one]

    def open(self, path: str = "") -> "Reader":
        self.page.goto(self.base + path)
        self.page.get_by_label("Question").wait_for()
        self.page.locator("#conversation [role=status]").wait_for(state="attached")
        return self

    def ask(self, question: str) -> "Reader":
        self.page.get_by_label("Question").fill(question)
        self.page.get_by_label("Question").press("Enter")
        self.page.locator(".turn[open] h2").filter(has_text=question).wait_for()
        return self

    @property
    def cards(self):
        return self.page.locator(".turn[open] > .card")

    def essays(self):
        """The list of essays, which is opened where it is not."""
        button = self.page.locator("#essays-panel > button")
        if button.get_attribute("aria-expanded") == "false":
            button.click()
        return self.page.locator("#essays")

    def sideways(self) -> list[str]:
        """What can be scrolled sideways (the page, or a part that would show a scroll bar) or is cut off there."""
        return self.page.evaluate("""() => {
            const parts = [...document.querySelectorAll("html, body *")].filter((part) => part.checkVisibility());
            const scrolls = (part) => part.scrollWidth > part.clientWidth &&
                (part === document.documentElement || /auto|scroll/.test(getComputedStyle(part).overflowX));
            const cut = (part) => part.matches("a, button, input, textarea") &&
                part.getBoundingClientRect().right > innerWidth;
            return parts.filter((part) => scrolls(part) || cut(part))
                .map((part) => `${part.tagName} ${part.id} ${part.className}: ` +
                    `${part.scrollWidth} > ${part.clientWidth}`);
        }""")

    @contextlib.contextmanager
    def slow(self, what: str = "**/queue/join**") -> Iterator[None]:
        """What the page asks of the server meanwhile arrives in the end only, as over a slow network."""
        held: list[Route] = []
        self._slow = True
        self.page.route(what, lambda route: held.append(route) if self._slow else route.fallback())
        yield
        until(lambda: held or self.page.evaluate("0"))
        self._slow = False
        for route in held:
            route.continue_()

    def close(self) -> None:
        before = len(self.problems)
        self.context.close()
        del self.problems[before:]  # what the page says as it is closed


def until(condition, seconds: float = PATIENCE / 1000) -> None:
    """Wait until `condition()` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def serious(page: Page) -> list[str]:
    """What axe-core finds serious."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
