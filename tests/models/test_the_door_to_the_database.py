"""A session leaves nothing behind on its connection, and a lost one costs no later caller."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import insert, text

from domain.errors import AlreadyExists, Timeout, Unavailable
from models import catalog
from models.session import Database, Session
from world import World

STATE = (
    "select current_setting('transaction_isolation') || ' ' ||"
    " current_setting('transaction_read_only') || ' ' || (statement_timestamp() - now() <"
    " interval '1 second')::text"
)


@pytest.fixture
async def one(urls: tuple[str, str]) -> AsyncIterator[Database]:
    """A door with a single connection, so that the next session gets the same one."""
    database = Database(urls[1], pool_size=1)
    yield database
    await database.close()


async def pid_of(session: Session) -> int:
    return int(await session.call("select pg_backend_pid()"))


async def end(pid: int, urls: tuple[str, str]) -> None:
    """End the server's side of a connection, as a restart of the server does."""
    owner = await asyncpg.connect(urls[0])
    try:
        await owner.fetchval("select pg_terminate_backend($1, 2000)", pid)
    finally:
        await owner.close()


async def test_a_connection_that_died_in_the_pool_is_replaced(
    one: Database, urls: tuple[str, str], world: World
) -> None:
    async with one.read(world.tenant_id) as session:
        pid = await pid_of(session)
    await end(pid, urls)

    async with one.write(world.tenant_id) as session:
        assert await pid_of(session) != pid


async def test_a_session_never_goes_on_outside_of_its_transaction(
    one: Database, urls: tuple[str, str], world: World
) -> None:
    async def lose() -> None:
        async with one.write(world.tenant_id) as session:
            await end(await pid_of(session), urls)
            for _ in range(2):
                with pytest.raises(Unavailable):
                    await session.scalar(text("select 1"))
            await session.call("select 1")

    with pytest.raises(Unavailable):
        await lose()


async def test_a_cancelled_session_leaves_no_transaction_on_its_connection(
    one: Database, world: World
) -> None:
    async def read() -> None:
        async with one.read(world.tenant_id) as session:
            await session.call("select 1")
            await session.scalar(text("select 1"))

    states = set()
    for turn in range(120):
        task = asyncio.create_task(read())
        for _ in range(turn % 40):
            await asyncio.sleep(0)
        await asyncio.sleep(turn % 13 * 0.0002)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with one.write(world.tenant_id) as session:
            states.add(await session.call(STATE))

    assert states == {"read committed off true"}


async def test_an_error_of_the_callers_own_passes_through(one: Database, world: World) -> None:
    with pytest.raises(FileNotFoundError):
        async with one.write(world.tenant_id):
            raise FileNotFoundError

    async with one.write(world.tenant_id) as session:
        assert await session.call(STATE) == "read committed off true"


async def test_a_wrong_argument_is_not_taken_for_a_lost_connection(
    one: Database, world: World
) -> None:
    with pytest.raises(asyncpg.DataError, match="invalid input"):
        async with one.read(world.tenant_id) as session:
            await session.call("select $1::int", "no number")


async def test_no_connection_left_is_unavailable(urls: tuple[str, str], world: World) -> None:
    database = Database(urls[1], pool_size=1)
    database._engine.pool._timeout = 0.05  # type: ignore[attr-defined] # ten seconds otherwise
    async with database.read(world.tenant_id):
        with pytest.raises(Unavailable) as refusal:
            async with database.read(world.tenant_id):
                pass
    await database.close()

    assert refusal.value.message == "All connections to the database are in use; try again."


async def test_a_statement_that_takes_too_long_is_a_timeout(one: Database, world: World) -> None:
    with pytest.raises(Timeout):
        async with one.write(world.tenant_id, timeout_seconds=1) as session:
            await session.call("select pg_sleep(3)")

    async with one.write(world.tenant_id) as session:
        assert await session.call(STATE) == "read committed off true"


async def test_a_lock_that_is_not_given_is_unavailable(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 1)
    lock = "select 1 from stock_levels for update"

    async def wait() -> None:
        async with world.write() as session:
            await session.call("set local lock_timeout = '50ms'")
            await session.call(lock)

    async with world.write() as session:
        await session.call(lock)
        with pytest.raises(Unavailable) as refusal:
            await wait()

    assert refusal.value.message == "Others are changing the same rows; try again."


async def test_a_swallowed_error_is_never_taken_for_a_commit(world: World) -> None:
    async def swallow() -> None:
        async with world.write() as session:
            with suppress(asyncpg.DivisionByZeroError):
                await session.call("select 1 / 0")

    with pytest.raises(AssertionError, match="swallowed"):
        await swallow()


async def test_a_name_that_is_taken_is_refused_alike_by_both_ways(world: World) -> None:
    product = await world.product(sku="A")
    values = {"id": "prod_2", "sku": product.sku, "name": "B"}

    with pytest.raises(AlreadyExists):
        async with world.write() as session:
            await session.run(insert(catalog.products).values(values))
    with pytest.raises(AlreadyExists):
        async with world.write() as session:
            await session.call("insert into products (id, sku, name) values ('prod_3', 'A', 'C')")


async def test_without_a_tenant_nothing_is_seen(world: World, database: Database) -> None:
    await world.product()

    async with database.read(uuid4()) as session:
        assert await session.call("select count(*) from products") == 0


async def test_a_read_session_sees_one_moment(world: World) -> None:
    async def count(session: Session) -> int:
        return int(await session.call("select count(*) from products"))

    async with world.read() as session:
        before = await count(session)
        await world.product()
        after = await count(session)

    assert [before, after] == [0, 0]


async def test_a_read_session_cannot_write(world: World) -> None:
    await world.product()

    with pytest.raises(Unavailable):
        async with world.read() as session:
            await session.call("delete from products")

    async with world.read() as session:
        assert await session.call("select count(*) from products") == 1
