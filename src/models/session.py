"""The one door to the database: a session sees one tenant, in one transaction.

`BEGIN`, the tenant and the time limits travel as one message, so row security costs no round trip.
Nobody else begins, commits or rolls back.
"""

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Delete, Executable
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import QueuePool

from domain.actor import SYSTEM, Author
from domain.errors import Unavailable
from models import connections, packed
from models.base import session_tenant
from models.bound import Bound, Row, Statement, ready, writes_reference
from models.failures import told
from models.glance import Glance
from models.past import Past
from models.reference import Epoch, References, Shelf

STATEMENT_TIMEOUT_SECONDS = 5
LOCK_TIMEOUT_SECONDS = 2
READ_WORK_MEM = "32MB"  # so that summaries over many products are hashed, not sorted on disk
NO_TENANT = UUID(int=0)  # sees nothing; for the few functions that need no tenant

_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED"
_END = {_READ: "COMMIT", _WRITE: "select stock_close(); COMMIT"}
_ASKED = "SELECT 1"  # the status of a question whose answer is yes
_TAKE_BACK = "ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt"

_REFERENCE = "select reference, stock_now() from tenant_versions where tenant_id = stock_tenant()"
# Between which two moments of the clock the same policies count.
_EPOCH = """
select max(t) filter (where t <= stock_now()), min(t) filter (where t > stock_now())
from channel_policies p cross join unnest(array[p.starts_at, p.ends_at]) as t
where p.tenant_id = stock_tenant() and (p.starts_at is not null or p.ends_at is not null)
"""
_RAISE_REFERENCE = (
    "update tenant_versions set reference = reference + 1 where tenant_id = stock_tenant()"
)

StatementListener = Callable[[str], None]


class Session:
    """A unit of work of one tenant on one connection; statements queue on it."""

    def __init__(
        self,
        connection: AsyncConnection,
        driver: asyncpg.Connection,
        tenant_id: UUID,
        listener: StatementListener | None,
        now: datetime | None,
        references: References | None = None,
    ) -> None:
        self.tenant_id = tenant_id
        self._now = now
        self._past = Past()
        self.looks_back = False  # whether what is read now is of a former moment
        self.author: Author = SYSTEM  # who writes, as events tell it
        self._connection = connection
        self._driver = driver
        self._listener = listener
        self._queue = asyncio.Lock()
        self._reference_changed = False
        self._last_calls: list[str] = []
        self.moment: Any = None  # of the last statement, where that told it
        self.is_answered = False  # whether the answer to what the door asked is yes
        self._has_numbers = False
        self.is_narrow = True  # whether a glance would have been enough, so far
        self._references = references
        self._shelf: Shelf | None = None

    async def all(self, statement: Statement) -> Sequence[Any]:
        """Every row of the statement's answer; its columns are attributes."""
        if isinstance(statement, Bound) and ready(statement.statement).is_whole:
            return await self._fetch(statement)
        rows: Sequence[Any] = (await self._run(statement)).all()
        return rows

    async def one_or_none(self, statement: Statement) -> Any:
        """The only row, or None; more than one is a programming error."""
        rows = await self.all(statement)
        assert len(rows) <= 1, "the statement gives one row at most"
        return rows[0] if rows else None

    async def one(self, statement: Statement) -> Any:
        """The only row; none or several is a programming error."""
        (row,) = await self.all(statement)
        return row

    async def scalar(self, statement: Statement) -> Any:
        """The first column of the only row, or None."""
        rows = await self.all(statement)
        return rows[0][0] if rows else None

    async def run(self, statement: Statement) -> int:
        """Run a statement that gives no rows; how many rows it touched."""
        if isinstance(statement, Bound) and ready(statement.statement).is_whole:
            return int((await self._drive(statement, self._driver.execute)).rpartition(" ")[2])
        return int((await self._run(statement)).rowcount)

    async def _fetch(self, bound: Bound) -> list[Row]:
        rows: list[Row] = await self._drive(bound, partial(self._driver.fetch, record_class=Row))
        return rows

    async def _drive(self, bound: Bound, run: Callable[..., Awaitable[Any]]) -> Any:
        """Run a statement that is kept on the driver itself."""
        self.is_narrow = False
        statement = ready(bound.statement)
        self._reference_changed |= statement.writes_reference
        arguments = statement.arguments(bound.values, self.tenant_id)
        async with self._queue:
            self._note(statement.sql)
            with told(self._driver, deleting=statement.deleting):
                return await run(statement.sql, *arguments)

    async def call(self, sql: str, *arguments: object) -> Any:
        """One value of one statement on the driver itself, for hot paths; `$1` style arguments."""
        self.is_narrow = False
        async with self._queue:
            self._note(sql)
            with told(self._driver):
                return await self._driver.fetchval(sql, *arguments)

    async def numbers(self, locations: Sequence[str], products: Sequence[str]) -> Sequence[Any]:
        """The numbers of these pairs of places and products, as `packed.NUMBERS` gives them."""
        self.is_narrow &= not self._has_numbers
        self._has_numbers = True
        return await self._rows(packed.NUMBERS, locations, products)

    async def rows(self, sql: str, *arguments: object) -> Sequence[Any]:
        """All rows of one statement on the driver itself, for hot paths; `$1` style arguments."""
        self.is_narrow = False
        return await self._rows(sql, *arguments)

    async def _rows(self, sql: str, *arguments: object) -> Sequence[Any]:
        async with self._queue:
            self._note(sql)
            with told(self._driver):
                found: list[Row] = await self._driver.fetch(sql, *arguments, record_class=Row)
                return found

    def _note(self, statement: object) -> None:
        self.moment = None
        if self._listener:
            self._listener(str(statement))

    @asynccontextmanager
    async def attempt(self, *, keep: bool = True) -> AsyncIterator[None]:
        """A block whose error takes back what was done in it, and nothing before it.

        The transaction goes on. Without `keep` the block is taken back in any case. Blocks may
        stand in one another.
        """
        await self._command("SAVEPOINT attempt")
        try:
            yield
        except Exception:
            if not self._driver.is_closed():
                await self._command(_TAKE_BACK)
            raise
        await self._command("RELEASE SAVEPOINT attempt" if keep else _TAKE_BACK)

    def at_end(self, call: str) -> None:
        """Have a call travel with COMMIT, made of literals only; nothing comes of a dry run."""
        self._last_calls.append(f"SELECT {call}")

    async def _command(self, sql: str) -> None:
        self.is_narrow = False
        async with self._queue:
            with told(self._driver):
                await self._driver.execute(sql)

    async def look_at(self, past: Past) -> None:
        """Have what is read from now on be of this moment; `Past()` is the present.

        It stays on the same snapshot. Whoever shares the session must say before each read.
        """
        if past != self._past:
            await self._command(past.settings(self._now))
            self._past, self.looks_back = past, past != Past()

    async def shelf(self) -> Shelf | None:
        """What this process keeps of the reference data that this snapshot sees.

        None where nothing may be kept: in a session that writes, which sees each commit of others
        as it comes, and while it looks at a former moment.
        """
        if self._references is None or self.looks_back:
            return None
        if self._shelf is None:
            found = await self._rows(_REFERENCE)
            if not found:  # no tenant
                return None
            version, now = found[0]
            self._shelf = self._references.of(self.tenant_id, version, now)
            if self._shelf is None:
                ((since, until),) = await self._rows(_EPOCH)
                epoch = Epoch(version, since, until)
                self._shelf = self._references.begin(self.tenant_id, epoch)
        return self._shelf

    def kept(self, name: Hashable, id: str) -> Any:
        """A kept row of reference data, once the session knows its version; or None."""
        return None if self._shelf is None else self._shelf.get(name, id)

    def reference_changed(self) -> None:
        """Say that reference data changed where no statement on its table shows it."""
        self._reference_changed = True

    async def _run(self, wish: Statement) -> Any:
        self.is_narrow = False
        statement, values = (
            (wish.statement, wish.values) if isinstance(wish, Bound) else (wish, None)
        )
        self._reference_changed |= writes_reference(statement)
        async with self._queue:
            self._note(statement)
            return await self._execute(statement, values)

    async def _execute(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Any:
        if self._connection.invalidated:
            # SQLAlchemy would connect anew, outside of our transaction.
            raise Unavailable("The connection to the database was lost; try again.")
        token = session_tenant.set(self.tenant_id)
        try:
            with told(self._driver, deleting=isinstance(statement, Delete)):
                return await self._connection.execute(statement, values)
        finally:
            session_tenant.reset(token)

    def last_statements(self) -> Sequence[str]:
        """What travels with COMMIT; for the door alone.

        If this session wrote reference data, it raises the tenant's version of it, last of all, so
        that its row is locked as briefly as can be. Every process compares this number with what
        it has kept.
        """
        raised = [_RAISE_REFERENCE] if self._reference_changed else []
        statements = [*self._last_calls, *raised]
        for statement in statements:
            self._note(statement)
        return statements


class Database:
    """A pool of connections of the application's role, and the door through which they are used."""

    def __init__(
        self, url: str, *, pool_size: int = 8, prepared: bool = True, reference_bytes: int = 0
    ) -> None:
        """Nothing is connected yet; of reference data, up to about `reference_bytes` are kept."""
        self._engine = connections.make(url, pool_size, prepared=prepared)
        self._references = References(reference_bytes) if reference_bytes else None
        self._password = make_url(url).password or ""
        self.listener: StatementListener | None = None
        self.glances = True  # Citus cannot: settings made in a function do not reach its workers
        self.now: datetime | None = None  # tests turn the clock here

    @asynccontextmanager
    async def read(
        self,
        tenant_id: UUID,
        *,
        timeout_seconds: int = STATEMENT_TIMEOUT_SECONDS,
        past: Past | None = None,
    ) -> AsyncIterator[Session]:
        """A read-only session; everything it reads belongs to one moment, a former one perhaps.

        Raises:
            Unavailable: the database cannot be reached.
        """
        async with self._open(tenant_id, _READ, timeout_seconds) as session:
            await session.look_at(past or Past())
            yield session

    @asynccontextmanager
    async def write(
        self,
        tenant_id: UUID,
        *,
        dry_run: bool = False,
        timeout_seconds: int | None = None,
        asks: str | None = None,
    ) -> AsyncIterator[Session]:
        """A session that commits when its block ends and rolls back when the block raises.

        With `dry_run` it does all the same and then rolls back. What it `asks` travels with BEGIN:
        a call, made of literals only, that says yes or no.

        Raises:
            Unavailable: the database cannot be reached.
        """
        seconds = STATEMENT_TIMEOUT_SECONDS if timeout_seconds is None else timeout_seconds
        door = self._open(tenant_id, _WRITE, seconds, keep=not dry_run, asks=asks)
        async with door as session:
            yield session

    def glance(self, tenant_id: UUID) -> Glance | None:
        """A look at numbers in one message, where something is kept of the tenant."""
        shelf = None if self._references is None else self._references.latest(tenant_id)
        return Glance(shelf, partial(self._look, tenant_id)) if shelf and self.glances else None

    async def _look(
        self, tenant_id: UUID, locations: Sequence[str], products: Sequence[str]
    ) -> Sequence[Any]:
        if self.listener:
            self.listener(packed.GLANCE)
        now = "" if self.now is None else self.now.isoformat()
        async with self._connected() as connection:
            driver = await connections.driver_of(connection)
            arguments = (tenant_id, now, locations, products)
            seconds = STATEMENT_TIMEOUT_SECONDS
            return list(await driver.fetch(packed.GLANCE, *arguments, timeout=seconds))

    def secret(self, purpose: str) -> bytes:
        """A key for this purpose, the same in every process that serves this database.

        It is made from the role's password and changes with it.
        """
        return hmac.digest(str(self._password).encode(), purpose.encode(), "sha256")

    @property
    def connections_in_use(self) -> int:
        """How many connections of the pool somebody works on now."""
        pool = self._engine.pool
        assert isinstance(pool, QueuePool), "the engine is made with a pool of a fixed size"
        return pool.checkedout()

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _open(
        self,
        tenant_id: UUID,
        begin: str,
        timeout_seconds: int,
        *,
        keep: bool = True,
        asks: str | None = None,
    ) -> AsyncIterator[Session]:
        message = self._first_message(tenant_id, begin, timeout_seconds)
        if asks is not None:
            message += f"; SELECT 1 WHERE {asks}"
            if self.listener:
                self.listener(asks)
        async with self._connected() as connection:
            try:
                driver, status = await connections.begin(connection, message)
                kept = self._references if begin is _READ else None
                session = Session(connection, driver, tenant_id, self.listener, self.now, kept)
                session.is_answered = status == _ASKED
                yield session
                last = [*session.last_statements(), _END[begin]] if keep else ["ROLLBACK"]
                ended = await connections.end(driver, "; ".join(last))
            except BaseException:
                await connections.roll_back(connection)
                raise
            # PostgreSQL answers ROLLBACK to the COMMIT of a transaction that has failed.
            assert ended == ("COMMIT" if keep else "ROLLBACK"), "an error was swallowed inside"

    def _first_message(self, tenant_id: UUID, begin: str, timeout_seconds: int) -> str:
        # The literal is made here from a UUID object: nothing a caller sends gets into it.
        parts = [
            begin,
            f"SET LOCAL app.tenant_id = '{tenant_id}'",
            f"SET LOCAL statement_timeout = '{timeout_seconds}s'",
        ]
        if begin is _WRITE:
            parts.append(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
        else:
            parts.append(f"SET LOCAL work_mem = '{READ_WORK_MEM}'")
        if self.now is not None:
            parts.append(f"SET LOCAL app.now = '{self.now.isoformat()}'")
            parts.append(f"SET LOCAL app.known_when = '{self.now.isoformat()}'")
        return "; ".join(parts)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            with told(None):
                connection = await stack.enter_async_context(self._engine.connect())
            yield connection
