"""Gradio's widgets, laid out and bound to what the page does. The only file that imports gradio."""

from __future__ import annotations

import os
import traceback
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.events import Dependency

from qa.markup.escaping import Markup
from qa.page.builds import Builds
from qa.page.events import Events, Said
from qa.page.guard.admission import Functions
from qa.page.guard.limits import client_of
from qa.page.html import cards, panels
from qa.page.html.essay import STATIC
from qa.page.queued import QueuedFunctions
from qa.page.scratch import scratch
from qa.page.server.site import Site
from qa.page.views import Views
from qa.programs.folders import without_folders
from source.errors import UserError
from source.library import suffixes

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
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def mount(app: FastAPI, site: Site) -> Functions:
    """Let `app` show the page of `site` at its root, and return how its functions are called."""
    # Gradio has read where this is when it was imported, and there makes a folder of its own: in a shared place, which
    # somebody else's Gradio may have made before.
    gr.routes.DEFAULT_TEMP_DIR = os.environ["GRADIO_TEMP_DIR"] = str(scratch())
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
        self._views = Views(site)
        self._events = Events(site, self._views)
        self._builds = Builds(site, self._views)

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
        _html("", '<div id="opened"></div>')  # what the page begins with comes here (`page.js`)
        if server := self._site.server:
            _html("", panels.elsewhere(server), elem_id="elsewhere")
        start = cards.conversation((), begin=self._site.begin())
        # Shown by its script, which keeps the turns that it has: the server sends those that are new.
        self.turns = _html("", start, html_template="", js_on_load=_static("attach.js"), elem_id=_TALK)
        self.file = gr.Textbox(visible="hidden", elem_id="saved")

    def _listen(self) -> None:
        """Bind what the script of the page tells to `Events`; each is told the reader's key."""
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
            done = getattr(self.turns, name)(_heard(getattr(self._events, name)), None, shown, **more)
            if name == "save":
                done.then(None, self.file, None, js="(file) => window.quoth.download(file)", **_QUIET)
            _next_after(done)

    def _lay_out_panels(self) -> None:
        with gr.Accordion("Index", open=False, elem_id="index-panel"):
            self.index = _html("", self._views.index())
            with gr.Row(visible=self._site.has_essays):
                rebuild = gr.Button("Rebuild", size="md", scale=0, elem_id="rebuild")
                cancel = gr.Button("Cancel", size="md", scale=0, elem_id="cancel")
            self.progress = _html("")
        self.built = [self.progress, self.essays, self.index, self.turns]  # what a build is shown in
        rebuild.click(self.rebuild, self.key, self.built, js=_KEY, trigger_mode="once", **_FOLLOWING, **_QUIET)
        cancel.click(self.cancel, self.key, None, js=_KEY, queue=False, **_QUIET)
        if self._site.access.uploads:
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

    def load(self, key: str, question: str, names: list[str] | None, request: gr.Request) -> tuple[Any, ...]:
        """What the page shows at first: the reader's own things; what its address asks is asked, if it was not."""
        return _told(self._events.arrived(key, question, names or (), client_of(request.client.host)))

    async def rebuild(self, key: str) -> AsyncIterator[tuple[Any, ...]]:
        """Rebuild the index and show how far it has come."""
        async for shown in self._builds.rebuild(key):
            yield _told(shown)

    async def watch(self, key: str) -> AsyncIterator[tuple[Any, ...]]:
        """Show a build that another reader began."""
        async for shown in self._builds.watch(key):
            yield _told(shown)

    def cancel(self, key: str) -> None:
        """Stop the build."""
        self._builds.cancel(key)

    async def add(
        self, files: list[dict[str, Any]] | None, where: str, key: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Take essays that were uploaded, say which were not, and index them."""
        paths = [Path(file["path"]) for file in files or ()]
        async for shown in self._builds.add(paths, where, key, client_of(request.client.host)):
            yield None, *_told(shown)

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


def _heard(handle: Callable[[Said, str], str | None]) -> Callable[[gr.EventData, gr.Request], str | None]:
    """`handle` as Gradio calls it, under the name by which the door knows it."""

    def heard(event: gr.EventData, request: gr.Request) -> str | None:
        try:
            return handle(Said(event._data), client_of(request.client.host))
        except UserError as error:
            raise gr.Error(str(error), print_exception=False) from error

    heard.__name__ = handle.__name__
    return heard


def _told(shown: tuple[Markup | None, ...]) -> tuple[Any, ...]:
    """What is shown as Gradio is told it: what is None stays as it is."""
    return tuple(gr.skip() if one is None else one for one in shown)


def _next_after(done: Dependency) -> None:
    """Let the page tell what comes next when `done` has ended, well or not."""
    for ended, failed in ((done.then, "false"), (done.failure, "true")):
        ended(None, None, None, js=f"() => window.quoth.answered({failed})", **_QUIET)


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _html(name: str, value: str = "", *, js_on_load: str | None = None, **more: Any) -> gr.HTML:  # noqa: ANN401
    """A piece of markup: the file `name`, or else `value`."""
    return gr.HTML(_static(name) if name else value, apply_default_css=False, js_on_load=js_on_load, **more)
