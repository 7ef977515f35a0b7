import asyncio
from datetime import UTC, date, datetime

from sqlalchemy import text

from gateway.sweeper import swept
from services.stocklists import writing as stocklists
from ward import CLERK, Ward
from world import World


async def test_refreshes_what_expired_while_the_server_runs(world: World) -> None:
    world.database.now = datetime(2026, 2, 1, tzinfo=UTC)
    location, product = await world.location(), await world.product()
    lot = await world.lot(product, expiry=date(2026, 2, 10))
    await world.stock(product, location, 4, lot=lot)
    world.database.now = datetime(2026, 2, 11, tzinfo=UTC)

    expired = 0
    async with swept(world.database, pause_seconds=0.01):
        for _ in range(200):
            async with world.read() as session:
                expired = await session.scalar(text("select expired from stock_levels"))
            if expired:
                break
            await asyncio.sleep(0.01)

    assert expired == 4


async def test_deletes_old_idempotency_keys_and_asks_from_stocklists_that_are_due(
    world: World,
) -> None:
    ward = await Ward.of(world)
    listed = await ward.stocklist((await ward.product(), 8), period_days=7)
    async with world.write() as session:
        await stocklists.publish(session, CLERK, listed.stocklist.id)
        await session.call(
            "insert into idempotency_keys (key, operation, fingerprint, expires_at)"
            " values ('old', 'x', '', stock_now() - interval '1 s'),"
            " ('new', 'x', '', stock_now() + interval '1 h')"
        )

    left: list[str] = []
    made: list[tuple[str, str]] = []
    async with swept(world.database, pause_seconds=0.01):
        async with asyncio.timeout(60):  # the sweeper goes over the tenants of all tests
            while len(left) != 1 or not made:
                async with world.read() as session:
                    rows = await session.all(text("select key from idempotency_keys"))
                    made = [
                        (row.type, row.status)
                        for row in await session.all(
                            text("select type, status from stock_requests")
                        )
                    ]
                left = [row.key for row in rows]
                await asyncio.sleep(0.01)

    assert (left, made) == (["new"], [("E_REQUEST", "APPROVED")])
