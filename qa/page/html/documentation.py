"""What programs can ask, as a page: an OpenAPI document as HTML, without a script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from qa.page.html.essay import template
from qa.page.html.marking import escaped, shown

_Values = Mapping[str, Any]
_Field = tuple[str, _Values, str, bool]  # name, schema, what it is for, whether it is needed
_LIMITS = {"minimum": "from", "maximum": "to", "maxLength": "of at most", "default": "otherwise"}


def documentation(described: _Values) -> str:
    """The page of an OpenAPI document."""
    calls = [
        _call(method, path, call, described)
        for path, item in described["paths"].items()
        for method, call in item.items()
    ]
    body = (
        f"<article><h1>{shown(described['info']['title'])} for programs</h1>"
        f"<p>{shown(described['info']['description'])} The same as an OpenAPI document: "
        f'<a href="/api/openapi.json">/api/openapi.json</a>.</p>{"".join(calls)}'
        f"<h2>What comes back</h2>{''.join(_schemas(described))}</article>"
    )
    return template("essay.html").substitute(title="Quoth for programs", essay=body)


def _call(method: str, path: str, call: _Values, described: _Values) -> str:
    takes: list[_Field] = [
        (one["name"], one["schema"], one.get("description", ""), one["required"]) for one in call.get("parameters", ())
    ]
    if "requestBody" in call:
        takes += _fields(_json_schema(call["requestBody"]), described)
    answer = _kind(_json_schema(call["responses"]["200"]))
    said = f"{shown(call['summary'])}. {shown(call['description'])}"
    return (
        f"<h2><code>{method.upper()} {shown(path)}</code></h2><p>{said} "
        f"Gives <code>{shown(answer)}</code>.</p>{_table(takes)}"
    )


def _schemas(described: _Values) -> Iterator[str]:
    for name, schema in described["components"]["schemas"].items():
        yield f'<h3 id="{escaped(name)}">{shown(name)}</h3><p>{shown(schema.get("description", ""))}</p>'
        yield _table(_fields(schema, described))


def _fields(schema: _Values, described: _Values) -> list[_Field]:
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    wanted = schema.get("required", ())
    return [
        (name, field, field.get("description", ""), name in wanted)
        for name, field in schema.get("properties", {}).items()
    ]


def _table(fields: list[_Field]) -> str:
    rows = "".join(
        f"<tr><td><code>{shown(name)}</code>{'' if wanted else ' (may be left out)'}</td>"
        f"<td>{shown(_kind(schema))}</td><td>{shown(said)}</td></tr>"
        for name, schema, said, wanted in fields
    )
    return f"<table>{rows}</table>" if rows else ""


def _json_schema(content: _Values) -> _Values:
    schema: _Values = content["content"]["application/json"]["schema"]
    return schema


def _kind(schema: _Values) -> str:
    """The kind of a value, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(json.dumps(one) for one in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "items" in schema:
        return f"list of {_kind(schema['items'])}"
    limits = [f"{word} {schema[key]}" for key, word in _LIMITS.items() if key in schema]
    return ", ".join([str(schema.get("type", "any")), *limits])
