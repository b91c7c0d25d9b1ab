"""What the page's server answers besides Gradio: its own style and script, the essays, and uploads."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.convertors import PathConvertor, register_url_convertor

from qa.page.html.essay import STATIC, essay_page, marks_of, missing_page
from qa.page.html.link import link_page
from qa.page.server.receiving import receive
from qa.page.server.site import Site
from qa.programs import reading
from qa.programs.folders import without_folders
from qa.quotations.links.permalink import parsed
from qa.quotations.links.reopened import as_today, reopened
from qa.quotations.search import Library
from source.errors import NoDocument, UserError


class _AnyPath(PathConvertor):
    """A path that may hold line breaks, as names of files do."""

    regex = r"[\s\S]*"


register_url_convertor("any_path", _AnyPath())


def add_routes(app: FastAPI, site: Site) -> None:
    """Add to `app`: `/quoth/NAME` (style, script, icon), `/essay/DOCUMENT`, `/q/DOCUMENT` (permalinks), uploads."""

    def static(name: str) -> Response:
        path = STATIC / name
        known = path.suffix in (".css", ".js", ".svg") and path.parent == STATIC and path.is_file()
        return FileResponse(path, headers={"Cache-Control": "no-cache"}) if known else Response(status_code=404)

    def essay(request: Request, name: str, s: str = "") -> HTMLResponse:
        try:
            index = site.snapshot(request.query_params.get("in", ""))
            document, doubt = index.document(name), reading.doubt(index, name)
        except NoDocument:
            return HTMLResponse(missing_page("No such essay", "There is no such essay in the index."), 404)
        except UserError as error:
            return HTMLResponse(missing_page("The essay cannot be shown", without_folders(str(error))), 503)
        own = str(request.url.replace(scheme="", netloc=""))
        return HTMLResponse(essay_page(document, marks_of(document, s), own, doubt))

    def link(request: Request, name: str) -> HTMLResponse:  # noqa: ARG001 (the path is read as it was sent)
        own = _sent(request)
        try:
            known = parsed(own)
        except UserError as error:
            return HTMLResponse(missing_page("No permalink", str(error)), 400)
        try:
            index = site.snapshot(request.query_params.get("in", ""))
            essays = as_today(index)
            found = reopened(known, essays, Library(index))
            document = essays(found.place.document) if found.place else None
        except UserError as error:
            return HTMLResponse(missing_page("The quotation cannot be shown", without_folders(str(error))), 503)
        return HTMLResponse(
            link_page(known, found, document, own, index.unchecked), 410 if found.state == "gone" else 200
        )

    async def upload(request: Request) -> Response:
        return await receive(request, site.uploads)

    def upload_progress() -> Response:
        return Response('data: {"msg": "done"}\n\n', media_type="text/event-stream")

    app.post("/gradio_api/upload")(upload)
    app.get("/gradio_api/upload_progress")(upload_progress)
    app.get("/quoth/{name}")(static)
    app.get("/essay/{name:any_path}")(essay)
    app.get("/q/{name:any_path}")(link)


def _sent(request: Request) -> str:
    """A request's path and query as they were sent: a name may hold what parts them."""
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return f"{path.decode('latin-1')}?{request.scope['query_string'].decode('latin-1')}"
