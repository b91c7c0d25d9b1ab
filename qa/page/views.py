"""What the page shows of a reader's session, as HTML: the conversation, what is kept, the essays, their index."""

from __future__ import annotations

from collections.abc import Collection

from qa.markup.escaping import Markup
from qa.page.desk import Session
from qa.page.html import cards, panels, tray
from qa.page.server.site import Site


class Views:
    """The readers of a site's page, and what each of them is shown."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def reader(self, key: str) -> str:
        """The name of the reader who has `key`."""
        auth = self._site.access.auth
        return self._site.readers.name(key, auth[0] if auth else "")

    def session(self, reader: str) -> Session:
        """What that reader has on the page."""
        return self._site.readers.session(reader, self._site.snapshot)

    def conversation(self, session: Session, notice: str = "", seen: Collection[str] = ()) -> Markup:
        """The conversation; `notice` is said above it. Turns that are `seen` are not given again."""
        named = {*session.chosen, *(name for turn in session.turns for name in turn.documents)}
        entries = self._site.snapshot(session.own).entries if named else ()
        return cards.conversation(
            session.turns,
            first=session.first,
            begin=None if session.turns else self._site.begin(session.own),
            desk=session.own,
            notice=notice,
            chosen=session.chosen,
            titles={entry.name: entry.title or entry.name for entry in entries if entry.name in named},
            undo=session.cleared is not None,
            seen=seen,
        )

    def kept(self, session: Session, notice: str = "") -> Markup:
        """The quotations that are kept; `notice` is said above them."""
        return tray.tray(session.kept, self._site.snapshot(session.own), session.own, notice)

    def essays(self, session: Session) -> Markup:
        """The essays, of which some may be chosen."""
        return panels.essay_list(self._site.snapshot(session.own).entries, session.own, session.chosen)

    def index(self, own: str = "") -> Markup:
        """What is said of the index of the library, or of a reader's `own` essays."""
        snapshot = self._site.snapshot(own)
        return panels.index_panel(snapshot.about, snapshot.name)
