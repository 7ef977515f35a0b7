"""From a request to the actor behind it, counted against its key's limits.

A key that was recognised is taken for a second without asking the database again: a revoked key
stops within that second in every process, and an expired one at its very moment.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import Request

from domain.actor import Actor
from domain.errors import RateLimited, Unauthorized
from gateway.explorer_sessions import COOKIE, ExplorerSessions
from gateway.rate_limits import RateLimits
from models.session import Database
from services import keys
from services.keys import Credential

CACHED_SECONDS = 1.0
CACHED_KEYS = 10_000

Clock = Callable[[], float]


class Authenticator:
    """Recognises keys; those of the last second from memory."""

    def __init__(self, database: Database, clock: Clock = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._known: OrderedDict[bytes, tuple[float, Credential]] = OrderedDict()

    async def credential(self, key: str) -> Credential:
        """What the key stands for.

        Raises:
            Unauthorized: it is not valid (any longer).
        """
        hashed = keys.hash_of(key)
        asked = self._clock()
        known = self._known.get(hashed)
        if known is not None and asked < known[0]:
            return known[1]
        self._known.pop(hashed, None)
        found = await keys.authenticate(self._database, key)
        lifetime = CACHED_SECONDS
        if found.seconds_left is not None:
            lifetime = min(lifetime, found.seconds_left)
        self._known[hashed] = (asked + lifetime, found)
        if len(self._known) > CACHED_KEYS:
            self._known.popitem(last=False)
        return found


class Entrance:
    """Lets requests in: recognised by their key, and within its limits."""

    def __init__(
        self,
        authenticator: Authenticator,
        limits: RateLimits,
        sessions: ExplorerSessions,
        cost_max: int,
    ) -> None:
        self._authenticator = authenticator
        self._limits = limits
        self._sessions = sessions
        self._cost_max = cost_max

    async def admit(self, request: Request) -> Actor:
        """The actor behind a request with a key.

        The request's state gets the actor, what an operation may cost it, and the headers that say
        where its key stands.

        Raises:
            Unauthorized: there is no key, or none that is valid.
            RateLimited: its key has made too many requests in a window.
        """
        return await self._admit(request, _bearer(request))

    async def admit_explorer(self, request: Request) -> Actor:
        """As `admit`; without a key, the explorer's cookie stands for one.

        Raises:
            Unauthorized: there is no key, or none that is valid.
            RateLimited: its key has made too many requests in a window.
        """
        session = request.cookies.get(COOKIE)
        if session is None or "authorization" in request.headers:
            return await self.admit(request)
        key = self._sessions.key_of(session)
        if key is None:
            raise Unauthorized
        return await self._admit(request, key)

    async def _admit(self, request: Request, key: str) -> Actor:
        found = await self._authenticator.credential(key)
        actor = found.actor
        request.state.actor = actor
        request.state.cost_max = min(found.cost_max or self._cost_max, self._cost_max)
        verdict = self._limits.take(
            f"{actor.tenant_id}/{actor.key_id}", found.per_minute, found.per_hour
        )
        if verdict.standing is not None:
            request.state.rate_limit = verdict.standing.headers
        if verdict.retry_after_seconds:
            raise RateLimited(verdict.retry_after_seconds)
        return actor


def _bearer(request: Request) -> str:
    header = request.headers.get("authorization", "").strip()
    if not header:
        raise Unauthorized
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Unauthorized("INVALID_API_KEY")
    return key.strip()
