"""Who builds: one builder at a time, whatever became of the one before.

Milvus has no locks. A builder writes that it claims the collection and then looks who else does: of two at least one
sees the other, and whoever sees another leaves. A claim is renewed while its builder lives; one that is not was
left by a builder that was killed, and is taken away.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from index.milvus.manifest import CLAIMS, record
from index.milvus.tables import NEVER, Tables
from source.errors import UserError

# A claim is renewed so often, in seconds; one that is not renewed for so long was left behind.
RENEWED, PATIENCE = 5.0, 30.0
_LOOKED = 1.0


@dataclass(frozen=True, slots=True)
class _Claim:
    """A builder's claim: the `ticket` is higher than those of all builders before, `beat` counts its renewals."""

    number: int
    ticket: int
    host: str
    process: str
    beat: int = 0


class Claim:
    """The right to build in `tables`, for as long as it is held; `published` is the current generation, 0 if none.

    Raises UserError if another builder is at work.
    """

    def __init__(self, tables: Tables, published: int) -> None:
        self._tables = tables
        others = self._others(0)
        self._await_dead(others)
        ticket = max([published, *(other.ticket for other in others)]) + 1
        number = CLAIMS - 1 - secrets.randbits(40)
        self._own = _Claim(number, ticket, _host(), _process(os.getpid()))
        self._write()
        if [other for other in self._others(number) if other not in others]:
            self._take_away([self._own])
            raise UserError(self._busy())
        self._take_away(others)
        self._ended = threading.Event()
        self._renewed = time.monotonic()
        self._thread = threading.Thread(target=self._renew, name="claim", daemon=True)
        self._thread.start()

    @property
    def ticket(self) -> int:
        """The number of the generation that is built."""
        return self._own.ticket

    @property
    def number(self) -> int:
        """The number of the row that claims the collection, while it does."""
        return self._own.number

    def check(self) -> None:
        """Raise UserError unless the claim still stands: a builder that was stopped for long has lost it."""
        if time.monotonic() - self._renewed < PATIENCE / 2:
            return
        if self._own.number not in {one.number for one in self._others(0)}:
            raise UserError(f"{self._busy()} This one was stopped for too long; nothing was changed.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._take_away([self._own])

    def _renew(self) -> None:
        while not self._ended.wait(RENEWED):
            try:
                if self._own.number in {one.number for one in self._others(0)}:
                    self._own = replace(self._own, beat=self._own.beat + 1)
                    self._write()
                    self._renewed = time.monotonic()
            except UserError:  # the server is away: the build will say so
                continue

    def _write(self) -> None:
        own = self._own
        row = record(own.number, 0, NEVER, json.dumps(asdict(own)))
        self._tables.server.ask("upsert", self._tables.records, [row])

    def _others(self, own: int) -> list[_Claim]:
        rows = self._tables.where(self._tables.records, f"id < {CLAIMS}", ["id", "data"], "Strong")
        claims = [_Claim(**json.loads(row["data"])) for row in rows]
        return [one for one in claims if one.number != own]

    def _take_away(self, claims: list[_Claim]) -> None:
        for one in claims:
            self._tables.delete(self._tables.records, f"id == {one.number}")

    def _await_dead(self, others: list[_Claim]) -> None:
        """Wait until it is known that nobody holds these claims. Raises UserError if somebody does."""
        here = [one for one in others if one.host == _host()]
        if any(one.process == _process(_number(one.process)) for one in here):
            raise UserError(self._busy())
        beats = {one.number: one.beat for one in others if one not in here}
        until = time.monotonic() + PATIENCE
        while beats and time.monotonic() < until:
            time.sleep(_LOOKED)
            now = {one.number: one.beat for one in self._others(0)}
            if any(now.get(number, beat) != beat for number, beat in beats.items()):
                raise UserError(self._busy())
            beats = {number: beat for number, beat in beats.items() if number in now}

    def _busy(self) -> str:
        address = self._tables.server.address.text
        return f"Another build of {address!r} is running; try again when it has ended."


def _host() -> str:
    """This machine, until it is started again."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{socket.gethostname()} {boot.read_text(encoding='ascii').strip() if boot.exists() else ''}"


def _process(number: int) -> str:
    """A process of this machine, by its number and when it was started; "" if there is none."""
    stat = Path(f"/proc/{number}/stat")
    try:
        return f"{number} {stat.read_text(encoding='utf-8', errors='replace').rpartition(')')[2].split()[19]}"
    except OSError:
        pass
    if Path("/proc/self/stat").exists():
        return ""
    try:  # no /proc here
        os.kill(number, 0)
    except OSError:
        return ""
    return f"{number} "


def _number(process: str) -> int:
    return int(process.split(" ", maxsplit=1)[0] or 0)
