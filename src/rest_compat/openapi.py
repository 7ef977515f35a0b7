"""The OpenAPI 3.1 document, made from the rows, their operations and the schema."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from graphql import GraphQLList, get_nullable_type, is_non_null_type

from rest_compat import openapi_parts as parts
from rest_compat import shapes
from rest_compat.operations import INPUT, Served, Variable
from rest_compat.parameters import ALIASES, asked

VERSION = "1.0"
_ABOUT = """\
Stockgraph answers what each channel can promise from each location. Every path runs one stored
GraphQL operation, which stands beside it as `x-graphql-operation` and gives the same over
`POST /graphql`.

Unknown parameters and fields of a body are refused; `Prefer: handling=lenient` ignores them.
`Prefer: tx=rollback` runs a write and keeps nothing of it. Quantities and amounts are exact decimal
numbers with up to 6 decimals. Errors hold `error`, `code` and `requestId`, some of them `details`.
"""


def text(rows: Sequence[Served], folder: Path) -> bytes:
    """The document as JSON, one member a line, so that its differences can be read.

    The answers' examples lie in the folder of the operations, as `<operation>.example.json`.
    """
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Stockgraph", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "tags": [{"name": area} for area in dict.fromkeys(row.route.area for row in rows)],
        "paths": _paths(rows, folder),
        "components": parts.COMPONENTS,
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def _paths(rows: Sequence[Served], folder: Path) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    records = {row.route.path for row in rows if row.route.is_record and not row.operation.is_write}
    for row in rows:
        example = folder / f"{row.route.operation}.example.json"
        is_conditional = row.operation.is_write and row.route.path in records
        described = _operation(row, example, is_conditional=is_conditional)
        paths.setdefault(row.route.path, {})[row.route.method.lower()] = described
    return paths | parts.PLAIN_PATHS


def _operation(row: Served, example: Path, *, is_conditional: bool) -> dict[str, Any]:
    route, operation = row.route, row.operation
    described: dict[str, Any] = {
        "operationId": operation.name[0].lower() + operation.name[1:],
        "tags": [route.area],
        "summary": operation.summary,
        "description": operation.description,
        "security": [{"key": sorted(route.permissions)}],
        "parameters": [*_parameters(row), *([parts.IF_MATCH] if is_conditional else [])],
    }
    bodies = [
        shapes.taken(variable.type, variable.names)
        for one in row.each
        for variable in one.operation.variables
        if variable.name == INPUT
    ]
    if bodies:
        content = {"application/json": {"schema": _any_of(bodies)}}
        is_required = all("null" not in body["type"] for body in bodies)
        described["requestBody"] = {"required": is_required, "content": content}
    described["responses"] = _responses(row, example) | parts.refusals(
        is_write=operation.is_write, has_body=_has_body(row), is_conditional=is_conditional
    )
    described["x-graphql-operation"] = operation.text
    if row.other is not None:
        described["x-graphql-other-operation"] = row.other.operation.text
    return described


def _parameters(row: Served) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for variable in _asked(row):
        if variable.name in row.route.parameters:
            found.append(_in_path(variable))
            continue
        found.append(_in_query(variable, variable.name))
        if variable.name in ALIASES:
            older = _in_query(variable, ALIASES[variable.name])
            about = f"An older name of `{variable.name}`."
            found.append({**older, "description": about, "deprecated": True})
    other = row.route.other
    if other is not None and isinstance(other.switch, str) and not _has_body(row):
        found.append(parts.switch(other.switch))
    return [*found, *(parts.PREFERENCES if row.operation.is_write else parts.CONDITIONS)]


def _asked(row: Served) -> list[Variable]:
    """What the address of either operation has."""
    found = {
        variable.name: variable for one in reversed(row.each) for variable in asked(one.operation)
    }
    return list(found.values())


def _any_of(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _answered(row: Served) -> dict[str, Any]:
    schema = shapes.body(row.operation.root.below)
    if row.route.within is not None:
        name = row.route.within
        schema = {"type": "object", "properties": {name: schema}, "required": [name]}
    constants = {name: shapes.constant(value) for name, value in row.route.constants.items()}
    schema["properties"] = {**constants, **schema["properties"]}
    schema["required"] = [*constants, *schema["required"]]
    return schema


def _in_path(variable: Variable) -> dict[str, Any]:
    return {
        "name": variable.name,
        "in": "path",
        "required": True,
        "description": variable.description,
        "schema": {"type": "string", "minLength": 1},
    }


def _in_query(variable: Variable, name: str) -> dict[str, Any]:
    is_required = is_non_null_type(variable.type) and "default" not in shapes.query(variable)
    found = {
        "name": name,
        "in": "query",
        "required": is_required,
        "description": _about(variable),
        "schema": shapes.query(variable),
    }
    if isinstance(get_nullable_type(variable.type), GraphQLList):
        found |= {"style": "form", "explode": False}
    return found


def _about(variable: Variable) -> str:
    if variable.words:
        return "What the list is sorted by; with a minus before it, the greatest first."
    if variable.name == "limit":
        return f"{variable.description} The maximum is {variable.most}."
    return variable.description


def _responses(row: Served, example: Path) -> dict[str, Any]:
    route, operation = row.route, row.operation
    schemas = [_answered(one) for one in row.each]
    content: dict[str, Any] = {"schema": _any_of(schemas)}
    if example.exists():
        content["example"] = json.loads(example.read_text(encoding="utf-8"))
    headers = parts.WRITE_HEADERS if operation.is_write else parts.READ_HEADERS
    if "pagination" in schemas[0]["properties"]:
        headers = {**headers, "Link": {"$ref": "#/components/headers/Link"}}
    found = {
        str(int(route.status)): {
            "description": HTTPStatus(route.status).phrase,
            "headers": headers,
            "content": {"application/json": content} | _as_csv(row),
        }
    }
    if not operation.is_write:
        found["304"] = {"$ref": "#/components/responses/NotModified"}
    return found


def _as_csv(row: Served) -> dict[str, Any]:
    return {"text/csv": {"schema": {"type": "string"}}} if row.route.csv else {}


def _has_body(row: Served) -> bool:
    return any(variable.name == INPUT for variable in row.operation.variables)
