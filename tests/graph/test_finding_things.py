from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain import ids
from domain.actor import SYSTEM
from domain.permissions import Permission
from graph import actor_of, answer, ask, refusal, statements
from models import catalog, records
from resolvers import kinds
from resolvers.kind import Kind
from services import abc, cycle_counts, holds, put_away, reservations, transfers
from services.replenishment import records as replenishment
from services.stock import reasons
from ward import Ward
from world import World

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


async def hold_of(world: World, lot: Any) -> str:
    async with world.write() as session:
        placed = await holds.place(
            session, SYSTEM, holds.Wish(type="OTHER", reason="Why", lot_id=lot.id)
        )
    return str(placed.hold.id)


async def posting_of(world: World) -> str:
    async with world.read() as session:
        return str(await session.scalar(text("select min(id) from postings")))


async def reason_of(world: World) -> str:
    async with world.write() as session:
        return str((await reasons.create(session, {"code": "OWN", "name": "Own"})).id)


async def put_away_of(world: World, product: Any, location: Any) -> str:
    item = put_away.ItemWish(
        inventory_item_id=await world.stock(product, location, 1), quantity=Decimal(1)
    )
    goods = put_away.Wish(location_id=location.id, items=[item])
    async with world.write() as session:
        made = await put_away.create(session, SYSTEM, put_away.TaskWish(goods=goods))
    return str(made.task.id)


async def put_away_rule_of(world: World) -> str:
    values = {"name": "Own", "strategy": "CONSOLIDATE"}
    async with world.write() as session:
        return str((await put_away.create_rule(session, values)).id)


async def replenishment_of(world: World, product: Any, location: Any) -> str:
    wish = replenishment.Wish(product_id=product.id, location_id=location.id, quantity=Decimal(1))
    async with world.write() as session:
        return str((await replenishment.create(session, SYSTEM, wish)).record.id)


async def transfer_of(world: World, product: Any, location: Any) -> str:
    line = transfers.LineWish(product_id=product.id, quantity=Decimal(1))
    dest = await world.location()
    wish = transfers.Wish(source_location_id=location.id, dest_location_id=dest.id, lines=[line])
    async with world.write() as session:
        return str((await transfers.create(session, SYSTEM, wish)).transfer.id)


async def reservation_of(world: World, channel: Any, product: Any, location: Any) -> str:
    line = reservations.LineWish(
        product_id=product.id, location_id=location.id, quantity=Decimal(1)
    )
    wish = reservations.ReserveWish(channel_id=channel.id, lines=[line])
    async with world.write() as session:
        return str((await reservations.reserve(session, SYSTEM, wish)).reservation.id)


async def run_of(world: World) -> str:
    async with world.write() as session:
        return str((await abc.keep(session, SYSTEM, abc.Wish())).run.id)


async def pin_of(world: World, product: Any) -> str:
    async with world.write() as session:
        pinned = await abc.pin(session, SYSTEM, abc.Pin(product_id=product.id, abc_class="A"))
    return str(pinned.pin.id)


async def request_of(world: World, product: Any) -> str:
    return str((await (await Ward.of(world)).request((product, 1))).request.id)


async def stocklist_of(world: World) -> str:
    ward = await Ward.of(world)
    return str((await ward.stocklist()).stocklist.id)


async def count_of(world: World, location: Any) -> str:
    actor = actor_of(world)
    wish = cycle_counts.Wish(location_id=location.id, type="FULL")
    async with world.write() as session:
        return str((await cycle_counts.create(session, actor, wish)).count.id)


async def order_of(world: World, product: Any) -> dict[str, str]:
    vendor = await world.vendor()
    return {"Vendor": vendor.id, "PurchaseOrderLine": (await world.order(vendor, product, 1)).id}


async def everything(world: World) -> dict[str, str]:
    """The id of one thing of each kind."""
    product, location = await world.product(), await world.location()
    category, channel = await world.category(), await world.channel()
    bin, lot = await world.bin(location), await world.lot(product)
    return {
        "Product": product.id,
        "Category": category.id,
        "Location": location.id,
        "Bin": bin.id,
        "Lot": lot.id,
        "Channel": channel.id,
        "ChannelPolicy": (await world.policy(channel)).id,
        "ChannelQuota": (await world.quota(channel, product, location, 1)).id,
        "InventoryItem": await world.stock(product, location, 2),
        "InventoryLevel": (await world.level(product, location)).id,
        "Hold": await hold_of(world, lot),
        "ReasonCode": await reason_of(world),
        "Posting": await posting_of(world),
        "StockRequest": await request_of(world, product),
        "Stocklist": await stocklist_of(world),
        "Transfer": await transfer_of(world, product, location),
        **await order_of(world, product),
        "Replenishment": await replenishment_of(world, product, location),
        "Reservation": await reservation_of(world, channel, product, location),
        "PutAwayTask": await put_away_of(world, product, location),
        "PutAwayRule": await put_away_rule_of(world),
        "AbcRun": await run_of(world),
        "AbcPin": await pin_of(world, product),
        "CycleCount": await count_of(world, location),
    }


async def test_every_kind_is_found_by_its_id(world: World) -> None:
    there = await everything(world)

    found = await ask(world, NODES, ids=list(there.values()))

    assert found["nodes"] == [{"__typename": name, "id": id} for name, id in there.items()]
    assert set(there) == {kind.name for kind in kinds.NODES}


async def test_nodes_keep_their_order_and_are_null_where_there_is_nothing(world: World) -> None:
    one, two = await world.product(), await world.product()
    wanted = [two.id, "prod_missing", one.id, "no-such-thing", two.id, ""]

    found = await ask(world, NODES, ids=wanted)

    assert [node and node["id"] for node in found["nodes"]] == [
        two.id,
        None,
        one.id,
        None,
        two.id,
        None,
    ]


async def test_too_many_nodes_at_once_are_refused(world: World) -> None:
    found = await refusal(world, NODES, ids=["x"] * 201)

    assert (found["code"], found["field"], found["details"]) == (
        "LIMIT_EXCEEDED",
        "ids",
        {"max": 200},
    )


async def test_an_id_that_an_import_brought_along_is_found(world: World) -> None:
    await world.location(id="WH-1")
    await world.product(id="4711")

    found = await ask(world, NODES, ids=["4711", "WH-1"])

    assert [node["__typename"] for node in found["nodes"]] == ["Product", "Location"]


async def test_an_id_that_is_not_there_costs_one_statement(world: World) -> None:
    for missing in ("lot_missing", "missing"):
        async with statements(world) as found:
            assert await ask(world, NODE, id=missing) == {"node": None}
        assert len(found) == 1


async def test_an_id_of_two_kinds_is_the_first_in_the_documented_order(world: World) -> None:
    await world.channel("A1")
    await world.location(id="A1")

    assert (await ask(world, NODE, id="A1"))["node"]["__typename"] == "Location"


@pytest.mark.parametrize("kind", kinds.NODES, ids=lambda kind: kind.name)
async def test_invariant_20_no_kind_is_found_by_another_tenant(
    world: World, other_world: World, kind: Kind
) -> None:
    there = await everything(world)

    assert await ask(other_world, NODES, ids=[there[kind.name]]) == {"nodes": [None]}


async def test_invariant_20_equal_ids_of_two_tenants_stay_apart(
    world: World, other_world: World
) -> None:
    await world.product(id="P1", name="Ours", sku="S")
    await other_world.product(id="P1", name="Theirs", sku="S")
    query = '{ node(id: "P1") { ... on Product { name } } product(sku: "S") { name } }'

    assert await ask(world, query) == {"node": {"name": "Ours"}, "product": {"name": "Ours"}}
    assert await ask(other_world, query) == {
        "node": {"name": "Theirs"},
        "product": {"name": "Theirs"},
    }


async def test_node_needs_the_right_to_see_its_kind(world: World) -> None:
    there = await everything(world)
    needs = {kind.name: kind.needs for kind in kinds.NODES}

    for name, id in there.items():
        for permission in (
            Permission.PRODUCTS_READ,
            Permission.INVENTORY_READ,
            Permission.INVENTORY_ADJUST,
            Permission.TRANSFERS_READ,
            Permission.STOCKREQUESTS_READ,
            Permission.INVENTORY_CYCLECOUNT,
        ):
            found = await answer(world, NODE, id=id, permissions=[permission])
            is_allowed = permission is needs[name]
            assert ("errors" not in found) == is_allowed, (name, permission)
            if not is_allowed:
                assert found["errors"][0]["code"] == "FORBIDDEN"


SINGLE = [
    ("product", "prod_missing"),
    ("category", "cat_missing"),
    ("location", "loc_missing"),
    ("bin", "bin_missing"),
    ("lot", "lot_missing"),
    ("channel", "MISSING"),
    ("channelPolicy", "policy_missing"),
    ("channelQuota", "quota_missing"),
    ("inventoryItem", "item_missing"),
    ("inventoryLevel", "level_missing"),
    ("transfer", "xfer_missing"),
    ("vendor", "vend_missing"),
    ("purchaseOrderLine", "poln_missing"),
    ("replenishment", "repl_missing"),
    ("putAwayTask", "put_missing"),
    ("putAwayRule", "rule_missing"),
]


@pytest.mark.parametrize(("field", "id"), SINGLE)
async def test_what_is_not_there_is_null(world: World, field: str, id: str) -> None:
    for wanted in (id, "", "x" * 10_000, "Ω'\"\\%"):
        query = f"query ($id: ID!) {{ {field}(id: $id) {{ id }} }}"
        assert await ask(world, query, id=wanted) == {field: None}


async def test_a_product_is_found_by_id_sku_or_barcode(world: World) -> None:
    product = await world.product(sku="S-1", barcode="4006381333931")
    async with world.write() as session:
        pack = {"product_id": product.id, "code": "CASE", "quantity": 12, "barcode": "C-1"}
        await session.one(records.add(catalog.product_packs, pack))
    query = """query ($id: ID, $sku: String, $barcode: String) {
      product(id: $id, sku: $sku, barcode: $barcode) {
        id packs { code quantity barcode product { id } } } }"""
    expected = {
        "id": product.id,
        "packs": [
            {"code": "CASE", "quantity": 12, "barcode": "C-1", "product": {"id": product.id}}
        ],
    }

    by: list[dict[str, Any]] = [
        {"id": product.id},
        {"sku": "S-1"},
        {"barcode": "4006381333931"},
        {"barcode": "C-1"},
    ]
    for one in by:
        assert await ask(world, query, **one) == {"product": expected}
    for missing in ({"id": ids.new("prod_")}, {"sku": "s-1"}, {"barcode": "4006381333932"}):
        assert await ask(world, query, **missing) == {"product": None}
    for several in ({}, {"id": product.id, "sku": "S-1"}):
        assert (await refusal(world, query, **several))["field"] == "id"


async def test_a_location_is_found_by_id_or_code(world: World) -> None:
    location = await world.location(code="WH")
    query = "query ($id: ID, $code: String) { location(id: $id, code: $code) { id } }"

    assert await ask(world, query, id=location.id) == {"location": {"id": location.id}}
    assert await ask(world, query, code="WH") == {"location": {"id": location.id}}
    assert await ask(world, query, code="wh") == {"location": None}
    assert (await refusal(world, query))["field"] == "id"
    assert (await refusal(world, query, id=location.id, code="WH"))["field"] == "id"
