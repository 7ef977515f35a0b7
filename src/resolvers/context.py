"""What the resolvers of one operation share: who asks, one snapshot to read from, the loaders."""

import asyncio
import hashlib
import random
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from domain.actor import Actor
from domain.errors import (
    Conflict,
    FutureMoment,
    GatewayError,
    IdempotencyKeyReused,
    PositionNotReached,
    Timeout,
    Unavailable,
)
from models.constraints import sql_state
from models.glance import Glance
from models.past import Past
from models.session import Database, Session
from resolvers.cursors import Cursors
from resolvers.kind import Kind
from resolvers.loaders import Loaders
from resolvers.past import PastContext, place_of
from services import atp, idempotency
from services.idempotency import Once

T = TypeVar("T")
Use = Callable[..., Awaitable[T]]  # takes a session first

TRIES = 3
PAUSE_SECONDS = 0.05  # at most, before the second try; twice that before the third
REACH_SECONDS = 2.0  # how long a read waits for a position, at most
REACH_PAUSE_SECONDS = 0.02
_PEEKS = (atp.moment, atp.sees)  # what says nothing that an answer is made of
_ENDING = (Timeout, Unavailable)  # after these the transaction is over
_TRANSIENT = ("40001", "40P01")  # serialization failure, deadlock: the transaction left no trace


class Context:
    """One operation of one actor.

    Every read runs on one connection, in one REPEATABLE READ transaction that begins with the
    first of them, so that all numbers of an answer belong to one moment. Whoever makes a context
    closes it, with `async with` or `aclose()`.
    """

    def __init__(self, actor: Actor, database: Database) -> None:
        self.actor = actor
        self._database = database
        self._turn = asyncio.Lock()
        self._door: AbstractAsyncContextManager[Session] | None = None
        self._session: Session | None = None
        self._glance: Glance | None = None
        self._failure: BaseException | None = None
        self._reading: asyncio.Task[Any] | None = None
        self._is_closed = False
        self._has_read = False
        self._pasts: dict[Any, PastContext] = {}  # by the path of the field that looks back
        self.is_replay = False  # whether an act was not done, but its kept outcome given
        self._asked = b""
        self._key: str | None = None
        self._request_id = ""
        self.cursors = Cursors(self.secret("cursors"))
        self.loaders = Loaders(self.read)

    def at_hand(self, kind: Kind, id: str, unknown: object) -> Any:
        """What shows a thing of the present that other fields have shown already, or `unknown`."""
        if self._pasts:
            return unknown
        return self.loaders.shown.get((kind.name, id), unknown)

    def kept(self, listing: Hashable, id: str) -> Any:
        """A row of reference data that this process keeps and the snapshot sees, or None."""
        seen = self._glance or self._session
        return None if seen is None else seen.kept(listing, id)

    def glance(self) -> bool:
        """Read what follows by a glance, where that can be; whether it can.

        What was made so may be given only if `is_good`.
        """
        self._glance = self._database.glance(self.actor.tenant_id)
        return self._glance is not None

    async def is_good(self) -> bool:
        """Whether all that was read by a glance is of one snapshot; if not, all begins anew."""
        assert self._glance is not None, "there was a glance"
        if await self._glance.is_good():
            return True
        self._glance = None
        self._pasts.clear()
        self.loaders = Loaders(self.read)
        return False

    @property
    def is_narrow(self) -> bool:
        """Whether a glance would have been enough for what was read."""
        return self._session is not None and self._session.is_narrow

    async def read(self, function: Use[T], *args: Any, **kwargs: Any) -> T:
        """What the service function reads, on the snapshot of this operation.

        Once a read has failed for another reason than a refusal, the snapshot is lost, and each
        later read of the operation fails alike.

        Raises:
            Unavailable: the database cannot be reached.
        """
        return await self.read_at(Past(), function, *args, **kwargs)

    async def read_at(self, past: Past, function: Use[T], *args: Any, **kwargs: Any) -> T:
        """The same, of a former moment."""
        async with self._turn:
            if self._glance is not None:
                if past != Past():
                    self._glance.void()
                return await function(self._glance, *args, **kwargs)
            session = await self._snapshot()
            self._has_read |= function not in _PEEKS
            self._reading = asyncio.current_task()
            try:
                await session.look_at(past)
                return await function(session, *args, **kwargs)
            except BaseException as error:
                if isinstance(error, GatewayError) and not isinstance(error, _ENDING):
                    raise
                self._failure = await self._lose(error)
                raise self._failure from None
            finally:
                self._reading = None

    def at(self, path: Any) -> "Context | PastContext":
        """What a field reads through: the nearest field above it that looks back says."""
        if self._pasts:
            while path is not None:
                if path in self._pasts:
                    return self._pasts[path]
                path = path.prev
        return self

    async def look_back(
        self, path: Any, as_of: datetime | None, known_at: str | None, at_least: str | None
    ) -> None:
        """Have the field at this path, and all below it, read a former moment.

        With `at_least` it waits until the snapshot holds what was written at that position.

        Raises:
            FutureMoment: `as_of` has not come yet.
            UnknownPosition: a position is none of this database.
            PositionNotReached: what was written at a position is not seen in time.
        """
        past = await self.past(as_of, known_at, at_least)
        if past != Past():
            self._pasts[path] = PastContext(self, past)

    async def past(
        self, as_of: datetime | None, known_at: str | None, at_least: str | None, within: str = ""
    ) -> Past:
        """The moment that is asked for, by arguments `within` another; `Past()` is the present.

        Raises:
            As `look_back`.
        """
        if as_of is None and known_at is None and at_least is None:
            return Past()
        moment = await self.read(atp.moment)
        known = place_of(known_at, f"{within}knownAt", moment.place.cluster)
        least = place_of(at_least, f"{within}atLeast", moment.place.cluster)
        for place in (known, least):
            if place is not None:
                await self._reach(place.snapshot)
        if as_of is not None and as_of > moment.now:
            raise FutureMoment(f"{within}asOf")
        return Past(as_of) if known is None else Past(as_of, known.snapshot, known.when)

    async def _reach(self, seen: str) -> None:
        """Begin the snapshot anew until it holds all that was seen in this one.

        Once something else was read, the answer would be of two moments.
        """
        ends = time.monotonic() + REACH_SECONDS
        while not await self.read(atp.sees, seen):
            if self._has_read or time.monotonic() > ends:
                raise PositionNotReached
            async with self._turn:
                await self._leave()
            await asyncio.sleep(REACH_PAUSE_SECONDS)

    def secret(self, purpose: str) -> bytes:
        """A key of this tenant for this purpose, the same in every process."""
        return self._database.secret(f"{purpose} of {self.actor.tenant_id}")

    def ask(self, asked: bytes, key: str | None, request_id: str) -> None:
        """Note what was asked for, all of it, with the idempotency key of the request's header."""
        self._asked, self._key, self._request_id = asked, key, request_id

    def once(self, key: str | None, operation: str, path: Sequence[str | int]) -> Once | None:
        """The wish that this field's act happens once; None where no key asks for that.

        Its fingerprint takes the whole request, the field's place in it and the API key.

        Raises:
            Invalid: the key is none.
        """
        if key is None:
            key = self._key
        if key is None:
            return None
        place = ".".join(str(part) for part in path)
        parts = (self._asked, place.encode(), self.actor.key_id.encode())
        fingerprint = hashlib.sha256(b"\0".join(parts)).digest()
        return Once(idempotency.check_key(key), operation, fingerprint, self._request_id)

    async def perform(
        self, use_case: Use[T], *args: Any, dry_run: bool = False, once: Once | None = None
    ) -> T:
        """Run a use case in one write transaction and give what it gives.

        With `once` it is run once for all who ask with that key, and its kept outcome given as
        attribute bags. A dry run neither reads nor keeps a key.

        It is tried again, with jitter, after a deadlock, a serialization failure, or a connection
        lost before COMMIT; then nothing of it was kept. Reads that follow see what it wrote.
        With `dry_run` all of it is rolled back.

        Raises:
            Unavailable: the database cannot be reached, or was lost during COMMIT, so that it is
                not known whether the act was done.
        """
        if once is None or dry_run:
            return await self._tried(use_case, *args, dry_run=dry_run)
        try:
            kept = await self._tried(idempotency.perform, once, use_case, *args, once=once)
        except IdempotencyKeyReused:
            raise
        except Conflict as refused:
            kept = await self._tried(idempotency.refuse, once, refused, once=once)
        self.is_replay |= kept.is_replay
        given: T = kept.given()
        return given

    async def _tried(
        self, use_case: Use[T], *args: Any, dry_run: bool = False, once: Once | None = None
    ) -> T:
        attempt = 1
        asks = None if once is None else idempotency.claim(once)
        while True:
            has_run = False
            try:
                door = self._database.write(self.actor.tenant_id, dry_run=dry_run, asks=asks)
                async with door as session:
                    session.author = self.actor.author
                    result = await use_case(session, *args)
                    has_run = True
            except Exception as error:
                is_lost = isinstance(error, Unavailable) and (once is not None or not has_run)
                if attempt == TRIES or not (is_lost or sql_state(error) in _TRANSIENT):
                    raise
                await asyncio.sleep(random.uniform(0, attempt * PAUSE_SECONDS))  # noqa: S311 - no secret
                attempt += 1
            else:
                await self.renew()
                return result

    async def renew(self) -> None:
        """Forget everything that was read; the next read begins a new snapshot."""
        async with self._turn:
            await self._leave()
            self._failure = None
            self._has_read = False
            self.loaders = Loaders(self.read)

    async def aclose(self) -> None:
        """End the snapshot; a read that still runs is cancelled."""
        self._is_closed = True
        if self._reading is not None:
            self._reading.cancel()
        async with self._turn:
            await self._leave()

    async def __aenter__(self) -> Self:
        """Nothing is opened before the first read."""
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        """End the snapshot."""
        await self.aclose()

    async def _snapshot(self) -> Session:
        if self._is_closed:
            raise asyncio.CancelledError
        if self._failure is not None:
            raise self._failure
        if self._session is None:
            self._door = self._database.read(self.actor.tenant_id)
            self._session = await self._door.__aenter__()
        return self._session

    async def _leave(self) -> None:
        door, self._door, self._session = self._door, None, None
        if door is not None:
            await door.__aexit__(None, None, None)

    async def _lose(self, error: BaseException) -> BaseException:
        """Roll the snapshot back through its door, which says what the error means."""
        door, self._door, self._session = self._door, None, None
        assert door is not None, "a read runs only on an open snapshot"
        try:
            await door.__aexit__(type(error), error, error.__traceback__)
        except BaseException as meaning:  # noqa: BLE001 - handed on by the caller
            return meaning
        return error
