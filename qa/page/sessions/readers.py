"""What readers have asked, kept and chosen, and their own essays: in a folder that only this user can look into.

A reader is who has the key, 128 bits that the reader's browser made up and keeps; the folder knows
its hash only. What nobody used for a month goes, and beyond a gigabyte that of the oldest reader of the
client who has most: the essays first, as they are copies, then the rest.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import WeakValueDictionary

import platformdirs

from index.protocol import Index
from qa.page.desk import Session
from qa.page.guard.limits import Limits
from qa.page.scratch import private
from qa.page.sessions.clock import Clock
from qa.page.sessions.database import Database
from qa.page.sessions.saved import as_text, from_text
from source.errors import UserError

_LOG = logging.getLogger(__name__)
# So many sessions are kept at hand.
_AT_HAND = 256
_DAY = 86_400.0
# How often it is looked for what nobody uses, in seconds.
_SWEEP = 600.0
# Essays that go are called so.
_GONE = ".gone"
_OWN = re.compile(rf"[0-9a-f]{{64}}({re.escape(_GONE)})?")


def default_folder() -> Path:
    """Where readers' things are kept: in the user's data directory, beside the index."""
    return platformdirs.user_data_path("quoth") / "readers"


class Readers:
    """The sessions of all readers of the `library`, an address; safe to use from many threads.

    `gone` is told of each reader whose things go.
    """

    def __init__(
        self,
        library: str,
        limits: Limits,
        folder: Path | None = None,
        gone: Callable[[str], None] = lambda _: None,
        clock: Clock | None = None,
    ) -> None:
        self._library, self._limits, self._gone, self._clock = library, limits, gone, clock or Clock()
        self.folder = private(
            folder or default_folder(), "readers' things", "set XDG_DATA_HOME to a folder of your own"
        )
        self._at_hand: OrderedDict[str, Session] = OrderedDict()
        self._locks: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
        self._lock = threading.Lock()
        self._swept = -_SWEEP
        self._database = Database(self.folder)
        with _told():
            self._take_in()
        self.sweep()

    def _take_in(self) -> None:
        """Note what is there and nobody has noted, so that it is counted and goes in time; end what was begun to go.

        A process that was killed leaves such essays, and a damaged database that was put aside.
        """
        with self._lock:
            self._not_later_than(self._clock.wall())
            noted = {name for (name,) in self._database.rows("SELECT name FROM readers WHERE own > 0")}
        for path in list(self.own("").glob("*")):
            if _OWN.fullmatch(path.name) is None:  # nothing of ours
                continue
            if path.suffix == _GONE:
                shutil.rmtree(path, ignore_errors=True)
            elif path.name not in noted:
                self.measured(path.name, "")

    def _now(self) -> float:
        """The time, while the lock is held.

        Where the clock was set anew since it was last asked, the visits that were noted by it move with it: nothing is
        too old, and nothing stays too long, because a clock was wrong. Raises UserError if that cannot be written.
        """
        now, leap = self._clock.wall(), self._clock.leap()
        if leap:
            if leap > 0:
                self._database.rows("UPDATE readers SET used = used + ? WHERE used <= ?", (leap, now - leap))
            self._not_later_than(now)
            self._clock.settle()
        return now

    def _not_later_than(self, now: float) -> None:
        """Take visits that are still to come for visits of `now`."""
        self._database.rows("UPDATE readers SET used = ? WHERE used > ?", (now, now))

    @property
    def server(self) -> str:
        """What tells this folder from those of other servers, which keep other things of the same readers."""
        with self._lock:
            return f"{self._database.number:08x}"

    def name(self, key: str, user: str = "") -> str:
        """The name of the reader who has `key`: of this library, and of `user` where there is a password."""
        return hashlib.sha256("\0".join((self._library, user, key)).encode("utf-8", "surrogatepass")).hexdigest()

    def own(self, name: str) -> Path:
        """Where the reader's own essays lie."""
        return self.folder / "own" / name

    def session(self, name: str, index: Callable[[str], Index]) -> Session:
        """The reader's session; `index` gives that of the library, or with a name that of a reader's own essays."""
        with self._lock:
            if name in self._at_hand:
                self._at_hand.move_to_end(name)
                return self._at_hand[name]
            rows = self._database.rows("SELECT session, own FROM readers WHERE name = ?", (name,))
        if not rows or not rows[0][0]:
            return Session()
        text, own = rows[0]
        try:
            session = from_text(text, index(name if own else ""))
        except ValueError as error:
            _LOG.warning("A reader's session cannot be read (%s); it begins anew.", error)
            session = Session()
        with self._lock:
            self._hold(name, session)
        return session

    @contextlib.contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """One change of the reader's session at a time."""
        with self._lock:
            lock = self._locks.get(name) or threading.Lock()
            self._locks[name] = lock
        with lock:
            yield

    def keep(self, name: str, session: Session, client: str) -> None:
        """Keep the reader's session; `client` is who has used it last.

        Raises UserError if it cannot be written; then it is at hand as long as this process runs.
        """
        text = as_text(session)
        size = len(text.encode("utf-8", "surrogatepass"))
        with self._lock:
            self._hold(name, session)
            self._database.rows(
                "INSERT INTO readers VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT (name) DO UPDATE SET "
                "client = excluded.client, used = excluded.used, session = excluded.session, size = excluded.size",
                (name, client, self._now(), text, size),
            )
        self.sweep()

    def visited(self, name: str, client: str) -> None:
        """Note that the reader is here, as `client`: what is kept goes so many days after the last visit."""
        with _told(), self._lock:
            self._database.rows("UPDATE readers SET used = ?, client = ? WHERE name = ?", (self._now(), client, name))

    def read_again(self, name: str, index: Index) -> None:
        """Cut the session that is at hand out of the essays of `index`: it was out of others, which had not all."""
        with self.turn(name):
            with self._lock:
                held = self._at_hand.get(name)
            if held is not None:
                again = from_text(as_text(held), index)
                with self._lock:
                    self._hold(name, again)

    def measured(self, name: str, client: str) -> None:
        """Note how much room the reader's own essays take. Raises UserError if that cannot be written."""
        size = _size(self.own(name))
        with self._lock:
            self._database.rows(
                "INSERT INTO readers VALUES (?, ?, ?, '', 0, ?) ON CONFLICT (name) DO UPDATE SET own = excluded.own",
                (name, client, self._now(), size),
            )
        self.sweep(at_once=True)

    def desks(self, client: str | None = None) -> list[tuple[str, float]]:
        """The readers who have essays of their own, of `client` or of all, and for how many seconds each was away.

        Who was away longest comes first.
        """
        with self._lock:
            return self._database.rows(
                "SELECT name, ? - used FROM readers WHERE own > 0 AND (? IS NULL OR client = ?) ORDER BY used",
                (self._now(), client, client),
            )

    def forget(self, name: str) -> None:
        """Throw away all that is kept for a reader. Raises UserError if the disk refuses."""
        self.forget_essays(name)
        with self._lock:
            self._at_hand.pop(name, None)
            self._database.rows("DELETE FROM readers WHERE name = ?", (name,))

    def forget_essays(self, name: str) -> None:
        """Throw a reader's own essays away; the conversation and what was kept stay. Raises UserError as `forget`."""
        self._gone(name)
        folder = self.own(name)
        going = folder.with_name(name + _GONE)
        shutil.rmtree(going, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.rename(going)  # all of it at once: a part is nobody's essays
        shutil.rmtree(going, ignore_errors=True)
        with self._lock:
            self._database.rows("UPDATE readers SET own = 0 WHERE name = ?", (name,))

    def sweep(self, *, at_once: bool = False) -> None:
        """Throw away what nobody used for too long, and while there is too much, of who has most.

        What cannot be thrown away now, as the disk refuses, is told in the terminal, and tried again later.
        """
        with _told():
            self._sweep(at_once=at_once)

    def _sweep(self, *, at_once: bool) -> None:
        going = self._clock.steady()
        with self._lock:
            total = self._total()
            due = at_once or going - self._swept >= _SWEEP or total > self._limits.kept_bytes
            self._swept = going if due else self._swept
            late = self._now() - self._limits.kept_days * _DAY
            old = self._database.rows("SELECT name FROM readers WHERE used < ?", (late,)) if due else ()
        for (name,) in old:
            self.forget(name)
        while due and (found := self._too_much()):
            name, essays = found
            (self.forget_essays if essays else self.forget)(name)

    def _too_much(self) -> tuple[str, bool] | None:
        """Who has to go next, of the client who has most: the oldest with own essays, which go, or else the oldest."""
        with self._lock:
            if self._total() <= self._limits.kept_bytes:
                return None
            name, essays = self._database.rows(
                "SELECT name, own > 0 FROM readers WHERE client = (SELECT client FROM readers GROUP BY client "
                "ORDER BY sum(size + own) DESC LIMIT 1) ORDER BY own = 0, used LIMIT 1"
            )[0]
            return name, bool(essays)

    def _total(self) -> int:
        total: int = self._database.rows("SELECT coalesce(sum(size + own), 0) FROM readers")[0][0]
        return total

    def close(self) -> None:
        """Let go of the folder; what is kept stays."""
        with self._lock:
            self._database.close()

    def _hold(self, name: str, session: Session) -> None:
        self._at_hand[name] = session
        self._at_hand.move_to_end(name)
        if len(self._at_hand) > _AT_HAND:
            self._at_hand.popitem(last=False)


def _size(folder: Path) -> int:
    """How many bytes the files below `folder` have; what goes meanwhile has none."""
    size = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                size += os.lstat(os.path.join(where, name)).st_size  # noqa: PTH118 (a name of any bytes)
    return size


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What the disk refuses is told in the terminal only."""
    try:
        yield
    except UserError as error:
        _LOG.warning("%s", error)
