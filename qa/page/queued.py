"""The page's functions as Gradio queues them: fair turns, and what the door needs to know of them.

All of this is inside Gradio, which has no types for it; `widgets.py` alone imports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from types import SimpleNamespace
from typing import Any

from qa.page.guard.admission import Functions
from qa.page.guard.calls import Calls
from qa.page.guard.clients import FairQueue
from qa.page.guard.seats import Seats
from qa.page.server.site import Site


class QueuedFunctions:
    """The functions of the page, their queue and their sessions, as Gradio keeps them."""

    def __init__(self, blocks: Any, site: Site) -> None:  # noqa: ANN401 (a gr.Blocks)
        self._blocks = blocks
        self._queue = blocks._queue
        self._names = {number: fn.name for number, fn in blocks.fns.items() if fn.fn is not None}
        self._path_of = site.uploads.path
        self._seats = Seats(site.access.limits.programs)
        self._seats.elsewhere = lambda: (event.client for event in self._running())
        for fn in blocks.fns.values():
            self._queue.create_event_queue_for_fn(fn)
        # A new session has a copy of the page for links that are closed (`deep_link`), and all who wait are
        # told their places each time: beside a flood, most of the server's work.
        blocks.state_holder.blocks = SimpleNamespace(default_config=blocks.default_config, blocks={})
        self._queue.broadcast_estimations = lambda *_: None
        for group, waiting in self._queue.event_queue_per_concurrency_id.items():
            waiting.queue = FairQueue(partial(self._busy, group), waiting.concurrency_limit)

    def seen(self) -> Functions:
        """What the door needs to know of them."""
        calls = Calls(self._names, self._path_of)
        return Functions(calls, self.outstanding, self.awaits, self.unread, self.forget, self._seats)

    def outstanding(self, client: str | None) -> int:
        """How many calls of `client`, or of all, wait or are being answered."""
        queue = self._queue
        waiting = (event for one in queue.event_queue_per_concurrency_id.values() for event in one.queue)
        return sum(client in (None, event.client) for events in (waiting, self._running()) for event in events)

    def _running(self, group: str = "") -> Iterator[Any]:
        """What is being answered, in all or of a group of functions that share their threads."""
        jobs = [job for job in self._queue.active_jobs if job]
        return (event for job in jobs for event in job if not group or event.concurrency_id == group)

    def _busy(self, group: str) -> Iterator[Any]:
        """What is being answered of a group of functions, and of programs: each has its client."""
        return chain(self._running(group), self._seats.sitting)

    def awaits(self, name: str) -> bool:
        """Whether there is, or will be, something to read for a session or a call of this name."""
        queue = self._queue
        return name in queue.pending_messages_per_session or any(
            name in events for events in queue.pending_event_ids_session.values()
        )

    def unread(self, session: str) -> bool:
        """Whether a session has calls that are not answered and read yet."""
        return bool(self._queue.pending_event_ids_session.get(session))

    def forget(self, session: str) -> None:
        """Throw a session away: what it holds, and the answers that nobody has read."""
        holder, queue = self._blocks.state_holder, self._queue
        holder.delete_state(session)
        with holder.lock:
            holder.session_data.pop(session, None)
            holder.time_last_used.pop(session, None)
        for event in queue.pending_event_ids_session.pop(session, ()):
            queue.event_ids_to_events.pop(event, None)
        queue.pending_messages_per_session.pop(session, None)
