"""What nobody may promise or set: each wrong input has its own code, and nothing is changed."""

from typing import Any, ClassVar

import pytest

from graph import ask, refusal
from world import World

WEEK = 7 * 24 * 3600


def mutation(field: str) -> str:
    name = f"{field[0].upper()}{field[1:]}Input"
    return f"mutation ($input: {name}!) {{ {field}(input: $input) {{ __typename }} }}"


class Shop:
    """Ten units, a channel that sells them and one that is retired, and a reservation of four."""

    product: Any
    location: Any
    id: str
    sale: ClassVar[dict[str, Any]] = {
        "channelId": "B",
        "startsAt": "2031-01-01T00:00:00Z",
        "endsAt": "2031-02-01T00:00:00Z",
        "buffer": 1,
    }

    def __init__(self, world: World) -> None:
        self.world = world

    @classmethod
    async def of(cls, world: World) -> "Shop":
        shop = cls(world)
        shop.product = await world.product()
        shop.location = await world.location()
        await world.stock(shop.product, shop.location, 10)
        await world.channel("A")
        await world.channel("B", position=1)
        await world.channel("OLD", active=False)
        made = await ask(
            world,
            "mutation ($input: ReserveStockInput!) {"
            " reserveStock(input: $input) { reservation { id } } }",
            input=shop.order(4),
        )
        shop.id = made["reserveStock"]["reservation"]["id"]
        weighed = {"channelId": "A", "allocationWeight": 0.6}
        await ask(world, mutation("createChannelPolicy"), input=weighed)
        await ask(world, mutation("createChannelPolicy"), input=shop.sale)
        return shop

    def order(self, quantity: Any, channel: str = "A", **more: Any) -> dict[str, Any]:
        place = {"productId": self.product.id, "locationId": self.location.id}
        return {"channelId": channel, "lines": [{**place, "quantity": quantity}], **more}

    def part(self, quantity: int) -> dict[str, Any]:
        return {"reservationId": self.id, "lines": [{"number": 1, "quantity": quantity}]}

    def fence(self, units: int) -> dict[str, Any]:
        place = {"productId": self.product.id, "locationId": self.location.id}
        return {"channelId": "B", **place, "allocated": units}

    async def state(self) -> Any:
        return await ask(
            self.world,
            """{ reservations { nodes { id state version lines { remaining } } }
              channels { nodes { id policies { nodes { id version } }
                quotas { nodes { id allocated } } } }
              stockLevels { nodes { onHand reserved } } }""",
        )


WRONG: dict[str, tuple[str, Any, str]] = {
    "a quantity below the unit's step": (
        "reserveStock",
        lambda shop: shop.order(0.5),
        "QUANTITY_REFUSED",
    ),
    "a time over the most": (
        "reserveStock",
        lambda shop: shop.order(1, ttlSeconds=WEEK + 1),
        "TTL_REFUSED",
    ),
    "more than may be promised": ("reserveStock", lambda shop: shop.order(7), "INSUFFICIENT_ATP"),
    "a retired channel": ("reserveStock", lambda shop: shop.order(1, "OLD"), "CHANNEL_RETIRED"),
    "a day beyond the horizon": (
        "reserveStock",
        lambda shop: {
            "channelId": "A",
            "lines": [{**shop.order(1)["lines"][0], "neededOn": "2099-01-01"}],
        },
        "BEYOND_HORIZON",
    ),
    "more consumed than reserved": (
        "consumeReservation",
        lambda shop: shop.part(5),
        "RESERVATION_EXCEEDED",
    ),
    "more released than reserved": (
        "releaseReservation",
        lambda shop: shop.part(5),
        "RESERVATION_EXCEEDED",
    ),
    "a fence above the pool": (
        "createChannelQuota",
        lambda shop: shop.fence(7),
        "QUOTA_EXCEEDS_AVAILABLE",
    ),
    "weights over the whole": (
        "createChannelPolicy",
        lambda _: {"channelId": "B", "allocationWeight": 0.5},
        "SHARES_EXCEEDED",
    ),
    "overlapping validity": (
        "createChannelPolicy",
        lambda shop: {**shop.sale, "endsAt": "2031-01-05T00:00:00Z"},
        "POLICY_OVERLAPS",
    ),
    "a horizon of policies beyond ours": (
        "createChannelPolicy",
        lambda _: {"channelId": "B", "inboundHorizonDays": 181},
        "BEYOND_HORIZON",
    ),
}


@pytest.mark.parametrize("what", WRONG)
async def test_wrong_input_is_refused_and_changes_nothing(world: World, what: str) -> None:
    field, wish_of, code = WRONG[what]
    shop = await Shop.of(world)
    before = await shop.state()

    refused = await refusal(world, mutation(field), input=wish_of(shop))

    assert refused["code"] == code
    assert await shop.state() == before


async def test_what_was_released_is_not_consumed(world: World) -> None:
    shop = await Shop.of(world)
    await ask(world, mutation("releaseReservation"), input={"reservationId": shop.id})

    refused = await refusal(world, mutation("consumeReservation"), input=shop.part(1))

    assert refused["code"] == "RESERVATION_ENDED"
