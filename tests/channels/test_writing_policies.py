"""Policies are made, changed and removed; a dry run shows a matrix before and after."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.errors import Invalid
from graph import answer, ask, refusal
from services import policies
from world import World

SHOWN = """channel { id } location { id } product { id } category { id } name description mode tier
  priority share cap spillOver minimumStock safetyStock reserveStock buffer backorderLimit
  lowAtpThreshold version"""
CREATE = f"""mutation ($input: CreateChannelPolicyInput!) {{
  createChannelPolicy(input: $input) {{
    channelPolicy {{ {SHOWN} }} preview {{ __typename }} }} }}"""
UPDATE = f"""mutation ($id: ID!, $input: UpdateChannelPolicyInput!, $version: Int) {{
  updateChannelPolicy(id: $id, input: $input, expectedVersion: $version) {{
    channelPolicy {{ {SHOWN} }} }} }}"""
DELETE = """mutation ($id: ID!, $version: Int) {
  deleteChannelPolicy(id: $id, expectedVersion: $version) { id } }"""
_NULLABLE = (
    "location product category name description mode tier priority share cap spillOver "
    "minimumStock safetyStock reserveStock buffer backorderLimit lowAtpThreshold"
)
NOTHING = dict.fromkeys(_NULLABLE.split())


async def kept(world: World) -> list[tuple[Any, ...]]:
    async with world.read() as session:
        rows = await session.all(
            text("select channel_id, mode, share, version from channel_policies order by 1, 2, 3")
        )
    return [tuple(row) for row in rows]


async def test_makes_a_policy_with_all_its_numbers(world: World) -> None:
    await world.channel()
    product, location = await world.product(), await world.location()
    numbers = {
        "name": "Scarce",
        "description": "While it\nis scarce",
        "mode": "CAP",
        "tier": "HIGH",
        "priority": 1000,
        "cap": 12.5,
        "spillOver": True,
        "minimumStock": 1,
        "safetyStock": 2,
        "reserveStock": 3,
        "buffer": 0.25,
        "backorderLimit": 4,
        "lowAtpThreshold": 0,
    }
    wish = {"channelId": "DTC", "locationId": location.id, "productId": product.id} | numbers

    data = await ask(world, CREATE, input=wish)

    assert data["createChannelPolicy"] == {
        "channelPolicy": NOTHING
        | numbers
        | {
            "cap": Decimal("12.5"),
            "buffer": Decimal("0.25"),
            "channel": {"id": "DTC"},
            "location": {"id": location.id},
            "product": {"id": product.id},
            "version": 1,
        },
        "preview": None,
    }
    assert await kept(world) == [("DTC", "CAP", None, 1)]


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"channelId": "NONE"}, "channelId", "NOT_FOUND"),
        ({"locationId": "loc_none"}, "locationId", "NOT_FOUND"),
        ({"productId": "prod_none"}, "productId", "NOT_FOUND"),
        ({"categoryId": "cat_none"}, "categoryId", "NOT_FOUND"),
        ({"productId": "prod_1", "categoryId": "cat_1"}, "categoryId", "INVALID"),
        ({"mode": "SHARE"}, "share", "INVALID"),
        ({"mode": "CAP"}, "cap", "INVALID"),
        ({"share": 1.1}, "share", "INVALID"),
        ({"share": -0.1}, "share", "INVALID"),
        ({"priority": 1001}, "priority", "INVALID"),
        ({"priority": -1}, "priority", "INVALID"),
        ({"cap": -1}, "cap", "INVALID"),
        ({"buffer": -0.5}, "buffer", "INVALID"),
        ({"lowAtpThreshold": -1}, "lowAtpThreshold", "INVALID"),
        ({"name": ""}, "name", "INVALID"),
        ({"id": "lot_1"}, "id", "INVALID"),
    ],
)
async def test_refuses_what_makes_no_policy(
    world: World, more: dict[str, Any], field: str, code: str
) -> None:
    await world.channel()

    found = await refusal(world, CREATE, input={"channelId": "DTC"} | more)

    assert (found["code"], found["field"]) == (code, field)
    assert await kept(world) == []


async def test_a_mode_may_take_its_number_from_a_more_general_policy(world: World) -> None:
    channel = await world.channel()
    category = await world.category()
    product = await world.product(category_id=category.id)
    await world.policy(channel, category_id=category.id, share=Decimal("0.25"), cap=Decimal(5))

    await ask(world, CREATE, input={"channelId": "DTC", "productId": product.id, "mode": "SHARE"})
    await ask(world, CREATE, input={"channelId": "DTC", "productId": product.id, "mode": "CAP"})

    assert await kept(world) == [
        ("DTC", "CAP", None, 1),
        ("DTC", "SHARE", None, 1),
        ("DTC", None, Decimal("0.25"), 1),
    ]


def share(channel: str, part: float, **more: Any) -> dict[str, Any]:
    return {"channelId": channel, "mode": "SHARE", "share": part} | more


async def test_shares_at_one_place_are_at_most_one_together(world: World) -> None:
    for id in ("A", "B", "C"):
        await world.channel(id)
    await ask(world, CREATE, input=share("A", 0.5))
    await ask(world, CREATE, input=share("B", 0.5))

    found = await refusal(world, CREATE, input=share("C", 0.1))

    assert (found["code"], found["field"]) == ("SHARES_EXCEEDED", "share")
    assert found["message"] == (
        "The shares of A 0.5, B 0.5, C 0.1 add up to 1.1; together they are at most 1."
    )
    assert found["details"] == {
        "shares": {"A": Decimal("0.5"), "B": Decimal("0.5"), "C": Decimal("0.1")},
        "locationId": None,
        "productId": None,
        "categoryId": None,
    }
    assert len(await kept(world)) == 2


async def test_shares_are_added_up_where_policies_meet(world: World) -> None:
    for id in ("A", "B", "C"):
        await world.channel(id)
    above = await world.category()
    below = await world.category(parent=above)
    product = await world.product(category_id=below.id)
    elsewhere, location = await world.product(), await world.location()
    await ask(world, CREATE, input=share("A", 0.75, productId=product.id))
    await ask(world, CREATE, input=share("B", 0.75, productId=elsewhere.id))

    found = [
        await refusal(world, CREATE, input=share("C", 0.5)),
        await refusal(world, CREATE, input=share("C", 0.5, categoryId=above.id)),
        await refusal(world, CREATE, input=share("C", 0.5, locationId=location.id)),
        await refusal(world, CREATE, input=share("C", 0.5, productId=elsewhere.id)),
    ]
    await ask(world, CREATE, input=share("C", 0.25, categoryId=above.id))
    await ask(world, CREATE, input=share("B", 0.75, categoryId=(await world.category()).id))

    places = [(one["details"]["productId"], one["details"]["locationId"]) for one in found]
    assert set(places[:1]) <= {(product.id, None), (elsewhere.id, None)}
    assert places[1] == (product.id, None)
    assert places[2] in {(product.id, location.id), (elsewhere.id, location.id)}
    assert places[3] == (elsewhere.id, None)
    assert len(await kept(world)) == 4


async def test_shares_that_are_too_large_already_may_be_lowered(world: World) -> None:
    a, b = await world.channel("A"), await world.channel("B")
    policy = await world.policy(a, mode="SHARE", share=Decimal("0.9"))
    await world.policy(b, mode="SHARE", share=Decimal("0.9"))

    found = await refusal(world, UPDATE, id=policy.id, input={"share": 0.95})
    await ask(world, UPDATE, id=policy.id, input={"share": 0.5})

    assert found["field"] == "share"
    assert await kept(world) == [
        ("A", "SHARE", Decimal("0.5"), 2),
        ("B", "SHARE", Decimal("0.9"), 1),
    ]


async def test_a_policy_is_not_deleted_when_shares_would_then_be_too_large(world: World) -> None:
    a, b = await world.channel("A"), await world.channel("B")
    product = await world.product()
    await world.policy(a, mode="SHARE", share=Decimal("0.9"))
    await world.policy(b, mode="SHARE", share=Decimal("0.9"), product_id=product.id)
    policy = await world.policy(a, mode="SHARED", product_id=product.id)

    found = await refusal(world, DELETE, id=policy.id)

    assert (found["field"], found["details"]["productId"]) == ("share", product.id)
    assert len(await kept(world)) == 3


async def test_two_at_once_cannot_both_take_the_last_share(world: World) -> None:
    holding = asyncio.Event()
    for id in ("A", "B"):
        await world.channel(id)

    async def make(channel: str, *, then_wait: bool) -> str:
        values = {"channel_id": channel, "mode": "SHARE", "share": Decimal("0.6")}
        try:
            async with world.write() as session:
                await policies.create_policy(session, values)
                holding.set()
                await asyncio.sleep(0.2 if then_wait else 0)
        except Invalid:
            return "refused"
        return "made"

    async def follow() -> str:
        await holding.wait()
        return await make("B", then_wait=False)

    done = await asyncio.gather(make("A", then_wait=True), follow())

    assert list(done) == ["made", "refused"]
    assert await kept(world) == [("A", "SHARE", Decimal("0.6"), 1)]


async def test_changes_a_policy_and_keeps_its_history(world: World) -> None:
    channel, product = await world.channel(), await world.product()
    policy = await world.policy(channel, product_id=product.id, buffer=Decimal(3))

    data = await ask(
        world,
        UPDATE,
        id=policy.id,
        input={"productId": None, "buffer": None, "tier": "LOW"},
        version=1,
    )

    assert data["updateChannelPolicy"]["channelPolicy"] == NOTHING | {
        "channel": {"id": "DTC"},
        "tier": "LOW",
        "version": 2,
    }
    async with world.read() as session:
        rows = await session.all(
            text("select product_id, buffer, version from channel_policies_history")
        )
    assert [tuple(row) for row in rows] == [(product.id, 3, 1)]


async def test_a_policy_cannot_become_one_about_a_product_and_a_category(world: World) -> None:
    product, category = await world.product(), await world.category()
    policy = await world.policy(await world.channel(), product_id=product.id)

    found = await refusal(world, UPDATE, id=policy.id, input={"categoryId": category.id})
    await ask(world, UPDATE, id=policy.id, input={"categoryId": category.id, "productId": None})

    assert (found["code"], found["field"]) == ("INVALID", "categoryId")
    assert await kept(world) == [("DTC", None, None, 2)]


async def test_invariant_11_a_stale_version_changes_no_policy(world: World) -> None:
    policy = await world.policy(await world.channel(), mode="FENCED")

    found = [
        await refusal(world, UPDATE, id=policy.id, input={"mode": "SHARED"}, version=7),
        await refusal(world, DELETE, id=policy.id, version=7),
    ]

    assert [one["details"] for one in found] == [{"expected": 7, "actual": 1}] * 2
    assert await kept(world) == [("DTC", "FENCED", None, 1)]


async def test_deletes_a_policy(world: World) -> None:
    policy = await world.policy(await world.channel())

    data = await ask(world, DELETE, id=policy.id, version=1)

    assert data == {"deleteChannelPolicy": {"id": policy.id}}
    assert await kept(world) == []


async def test_another_tenants_things_are_not_found(world: World, other_world: World) -> None:
    await world.channel()
    policy = await other_world.policy(await other_world.channel("THEIRS"))
    product = await other_world.product()

    found = [
        await refusal(world, UPDATE, id=policy.id, input={"mode": "SHARED"}),
        await refusal(world, DELETE, id=policy.id),
        await refusal(world, CREATE, input={"channelId": "THEIRS"}),
        await refusal(world, CREATE, input={"channelId": "DTC", "productId": product.id}),
    ]

    assert [one["code"] for one in found] == ["NOT_FOUND"] * 4
    assert await kept(world) == []
    assert await kept(other_world) == [("THEIRS", None, None, 1)]


async def test_needs_the_right_to_write_policies(world: World) -> None:
    await world.channel()

    found = await answer(
        world, CREATE, permissions=["inventory.*", "channels.write"], input={"channelId": "DTC"}
    )

    assert found["errors"][0]["details"] == {"required": ["admin.channelpolicies.write"]}
    assert await kept(world) == []
