"""The one place where the parts of the server are put together."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain import json
from domain.actor import Actor
from domain.errors import GatewayError
from execution.limits import Limits
from execution.plans import Plan
from execution.strawberry_fields import plans_of
from gateway import runtime, schema_files
from gateway.auth import Authenticator, Entrance
from gateway.compression import Compression
from gateway.edge import Edge
from gateway.explorer import Explorer
from gateway.explorer_build import Builds, kept_built
from gateway.explorer_sessions import ExplorerSessions
from gateway.graphql_http import GraphQLEndpoint
from gateway.health import Health
from gateway.ledger_watch import LedgerWatch
from gateway.metrics import Metrics
from gateway.problems import Problem
from gateway.rate_limits import RateLimits
from gateway.relay import relayed
from gateway.request_ids import request_id
from gateway.settings import Settings
from gateway.sweeper import swept
from gateway.warming import warmed
from models.session import Database
from resolvers.context import Context
from resolvers.scalars import WRITTEN
from resolvers.schema import Schema, build_schema
from rest_compat import dispatch, errors
from rest_compat.bodies import HttpRefusal
from rest_compat.routes import DOCUMENTED, ROUTES
from services import feed, guard

ROOT = Path(__file__).parents[2]
_COUNTS = "limits"  # the file in which workers count together

log = structlog.get_logger(__name__)


def create_app(settings: Settings, database: Database) -> Starlette:
    """The application, which closes the database when it ends.

    Raises:
        Problem: a REST row does not fit its operation.
    """
    schema = build_schema()
    sessions = ExplorerSessions(runtime.explorer_folder())
    shared = runtime.server_folder() if settings.workers > 1 else None
    limits = RateLimits(shared / _COUNTS if shared else None)
    metrics = Metrics(lambda: database.connections_in_use, shared)
    watch = LedgerWatch(database, metrics)
    health = Health(database, lambda: watch.detail)
    entrance = Entrance(Authenticator(database), limits, sessions, settings.cost_max)
    explorer = _explorer(settings, sessions)
    rest = _rest(schema, database, entrance)
    app = Starlette(
        routes=[
            *_told(database, health, metrics),
            *_graphql(schema, database, entrance, explorer),
            *rest,
        ],
        middleware=[Middleware(Edge, metrics=metrics), Middleware(Compression)],
        exception_handlers={HTTPException: _unrouted},
        lifespan=_lifespan(settings, database, health, limits, watch, list(dispatch.plans(rest))),
    )
    # A redirect would name this server's own scheme, and take the key there without TLS.
    app.router.redirect_slashes = False
    return app


def _told(database: Database, health: Health, metrics: Metrics) -> list[BaseRoute]:
    """What the server tells of itself, to everybody."""
    answers = {
        "/health/live": health.live,
        "/health/ready": health.ready,
        "/metrics": _measured(database, metrics),
    }
    return [Route(path, _named(path, answer)) for path, answer in answers.items()]


def _graphql(
    schema: Schema, database: Database, entrance: Entrance, explorer: Explorer | None
) -> list[BaseRoute]:
    async def context(request: Request) -> Context:
        request.state.route = "/graphql"
        return Context(await entrance.admit_explorer(request), database)

    endpoint = GraphQLEndpoint(
        schema, context=context, limits=Limits(), page=explorer.page if explorer else None
    )
    return [Route("/graphql", endpoint), *(explorer.routes if explorer else ())]


def _rest(schema: Schema, database: Database, entrance: Entrance) -> list[BaseRoute]:
    def context(actor: Actor) -> Context:
        return Context(actor, database)

    served = schema_files.served(schema)
    document = cache(lambda: schema_files.openapi(served))  # a tenth of a start, for who asks

    async def openapi(_request: Request) -> Response:
        content = await asyncio.to_thread(document)
        return Response(content, headers={"Cache-Control": "no-cache"}, media_type=_JSON)

    house = dispatch.House(
        plans=plans_of(schema, WRITTEN, json.dumps),
        admit=entrance.admit,
        context=context,
        request_id=request_id,
    )
    return [
        Route("/openapi.json", _named("/openapi.json", openapi)),
        *dispatch.routes(served, house),
    ]


_JSON = "application/json"


def _explorer(settings: Settings, sessions: ExplorerSessions) -> Explorer | None:
    if not settings.explorer:
        return None
    is_secure = settings.base_url.startswith("https://")
    return Explorer(Builds(ROOT), sessions, is_secure=is_secure)


def _named(route: str, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """The same endpoint, which tells the log and the metrics its route."""

    async def endpoint(request: Request) -> Response:
        request.state.route = route
        made = answer(request)
        response: Response = made if isinstance(made, Response) else await made
        return response

    return endpoint


async def _unrouted(request: Request, failure: Exception) -> Response:
    """The answer where no route leads, in the form of all refusals."""
    assert isinstance(failure, HTTPException), "it is registered for these alone"
    code = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(failure.status_code, "INVALID")
    refused = HttpRefusal(failure.status_code, code, failure.detail, failure.headers)
    return errors.refusal(refused, request_id(request))


def _measured(database: Database, metrics: Metrics) -> Callable[[Request], Any]:
    """Everything that is measured; what the database would say is left as it was without it."""

    async def measured(_request: Request) -> Response:
        with contextlib.suppress(GatewayError):
            tails = await feed.tails(database)
            waiting = max((tail.waiting_seconds for tail in tails), default=0)
            metrics.feed(sum(tail.unsealed for tail in tails), waiting)
        return metrics.answer()

    return measured


def _lifespan(
    settings: Settings,
    database: Database,
    health: Health,
    limits: RateLimits,
    watch: LedgerWatch,
    plans: Sequence[Plan],
) -> Callable[[Starlette], Any]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(database.close)
            stack.callback(limits.close)
            await refuse_unguarded(database)
            health.drain_on_signals()
            await stack.enter_async_context(swept(database))
            await stack.enter_async_context(relayed(database))
            if settings.ledger_check_hours:
                await stack.enter_async_context(watch.running(settings.ledger_check_hours))
            if settings.explorer:
                await stack.enter_async_context(kept_built(ROOT))
            await stack.enter_async_context(warmed(plans))
            log.info("rest_rows_served", served=len(ROUTES), documented=DOCUMENTED)
            yield

    return lifespan


async def refuse_unguarded(database: Database) -> None:
    """Refuse to serve where one tenant might see another's rows.

    Raises:
        Problem: row security does not hold, and why.
    """
    faults = await guard.faults(database)
    if faults:
        raise Problem(
            " ".join(faults) + " Nothing is served before that is mended: the role of DATABASE_URL "
            "must be a member of stockgraph_app and nothing else, and each table as its migration "
            "has made it."
        )
