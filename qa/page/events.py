"""What a reader does on the page, and what it shows then: an event changes the reader's session, which is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.markup.escaping import Markup
from qa.page import desk
from qa.page.desk import Session
from qa.page.html import references, tray
from qa.page.html.export import against, as_json, as_markdown, as_of_now
from qa.page.server.site import Site
from qa.page.views import Views
from qa.programs.folders import without_folders
from qa.quotations import kept
from qa.retriever import Retriever
from source.errors import UserError

# What is done to a reader's session, given what answers the reader's questions.
_Change = Callable[[Session, Retriever], Session]


class Said:
    """The values that came with an event, by name; what is not of the kind that is asked for counts as not said."""

    def __init__(self, values: object) -> None:
        self._values = values if isinstance(values, dict) else {}

    def text(self, name: str) -> str:
        """A text; "" if it was not said."""
        value = self._values.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A whole number; -1 if it was not said."""
        value = self._values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else -1

    def flag(self, name: str) -> bool:
        """Whether it was said to be so."""
        return self._values.get(name) is True

    def names(self, name: str) -> Sequence[str]:
        """Names, of essays or turns; none if they were not said."""
        value = self._values.get(name)
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


class Events:
    """What can be done on the page of `site`: each with what was `said`, of a reader at the address `client`."""

    def __init__(self, site: Site, views: Views) -> None:
        self._site = site
        self._views = views
        self._begun = site.snapshot().name  # the generation that the page is sent with

    def arrived(
        self, key: str, question: str, names: Sequence[str], client: str
    ) -> tuple[Markup | None, Markup, Markup, Markup]:
        """Conversation, kept quotations, essays and index as the reader finds them; what the address asks is asked.

        It is not if it was already. None is for a conversation in which there is nothing to show yet.
        """
        reader = self._views.reader(key)
        self._site.readers.visited(reader, client)
        notice = ""
        with self._site.readers.turn(reader):
            session = self._views.session(reader)
            asked = desk.clipped(question)
            if asked and not any(asked in (turn.understood, turn.asked) for turn in session.turns):
                try:
                    session = desk.choose(session, self._site.snapshot(session.own), names)
                    session = desk.ask(session, self._site.retriever(session.own), asked, literally=True)
                    notice = self._keep_session(reader, session, client)
                except UserError as error:
                    notice = without_folders(str(error))
        # Where there is nothing to show, nothing is: an answer that came meanwhile stays.
        other = self._site.snapshot(session.own).name != self._begun
        empty = not (notice or session.turns or session.chosen or session.cleared or other)
        shown = None if empty else self._views.conversation(session, notice)
        return shown, self._views.kept(session), self._views.essays(session), self._views.index(session.own)

    def _changed(self, said: Said, client: str, change: _Change) -> tuple[Session, str]:
        """The reader's session after `change`, which is kept; where it fails, why."""
        reader = self._views.reader(said.text("key"))
        with self._site.readers.turn(reader):
            held = self._views.session(reader)
            try:
                after = change(held, self._site.retriever(held.own))
            except UserError as error:
                return held, without_folders(str(error))
            return after, self._keep_session(reader, after, client) if after is not held else ""

    def _keep_session(self, reader: str, session: Session, client: str) -> str:
        """Keep the reader's session; where it cannot be, why."""
        try:
            self._site.readers.keep(reader, session, client)
        except UserError as error:
            return f"{error} It is here only until the page's server ends."
        return ""

    def _talk(self, said: Said, client: str, change: _Change) -> Markup:
        """The conversation after `change`, of which the browser has what it has `seen`."""
        return self._views.conversation(*self._changed(said, client, change), frozenset(said.names("seen")))

    def _kept(self, said: Said, client: str, change: _Change) -> Markup:
        """What is kept after `change`."""
        return self._views.kept(*self._changed(said, client, change))

    def ask(self, said: Said, client: str) -> Markup:
        """Answer a question, of all essays where it says so."""
        question, everywhere = said.text("question"), said.flag("everywhere")
        return self._talk(said, client, lambda held, found: desk.ask(held, found, question, everywhere=everywhere))

    def revise(self, said: Said, client: str) -> Markup:
        """Answer a question again, literally or as the reader understands it."""
        turn, understood = said.number("turn"), said.text("understood")
        return self._talk(said, client, lambda held, found: desk.revise(held, found, turn, understood))

    def like(self, said: Said, client: str) -> Markup:
        """Find passages like a quoted one."""
        turn, number = said.number("turn"), said.number("quote")
        return self._talk(said, client, lambda held, found: desk.like(held, found, turn, number))

    def clear(self, said: Said, client: str) -> Markup:
        """A new conversation."""
        return self._talk(said, client, lambda held, _: desk.clear(held))

    def undo(self, said: Said, client: str) -> Markup:
        """The conversation before the new one."""
        return self._talk(said, client, lambda held, _: desk.undo(held))

    def choose(self, said: Said, client: str) -> Markup:
        """Ask only the chosen essays from now on."""
        names = said.names("names")
        return self._talk(said, client, lambda held, found: desk.choose(held, found.index, names))

    def keep(self, said: Said, client: str) -> Markup:
        """Keep a quotation."""
        turn, number = said.number("turn"), said.number("quote")

        def change(held: Session, _: Retriever) -> Session:
            quote = desk.quote_of(held, turn, number)
            return desk.keep(held, kept.kept(quote.document, quote.start, quote.end))

        return self._kept(said, client, change)

    def keep_chosen(self, said: Said, client: str) -> Markup:
        """Keep the sentences that are chosen in an essay."""
        name, start, end = said.text("document"), said.number("start"), said.number("end")

        def change(held: Session, found: Retriever) -> Session:
            return desk.keep(held, kept.kept(found.index.document(name), start, end))

        return self._kept(said, client, change)

    def note(self, said: Said, client: str) -> None:
        """Put a note on a kept quotation. Raises UserError if it is not kept."""
        one, text = said.text("kept"), said.text("note")
        if notice := self._changed(said, client, lambda held, _: desk.note(held, one, text))[1]:
            raise UserError(notice)

    def move(self, said: Said, client: str) -> Markup:
        """Move a kept quotation up or down."""
        one, by = said.text("kept"), said.number("by")
        return self._kept(said, client, lambda held, _: desk.move(held, one, by))

    def drop(self, said: Said, client: str) -> Markup:
        """Keep a quotation no longer."""
        one = said.text("kept")
        return self._kept(said, client, lambda held, _: desk.drop(held, one))

    def save(self, said: Said, _client: str) -> str:
        """The conversation, or the kept quotations, as a file: its name, a line break, its text."""
        session = self._views.session(self._views.reader(said.text("key")))
        index = self._site.snapshot(session.own)
        check = against(index.sources)
        turns = as_of_now(session.turns, index.unchecked)
        files: dict[str, Callable[[], tuple[str, str]]] = {
            "markdown": lambda: ("conversation.md", as_markdown(turns, check)),
            "json": lambda: ("conversation.json", as_json(turns, check)),
            "kept-markdown": lambda: ("quotations.md", tray.as_markdown(session.kept, index)),
            "kept-html": lambda: ("quotations.html", tray.as_html(session.kept, index)),
            "kept-json": lambda: ("quotations.json", kept.as_json(session.kept, index)),
            **references.files(session.kept, index),
        }
        name, text = files.get(said.text("format"), files["markdown"])()
        return f"{name}\n{text}"
