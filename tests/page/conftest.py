"""What tests of the served page share."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import Reader, chromium, served
from calling import Caller
from playwright.sync_api import Browser


@pytest.fixture
def client() -> Iterator[Callable[..., Caller]]:
    """Makes clients of a page, which are closed in the end."""
    with contextlib.ExitStack() as stack:
        yield lambda *given, **more: stack.enter_context(contextlib.closing(Caller(*given, **more)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for all tests of a module: an event loop runs in this thread as long as it is open."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def base(essay_location: Path) -> Iterator[str]:
    """The address of the page over the shipped essay; a module whose page is another has its own."""
    with served(essay_location) as address:
        yield address


@pytest.fixture
def reader(browser: Browser, base: str) -> Iterator[Reader]:
    """Somebody who reads the page at the module's `base`, without an error on the way."""
    someone = Reader(browser, base)
    yield someone
    someone.close()
    assert someone.problems == []
