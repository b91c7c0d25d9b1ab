"""A Milvus server: one client that all threads share, every call with a time-out, every failure a sentence.

pymilvus is imported here alone, and only when an address names Milvus. It asks nobody but the server that is named.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from index.milvus.address import Address
from source.errors import UserError

# Seconds that a server may take to answer: a question, and what a build asks. It may come back meanwhile.
ANSWERING, BUILDING = 10.0, 120.0
# Before this version there is no full-text search.
_FIRST = (2, 5)

_Found = TypeVar("_Found")
# pymilvus has no types of its own.
Untyped = Any
_LOCK = threading.Lock()
_CLIENTS: dict[tuple[str, str, int], Any] = {}
_USED: Counter[int] = Counter()  # calls of each client that are not answered yet, by its id
# What pymilvus reads a file of settings by, wherever one lies above it.
_DOTENV = "PYTHON_DOTENV_DISABLED"


class Away(UserError):
    """The server does not answer."""


class MilvusServer:
    """The server of `address`; connections are made when they are needed, one for each server and process."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._key = address.uri, os.environ.get("MILVUS_TOKEN", "")

    def ask(self, what: str, *arguments: object, timeout: float = ANSWERING, **options: object) -> Untyped:
        """What the client's method of the name `what` gives. Raises UserError if the server does not answer."""
        with self.connected() as client, self._told(what):
            return getattr(client, what)(*arguments, timeout=timeout, **options)

    @contextmanager
    def connected(self) -> Iterator[Untyped]:
        """The client; where it finds the server Away, it is connected anew the next time.

        The old connection would wait longer and longer. It is closed when nobody waits for its answers any more.
        """
        client = self._client()
        key = (*self._key, os.getpid())
        try:
            yield client
        except Away:
            with _LOCK:
                if _CLIENTS.get(key) is client:
                    del _CLIENTS[key]
            raise
        finally:
            with _LOCK:
                _USED[id(client)] -= 1
                over = not _USED[id(client)] and _CLIENTS.get(key) is not client
                if over:
                    del _USED[id(client)]
            if over:
                with contextlib.suppress(Exception):
                    client.close()

    def _client(self) -> Untyped:
        pymilvus = library()
        key = (*self._key, os.getpid())  # a connection does not outlive a fork
        with _LOCK:
            if key not in _CLIENTS:
                with self._told("connect"):
                    client = _twice(
                        lambda: pymilvus.MilvusClient(key[0], token=key[1], timeout=ANSWERING, dedicated=True)
                    )
                    self._check_version(client)
                    _CLIENTS[key] = client
            _USED[id(_CLIENTS[key])] += 1
            return _CLIENTS[key]

    def _check_version(self, client: Untyped) -> None:
        try:
            version = str(client.get_server_version(timeout=ANSWERING))
        except Exception as error:
            if "UNIMPLEMENTED" not in str(error):  # Milvus Lite does not say
                raise
            return
        numbers = tuple(int(part) for part in version.lstrip("v").split("-")[0].split(".")[:2] if part.isdigit())
        if numbers and numbers < _FIRST:
            raise UserError(
                f"The Milvus server at {self.address.host} has version {version} and no full-text search (BM25); "
                "Quoth needs 2.5 or newer."
            )

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Tell what goes wrong in one sentence."""
        import grpc

        pymilvus = library()
        try:
            yield
        except pymilvus.MilvusException as error:
            raise _sentence(self.address, what, error) from error
        except (grpc.RpcError, grpc.FutureTimeoutError, OSError) as error:
            raise Away(_away(self.address, error)) from error


@cache
def library() -> Untyped:
    """pymilvus. Raises UserError that names the extra if it is not installed."""
    before = os.environ.get(_DOTENV)
    os.environ[_DOTENV] = "1"
    try:
        import pymilvus
    except ImportError as error:
        raise UserError('An index in Milvus needs the package pymilvus; run pip install "quoth[milvus]".') from error
    finally:
        if before is None:
            del os.environ[_DOTENV]
        else:
            os.environ[_DOTENV] = before
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what goes wrong is told in our words
    return pymilvus


def _twice(connect: Callable[[], _Found]) -> _Found:
    """The first connection to a server that has just started may fail."""
    pymilvus = library()
    try:
        return connect()
    except pymilvus.MilvusException:
        return connect()


def _sentence(address: Address, what: str, error: Untyped) -> UserError:
    reason = " ".join(str(error.message).split())
    unavailable = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "server unavailable", "Retry timeout", "connection params")
    if any(sign in f"{error.code} {reason}" for sign in unavailable):
        return Away(_away(address, reason))
    if "auth" in reason.lower() or "permission" in reason.lower():
        return UserError(
            f"The Milvus server at {address.host} lets nobody in with this token ({_short(reason)}); "
            "set MILVUS_TOKEN to one that may use the collection."
        )
    return UserError(f"The Milvus server at {address.host} could not do {what!r}: {_short(reason)}")


def _away(address: Address, reason: object) -> str:
    return f"The Milvus server at {address.host} does not answer; start it, or try again ({_short(str(reason))})"


def _short(reason: str) -> str:
    line = " ".join(reason.split())
    return line if len(line) <= 200 else f"{line[:200]}…"


def free_lock() -> None:
    """In a forked child nobody is left who could give the lock back."""
    global _LOCK  # noqa: PLW0603
    _LOCK = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=free_lock)
