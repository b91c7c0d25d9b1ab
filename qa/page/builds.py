"""Builds as a reader follows them on the page: of the library, and of essays that the reader adds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

from qa.markup.escaping import Markup
from qa.page.guard.clients import Turns
from qa.page.html import panels
from qa.page.progress import BuildProgress
from qa.page.server.rebuild import Rebuild
from qa.page.server.site import Site
from qa.page.server.uploads import accepted
from qa.page.views import Views
from qa.programs.folders import without_folders
from source.errors import UserError

# How often the progress of a build is shown, in seconds.
_BEAT = 0.3
# A build's progress, the list of essays, what is said of the index and the start screen; None stays as it is.
Shown = tuple[Markup | None, Markup | None, Markup | None, Markup | None]
_NOTHING: Shown = (None, None, None, None)


class Builds:
    """The builds of `site`: what is shown of them until they end."""

    def __init__(self, site: Site, views: Views) -> None:
        self._site = site
        self._views = views
        self._adding = Turns(1)

    def rebuild(self, key: str) -> AsyncIterator[Shown]:
        """Rebuild the index and show how far it has come."""
        return self._followed(self._site.build(), self._views.reader(key))

    async def watch(self, key: str) -> AsyncIterator[Shown]:
        """Show a build that another reader began."""
        if self._site.rebuild.progress.running:
            async for shown in self._followed(self._site.rebuild, self._views.reader(key)):
                yield shown
        else:
            yield _NOTHING

    def cancel(self, key: str) -> None:
        """Stop the build."""
        self._site.cancel(self._views.reader(key))

    async def _followed(self, build: Rebuild, reader: str) -> AsyncIterator[Shown]:
        while (progress := build.progress).running:
            yield panels.progress_panel(progress), *_NOTHING[1:]
            await asyncio.sleep(_BEAT)
        session = await asyncio.to_thread(self._views.session, reader)
        start = None if session.turns else self._views.conversation(session)
        yield panels.progress_panel(progress), self._views.essays(session), self._views.index(session.own), start

    async def add(self, paths: Sequence[Path], where: str, key: str, client: str) -> AsyncIterator[Shown]:
        """Take essays that were uploaded, say which were not, and index them; `where` is "own" or "library"."""
        reader = self._views.reader(key)
        try:
            async with self._adding.of(client):
                build, names, refused = await asyncio.to_thread(self._taken, paths, where, reader, client)
        except UserError as error:
            yield panels.notice(without_folders(str(error))), *_NOTHING[1:]
            return
        if build is None:
            yield panels.added_panel((), (), refused, BuildProgress()), *_NOTHING[1:]
            return
        async for shown in self._followed(build, reader):
            own = self._views.session(reader).own if where != "library" else ""
            said = panels.added_panel(self._site.snapshot(own).entries, names, refused, build.progress)
            yield said, *shown[1:]

    def _taken(
        self, paths: Sequence[Path], where: str, reader: str, client: str
    ) -> tuple[Rebuild | None, list[str], list[str]]:
        """Add the uploads at `paths`: the build, the names of those that were taken, and why others were not."""
        if not self._site.access.uploads or not paths:
            raise UserError("Choose files first.")
        try:
            uploads, refused = accepted(paths)
        finally:
            for path in paths:
                self._site.uploads.added(path)
        self._site.readers.visited(reader, client)
        if where == "library":
            build, more = self._site.add_to_library(uploads)
        else:
            build, more = self._site.add_own(uploads, reader, client)
        if where != "library" and build is not None:
            with self._site.readers.turn(reader):
                self._site.readers.keep(reader, replace(self._views.session(reader), own=reader), client)
        there = {reason.partition(":")[0] for reason in more}
        return build, [upload.name for upload in uploads if upload.name not in there], [*refused, *more]
