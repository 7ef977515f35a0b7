import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from domain.errors import NotFound, Unavailable
from domain.permissions import Permission
from graph import ask, context_of, refusal
from models import catalog, records
from models.session import Session
from services import tenants
from world import World


async def name_of(session: Session, id: str) -> str:
    return str((await session.one(records.get(catalog.products, id))).name)


async def rename(session: Session, id: str, name: str) -> str:
    return str((await session.one(records.change(catalog.products, id, {"name": name}))).name)


class Losing(Exception):
    """As asyncpg tells of a deadlock."""

    sqlstate = "40P01"


async def test_all_reads_of_an_operation_see_one_moment(world: World) -> None:
    product = await world.product(name="Before")

    async with context_of(world) as context:
        first = await context.read(name_of, product.id)
        async with world.write() as session:
            await rename(session, product.id, "After")
        second = await context.read(name_of, product.id)

    assert [first, second] == ["Before", "Before"]


async def test_reads_after_a_write_see_the_write(world: World) -> None:
    product = await world.product(name="Before")

    async with context_of(world) as context:
        first = await context.read(name_of, product.id)
        written = await context.perform(rename, product.id, "After")
        second = await context.read(name_of, product.id)

    assert [first, written, second] == ["Before", "After", "After"]


async def test_a_dry_run_writes_nothing(world: World) -> None:
    product = await world.product(name="Before")

    async with context_of(world) as context:
        written = await context.perform(rename, product.id, "After", dry_run=True)
        kept = await context.read(name_of, product.id)

    assert [written, kept] == ["After", "Before"]


async def test_reads_side_by_side_queue_on_one_connection(world: World) -> None:
    ids = [(await world.product(name=f"P{n}")).id for n in range(5)]

    async with context_of(world) as context:
        names = await asyncio.gather(*(context.read(name_of, id) for id in ids))

    assert names == ["P0", "P1", "P2", "P3", "P4"]


async def test_a_deadlock_is_tried_again(world: World) -> None:
    product = await world.product(name="Before")
    failures = [Losing(), Losing()]

    async def use_case(session: Session) -> str:
        name = await rename(session, product.id, "After")
        if failures:
            raise failures.pop()
        return name

    async with context_of(world) as context:
        assert await context.perform(use_case) == "After"
        assert await context.read(name_of, product.id) == "After"


async def test_the_third_deadlock_is_told(world: World) -> None:
    tries = []

    async def use_case(_session: Session) -> None:
        tries.append(1)
        raise Losing

    async with context_of(world) as context:
        with pytest.raises(Losing):
            await context.perform(use_case)

    assert len(tries) == 3


async def test_a_refusal_is_not_tried_again(world: World) -> None:
    tries = []

    async def use_case(_session: Session) -> None:
        tries.append(1)
        raise NotFound("Product")

    async with context_of(world) as context:
        with pytest.raises(NotFound):
            await context.perform(use_case)

    assert len(tries) == 1


async def test_a_connection_lost_before_commit_is_tried_again(world: World) -> None:
    tries = []

    async def use_case(session: Session) -> str:
        tries.append(1)
        if len(tries) == 1:
            driver: Any = session._driver
            driver.terminate()
        return str((await tenants.settings(session)).currency)

    async with context_of(world) as context:
        assert await context.perform(use_case) == "USD"
    assert len(tries) == 2


async def test_a_refusal_leaves_the_snapshot_as_it_is(world: World) -> None:
    product = await world.product(name="Before")

    async def refuse(_session: Session) -> None:
        raise NotFound("Product")

    async with context_of(world) as context:
        await context.read(name_of, product.id)
        with pytest.raises(NotFound):
            await context.read(refuse)
        assert await context.read(name_of, product.id) == "Before"


async def test_a_lost_snapshot_fails_each_later_read_alike(world: World) -> None:
    async def lose(session: Session) -> None:
        driver: Any = session._driver
        driver.terminate()
        await tenants.settings(session)

    async with context_of(world) as context:
        with pytest.raises(Unavailable):
            await context.read(lose)
        with pytest.raises(Unavailable):
            await context.read(tenants.settings)
        await context.renew()
        assert (await context.read(tenants.settings)).currency == "USD"


async def test_a_failed_statement_fails_each_later_read_alike(world: World) -> None:
    async def fail(session: Session) -> None:
        await session.call("select 1 / 0")

    async with context_of(world) as context:
        with pytest.raises(Exception, match="division by zero") as first:
            await context.read(fail)
        with pytest.raises(Exception, match="division by zero") as second:
            await context.read(tenants.settings)

    assert first.value is second.value
    assert not isinstance(first.value, DBAPIError)


async def test_closing_cancels_the_read_that_still_runs(world: World) -> None:
    started = asyncio.Event()

    async def slow(session: Session) -> None:
        started.set()
        await session.call("select pg_sleep(4)")

    async with context_of(world) as context:
        reading = asyncio.ensure_future(context.read(slow))
        await started.wait()
        async with asyncio.timeout(2):
            await context.aclose()
        with pytest.raises(asyncio.CancelledError):
            await reading
        with pytest.raises(asyncio.CancelledError):
            await context.read(tenants.settings)


async def test_the_viewer_is_the_key_and_its_tenant(world: World) -> None:
    await world.settings(currency="EUR")

    found = await ask(
        world,
        "{ viewer { keyId name permissions tenant { currency lowAtpThreshold version } } }",
        permissions=["inventory.read"],
    )

    assert found == {
        "viewer": {
            "keyId": "key_test",
            "name": "Test",
            "permissions": [Permission.INVENTORY_READ],
            "tenant": {"currency": "EUR", "lowAtpThreshold": 10, "version": 2},
        }
    }


async def test_a_refusal_tells_its_code_and_details(world: World) -> None:
    found = await refusal(world, "{ viewer { nothing } }")

    assert found["message"].startswith("Cannot query field 'nothing'")


async def test_all_numbers_of_an_answer_belong_to_one_moment_while_stock_moves(
    world: World,
) -> None:
    product, location = await world.product(), await world.location()
    bins = [await world.bin(location) for _ in range(3)]
    query = """query ($id: ID!) { product(id: $id) {
      levels { nodes { onHand } }  items { nodes { onHand level { onHand } } }
      location: items { nodes { location { totals { onHand } } } } } }"""
    is_read = asyncio.Event()

    async def receive() -> int:
        received = 0
        while not is_read.is_set():
            await world.stock(product, location, 1, bin=bins[received % 3])
            received += 1
        return received

    receiving = asyncio.ensure_future(receive())
    seen = set()
    for _ in range(25):
        found = (await ask(world, query, id=product.id))["product"]
        sums = {sum(item["onHand"] for item in found["items"]["nodes"])}
        sums |= {level["onHand"] for level in found["levels"]["nodes"]}
        sums |= {item["level"]["onHand"] for item in found["items"]["nodes"]}
        sums |= {i["location"]["totals"]["onHand"] for i in found["location"]["nodes"]}
        assert len(sums - {0}) <= 1, found
        seen |= sums
    is_read.set()

    assert await receiving >= max(seen) > min(seen)
