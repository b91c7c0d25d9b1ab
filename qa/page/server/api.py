"""What programs ask over HTTP: one plain call each, the same JSON as the command line's, typed errors."""

from __future__ import annotations

import importlib.metadata
import json
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from qa.page.html.documentation import documentation
from qa.page.server.models import Ask, Check
from qa.page.server.site import Site
from qa.programs import asking, reading
from qa.programs.faults import sentence
from qa.programs.folders import without_folders
from qa.typed import AnswerJSON, ErrorJSON, EssayJSON, EssaysJSON, HealthJSON, PassageJSON, ReportJSON
from source.errors import (
    BadQuestion,
    DamagedIndex,
    NoDocument,
    NoIndex,
    OtherModel,
    UnreadableFile,
    UserError,
)

# What each error is for programs; the first that it is one of counts.
_ERRORS: tuple[tuple[type[UserError], int, str], ...] = (
    (BadQuestion, 400, "bad_question"),
    (NoDocument, 404, "no_document"),
    (NoIndex, 503, "no_index"),
    (DamagedIndex, 503, "damaged_index"),
    (OtherModel, 503, "other_model"),
    (UnreadableFile, 400, "unreadable_draft"),
    (UserError, 400, "not_possible"),
)
_STATUS = {404: "not_found", 405: "not_found"}
_OTHERWISE: dict[int | str, dict[str, Any]] = {
    "default": {"model": ErrorJSON, "description": "Why there is no answer."}
}
_Name = Annotated[str, Path(description="A document's name, its path in the library.", max_length=5_000)]
_ABOUT = "Every answer is a quotation, letter for letter; offsets count characters of the document's text."


class Json(JSONResponse):
    """JSON of any text: halves of characters, which names of files can hold, too."""

    def render(self, content: Any) -> bytes:  # noqa: ANN401
        """`content` as JSON."""
        return json.dumps(content, allow_nan=False).encode("ascii")


def add_api(app: FastAPI, site: Site) -> None:
    """Add `/api`, all below it, and `/health` to `app`; a route of it that is to be reached stands in `allowed`."""
    router = APIRouter(default_response_class=Json, responses=_OTHERWISE)
    _add_questions(router, site)
    _add_essays(router, site)
    app.include_router(router)
    described = get_openapi(
        title="Quoth",
        version=importlib.metadata.version("quoth"),
        description=_ABOUT,
        routes=router.routes,
    )
    page = documentation(described)
    app.get("/api/openapi.json")(lambda: Json(described))
    app.get("/api")(lambda: HTMLResponse(page))
    app.add_exception_handler(UserError, _told)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _failed)


def _add_questions(router: APIRouter, site: Site) -> None:
    @router.post("/api/ask", response_model=AnswerJSON, summary="Answer a question by quoting")
    def ask(asked: Ask) -> Response:
        """The answer, as `quoth ask --json` prints it."""
        return Json(asking.ask(site.address, asked.question, asked.k, asked.documents, asked.mode, reader=asked.reader))

    @router.post("/api/check", response_model=ReportJSON, summary="Say whether quotations are the essays' own words")
    def check(sent: Check) -> Response:
        """The report, as `quoth check --json` prints it."""
        index = site.snapshot()
        if (sent.text is None) == (sent.draft is None):
            raise BadQuestion("Send one of: text, draft.")
        if sent.text is not None:
            return Json(asking.check_text(index, sent.text, sent.documents))
        return Json(asking.check_draft(index, sent.draft or "", sent.format, sent.documents, all_marked=sent.all))


def _add_essays(router: APIRouter, site: Site) -> None:
    @router.get("/health", response_model=HealthJSON, summary="Tell that Quoth answers")
    def health() -> Response:
        """That Quoth answers, and from what."""
        return Json(asking.health(site.snapshot()))

    @router.get("/api/essays", response_model=EssaysJSON, summary="List the essays")
    def essays(
        start: Annotated[int, Query(ge=0, lt=1 << 31, description="The first, from 0 on.")] = 0,
        most: Annotated[int, Query(ge=1, le=reading.MOST_LISTED)] = reading.MOST_LISTED,
    ) -> Response:
        """The essays of the index, a thousand at a time."""
        return Json(reading.essays(site.snapshot(), start, most))

    @router.get("/api/essays/{document:any_path}", response_model=EssayJSON, summary="A whole essay")
    def essay(document: _Name) -> Response:
        """An essay's text, and where its headings, passages and sentences stand in it."""
        return Json(reading.essay(site.snapshot(), document))

    @router.get("/api/passages/{document:any_path}/{paragraph}", response_model=PassageJSON, summary="A passage")
    def passage(
        document: _Name,
        paragraph: Annotated[int, Path(ge=1, le=999_999_999, description="Its number in the document, ¶.")],
    ) -> Response:
        """A passage, letter for letter, with its permalink."""
        return Json(reading.passage(site.snapshot(), document, paragraph))


def _told(_: Request, error: Exception) -> Response:
    status, name = next((status, name) for kind, status, name in _ERRORS if isinstance(error, kind))
    return Json({"error": name, "detail": without_folders(str(error))}, status)


def _invalid(_: Request, error: Exception) -> Response:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    return Json({"error": "invalid", "detail": sentence(faults, below=1)}, 422)


def _refused(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    detail = error.detail if isinstance(error, HTTPException) else ""
    return Json({"error": _STATUS.get(status, "bad_request"), "detail": detail}, status)


def _failed(_: Request, __: Exception) -> Response:
    return Json({"error": "failed", "detail": "Quoth could not answer; its terminal says more."}, 500)
