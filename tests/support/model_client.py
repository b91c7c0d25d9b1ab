"""What a language model's client asks of Quoth, and what it is to get, on every way that it can come."""

import json
from pathlib import Path

from mcp import Client
from mcp.shared.exceptions import MCPError

from index.opening import open_index
from qa.quotations.check import check
from qa.quotations.links.permalink import parsed
from qa.retrieve import retriever

TANKS = "What tanks did the Soviet Union supply?"
ESSAY = "soviet-union-korean-war.txt"


async def ask_all(client: Client, essay_location: Path) -> None:
    """Use every tool and resource of the server that `client` talks to, over the index at `essay_location`."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"ask", "read", "check_quotation", "list_essays"}
    assert all(tool.annotations.read_only_hint and tool.output_schema for tool in tools.values())

    async def call(name: str, **given: object) -> dict:
        result = await client.call_tool(name, given)
        assert not result.is_error, result
        return result.structured_content

    async def refused(name: str, **given: object) -> str:
        result = await client.call_tool(name, given)
        assert result.is_error
        return result.content[0].text

    answer = await call("ask", question=TANKS, k=2)
    links = [quote.pop("link") for quote in answer["quotes"]]
    assert answer == retriever(essay_location).answer(TANKS, 2).json()
    for quote, link in zip(answer["quotes"], links, strict=True):
        known = parsed(link)
        assert (known.document, known.start, known.exact) == (ESSAY, quote["start"], quote["text"])
    with open_index(essay_location) as index:
        document, entries = index.document(ESSAY), index.entries
        text = "advanced weaponry for everybody"
        assert await call("check_quotation", text=text) == check(text, index=index).json()
    part = await call("read", document=ESSAY, start=100, length=50)
    assert (part["text"], part["end"], part["length"]) == (document.text[100:150], 150, len(document.text))
    assert (part["stale"], part["unchecked"]) == ("", "")
    listed = await call("list_essays")
    assert [one["document"] for one in listed["essays"]] == [one.name for one in entries]

    assert "The question is empty" in await refused("ask", question=" ")
    assert "no document 'none.txt'; the nearest is" in await refused("read", document="none.txt")
    assert "k" in await refused("ask", question="x", k=1000)
    assert "The quotation is empty" in await refused("check_quotation", text=" ")

    templates = (await client.list_resource_templates()).resource_templates
    assert {one.uri_template for one in templates} == {
        "essay:///{+document}",
        "passage:///{paragraph}/{+document}",
    }
    whole = (await client.read_resource(f"essay:///{ESSAY}")).contents[0]
    assert whole.text == document.text
    passage = json.loads((await client.read_resource(f"passage:///25/{ESSAY}")).contents[0].text)
    assert passage["text"] == document.text[passage["start"] : passage["end"]]
    for uri in ("essay:///none.txt", "essay:///../../etc/passwd", f"passage:///6000/{ESSAY}"):
        try:
            await client.read_resource(uri)
        except MCPError:
            continue
        raise AssertionError(f"{uri} was read")
