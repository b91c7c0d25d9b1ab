"""The essays for language models: a server of the Model Context Protocol, which only reads.

What a model quotes comes with its place, offsets and permalink, so that it can be looked up, and
what it says that the essays say can be checked.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import unquote

from pydantic import AnyUrl, Field, ValidationError

from qa.programs import asking, reading
from qa.programs.faults import sentence
from qa.programs.folders import without_folders
from qa.retrieve import retriever
from qa.typed import EssaysJSON, LinkedAnswerJSON, PieceJSON, ReportJSON
from source.errors import NoDocument, UserError

if TYPE_CHECKING:
    from mcp.server import MCPServer
    from mcp.server.mcpserver import Context
    from mcp.types import CallToolResult

# So many quotations are given at a time, so many essays listed, so many characters of an essay read.
MOST_QUOTES, MOST_LISTED, MOST_READ = 20, 200, 40_000
_LONGEST = 20_000
_INSTRUCTIONS = (
    "Quoth answers questions about a set of essays with the essays' own words. Quote its quotes letter for letter and "
    "name their place. The status says whether the essays answer: of 'none' the quotes are only what stands nearest, "
    "and the essays do not say. Before you put words in quotation marks, let check_quotation see whether they stand so."
)

_ESSAY = "essay:///"
Question = Annotated[str, Field(max_length=_LONGEST, description='"Words in quotation marks" must stand literally.')]
Names = Annotated[list[str], Field(max_length=1000, description="Of these documents only; all if left out.")]
Name = Annotated[str, Field(max_length=5_000, description="A document's name, as list_essays gives it.")]


def server(address: Path | str) -> MCPServer:
    """The server over the index at `address`, whose generation of each moment is asked.

    Raises UserError if the package `mcp` is not installed.
    """
    try:
        from mcp.server import MCPServer
        from mcp.server.lowlevel.helper_types import ReadResourceContents
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import InputRequiredResult
    except ImportError as error:
        raise UserError("The package mcp is not installed; run: pip install 'quoth[mcp]'") from error

    class Server(MCPServer):
        async def call_tool(
            self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
        ) -> CallToolResult | InputRequiredResult:
            """What the tool gives; arguments that are wrong, or that it does not take, are told in a sentence."""
            takes = {tool.name: list(tool.input_schema["properties"]) for tool in await self.list_tools()}
            other = [one for one in arguments if one not in takes.get(name, arguments)]
            if other:
                raise ToolError(f"{name} takes no argument {other[0]!r:.100}; it takes {', '.join(takes[name])}.")
            try:
                return await super().call_tool(name, arguments, context)
            except ToolError as error:
                if isinstance(error.__cause__, ValidationError):
                    raise ToolError(f"{name}: {sentence(error.__cause__.errors())}") from error
                raise

        async def read_resource(
            self, uri: AnyUrl | str, context: Context[Any, Any] | None = None
        ) -> Iterable[ReadResourceContents] | InputRequiredResult:
            """What is read and, of a whole essay, in a text of its own, why it may not say so any more."""
            read = await super().read_resource(uri, context)
            warning = await asyncio.to_thread(_warning, address, str(uri))
            if not warning or isinstance(read, InputRequiredResult):
                return read
            return [*read, ReadResourceContents(warning, "text/plain")]

    version = importlib.metadata.version("quoth")
    # Nothing changes that a client could be told of; so no stream is kept open for it.
    made = Server(
        "quoth",
        title="Quoth",
        version=version,
        instructions=_INSTRUCTIONS,
        log_level="ERROR",
        subscriptions=False,
    )
    _add_tools(made, address)
    _add_resources(made, address)
    return made


def _add_tools(made: MCPServer, address: Path | str) -> None:
    from mcp.types import ToolAnnotations

    reads = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

    @made.tool(title="Ask the essays", annotations=reads)
    def ask(
        question: Question,
        k: Annotated[int, Field(ge=1, le=MOST_QUOTES, description="The most quotes that are wanted.")] = 5,
        documents: Names | None = None,
    ) -> LinkedAnswerJSON:
        """Answer a question by quoting the passages that answer, letter for letter, with place, link and confidence."""
        with _told():
            found = retriever(address)
            answer = found.answer(question, k, documents or None).json()
            quotes = [{**one, "link": reading.linked(found.index, one)} for one in answer["quotes"]]
            return {**answer, "quotes": quotes}  # type: ignore[typeddict-item]

    @made.tool(title="Read an essay", annotations=reads)
    def read(
        document: Name,
        start: Annotated[int, Field(ge=0, description="The first character, from 0 on.")] = 0,
        length: Annotated[int, Field(ge=1, le=MOST_READ, description="How many characters.")] = MOST_READ,
    ) -> PieceJSON:
        """Read an essay's text, or a part of it."""
        with _told():
            return reading.piece(retriever(address, reader=False).index, document, start, length)

    @made.tool(title="Check a quotation", annotations=reads)
    def check_quotation(
        text: Annotated[str, Field(max_length=_LONGEST, description="What is said to be a quotation.")],
        document: Name | None = None,
    ) -> ReportJSON:
        """Say whether the essays say this: verbatim, formal, altered, stitched, misplaced or absent, and where."""
        with _told():
            return asking.check_text(retriever(address, reader=False).index, text, [document] if document else None)

    @made.tool(title="List the essays", annotations=reads)
    def list_essays(
        start: Annotated[int, Field(ge=0, description="The first, from 0 on.")] = 0,
        most: Annotated[int, Field(ge=1, le=MOST_LISTED)] = MOST_LISTED,
    ) -> EssaysJSON:
        """List the essays: names, titles, authors, dates; `count` is how many there are."""
        with _told():
            return reading.essays(retriever(address, reader=False).index, start, most)


def _add_resources(made: MCPServer, address: Path | str) -> None:
    from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError

    @contextmanager
    def found() -> Iterator[None]:
        try:
            yield
        except NoDocument as error:
            raise ResourceNotFoundError(str(error)) from error
        except UserError as error:
            raise ResourceError(without_folders(str(error))) from error

    @made.resource(f"{_ESSAY}{{+document}}", title="An essay", mime_type="text/plain")
    def essay(document: str) -> str:
        """The text of an essay, whole."""
        with found():
            return retriever(address, reader=False).index.document(document).text

    @made.resource("passage:///{paragraph}/{+document}", title="A passage", mime_type="application/json")
    def passage(paragraph: str, document: str) -> str:
        """A passage by its number in its essay, letter for letter, with its place and permalink."""
        number = int(paragraph) if paragraph.isascii() and paragraph.isdigit() and len(paragraph) < 10 else 0
        with found():
            return json.dumps(reading.passage(retriever(address, reader=False).index, document, number))


def _warning(address: Path | str, uri: str) -> str:
    """A sentence on why the essay at `uri` may no longer say what was read; "" if it does, or is no essay."""
    if not uri.startswith(_ESSAY):
        return ""
    index = retriever(address, reader=False).index
    try:
        return reading.doubt(index, unquote(uri.removeprefix(_ESSAY)))
    except NoDocument:
        return ""


@contextmanager
def _told() -> Iterator[None]:
    """Let the model read what it can put right."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except UserError as error:
        raise ToolError(without_folders(str(error))) from error
