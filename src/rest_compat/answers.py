"""From an operation's result to an answer: the body, and what HTTP says of it."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response

from domain import json
from domain.media_types import JSON, preferred
from rest_compat.operations import Served
from rest_compat.table import Route
from rest_compat.tabular import CSV, write
from rest_compat.tags import is_known, tag_of

# When the answer was made, which does not make it another one.
_MOMENT = ("asOf", "position")
# Characters of one link: proxies refuse answers whose headers take more than a few thousand.
_LINK_MAX = 1_500


def answer(request: Request, served: Served, value: Mapping[str, Any], **more: str) -> Response:
    """The answer whose body is the folded value of the operation's root field."""
    route, operation = served.route, served.operation
    body = _body(served, value)
    media_type, content = _written(request, served, body)
    headers = {"X-GraphQL-Operation": operation.name, "Cache-Control": "no-store", **more}
    if route.method != "GET":
        return Response(content, route.status, headers, media_type=media_type)
    tag = _tag(body, content)
    vary = "Authorization, Accept" if route.csv else "Authorization"
    headers |= {"Cache-Control": "private, no-cache", "Vary": vary, "ETag": tag}
    links = _links(request.url, body.get("pagination"))
    if links:
        headers["Link"] = links
    if is_known(tag, request.headers.get("if-none-match")):
        return Response(None, 304, headers)
    return Response(content, route.status, headers, media_type=media_type)


def tag_of_record(served: Served, value: Mapping[str, Any]) -> str:
    """The tag that the answer of a row for one record has."""
    body = _body(served, value)
    return _tag(body, json.dumps(body))


def _body(served: Served, value: Mapping[str, Any]) -> dict[str, Any]:
    route, operation = served.route, served.operation
    body: Any = operation.fold(value) if operation.fold else dict(value)
    return {**route.constants, **({route.within: body} if route.within else body)}


def _written(request: Request, served: Served, body: Mapping[str, Any]) -> tuple[str, bytes]:
    """The body as JSON, or its list as CSV where the row has one and the caller prefers that."""
    if is_sheet(request, served.route):
        return CSV, write(body, served.route.csv)
    return JSON, json.dumps(body)


def is_sheet(request: Request, route: Route) -> bool:
    """Whether the caller would rather have the row's list as CSV."""
    accepted = request.headers.get("accept")
    return bool(route.csv) and preferred(accepted, (JSON, CSV)) == CSV


def _tag(body: Mapping[str, Any], content: bytes) -> str:
    """The tag: bodies that differ in their moment only are as good as one another."""
    if any(name in body for name in _MOMENT):
        content = json.dumps({name: one for name, one in body.items() if name not in _MOMENT})
    return tag_of(content)


def _links(url: URL, pagination: Mapping[str, Any] | None) -> str:
    """Links to the pages beside this one, relative, so that they hold behind any proxy.

    None where the address is too long to be repeated; the body says where the page stands.
    """
    if pagination is None:
        return ""
    page, pages = pagination["page"], pagination["totalPages"]
    beside = []
    if page > 1:
        beside.append(("prev", max(1, min(page - 1, pages))))
    if page < pages:
        beside.append(("next", page + 1))
    links = [(name, _at(url, number)) for name, number in beside]
    if any(len(target) > _LINK_MAX for _, target in links):
        return ""
    return ", ".join(f'<{target}>; rel="{name}"' for name, target in links)


def _at(url: URL, page: int) -> str:
    target = url.include_query_params(page=page)
    return f"{target.path}?{target.query}"
