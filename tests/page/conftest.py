"""What tests of the served page share."""

import contextlib
from collections.abc import Callable, Iterator

import pytest
from calling import Caller


@pytest.fixture
def client() -> Iterator[Callable[..., Caller]]:
    """Makes clients of a page, which are closed in the end."""
    with contextlib.ExitStack() as stack:
        yield lambda *given, **more: stack.enter_context(contextlib.closing(Caller(*given, **more)))
