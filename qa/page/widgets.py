"""Gradio's widgets around the markup of the other modules, and what they do. The only file that imports gradio."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from qa.page import desk
from qa.page.desk import Session
from qa.page.html import cards, panels
from qa.page.html.essay import STATIC
from qa.page.html.export import against, as_json, as_markdown
from qa.page.server.rebuild import Rebuild
from qa.page.server.site import Site
from qa.page.server.uploads import checked
from qa.retriever import Retriever
from source.errors import UserError
from source.library import suffixes

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr  # it reads the environment when it is imported

# How often the progress of a build is shown, in seconds.
_BEAT = 0.3
# The most quotations one call of the API may ask for.
_MOST_QUOTES = 50
# Gradio keeps a copy of the page, some 60 KB, for every session: so many are kept, and of the calls
# of the API, each of which is a session that nobody comes back to, so many.
_MOST_SESSIONS, _MOST_CALLS = 1000, 100
_OWN, _LIBRARY = "For this conversation only", "In the library, for everybody"
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def mount(app: FastAPI, site: Site) -> None:
    """Let `app` show the page of `site` at its root."""
    with gr.Blocks(title="Quoth", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)) as blocks:
        _Page(site).lay_out(blocks)
    blocks.state_session_capacity = _MOST_SESSIONS
    blocks.queue(default_concurrency_limit=4, max_size=64, api_open=False)
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
        max_file_size="20mb",
    )


class _Page:
    """The widgets of the page and what they do."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._calls: deque[str] = deque()

    def lay_out(self, blocks: gr.Blocks) -> None:
        """Place the widgets into `blocks` and bind them to the methods below."""
        self._blocks = blocks
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
        blocks.load(self.load, None, [self.session, self.turns, self.essays, self.index], **_QUIET)
        blocks.load(self.watch, None, [self.progress, self.essays, self.index], **_QUIET)
        gr.api(self.retrieve, api_name="retrieve", concurrency_limit=4)

    def _lay_out_talk(self) -> None:
        _html("masthead.html")
        with gr.Row(elem_id="ask-row", equal_height=False):
            question = gr.Textbox(
                label="Question",
                elem_id="question",
                placeholder="What do you want to know?",
                max_length=desk.LONGEST_QUESTION,
                lines=1,
                max_lines=4,
                autofocus=True,
            )
            button = gr.Button("Ask", variant="primary", elem_id="ask", scale=0)
        self.turns = _html("", self._shown(Session()), script="attach.js", elem_id="conversation")
        file = gr.Textbox(visible="hidden", elem_id="saved")
        asking, outputs = [self.session, self.chosen], [self.session, self.turns]
        gr.on([question.submit, button.click], self.ask, [question, *asking], [*outputs, question], **_QUIET)
        self.turns.ask(self.ask_example, asking, outputs, **_QUIET)
        self.turns.revise(self.revise, asking, outputs, **_QUIET)
        self.turns.like(self.like, asking, outputs, **_QUIET)
        self.turns.clear(self.clear, self.session, outputs, **_QUIET)
        saved = self.turns.save(self.save, self.session, file, **_QUIET)
        saved.then(None, file, None, js="(file) => window.quoth.download(file)", **_QUIET)

    def _lay_out_panels(self) -> None:
        with gr.Accordion("Essays", open=False, elem_id="essays-panel"):
            self.essays = _html("", self._list(), script="attach_essays.js", elem_id="essays")
        self.essays.choose(self.choose, None, self.chosen, trigger_mode="always_last", queue=False, **_QUIET)
        with gr.Accordion("Index", open=False, elem_id="index-panel"):
            self.index = _html("", self._index())
            with gr.Row():
                rebuild = gr.Button("Rebuild", size="md", scale=0)
                cancel = gr.Button("Cancel", size="md", scale=0, elem_id="cancel")
            self.progress = _html("")
        outputs = [self.progress, self.essays, self.index]
        rebuild.click(self.rebuild, None, outputs, trigger_mode="once", **_QUIET)
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
        add.click(self.add, [files, where, self.session], added, trigger_mode="once", **_QUIET)

    def _shown(self, session: Session, notice: str = "") -> str:
        return cards.conversation(session.turns, examples=self._site.examples, desk=session.own, notice=notice)

    def _list(self, own: str = "") -> str:
        return panels.essay_list(self._site.snapshot(own).entries, own)

    def _index(self, own: str = "") -> str:
        snapshot = self._site.snapshot(own)
        return panels.index_panel(snapshot.manifest, snapshot.name)

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
        """Answer an example question."""
        return self._after(held, lambda asked: desk.ask(held, asked, _text(event, "question"), chosen))

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
        except (ValueError, UserError) as error:
            return held, self._shown(held, str(error))
        return after, self._shown(after)

    def clear(self, held: Session) -> tuple[Any, ...]:
        """A new conversation."""
        after = replace(held, turns=())
        return after, self._shown(after)

    def save(self, held: Session, event: gr.EventData) -> str:
        """The conversation as a file: its name, a line break, its text."""
        check = against(self._site.snapshot(held.own).source)
        if _text(event, "format") == "json":
            return "quotations.json\n" + as_json(held.turns, check)
        return "quotations.md\n" + as_markdown(held.turns, check)

    def choose(self, event: gr.EventData) -> tuple[str, ...]:
        """Ask only the chosen essays from now on."""
        names = event._data.get("names") if isinstance(event._data, dict) else None
        return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()

    def rebuild(self, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Rebuild the index and show how far it has come."""
        if self._site.access.knows_password(request.headers):
            yield from self._followed(self._site.build())

    def watch(self) -> Iterator[tuple[Any, ...]]:
        """Show a build that another reader began."""
        if self._site.rebuild.progress.running:
            yield from self._followed(self._site.rebuild)
        else:
            yield gr.skip(), gr.skip(), gr.skip()

    def cancel(self, held: Session, request: gr.Request) -> None:
        """Stop the build."""
        if self._site.access.knows_password(request.headers):
            self._site.cancel(held.own)

    def _followed(self, build: Rebuild, own: str = "", notes: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        while (progress := build.progress).running:
            yield panels.progress_panel(progress), gr.skip(), gr.skip()
            time.sleep(_BEAT)
        yield panels.progress_panel(progress, notes), self._list(own), self._index(own)

    def add(self, files: list[str] | None, where: str, held: Session, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Take essays that were uploaded, say which were not, and index them."""
        access = self._site.access
        paths = [Path(file) for file in files or ()]
        if not access.uploads or not access.knows_password(request.headers) or not paths:
            yield held, None, panels.notice("Choose files first."), gr.skip(), gr.skip()
            return
        uploads, refused = checked(paths)
        for path in paths:
            path.unlink(missing_ok=True)
        own, build = "", None
        try:
            if where == "library":
                build, more = self._site.add_to_library(uploads)
            else:
                own, build, more = self._site.add_own(uploads, held.own)
        except UserError as error:
            yield held, None, panels.notice(str(error)), gr.skip(), gr.skip()
            return
        after = replace(held, own=own) if own else held
        notes = [*refused, *more]
        if build is None:
            yield after, None, panels.notice("Nothing was added.", notes), gr.skip(), gr.skip()
            return
        for shown in self._followed(build, own, notes):
            yield after, None, *shown

    def _called(self, session: str | None) -> None:
        """Note a call of the API and forget an old one, of which Gradio would keep the session."""
        holder = self._blocks.state_holder
        with holder.lock:
            self._calls.append(session or "")
            if len(self._calls) > _MOST_CALLS and (old := self._calls.popleft()) not in self._calls:
                holder.session_data.pop(old, None)
                holder.time_last_used.pop(old, None)

    def retrieve(
        self, request: gr.Request, question: str, k: int = 5, documents: list[str] | None = None
    ) -> dict[str, Any]:
        """Answer a question about the essays with quotations, letter for letter.

        Args:
            question: What is asked; words in double quotation marks must stand in the passage as they are.
            k: The most quotations that are wanted, 1 to 50.
            documents: The documents to ask, by their paths in the library; all if none are named.

        Returns:
            The answer as `quoth ask --json` prints it: status and verdict, quotes, receipt.
        """
        self._called(request.session_hash)
        try:
            return self._site.retriever().answer(question, min(k, _MOST_QUOTES), documents or None).json()
        except (ValueError, UserError) as error:
            raise gr.Error(str(error), print_exception=False) from error


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
