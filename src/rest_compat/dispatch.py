"""Answers the rows: a request becomes variables, the stored operation runs, its result the body."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from http import HTTPStatus
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, GraphQLError, is_non_null_type
from graphql.type import get_named_type
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.routing import Route as HttpRoute
from starlette.types import Receive, Scope, Send

from domain import json
from domain.actor import Actor
from domain.errors import GatewayError, Invalid, NotFound, StaleVersion, Timeout
from domain.names import spoken
from execution import answering
from execution.plans import Plan, Plans
from rest_compat import conditions, errors, parameters
from rest_compat.answers import answer, is_sheet, tag_of_record
from rest_compat.bodies import HttpRefusal, has_body, read_json
from rest_compat.costs import charge
from rest_compat.inputs import checked, respell
from rest_compat.operations import DRY_RUN, INPUT, Operation, Served
from rest_compat.preferences import Preferences
from rest_compat.tags import is_known

BODY_MAX_BYTES = 1024 * 1024
TIMEOUT_SECONDS = 15.0
REPLAYED = "Idempotency-Replayed"
IF_MATCH = "if-match"
# How a variable is refused whose value is none of its type.
_VARIABLE = re.compile(r"Variable '\$(?P<name>\w+)' has invalid value: (?P<why>.*)", re.DOTALL)

Context = AbstractAsyncContextManager[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the rows are answered with.

    `admit` recognises the caller and refuses with a domain error; `context` makes the resolvers'
    context of one operation; `request_id` names a request.
    """

    plans: Plans
    admit: Callable[[Request], Awaitable[Actor]]
    context: Callable[[Actor], Context]
    request_id: Callable[[Request], str]


def routes(rows: Sequence[Served], house: House) -> list[HttpRoute]:
    """One route a path, literal segments before parameters whatever the order of the rows."""
    by_path: dict[str, dict[str, Served]] = {}
    for served in rows:
        by_path.setdefault(served.route.path, {})[served.route.method] = served
    paths = sorted(by_path, key=lambda path: [part.startswith("{") for part in path.split("/")])
    return [HttpRoute(path, _Path(path, by_path[path], house)) for path in paths]


def plans(made: Iterable[BaseRoute]) -> Iterator[Plan]:
    """The plans of the rows among these routes."""
    for route in made:
        if isinstance(route, HttpRoute) and isinstance(route.endpoint, _Path):
            yield from route.endpoint.plans


class _Path:
    """The ASGI application at one path."""

    def __init__(self, path: str, by_method: dict[str, Served], house: House) -> None:
        self._path = path
        self._by_method = by_method
        self._house = house
        each = [one for served in by_method.values() for one in served.each]
        self._plans = {
            (id(one.operation), is_sheet): _plan(house.plans, one, is_sheet=is_sheet)
            for one in each
            for is_sheet in ((False, True) if one.route.csv else (False,))
        }
        self.plans = list(self._plans.values())
        read = by_method.get("GET")
        self._record = read if read is not None and read.route.is_record else None
        reads = ["HEAD"] if "GET" in by_method else []
        self._allow = ", ".join(sorted([*by_method, *reads, "OPTIONS"]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request.state.route = self._path
        response = await self._respond(request)
        if request.method == "HEAD":
            response.body = b""  # its headers stay those of the GET
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        id = self._house.request_id(request)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": self._allow})
        served = self._by_method.get("GET" if request.method == "HEAD" else request.method)
        if served is None:
            message = f"{request.method} is not allowed here; {self._allow} are."
            headers = {"Allow": self._allow}
            return errors.refusal(HttpRefusal(405, "METHOD_NOT_ALLOWED", message, headers), id)
        try:
            return await self._in_time(request, served)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody gets it
        except GatewayError as refused:
            return errors.refusal(refused, id)
        except Exception as failure:  # noqa: BLE001 - logged whole, and shown as its id
            return errors.internal(failure, id, served.route.area)

    async def _in_time(self, request: Request, served: Served) -> Response:
        deadline = asyncio.timeout(TIMEOUT_SECONDS)
        try:
            async with deadline:
                return await self._answer(request, served)
        except TimeoutError:
            if not deadline.expired():
                raise
            message = f"The request took longer than {TIMEOUT_SECONDS:g} s and was stopped."
            raise Timeout(message) from None

    async def _answer(self, request: Request, served: Served) -> Response:
        actor = await self._house.admit(request)
        actor.require(*served.route.permissions)
        wishes = Preferences.of(request.headers.getlist("prefer"))
        served, variables = await _read(request, served, wishes)
        operation = served.operation
        async with self._house.context(actor) as context:
            if operation.is_write:
                asked = json.canonical([request.method, request.url.path, variables])
                key = request.headers.get("idempotency-key")
                context.ask(asked, key, self._house.request_id(request))
                if self._record is not None and IF_MATCH in request.headers:
                    await self._hold(request, self._record, actor, served, variables)
            plan = self._plans[id(operation), is_sheet(request, served.route)]
            charge(request, plan, variables)
            if operation.is_write:
                made = plan.execute(context=context, variables=variables)
                result = await made if isawaitable(made) else made
            else:
                result = await answering.answer(plan, context, variables)
            replayed = {REPLAYED: "true"} if context.is_replay else {}
        response = self._told(request, served, result, replayed)
        if response.status_code < HTTPStatus.BAD_REQUEST:
            response.headers.update(wishes.applied(is_write=operation.is_write))
        return response

    def _told(
        self, request: Request, served: Served, result: ExecutionResult, headers: dict[str, str]
    ) -> Response:
        """The answer to what came of an operation, or its refusal."""
        try:
            value = _value(served, result)
        except GatewayError as error:
            is_stale = isinstance(error, StaleVersion) and IF_MATCH in request.headers
            refused = conditions.failed() if is_stale else error
            _spell(refused, served)
            return errors.refusal(refused, self._house.request_id(request), headers)
        return answer(request, served, value, **headers)

    async def _hold(
        self,
        request: Request,
        record: Served,
        actor: Actor,
        served: Served,
        variables: dict[str, Any],
    ) -> None:
        """Hold a write to the record that its If-Match header names.

        One that is not there is for the write to tell.
        """
        actor.require(*record.route.permissions)
        asked = parameters.read(record.operation, request.path_params, [], lenient=True)
        plan = self._plans[id(record.operation), False]
        async with self._house.context(actor) as context:
            result = await answering.answer(plan, context, asked)
        try:
            seen = _value(record, result)
        except NotFound:
            return
        is_same = is_known(tag_of_record(record, seen), request.headers[IF_MATCH])
        conditions.put(served.operation, variables, seen, is_same=is_same)


def _plan(plans: Plans, served: Served, *, is_sheet: bool) -> Plan:
    """The plan of a row's operation; what is to be written as CSV is not written before."""
    operation = served.operation
    finishes = {} if is_sheet else operation.finishes
    return plans.of(operation.document, operation.definition, finishes)


async def _read(
    request: Request, served: Served, wishes: Preferences
) -> tuple[Served, dict[str, Any]]:
    """The row with the operation that the request is for, and the operation's variables."""
    taken = next((v for v in served.operation.variables if v.name == INPUT), None)
    is_read = taken is not None and (is_non_null_type(taken.type) or has_body(request))
    body = await read_json(request, BODY_MAX_BYTES) if is_read else None
    query = request.query_params.multi_items()
    beside = parameters.beside(served)
    if served.other is not None and served.route.other is not None:
        switch = served.route.other.switch
        is_on = switch in body if isinstance(body, dict) else parameters.is_on(switch, query)
        served = served.other if is_on else served
    operation = served.operation
    variables = parameters.read(
        operation, request.path_params, query, beside=beside, lenient=wishes.is_lenient
    )
    for variable in operation.variables:
        if variable.name == INPUT:
            names, lenient = variable.names, wishes.is_lenient
            variables[INPUT] = checked(body, variable.type, names, lenient=lenient)
        if variable.name == DRY_RUN:
            variables[DRY_RUN] = wishes.is_dry
    return served, variables


def _names(operation: Operation) -> Mapping[str, str]:
    """How the body spells the graph's input fields, and parameters its arguments."""
    return {rest: graph for one in operation.variables for rest, graph in one.names.items()}


def _spell(refused: GatewayError, served: Served) -> None:
    """Have a refusal name the field as the row does.

    That of a part of an argument is the parameter that the part was made of.
    """
    operation, other = served.operation, served.route.other
    switch = other.switch if other and isinstance(other.switch, str) else None
    respell(refused, _names(operation), switch)
    part = (refused.field or "").rpartition(".")[2]
    if not operation.is_write and any(one.name == part for one in parameters.asked(operation)):
        refused.field = part


def _value(served: Served, result: ExecutionResult) -> Any:
    """The value of the root field.

    Raises:
        GatewayError: the first refusal that a field met.
        NotFound: there is no such thing.
    """
    root = served.operation.root
    for error in result.errors or ():
        raise _meaning(error)
    assert result.data is not None, "an operation without errors has data"
    value = result.data[root.name]
    if value is None:
        raise NotFound(spoken(get_named_type(root.type).name))
    return value


def _meaning(error: GraphQLError) -> BaseException:
    cause = error.original_error
    if error.path is None and not isinstance(cause, GatewayError):
        refused = _VARIABLE.match(error.message)
        if refused is None or refused["name"] == INPUT:
            return Invalid("body", error.message)
        return Invalid(refused["name"], f"{refused['name']}: {refused['why']}")
    return cause or error
