"""What goes out through a channel is what the channel may promise, and its quota comes first."""

import asyncio
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from graph import ask, refusal
from world import World

SHOWN = "posting { id kind reference occurredAt } entries { delta channel { id } } message"
ISSUE = f"""mutation ($input: IssueStockInput!) {{ issueStock(input: $input) {{
  {SHOWN} fefoBreaches {{ item {{ id }} passedOver {{ id }} quantity expiryDate
    passedOverExpiryDate }} }} }}"""
RETURN = f"mutation ($input: ReturnStockInput!) {{ returnStock(input: $input) {{ {SHOWN} }} }}"


class Shop:
    """Ten units of one product, and two channels that sell them."""

    def __init__(self, world: World, product: Any, location: Any) -> None:
        self.world, self.product, self.location = world, product, location

    @classmethod
    async def of(cls, world: World, units: int = 10) -> "Shop":
        product, location = await world.product(), await world.location()
        await world.stock(product, location, units)
        return cls(world, product, location)

    def wish(self, quantity: int, channel: str = "A", **more: Any) -> dict[str, Any]:
        line = {"productId": self.product.id, "quantity": quantity}
        return {"locationId": self.location.id, "channelId": channel, "lines": [line], **more}

    async def consumed(self) -> dict[str, Decimal]:
        async with self.world.read() as session:
            sql = "select json_object_agg(channel_id, consumed) from channel_quotas"
            return dict(await session.call(sql) or {})


async def test_sells_no_more_than_the_channel_may_promise(world: World) -> None:
    shop = await Shop.of(world)
    await world.policy(await world.channel("A"), safety_stock=3, buffer=1)

    found = await refusal(world, ISSUE, input=shop.wish(7))
    done = await ask(world, ISSUE, input=shop.wish(6))

    assert (found["code"], found["field"]) == ("INSUFFICIENT_ATP", "lines[0].quantity")
    assert found["details"] == {
        "asked": 7,
        "free": 6,
        "shortfall": 1,
        "onHand": 10,
        "held": 0,
        "expired": 0,
        "reserved": 0,
        "channelId": "A",
        "atp": 6,
    }
    assert done["issueStock"]["entries"] == [{"delta": -6, "channel": {"id": "A"}}]


async def test_sums_the_lines_of_a_product_before_the_promise_is_asked(world: World) -> None:
    shop = await Shop.of(world)
    await world.policy(await world.channel("A"), safety_stock=3)
    wish = shop.wish(4)

    found = await refusal(world, ISSUE, input={**wish, "lines": wish["lines"] * 2})

    assert (found["code"], found["field"]) == ("INSUFFICIENT_ATP", "lines[1].quantity")
    assert found["details"]["free"] == 3


async def test_invariant_17_a_sale_uses_the_quota_first_and_a_return_fills_it_last(
    world: World,
) -> None:
    shop = await Shop.of(world)
    channel = await world.channel("A")
    await world.policy(channel, mode="FENCED", spill_over=True)
    await world.quota(channel, shop.product, shop.location, 4)

    await ask(world, ISSUE, input=shop.wish(3, reference="SO-1"))
    first = await shop.consumed()
    await ask(world, ISSUE, input=shop.wish(5, reference="SO-2"))
    both = await shop.consumed()
    await ask(world, RETURN, input=shop.wish(4, reference="SO-2"))
    free_first = await shop.consumed()
    await ask(world, RETURN, input=shop.wish(1, reference="SO-2"))
    await ask(world, RETURN, input=shop.wish(3, reference="SO-1"))
    await ask(world, RETURN, input=shop.wish(9, reference="SO-1"))

    assert (first, both) == ({"A": 3}, {"A": 4})
    assert (free_first, await shop.consumed()) == ({"A": 4}, {"A": 0})


async def test_a_sale_that_is_taken_back_gives_the_quota_back(world: World) -> None:
    shop = await Shop.of(world)
    channel = await world.channel("A")
    await world.policy(channel, mode="FENCED", spill_over=True)
    await world.quota(channel, shop.product, shop.location, 4)
    text = (
        """mutation ($input: ReversePostingInput!) { reversePosting(input: $input) { message } }"""
    )

    sold = await ask(world, ISSUE, input=shop.wish(6, reference="SO-1"))
    wish = {"postingId": sold["issueStock"]["posting"]["id"], "reason": "Wrong order"}
    before = await shop.consumed()
    await ask(world, text, input=wish)

    assert (before, await shop.consumed()) == ({"A": 4}, {"A": 0})


async def test_a_fence_is_not_sold_through_another_channel(world: World) -> None:
    shop = await Shop.of(world)
    fenced = await world.channel("A")
    await world.channel("B")
    await world.policy(fenced, mode="FENCED")
    await world.quota(fenced, shop.product, shop.location, 6)

    found = await refusal(world, ISSUE, input=shop.wish(5, "B"))
    await ask(world, ISSUE, input=shop.wish(4, "B"))
    await ask(world, ISSUE, input=shop.wish(6, "A"))

    assert (found["code"], found["details"]["atp"]) == ("INSUFFICIENT_ATP", 4)
    assert await shop.consumed() == {"A": 6}


async def test_a_retired_channel_sells_nothing(world: World) -> None:
    shop = await Shop.of(world)
    await world.channel("A", active=False)

    found = await refusal(world, ISSUE, input=shop.wish(1))
    unknown = await refusal(world, ISSUE, input=shop.wish(1, "NONE"))

    assert (found["code"], found["field"]) == ("CHANNEL_RETIRED", "channelId")
    assert (unknown["code"], unknown["field"]) == ("NOT_FOUND", "channelId")


async def test_tells_when_it_happened(world: World) -> None:
    shop = await Shop.of(world)

    wish = {key: value for key, value in shop.wish(1).items() if key != "channelId"}
    early = await refusal(world, ISSUE, input={**wish, "occurredAt": "2020-01-02T03:04:05Z"})
    ahead = await refusal(world, ISSUE, input={**wish, "occurredAt": "2999-01-02T03:04:05Z"})
    world.database.now = datetime(2999, 1, 2, 3, 4, 35, tzinfo=UTC)
    done = await ask(world, ISSUE, input={**wish, "occurredAt": "2999-01-02T03:04:05Z"})

    assert (early["code"], early["field"]) == ("INSUFFICIENT_STOCK", "lines[0].quantity")
    assert (ahead["code"], ahead["field"]) == ("FUTURE_MOMENT", "lines[0].occurredAt")
    assert done["issueStock"]["posting"]["occurredAt"] == "2999-01-02T03:04:05Z"


async def test_invariant_18_what_is_passed_over_needs_a_reason_and_is_told(world: World) -> None:
    product, location = await world.product(), await world.location()
    soon = await world.lot(product, expiry=date(2997, 1, 1))
    late = await world.lot(product, expiry=date(2998, 1, 1))
    passed = await world.stock(product, location, 5, lot=soon)
    taken = await world.stock(product, location, 5, lot=late)
    wish: dict[str, Any] = {
        "locationId": location.id,
        "lines": [{"productId": product.id, "lotId": late.id, "quantity": 2}],
    }

    found = await refusal(world, ISSUE, input=wish)
    done = await ask(world, ISSUE, input={**wish, "comment": "The customer asked for this lot"})

    breach = {
        "quantity": 2,
        "expiryDate": "2998-01-01",
        "passedOverExpiryDate": "2997-01-01",
    }
    linked = {**breach, "item": {"id": taken}, "passedOver": {"id": passed}}
    assert (found["code"], found["field"]) == ("FEFO_REASON_REQUIRED", "lines[0].quantity")
    assert found["details"] == {"inventoryItemId": taken, "passedOverId": passed}
    assert done["issueStock"]["fefoBreaches"] == [linked]
    id = done["issueStock"]["posting"]["id"]
    text = """query ($id: ID!) { posting(id: $id) { fefoBreaches {
      item { id } passedOver { id } quantity expiryDate passedOverExpiryDate } } }"""
    assert (await ask(world, text, id=id))["posting"] == {"fefoBreaches": [linked]}
    async with world.read() as session:
        event = await session.call("select payload::text from outbox where id = $1", id)
    told = {**breach, "inventoryItemId": taken, "passedOverId": passed}
    assert json.loads(event)["fefoBreaches"] == [told]


async def test_invariant_07_channels_never_sell_more_than_there_is(world: World) -> None:
    shop = await Shop.of(world, 20)
    fenced, capped = await world.channel("A"), await world.channel("B")
    await world.channel("C")
    await world.policy(fenced, mode="FENCED", spill_over=True)
    await world.policy(capped, safety_stock=2)
    await world.quota(fenced, shop.product, shop.location, 8)

    async def sell(channel: str) -> int:
        text = "mutation ($input: IssueStockInput!) { issueStock(input: $input) { message } }"
        try:
            await ask(world, text, input=shop.wish(1, channel))
        except AssertionError:
            return 0
        return 1

    sold = await asyncio.gather(*(sell(channel) for channel in "ABC" * 15))

    by_channel = {channel: sum(sold[n::3]) for n, channel in enumerate("ABC")}
    async with world.read() as session:
        left = await session.call("select sum(on_hand) from stock_levels")
    assert 20 - sum(sold) == left
    assert by_channel["A"] == 15 or sum(sold) == 20
    assert by_channel["A"] >= 8
    assert await shop.consumed() == {"A": 8}
