"""Gradio's widgets around the markup of the other modules, and what they do. The only file that imports gradio."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.events import Dependency

from qa.page import desk
from qa.page.desk import Session
from qa.page.guard.admission import Functions
from qa.page.guard.clients import Turns
from qa.page.guard.limits import client_of
from qa.page.html import cards, panels, references, tray
from qa.page.html.essay import STATIC
from qa.page.html.export import against, as_json, as_markdown, as_of_now
from qa.page.progress import Progress
from qa.page.queued import QueuedFunctions
from qa.page.server.rebuild import Rebuild
from qa.page.server.scratch import scratch
from qa.page.server.site import Site
from qa.page.server.uploads import checked
from qa.programs.folders import without_folders
from qa.quotations import kept
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
_OWN, _LIBRARY = "For you only", "In the library, for everybody"
_TALK = "conversation"
_KEY = "() => [window.quoth.key()]"
# What is done to a reader's session, given what answers the reader's questions.
_Change = Callable[[Session, Retriever], Session]
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# A build's progress, the list of essays, what is said of the index and the start screen stay as they are.
_NOTHING = (gr.skip(),) * 4


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
    return QueuedFunctions(blocks, site).seen()


class _Page:
    """The widgets of the page and what they do."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._adding = Turns(1)
        self._begun = site.snapshot().name  # the generation that the page is sent with

    def lay_out(self, blocks: gr.Blocks) -> None:
        """Place the widgets into `blocks` and bind them to the methods below."""
        key, question, names = (gr.Textbox(visible="hidden") for _ in range(3))
        self.key = key
        with gr.Column(elem_id="layout"):
            with gr.Column(elem_id="talk"):
                self._lay_out_talk()
            with gr.Column(elem_id="essay"):
                _html("pane.html")
            with gr.Column(elem_id="shelf"):
                _html("shelf.html")
                self.essays = _html("", panels.essay_list(self._site.snapshot().entries), elem_id="essays")
            with gr.Column(elem_id="panels"):
                self.tray = _html("", elem_id="tray")
                self._lay_out_panels()
                _html("foot.html")
        self._listen()
        shown = [self.turns, self.tray, self.essays, self.index]
        arrival = {"js": "() => window.quoth.arrival()", "preprocess": False}
        _next_after(blocks.load(self.load, [key, question, names], shown, **arrival, **_ANSWERING, **_QUIET))
        blocks.load(self.watch, key, self.built, js=_KEY, **_FOLLOWING, **_QUIET)
        gr.api(self.retrieve, api_name="retrieve", **_ANSWERING)

    def _lay_out_talk(self) -> None:
        _html("masthead.html")
        _html("ask.html")
        self.turns = _html("", cards.conversation((), begin=self._site.begin()), script="attach.js", elem_id=_TALK)
        self.file = gr.Textbox(visible="hidden", elem_id="saved")

    def _listen(self) -> None:
        """Bind what the script of the page tells to the methods below; each is told the reader's key."""
        told = {
            **dict.fromkeys(("ask", "revise", "like", "clear", "undo", "choose"), self.turns),
            **dict.fromkeys(("keep", "keep_chosen", "move", "drop"), self.tray),
            "note": None,
            "save": self.file,
        }
        for name, shown in told.items():
            answering = _ANSWERING if name in ("ask", "revise", "like") else {}
            # The page tells one thing at a time (`tell`); Gradio's "always_last" sends the first again, not the last.
            more = {"trigger_mode": "multiple", **answering, **_QUIET}
            done = getattr(self.turns, name)(getattr(self, name), None, shown, **more)
            if name == "save":
                done.then(None, self.file, None, js="(file) => window.quoth.download(file)", **_QUIET)
            _next_after(done)

    def _lay_out_panels(self) -> None:
        with gr.Accordion("Index", open=False, elem_id="index-panel"):
            self.index = _html("", self._index(""))
            with gr.Row(visible=self._site.has_essays):
                rebuild = gr.Button("Rebuild", size="md", scale=0, elem_id="rebuild")
                cancel = gr.Button("Cancel", size="md", scale=0, elem_id="cancel")
            self.progress = _html("")
        self.built = [self.progress, self.essays, self.index, self.turns]  # what a build is shown in
        rebuild.click(self.rebuild, self.key, self.built, js=_KEY, trigger_mode="once", **_FOLLOWING, **_QUIET)
        cancel.click(self.cancel, self.key, None, js=_KEY, queue=False, **_QUIET)
        if self._site.access.uploads and self._site.has_essays:
            self._lay_out_adding()

    def _lay_out_adding(self) -> None:
        library = self._site.library
        with gr.Accordion("Add essays", open=False, elem_id="adding-panel"):
            _html("", panels.adding_note(library.name if library else "", self._site.access.limits.kept_days))
            where = gr.Radio(
                [(_OWN, "own"), (_LIBRARY, "library")] if library else [(_OWN, "own")], value="own", label="Keep them"
            )
            files = gr.File(file_count="multiple", file_types=list(suffixes()), label="Essays", height=150)
            add = gr.Button("Add and index", size="md", scale=0)
            progress = _html("")
        added = [files, progress, *self.built[1:]]
        # Not preprocessed: Gradio would make a file of its own for every one of them.
        once: dict[str, Any] = {"trigger_mode": "once", "preprocess": False, **_FOLLOWING, **_QUIET}
        js = "(files, where) => [files, where, window.quoth.key()]"
        add.click(self.add, [files, where, self.key], added, js=js, **once)

    def _reader(self, key: str) -> str:
        """The name of the reader who has `key`."""
        auth = self._site.access.auth
        return self._site.readers.name(key, auth[0] if auth else "")

    def _session(self, reader: str) -> Session:
        return self._site.readers.session(reader, self._site.snapshot)

    def _changed(self, event: gr.EventData, request: gr.Request, change: _Change) -> tuple[Session, str]:
        """The reader's session after `change`, which is kept; where it fails, why."""
        reader = self._reader(_text(event, "key"))
        with self._site.readers.turn(reader):
            held = self._session(reader)
            try:
                after = change(held, self._site.retriever(held.own))
            except UserError as error:
                return held, without_folders(str(error))
            if after is not held:
                self._site.readers.keep(reader, after, client_of(request.client.host))
        return after, ""

    def _talk(self, event: gr.EventData, request: gr.Request, change: _Change) -> str:
        """The conversation after `change`."""
        return self._shown(*self._changed(event, request, change))

    def _shown(self, session: Session, notice: str = "") -> str:
        titles = (
            {entry.name: entry.title for entry in self._site.snapshot(session.own).entries} if session.chosen else {}
        )
        return cards.conversation(
            session.turns,
            begin=None if session.turns else self._site.begin(session.own),
            desk=session.own,
            notice=notice,
            chosen=[(name, titles[name]) for name in session.chosen if name in titles],
            undo=session.cleared is not None,
        )

    def _kept(self, session: Session, notice: str = "") -> str:
        return tray.tray(session.kept, self._site.snapshot(session.own), session.own, notice)

    def _list(self, session: Session) -> str:
        return panels.essay_list(self._site.snapshot(session.own).entries, session.own, session.chosen)

    def _index(self, own: str) -> str:
        snapshot = self._site.snapshot(own)
        return panels.index_panel(snapshot.about, snapshot.name)

    def load(self, key: str, question: str, names: list[str] | None, request: gr.Request) -> tuple[Any, ...]:
        """What the page shows at first: the reader's own things; what its address asks is asked, if it was not."""
        reader = self._reader(key)
        notice = ""
        with self._site.readers.turn(reader):
            session = self._session(reader)
            asked = desk.clipped(question)
            if asked and not any(asked in (turn.understood, turn.asked) for turn in session.turns):
                try:
                    session = desk.choose(session, self._site.snapshot(session.own), names or ())
                    session = desk.ask(session, self._site.retriever(session.own), asked, literally=True)
                    self._site.readers.keep(reader, session, client_of(request.client.host))
                except UserError as error:
                    notice = without_folders(str(error))
        # Where there is nothing to show, nothing is: an answer that came meanwhile stays.
        other = self._site.snapshot(session.own).name != self._begun
        empty = not (notice or session.turns or session.chosen or session.cleared or other)
        shown = gr.skip() if empty else self._shown(session, notice)
        return shown, self._kept(session), self._list(session), self._index(session.own)

    def ask(self, event: gr.EventData, request: gr.Request) -> str:
        """Answer a question, of all essays where it says so."""
        question, everywhere = _text(event, "question"), event._data["everywhere"]
        return self._talk(event, request, lambda held, found: desk.ask(held, found, question, everywhere=everywhere))

    def revise(self, event: gr.EventData, request: gr.Request) -> str:
        """Answer a question again, literally or as the reader understands it."""
        turn, understood = _number(event, "turn"), _text(event, "understood")
        return self._talk(event, request, lambda held, found: desk.revise(held, found, turn, understood))

    def like(self, event: gr.EventData, request: gr.Request) -> str:
        """Find passages like a quoted one."""
        turn, number = _number(event, "turn"), _number(event, "quote")
        return self._talk(event, request, lambda held, found: desk.like(held, found, turn, number))

    def clear(self, event: gr.EventData, request: gr.Request) -> str:
        """A new conversation."""
        return self._talk(event, request, lambda held, _: desk.clear(held))

    def undo(self, event: gr.EventData, request: gr.Request) -> str:
        """The conversation before the new one."""
        return self._talk(event, request, lambda held, _: desk.undo(held))

    def choose(self, event: gr.EventData, request: gr.Request) -> str:
        """Ask only the chosen essays from now on."""
        names = event._data["names"] or ()
        return self._talk(event, request, lambda held, found: desk.choose(held, found.index, names))

    def keep(self, event: gr.EventData, request: gr.Request) -> str:
        """Keep a quotation."""
        turn, number = _number(event, "turn"), _number(event, "quote")

        def change(held: Session, _: Retriever) -> Session:
            quote = desk.quote_of(held, turn, number)
            return desk.keep(held, kept.kept(quote.document, quote.start, quote.end))

        return self._kept(*self._changed(event, request, change))

    def keep_chosen(self, event: gr.EventData, request: gr.Request) -> str:
        """Keep the sentences that are chosen in an essay."""
        name, start, end = _text(event, "document"), _number(event, "start"), _number(event, "end")

        def change(held: Session, found: Retriever) -> Session:
            return desk.keep(held, kept.kept(found.index.document(name), start, end))

        return self._kept(*self._changed(event, request, change))

    def note(self, event: gr.EventData, request: gr.Request) -> None:
        """Put a note on a kept quotation."""
        one, text = _text(event, "kept"), _text(event, "note")
        self._changed(event, request, lambda held, _: desk.note(held, one, text))

    def move(self, event: gr.EventData, request: gr.Request) -> str:
        """Move a kept quotation up or down."""
        one, by = _text(event, "kept"), _number(event, "by")
        return self._kept(*self._changed(event, request, lambda held, _: desk.move(held, one, by)))

    def drop(self, event: gr.EventData, request: gr.Request) -> str:
        """Keep a quotation no longer."""
        one = _text(event, "kept")
        return self._kept(*self._changed(event, request, lambda held, _: desk.drop(held, one)))

    def save(self, event: gr.EventData) -> str:
        """The conversation, or the kept quotations, as a file: its name, a line break, its text."""
        session = self._session(self._reader(_text(event, "key")))
        index = self._site.snapshot(session.own)
        check = against(index.about.source, index.about.selection)
        turns = as_of_now(session.turns, index.unchecked)
        files: dict[str, Callable[[], tuple[str, str]]] = {
            "markdown": lambda: ("conversation.md", as_markdown(turns, check)),
            "json": lambda: ("conversation.json", as_json(turns, check)),
            "kept-markdown": lambda: ("quotations.md", tray.as_markdown(session.kept, index)),
            "kept-html": lambda: ("quotations.html", tray.as_html(session.kept, index)),
            "kept-json": lambda: ("quotations.json", kept.as_json(session.kept, index)),
            **references.files(session.kept, index),
        }
        name, text = files.get(_text(event, "format"), files["markdown"])()
        return f"{name}\n{text}"

    async def rebuild(self, key: str) -> AsyncIterator[tuple[Any, ...]]:
        """Rebuild the index and show how far it has come."""
        async for shown in self._followed(self._site.build(), self._reader(key)):
            yield shown

    async def watch(self, key: str) -> AsyncIterator[tuple[Any, ...]]:
        """Show a build that another reader began."""
        if self._site.rebuild.progress.running:
            async for shown in self._followed(self._site.rebuild, self._reader(key)):
                yield shown
        else:
            yield _NOTHING

    def cancel(self, key: str) -> None:
        """Stop the build."""
        self._site.cancel(self._reader(key))

    async def _followed(self, build: Rebuild, reader: str) -> AsyncIterator[tuple[Any, ...]]:
        while (progress := build.progress).running:
            yield panels.progress_panel(progress), *_NOTHING[1:]
            await asyncio.sleep(_BEAT)
        session = await asyncio.to_thread(self._session, reader)
        start = gr.skip() if session.turns else self._shown(session)
        yield panels.progress_panel(progress), self._list(session), self._index(session.own), start

    async def add(
        self, files: list[dict[str, Any]] | None, where: str, key: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Take essays that were uploaded, say which were not, and index them."""
        paths = [Path(file["path"]) for file in files or ()]
        client = client_of(request.client.host)
        reader = self._reader(key)
        try:
            async with self._adding.of(client):
                build, names, refused = await asyncio.to_thread(self._taken, paths, where, reader, client)
        except UserError as error:
            yield None, panels.notice(without_folders(str(error))), *_NOTHING[1:]
            return
        if build is None:
            yield None, panels.added_panel((), (), refused, Progress()), *_NOTHING[1:]
            return
        async for shown in self._followed(build, reader):
            session = self._session(reader)
            own = session.own if where != "library" else ""
            said = panels.added_panel(self._site.snapshot(own).entries, names, refused, build.progress)
            yield None, said, *shown[1:]

    def _taken(
        self, paths: Sequence[Path], where: str, reader: str, client: str
    ) -> tuple[Rebuild | None, list[str], list[str]]:
        """Add the uploads at `paths`: the build, the names of those that were taken, and why others were not."""
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
            build, more = self._site.add_own(uploads, reader, client)
        if where != "library" and build is not None:
            with self._site.readers.turn(reader):
                self._site.readers.keep(reader, replace(self._session(reader), own=reader), client)
        there = {reason.partition(":")[0] for reason in more}
        return build, [upload.name for upload in uploads if upload.name not in there], [*refused, *more]

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
            return dict(self._site.retriever().answer(question, min(k, _MOST_QUOTES), documents or None).json())
        except UserError as error:
            raise gr.Error(without_folders(str(error)), print_exception=False) from error
        except Exception as error:
            traceback.print_exception(error)
            raise gr.Error(_FAILED, print_exception=False) from error


def _next_after(done: Dependency) -> None:
    """Let the page tell what comes next when `done` has ended, well or not."""
    for ended, failed in ((done.then, "false"), (done.failure, "true")):
        ended(None, None, None, js=f"() => window.quoth.answered({failed})", **_QUIET)


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _html(name: str, value: str = "", *, script: str = "", elem_id: str | None = None) -> gr.HTML:
    """A piece of markup: the file `name`, or else `value`, with the file `script` to be run once."""
    return gr.HTML(
        _static(name) if name else value,
        apply_default_css=False,
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
