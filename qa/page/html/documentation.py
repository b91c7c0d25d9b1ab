"""What programs can ask, as a page: an OpenAPI document as HTML, without a script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from qa.markup.escaping import Markup, shown
from qa.page.html.essay import template

_Values = Mapping[str, Any]
_Field = tuple[str, _Values, str, bool]  # name, schema, what it is for, whether it is needed
_LIMITS = {"minimum": "from", "maximum": "to", "maxLength": "of at most", "default": "otherwise"}


def documentation(described: _Values) -> Markup:
    """The page of an OpenAPI document."""
    calls = [
        _call(method, path, call, described)
        for path, item in described["paths"].items()
        for method, call in item.items()
    ]
    body = Markup(
        "<article><h1>{} for programs</h1><p>{} The same as an OpenAPI document: "
        '<a href="/api/openapi.json">/api/openapi.json</a>.</p>{}<h2>What comes back</h2>{}</article>'
    ).format(
        shown(described["info"]["title"]),
        shown(described["info"]["description"]),
        Markup("").join(calls),
        Markup("").join(_schemas(described)),
    )
    return template("essay.html").format(title="Quoth for programs", essay=body)


def _call(method: str, path: str, call: _Values, described: _Values) -> Markup:
    takes: list[_Field] = [
        (one["name"], one["schema"], one.get("description", ""), one["required"]) for one in call.get("parameters", ())
    ]
    if "requestBody" in call:
        takes += _fields(_json_schema(call["requestBody"]), described)
    answer = _kind(_json_schema(call["responses"]["200"]))
    return Markup("<h2><code>{} {}</code></h2><p>{}. {} Gives <code>{}</code>.</p>{}").format(
        method.upper(), shown(path), shown(call["summary"]), shown(call["description"]), shown(answer), _table(takes)
    )


def _schemas(described: _Values) -> Iterator[Markup]:
    for name, schema in described["components"]["schemas"].items():
        yield Markup('<h3 id="{}">{}</h3><p>{}</p>').format(name, shown(name), shown(schema.get("description", "")))
        yield _table(_fields(schema, described))


def _fields(schema: _Values, described: _Values) -> list[_Field]:
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    wanted = schema.get("required", ())
    return [
        (name, field, field.get("description", ""), name in wanted)
        for name, field in schema.get("properties", {}).items()
    ]


def _table(fields: list[_Field]) -> Markup:
    row = Markup("<tr><td><code>{}</code>{}</td><td>{}</td><td>{}</td></tr>")
    rows = Markup("").join(
        row.format(shown(name), "" if wanted else " (may be left out)", shown(_kind(schema)), shown(said))
        for name, schema, said, wanted in fields
    )
    return Markup("<table>{}</table>").format(rows) if rows else rows


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
