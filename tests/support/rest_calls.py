"""Calls of every REST row, made from the OpenAPI document, so that new rows are covered too."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

PAGING = {"page", "limit", "sort", "includeZero"}
READS = ("get", "head")
PAST = {"asOf": "2026-01-31T12:00:00Z"}  # a moment that must not be ahead


class CannotCall(Exception):
    """No value can be made for a schema: teach `value` what stands for it."""


@dataclass(frozen=True)
class Call:
    """One request, and how its parameters were chosen."""

    name: str
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def is_read(self) -> bool:
        return self.method in READS


def calls(document: dict[str, Any], id: str, texts: tuple[str, ...]) -> Iterator[Call]:
    """Each row with its required parameters alone, then with each optional one, then all."""
    for path, methods in document["paths"].items():
        if not path.startswith("/api/"):
            continue
        for method, row in methods.items():
            name = f"{method.upper()} {path}"
            for label, query in _queries(row, id, texts):
                for kind, body in _bodies(document, row, id, texts):
                    full = path.format_map(_Everywhere(id))
                    yield Call(f"{name} ({label}{kind})", method, full, query, body)


class _Everywhere(dict[str, str]):
    """The id for each parameter in a path."""

    def __init__(self, id: str) -> None:
        super().__init__()
        self.id = id

    def __missing__(self, _name: str) -> str:
        return self.id


def _queries(
    row: dict[str, Any], id: str, texts: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, str]]]:
    about = [p for p in row.get("parameters", ()) if p["in"] == "query"]
    required = {p["name"]: str(value(p["schema"], id)) for p in about if p.get("required")}
    yield "required", required
    for parameter in about:
        if parameter["name"] in {*PAGING, *required}:
            continue
        name = parameter["name"]
        if name in PAST:
            yield name, {**required, name: PAST[name]}
            continue
        schema = parameter["schema"]
        schema = schema.get("items", schema)
        for text in (id, *texts) if schema.get("type") == "string" else (id,):
            made = str(value(schema, text)).removeprefix("True") or "true"
            yield f"{name}={text}", {**required, name: made}


def _bodies(
    document: dict[str, Any], row: dict[str, Any], id: str, texts: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    if "requestBody" not in row:
        yield "", None
        return
    schema = row["requestBody"]["content"]["application/json"]["schema"]
    for text in (id, *texts):
        whole = value(schema, text, document)
        needed = set(schema.get("required", ()))
        yield f"; all={text}", whole
        yield f"; needed={text}", {name: whole[name] for name in whole if name in needed}


STAND_INS = {"integer": 1, "number": 1, "boolean": True}
FORMATS = {"date-time": "2031-01-31T12:00:00Z", "date": "2031-01-31"}


def value(schema: dict[str, Any], text: str, document: dict[str, Any] | None = None) -> Any:
    """A value that the schema allows: each text is `text`."""
    schema = _resolved(schema, document)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {k: value(v, text, document) for k, v in schema.get("properties", {}).items()}
    if kind == "array":
        return [value(schema["items"], text, document)]
    if "enum" in schema:
        return schema["enum"][0]
    if kind == "string":
        return FORMATS.get(schema.get("format", ""), text)
    if kind not in STAND_INS:
        raise CannotCall(str(schema))
    return STAND_INS[kind]


def _resolved(schema: dict[str, Any], document: dict[str, Any] | None) -> dict[str, Any]:
    """The schema behind a reference, and the first of several that are allowed."""
    if "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return _resolved(found, document)
    for several in ("oneOf", "anyOf", "allOf"):
        if several in schema:
            return _resolved(schema[several][0], document)
    return schema
