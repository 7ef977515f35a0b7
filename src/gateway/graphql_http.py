"""/graphql: GraphQL over HTTP as its specification's audits want it, over one schema.

A request passes these steps, and the first that refuses it answers: method, media type, cross-site
check, authentication (the context), body, document (parsed, limited and validated once per text),
operation, execution.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import strawberry
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from domain import json
from domain.errors import GatewayError, Timeout
from domain.media_types import GRAPHQL_RESPONSE, HTML, JSON, preferred
from execution import answering
from execution.costs import Cost
from execution.documents import (
    OPERATION_RESOLUTION_FAILURE,
    Documents,
    MalformedDocument,
)
from execution.limits import Limits
from execution.plans import Plan
from execution.strawberry_fields import plans_of
from gateway import graphql_errors as errors
from gateway.explorer_sessions import COOKIE
from gateway.graphql_request import GraphQLRequest, read
from gateway.request_ids import HEADER, request_id
from resolvers.scalars import WRITTEN
from rest_compat.bodies import HttpRefusal
from rest_compat.costs import COUNTED, charge, is_count_asked
from rest_compat.dispatch import REPLAYED
from rest_compat.tags import is_known, tag_of

MakeContext = Callable[[Request], Awaitable[Any]]
Page = Callable[[Request], Awaitable[Response]]

METHODS = "GET, HEAD, POST, OPTIONS"
_READING = ("GET", "HEAD")


class GraphQLEndpoint:
    """The ASGI application at /graphql.

    `context` makes the resolvers' context of a request and refuses it with a domain error; when
    the context has an `aclose()`, that is awaited after the operation. `page` answers what a
    browser asks for when it goes to the address.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        context: MakeContext,
        limits: Limits | None = None,
        page: Page | None = None,
    ) -> None:
        self._context = context
        self._limits = limits or Limits()
        self._documents = Documents(plans_of(schema, WRITTEN, json.dumps), self._limits)
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope, receive)
        if self._page is not None and _wants_page(request):
            response: Response | None = await self._page(request)
        else:
            response = await self._respond(request)
        if response is not None:
            await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response | None:
        """The answer, or None when there is nobody any more to get it."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": METHODS})
        offers = (JSON, GRAPHQL_RESPONSE)
        media_type = preferred(request.headers.get("accept"), offers) or JSON
        deadline = asyncio.timeout(self._limits.timeout_seconds)
        try:
            _check(request)
            async with deadline:
                return await self._answer(request, media_type)
        except ClientDisconnect:
            return None
        except Exception as failure:  # noqa: BLE001 - logged whole, and shown as its id
            late = Timeout(_timeout_message(self._limits.timeout_seconds))
            answer_to = late if deadline.expired() else failure
            return _failed(answer_to, media_type, request_id(request))

    async def _answer(self, request: Request, media_type: str) -> Response | None:
        context = await self._context(request)
        try:
            asked = await read(request, self._limits.body_bytes)
            plan = self._documents.get(asked.text).operation(asked.operation_name)
            _allow(request.method, plan.operation)
            cost = charge(request, plan, asked.variables)
            is_query = plan.operation.operation is OperationType.QUERY
            if not is_query:
                _ask(context, request, asked)
            # A write is finished even if nobody waits for it: half of it would help no one.
            if is_query:
                made = answering.answer(plan, context, asked.variables)
                result = await _while_connected(request, made)
            else:
                done = plan.execute(context=context, variables=asked.variables)
                result = done if isinstance(done, ExecutionResult) else await done
        finally:
            close = getattr(context, "aclose", None)
            if close is not None:
                await close()
        if result is None:
            return None
        replayed = {REPLAYED: "true"} if not is_query and context.is_replay else {}
        told = _told(request, plan, cost, result) if is_count_asked(request) else None
        whole = _result(result, media_type, request_id(request), replayed, told)
        return whole if result.errors else _tagged(request, whole)


def _ask(context: Any, request: Request, asked: GraphQLRequest) -> None:
    """Tell the context what a mutation is asked for, by which it knows a repetition."""
    question = [asked.text, asked.operation_name, asked.variables]
    key = request.headers.get("idempotency-key")
    context.ask(json.canonical(question), key, request_id(request))


def _wants_page(request: Request) -> bool:
    if request.method not in _READING:
        return False
    accept = request.headers.get("accept")
    return preferred(accept, (JSON, GRAPHQL_RESPONSE, HTML)) == HTML


def _check(request: Request) -> None:
    """Refuse by method, wanted media type and, where a cookie authenticates, the page's origin."""
    if request.method not in (*_READING, "POST"):
        message = f"{request.method} is not allowed here."
        raise HttpRefusal(405, "METHOD_NOT_ALLOWED", message, {"Allow": METHODS})
    if preferred(request.headers.get("accept"), (JSON, GRAPHQL_RESPONSE)) is None:
        message = f"The answer is {JSON} or {GRAPHQL_RESPONSE}."
        raise HttpRefusal(406, "NOT_ACCEPTABLE", message)
    by_cookie = COOKIE in request.cookies and "authorization" not in request.headers
    if by_cookie and not _is_same_origin(request):
        message = "A page of another origin may not use the explorer's session."
        raise HttpRefusal(403, "CROSS_ORIGIN", message)


def _is_same_origin(request: Request) -> bool:
    """Cookies ignore ports, so another program's page on this machine would be sent ours."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    is_own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    return is_own and site in ("same-origin", "none")


def _allow(method: str, operation: OperationDefinitionNode) -> None:
    kind = operation.operation
    if kind is OperationType.SUBSCRIPTION:
        extensions = {"code": OPERATION_RESOLUTION_FAILURE}
        message = "Subscriptions are not answered over plain HTTP."
        raise MalformedDocument([GraphQLError(message, operation, extensions=extensions)])
    if kind is OperationType.MUTATION and method != "POST":
        message = "A mutation must be sent with POST."
        raise HttpRefusal(405, "METHOD_NOT_ALLOWED", message, {"Allow": "POST"})


async def _while_connected(
    request: Request, work: Awaitable[ExecutionResult]
) -> ExecutionResult | None:
    """The result of the work, or None after it was cancelled because the client has gone."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnected(request.receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        leaving.cancel()
        working.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _told(request: Request, plan: Plan, estimated: Cost, result: ExecutionResult) -> dict[str, Any]:
    """What the operation was estimated to cost, what its answer cost, and what it may."""
    counted = plan.estimates.count(json.loads(json.dumps(result.data)))
    request.state.told[COUNTED] = str(counted.total)
    limit = getattr(request.state, "cost_max", None)
    return {"estimated": estimated.shown(), "counted": counted.shown(), "limit": limit}


def _result(
    result: ExecutionResult,
    media_type: str,
    id: str,
    headers: dict[str, str],
    cost: dict[str, Any] | None,
) -> Response:
    body: dict[str, Any] = {}
    is_of_request = errors.is_of_request(result.errors, result.data)
    if result.errors:
        body["errors"] = [errors.shown(error, id) for error in result.errors]
    if not is_of_request:
        body["data"] = result.data
    if cost is not None:
        body["extensions"] = {"cost": cost}
    status = _status_of_request_error(media_type) if is_of_request else 200
    return _response(body, media_type, status, id, headers)


def _tagged(request: Request, response: Response) -> Response:
    """The answer; of a GET with its tag, or that it is the one that the caller has."""
    if request.method not in _READING:
        return response
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept, Authorization, Cookie"
    tag = response.headers["ETag"] = tag_of(bytes(response.body))
    if is_known(tag, request.headers.get("if-none-match")):
        kept = ("cache-control", "vary", "etag", HEADER.lower())
        shown = {name: value for name, value in response.headers.items() if name in kept}
        return Response(None, 304, shown)
    return response


def _status_of_request_error(media_type: str) -> int:
    """Clients that ask for plain JSON expect 200 whenever there is a GraphQL answer."""
    return 400 if media_type == GRAPHQL_RESPONSE else 200


def _failed(failure: Exception, media_type: str, id: str) -> Response:
    """The answer to a request that came to no operation, or whose operation was stopped."""
    if isinstance(failure, MalformedDocument):
        body = {"errors": [errors.shown(error, id) for error in failure.errors]}
        return _response(body, media_type, _status_of_request_error(media_type), id)
    if isinstance(failure, GatewayError):
        status, headers = errors.status_of(failure)
        body = {"errors": [errors.refusal(failure, id)]}
        return _response(body, media_type, status, id, headers)
    return _response({"errors": [errors.internal(failure, id)]}, media_type, 500, id)


def _response(
    body: dict[str, Any],
    media_type: str,
    status: int,
    id: str,
    headers: dict[str, str] | None = None,
) -> Response:
    try:
        content = json.dumps(body)
    except TypeError as failure:
        status, content = 500, json.dumps({"errors": [errors.internal(failure, id)]})
    return Response(
        content,
        status,
        {"Cache-Control": "no-store", "Vary": "Accept", HEADER: id, **(headers or {})},
        media_type=f"{media_type}; charset=utf-8",
    )


def _timeout_message(seconds: float) -> str:
    return (
        f"The operation took longer than {seconds:g} s and was stopped: ask for less at once; "
        "a mutation may be repeated with the same idempotencyKey."
    )
