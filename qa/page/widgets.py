"""Gradio's widgets around the markup of the other modules, and what they do. The only file that imports gradio."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from qa.page import desk
from qa.page.desk import Session
from qa.page.guard.admission import Functions
from qa.page.guard.calls import Calls
from qa.page.guard.clients import FairQueue
from qa.page.guard.limits import client_of
from qa.page.html import cards, panels
from qa.page.html.essay import STATIC
from qa.page.html.export import against, as_json, as_markdown
from qa.page.server.rebuild import Rebuild
from qa.page.server.scratch import scratch
from qa.page.server.site import Site
from qa.page.server.uploads import checked
from qa.retriever import Retriever
from source.errors import UserError
from source.library import suffixes

# How often the progress of a build is shown, in seconds.
_BEAT = 0.3
# The most quotations one call of the API may ask for.
_MOST_QUOTES = 50
# Questions are answered by so many threads at a time, in turn of those who ask.
_ANSWERING: dict[str, Any] = {"concurrency_id": "answers", "concurrency_limit": 4}
# What waits for a build holds no thread.
_FOLLOWING: dict[str, Any] = {"concurrency_limit": None}
_FAILED = "Quoth could not answer this question; its terminal says more."
_OWN, _LIBRARY = "For this conversation only", "In the library, for everybody"
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def mount(app: FastAPI, site: Site) -> Functions:
    """Let `app` show the page of `site` at its root, and return how its functions are called."""
    os.environ["GRADIO_TEMP_DIR"] = str(scratch())
    with gr.Blocks(title="Quoth", analytics_enabled=False, fill_width=True) as blocks:
        _Page(site).lay_out(blocks)
    limits = site.access.limits
    # All limits are kept at the door (`admission`), of each client and of all: Gradio knows the latter only.
    blocks.state_session_capacity = 2 * (limits.sessions + limits.calls)
    blocks.queue(max_size=None, api_open=False)
    blocks._queue.max_thread_count = 2 * limits.outstanding
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=gr.themes.Default(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        head=_static("head.html"),
        footer_links=[],
        show_error=False,
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
    )
    # Otherwise Gradio takes any file of the machine for an upload (`processing_utils._check_allowed`).
    blocks.has_launched = True
    return _Functions(blocks, site).seen()


class _Functions:
    """The functions of the page, their queue and their sessions, as Gradio keeps them."""

    def __init__(self, blocks: gr.Blocks, site: Site) -> None:
        self._blocks = blocks
        self._queue = blocks._queue
        self._names = {number: fn.name for number, fn in blocks.fns.items() if fn.fn is not None}
        self._path_of = site.uploads.path
        for fn in blocks.fns.values():
            self._queue.create_event_queue_for_fn(fn)
        for waiting in self._queue.event_queue_per_concurrency_id.values():
            waiting.queue = FairQueue(self._running)

    def seen(self) -> Functions:
        """What the door needs to know of them."""
        return Functions(Calls(self._names, self._path_of), self.outstanding, self.awaits, self.forget)

    def outstanding(self, client: str | None) -> int:
        """How many calls of `client`, or of all, wait or are being answered."""
        queue = self._queue
        waiting = (event for one in queue.event_queue_per_concurrency_id.values() for event in one.queue)
        return sum(client in (None, event.client) for events in (waiting, self._running()) for event in events)

    def _running(self) -> Iterator[Any]:
        return (event for job in self._queue.active_jobs for event in job or ())

    def awaits(self, name: str) -> bool:
        """Whether there is, or will be, something to read for a session or a call of this name."""
        queue = self._queue
        return name in queue.pending_messages_per_session or any(
            name in events for events in queue.pending_event_ids_session.values()
        )

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


class _Page:
    """The widgets of the page and what they do."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def lay_out(self, blocks: gr.Blocks) -> None:
        """Place the widgets into `blocks` and bind them to the methods below."""
        self.session = gr.State(Session(), delete_callback=lambda held: self._site.forget(held.own))
        self.chosen = gr.State(())
        with gr.Column(elem_id="layout"):
            with gr.Column(elem_id="talk"):
                self._lay_out_talk()
            with gr.Column(elem_id="essay"):
                _html("pane.html")
            with gr.Column(elem_id="panels"):
                self._lay_out_panels()
                _html("foot.html")
        shown = [self.session, self.turns, self.essays, self.index]
        blocks.load(self.load, None, shown, **_ANSWERING, **_QUIET)
        blocks.load(self.watch, None, [self.progress, self.essays, self.index], **_FOLLOWING, **_QUIET)
        gr.api(self.retrieve, api_name="retrieve", **_ANSWERING)

    def _lay_out_talk(self) -> None:
        _html("masthead.html")
        with gr.Row(elem_id="ask-row", equal_height=False):
            question = gr.Textbox(
                label="Question",
                elem_id="question",
                placeholder="What do you want to know?",
                max_length=desk.LONGEST_TYPED,
                lines=1,
                max_lines=4,
                autofocus=True,
            )
            button = gr.Button("Ask", variant="primary", elem_id="ask", scale=0)
        self.turns = _html("", self._shown(Session()), script="attach.js", elem_id="conversation")
        file = gr.Textbox(visible="hidden", elem_id="saved")
        asking, outputs = [self.session, self.chosen], [self.session, self.turns]
        answering = {**_ANSWERING, **_QUIET}
        gr.on([question.submit, button.click], self.ask, [question, *asking], [*outputs, question], **answering)
        self.turns.ask(self.ask_example, asking, outputs, **answering)
        self.turns.revise(self.revise, asking, outputs, **answering)
        self.turns.like(self.like, asking, outputs, **answering)
        self.turns.clear(self.clear, self.session, outputs, **_QUIET)
        saved = self.turns.save(self.save, self.session, file, **_QUIET)
        saved.then(None, file, None, js="(file) => window.quoth.download(file)", **_QUIET)

    def _lay_out_panels(self) -> None:
        with gr.Accordion("Essays", open=False, elem_id="essays-panel"):
            self.essays = _html("", self._list(), script="attach_essays.js", elem_id="essays")
        self.essays.choose(self.choose, self.session, self.chosen, trigger_mode="always_last", queue=False, **_QUIET)
        with gr.Accordion("Index", open=False, elem_id="index-panel"):
            self.index = _html("", self._index())
            with gr.Row():
                rebuild = gr.Button("Rebuild", size="md", scale=0)
                cancel = gr.Button("Cancel", size="md", scale=0, elem_id="cancel")
            self.progress = _html("")
        outputs = [self.progress, self.essays, self.index]
        rebuild.click(self.rebuild, None, outputs, trigger_mode="once", **_FOLLOWING, **_QUIET)
        cancel.click(self.cancel, self.session, None, queue=False, **_QUIET)
        if self._site.access.uploads:
            self._lay_out_adding(outputs)

    def _lay_out_adding(self, outputs: list[Any]) -> None:
        library = self._site.library
        with gr.Accordion("Add essays", open=False, elem_id="adding-panel"):
            _html("", panels.adding_note(str(library or "")))
            where = gr.Radio(
                [(_OWN, "own"), (_LIBRARY, "library")] if library else [(_OWN, "own")], value="own", label="Keep them"
            )
            files = gr.File(file_count="multiple", file_types=list(suffixes()), label="Essays", height=150)
            add = gr.Button("Add and index", size="md", scale=0)
            progress = _html("")
        added = [self.session, files, progress, *outputs[1:]]
        # Not preprocessed: Gradio would make a file of its own for every one of them.
        once: dict[str, Any] = {"trigger_mode": "once", "preprocess": False, **_FOLLOWING, **_QUIET}
        add.click(self.add, [files, where, self.session], added, **once)

    def _shown(self, session: Session, notice: str = "") -> str:
        return cards.conversation(session.turns, examples=self._site.examples, desk=session.own, notice=notice)

    def _list(self, own: str = "") -> str:
        return panels.essay_list(self._site.snapshot(own).entries, own)

    def _index(self, own: str = "") -> str:
        snapshot = self._site.snapshot(own)
        return panels.index_panel(snapshot.about, snapshot.name)

    def load(self, request: gr.Request) -> tuple[Any, ...]:
        """What the page shows at first; `?q=` in its address is asked."""
        question = request.query_params.get("q", "")
        if not desk.clipped(question):
            return gr.skip(), gr.skip(), self._list(), self._index()
        return *self.ask(question, Session(), ())[:2], self._list(), self._index()

    def ask(self, question: str, held: Session, chosen: tuple[str, ...]) -> tuple[Any, ...]:
        """Answer a question; the box is emptied."""
        return *self._after(held, lambda asked: desk.ask(held, asked, question, chosen)), ""

    def ask_example(self, held: Session, chosen: tuple[str, ...], event: gr.EventData) -> tuple[Any, ...]:
        """Answer a question that was offered, of all essays where it says so."""
        among = () if event._data["everywhere"] else chosen
        question = _text(event, "question")
        return self._after(held, lambda asked: desk.ask(held, asked, question, among, literally=True))

    def revise(self, held: Session, chosen: tuple[str, ...], event: gr.EventData) -> tuple[Any, ...]:
        """Answer a question again, literally or as the reader understands it."""
        turn, understood = _number(event, "turn"), _text(event, "understood")
        return self._after(held, lambda asked: desk.revise(held, asked, turn, understood, chosen))

    def like(self, held: Session, chosen: tuple[str, ...], event: gr.EventData) -> tuple[Any, ...]:
        """Find passages like a quoted one."""
        turn, number = _number(event, "turn"), _number(event, "quote")
        return self._after(held, lambda asked: desk.like(held, asked, turn, number, chosen))

    def _after(self, held: Session, change: Callable[[Retriever], Session]) -> tuple[Any, ...]:
        """The session after `change` and how it looks; where it fails, why."""
        try:
            after = change(self._site.retriever(held.own))
        except UserError as error:
            return held, self._shown(held, str(error))
        return after, self._shown(after)

    def clear(self, held: Session) -> tuple[Any, ...]:
        """A new conversation."""
        after = replace(held, turns=())
        return after, self._shown(after)

    def save(self, held: Session, event: gr.EventData) -> str:
        """The conversation as a file: its name, a line break, its text."""
        check = against(self._site.snapshot(held.own).about.source)
        if _text(event, "format") == "json":
            return "quotations.json\n" + as_json(held.turns, check)
        return "quotations.md\n" + as_markdown(held.turns, check)

    def choose(self, held: Session, event: gr.EventData) -> tuple[str, ...]:
        """Ask only the chosen essays from now on."""
        names = set(event._data["names"] or ())
        return tuple(entry.name for entry in self._site.snapshot(held.own).entries if entry.name in names)

    async def rebuild(self) -> AsyncIterator[tuple[Any, ...]]:
        """Rebuild the index and show how far it has come."""
        async for shown in self._followed(self._site.build()):
            yield shown

    async def watch(self) -> AsyncIterator[tuple[Any, ...]]:
        """Show a build that another reader began."""
        if self._site.rebuild.progress.running:
            async for shown in self._followed(self._site.rebuild):
                yield shown
        else:
            yield gr.skip(), gr.skip(), gr.skip()

    def cancel(self, held: Session) -> None:
        """Stop the build."""
        self._site.cancel(held.own)

    async def _followed(
        self, build: Rebuild, own: str = "", notes: Sequence[str] = ()
    ) -> AsyncIterator[tuple[Any, ...]]:
        while (progress := build.progress).running:
            yield panels.progress_panel(progress), gr.skip(), gr.skip()
            await asyncio.sleep(_BEAT)
        yield panels.progress_panel(progress, notes), self._list(own), self._index(own)

    async def add(
        self, files: list[dict[str, Any]] | None, where: str, held: Session, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Take essays that were uploaded, say which were not, and index them."""
        paths = [Path(file["path"]) for file in files or ()]
        client = client_of(request.client.host)
        try:
            own, build, notes = await asyncio.to_thread(self._taken, paths, where, held.own, client)
        except UserError as error:
            yield held, None, panels.notice(str(error)), gr.skip(), gr.skip()
            return
        after = replace(held, own=own)
        if build is None:
            yield after, None, panels.notice("Nothing was added.", notes), gr.skip(), gr.skip()
            return
        async for shown in self._followed(build, own if where != "library" else "", notes):
            yield after, None, *shown

    def _taken(self, paths: Sequence[Path], where: str, own: str, client: str) -> tuple[str, Rebuild | None, list[str]]:
        """Add the uploads at `paths`: the name of the reader's own essays, the build, and what was not taken."""
        if not self._site.access.uploads or not paths:
            raise UserError("Choose files first.")
        try:
            uploads, refused = checked(paths)
        finally:
            for path in paths:
                self._site.uploads.added(path)
        if where == "library":
            build, more = self._site.add_to_library(uploads)
        else:
            own, build, more = self._site.add_own(uploads, own, client)
        return own, build, [*refused, *more]

    def retrieve(self, question: str, k: int = 5, documents: list[str] | None = None) -> dict[str, Any]:
        """Answer a question about the essays with quotations, letter for letter.

        Args:
            question: What is asked; words in double quotation marks must stand in the passage as they are.
            k: The most quotations that are wanted, 1 to 50.
            documents: The documents to ask, by their paths in the library; all if none are named.

        Returns:
            The answer as `quoth ask --json` prints it: status and verdict, quotes, receipt.
        """
        try:
            return self._site.retriever().answer(question, min(k, _MOST_QUOTES), documents or None).json()
        except UserError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            traceback.print_exception(error)
            raise gr.Error(_FAILED, print_exception=False) from error


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _html(name: str, value: str = "", *, script: str = "", elem_id: str | None = None) -> gr.HTML:
    """A piece of markup: the file `name`, or else `value`, with the file `script` to be run once."""
    return gr.HTML(
        _static(name) if name else value,
        apply_default_css=False,
        head='<script src="/quoth/page.js"></script>' if script else None,
        js_on_load=_static(script) if script else None,
        elem_id=elem_id,
    )


def _text(event: gr.EventData, name: str) -> str:
    """A value that came with an event, if it is a text."""
    value = event._data.get(name) if isinstance(event._data, dict) else None
    return value if isinstance(value, str) else ""


def _number(event: gr.EventData, name: str) -> int:
    """A value that came with an event, if it is a whole number; else -1."""
    value = event._data.get(name) if isinstance(event._data, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
