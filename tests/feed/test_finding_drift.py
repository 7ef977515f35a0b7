"""Drift that is made by the owner's hand is found, by the invariant that it breaks."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.actor import SYSTEM
from graph import ask
from services import feed, holds, ledger_health
from world import World

# What is broken, and the invariants that see it. {product} and the like are ids.
BREAKS = {
    "update inventory_items set on_hand = on_hand + 1 where id = '{item}'": {"balances", "levels"},
    "update inventory_items set entry_count = entry_count + 1 where id = '{item}'": {"sequences"},
    "update inventory_items set adjustment_count = 4 where id = '{item}'": {"sequences"},
    "update inventory_items set reserved = 3 where id = '{item}'": {"levels", "reserved"},
    "update ledger_entries set delta = delta + 1 where inventory_item_id = '{item}'"
    " and sequence = 2": {"balances", "quantities"},
    "update ledger_entries set quantity_after = quantity_after + 1 where inventory_item_id ="
    " '{item}' and sequence = 1": {"quantities"},
    "delete from ledger_entries where inventory_item_id = '{item}' and sequence = 1": {
        "balances",
        "sequences",
        "quantities",
        "postings",
    },
    "update postings set entry_count = 7 where id = '{posting}'": {"outbox", "postings"},
    "update stock_levels set on_hand = on_hand + 1 where product_id = '{product}'": {"levels"},
    "update stock_levels set held = 0 where product_id = '{product}'": {"levels"},
    "update stock_levels set reserved = 0 where product_id = '{product}'": {"levels"},
    "delete from stock_levels where product_id = '{product}'": {"levels"},
    "update reservations set quantity = quantity + 1 where product_id = '{product}'"
    " and kind = 'HARD'": {"reserved"},
    "update reservations set quantity = quantity + 1 where product_id = '{product}'"
    " and kind = 'SOFT'": {"levels", "reservations"},
    "update reservation_lines set released = 1 where product_id = '{product}'": {"reservations"},
    "update channel_quotas set consumed = 2 where product_id = '{product}'": {"quotas"},
    "update channel_quotas set consumed = 0 where product_id = '{product}'": {"quotas"},
    "update quota_uses set from_quota = 2 where product_id = '{product}'": {"quotas"},
    "update holds set quantity_released = quantity where scope_id = '{product}'": {
        "holds",
        "levels",
    },
    "delete from outbox where id = '{posting}'": {"numbers", "outbox", "seals"},
    "update outbox set payload = payload || '{{\"comment\": \"x\"}}' where id = '{posting}'": {
        "seals"
    },
    "update outbox set number = number + 100 where id = '{posting}'": {"numbers", "seals"},
    "update ledger_seals set sha256 = '\\x00' where tenant_id = stock_tenant()": {"seals"},
    "delete from ledger_seals where tenant_id = stock_tenant()": {"seals"},
}


@pytest.fixture
async def owner(urls: tuple[str, str]) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urls[0])
    yield connection
    await connection.close()


async def fill(world: World) -> dict[str, str]:
    """A tenant with something in every table that is checked, all of it sealed."""
    location, product = await world.location(), await world.product()
    item = await world.stock(product, location, 10)
    await world.stock(product, location, 5)
    await world.reserve(item, 2)
    wish = holds.Wish(
        type="QUALITY",
        reason="look",
        product_id=product.id,
        location_id=location.id,
        quantity=Decimal(4),
    )
    async with world.write() as session:
        await holds.place(session, SYSTEM, wish)
    await sell(world, product, location)
    await feed.relay(world.database)
    async with world.read() as session:
        posting = await session.call("select id from postings order by recorded_at, id limit 1")
    return {"item": item, "product": product.id, "posting": posting}


async def sell(world: World, product: Any, location: Any) -> None:
    """A channel with a quota of 3, of which one is sold, and a promise of one."""
    channel = await world.channel()
    await world.quota(channel, product, location, 3)
    issue = "mutation ($input: IssueStockInput!) { issueStock(input: $input) { message } }"
    reserve = "mutation ($input: ReserveStockInput!) { reserveStock(input: $input) { message } }"
    line = {"productId": product.id, "quantity": 1}
    wish = {"channelId": channel.id, "locationId": location.id, "lines": [line]}
    await ask(world, issue, input=wish)
    line = {**line, "locationId": location.id}
    await ask(world, reserve, input={"channelId": channel.id, "lines": [line]})


async def drifted(world: World) -> dict[str, int]:
    report = await ledger_health.verify(world.database, world.tenant_id)
    return {check.name: check.drift for check in report.checks if check.drift}


@pytest.mark.parametrize("sql", BREAKS)
async def test_what_is_broken_is_found(world: World, owner: asyncpg.Connection, sql: str) -> None:
    ids = await fill(world)
    assert await drifted(world) == {}

    await owner.execute(f"set app.tenant_id = '{world.tenant_id}'")
    assert await owner.execute(sql.format(**ids)) not in {"UPDATE 0", "DELETE 0"}

    found = set(await drifted(world))
    # The relay of other tests would stumble over what is left of this feed.
    await owner.execute("delete from outbox where tenant_id = $1", world.tenant_id)
    assert found == BREAKS[sql]
