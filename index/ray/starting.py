"""A Ray for a build: it is imported here alone, and only when it is asked for."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
import tempfile
from collections.abc import Iterator
from functools import cache

from index.encoding.encoder import CORES
from index.ray.pool import RayWorkers, Untyped, short
from source.errors import UserError

_ADDRESS = re.compile(r"([^\s/:]+|\[[0-9a-fA-F:]+\]):(\d{1,5})")
_ANSWERS = 10.0  # seconds in which a Ray answers


@contextlib.contextmanager
def workers(address: str, cores: int = CORES) -> Iterator[RayWorkers]:
    """The workers of the Ray at `address`; where it is "", of one on `cores` of this machine, which ends with them.

    Raises UserError if Ray is not installed, or there is none at the address.
    """
    _look_for(address)
    with tempfile.TemporaryDirectory(prefix="quoth-", ignore_cleanup_errors=True) as folder, _settings(address):
        ray = _library()
        local = {"num_cpus": cores, "include_dashboard": False, "_temp_dir": folder}
        options: dict[str, object] = {"address": address} if address else {"address": "local", **local}
        one_thread = {"env_vars": {"OMP_NUM_THREADS": "1"}}
        try:
            ray.init(**options, log_to_driver=False, logging_level="ERROR", runtime_env=one_thread)
        except Exception as error:  # Ray raises this very class, too
            raise UserError(_none(address, error)) from error
        try:
            yield RayWorkers(ray)
        finally:
            ray.shutdown()


def _look_for(address: str) -> None:
    """Raise UserError unless something answers at `address`: Ray itself would try for minutes."""
    if not address or address == "auto":
        return
    if not (parts := _ADDRESS.fullmatch(address)):
        raise UserError(f"{address!r} is no address of a Ray; write --ray=HOST:PORT, or --ray behind the folder.")
    try:
        socket.create_connection((parts[1].strip("[]"), int(parts[2])), _ANSWERS).close()
    except (OSError, OverflowError) as error:
        raise UserError(_none(address, error)) from error


def _none(address: str, error: Exception) -> str:
    return f"There is no Ray at {address or 'this machine'!r} ({short(error)}); start one, or give --ray alone."


@contextlib.contextmanager
def _settings(address: str) -> Iterator[None]:
    """What Ray and its processes take from the environment: it reports nothing to anybody.

    One on this machine listens on 127.0.0.1 alone, and answers nobody but who knows its token.
    """
    local = {
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # what Ray calls a cluster is what other machines can reach
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": _token(),
    }
    values = {"RAY_USAGE_STATS_ENABLED": "0", **({} if address else local)}
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@cache
def _token() -> str:
    """A secret of this process: Ray reads it once."""
    return secrets.token_hex(32)


def _library() -> Untyped:
    """Ray. Raises UserError that names the extra if it is not installed."""
    try:
        import ray
    except ImportError as error:
        raise UserError('Reading with Ray needs the package ray; run pip install "quoth[ray]".') from error
    return ray
