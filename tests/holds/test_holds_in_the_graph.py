"""Holds in the graph: placed, released, linked both ways, and seen by matrix and lists."""

from typing import Any

from graph import ask, refusal
from world import World

PLACE = """mutation ($input: PlaceHoldInput!, $key: String, $dry: Boolean = false) {
  placeHold(input: $input, idempotencyKey: $key, dryRun: $dry) {
    hold { id type state scope reason quantity quantityReleased remaining createdBy { id name }
      product { id } location { id } lot { id } bin { id } item { id } }
    affectedReservations { kind quantity item { id } displacedTo { id } reference }
    message
    preview { before { atp held } after { atp held } crossings { before after } } } }"""
RELEASE = """mutation ($input: ReleaseHoldsInput!) { releaseHolds(input: $input) {
  holds { id state remaining releasedBy { name } releaseReason } message } }"""
QUALITY = {"type": "QUALITY", "reason": "smells"}


async def stocked(world: World) -> tuple[Any, Any, Any, Any, str]:
    product, location = await world.product(), await world.location()
    lot, bin = await world.lot(product), await world.bin(location)
    await world.channel()
    return product, location, lot, bin, await world.stock(product, location, 12, lot=lot, bin=bin)


async def test_a_hold_tells_what_it_lies_on(world: World) -> None:
    product, location, lot, bin, item = await stocked(world)
    await world.reserve(item, 5, reference="order 1")

    data = await ask(world, PLACE, input=QUALITY | {"inventoryItemId": item, "quantity": 8})

    hold = data["placeHold"]["hold"]
    assert hold == {
        "id": hold["id"],
        "type": "QUALITY",
        "state": "ACTIVE",
        "scope": "ITEM",
        "reason": "smells",
        "quantity": 8,
        "quantityReleased": 0,
        "remaining": 8,
        "createdBy": {"id": "key_test", "name": "Test"},
        "product": {"id": product.id},
        "location": {"id": location.id},
        "lot": {"id": lot.id},
        "bin": {"id": bin.id},
        "item": {"id": item},
    }
    assert data["placeHold"]["affectedReservations"] == [
        {
            "kind": "HARD",
            "quantity": 5,
            "item": {"id": item},
            "displacedTo": None,
            "reference": "order 1",
        }
    ]
    assert data["placeHold"]["preview"] is None


async def test_a_hold_is_found_from_all_that_it_touches(world: World) -> None:
    product, location, lot, bin, item = await stocked(world)
    hold = (await ask(world, PLACE, input=QUALITY | {"inventoryItemId": item}))["placeHold"]["hold"]
    names = {
        "product": product.id,
        "location": location.id,
        "lot": lot.id,
        "bin": bin.id,
        "inventoryItem": item,
        "hold": hold["id"],
    }
    part = "holds { totalCount nodes { id } }"
    asked = " ".join(
        f'{name}(id: "{id}") {{ {part if name != "hold" else "id"} }}' for name, id in names.items()
    )

    data = await ask(world, f'{{ {asked} node(id: "{hold["id"]}") {{ id }} }}')

    here = {"holds": {"totalCount": 1, "nodes": [{"id": hold["id"]}]}}
    assert data == dict.fromkeys(names, here) | {
        "hold": {"id": hold["id"]},
        "node": {"id": hold["id"]},
    }


async def test_the_matrix_follows_at_once(world: World) -> None:
    product, location, _, _, item = await stocked(world)
    query = """query ($id: ID!) { atpMatrix(locationId: $id) { rows { nodes {
      cells { atp held onHand } } } } }"""

    async def cell() -> Any:
        data = await ask(world, query, id=location.id)
        return data["atpMatrix"]["rows"]["nodes"][0]["cells"][0]

    before = await cell()
    wish = QUALITY | {"productId": product.id, "locationId": location.id, "quantity": 5}
    hold = (await ask(world, PLACE, input=wish))["placeHold"]["hold"]
    during = await cell()
    await ask(world, RELEASE, input={"holdId": hold["id"]})

    assert before == await cell() == {"atp": 12, "held": 0, "onHand": 12}
    assert during == {"atp": 7, "held": 5, "onHand": 12}
    assert item


async def test_a_dry_run_shows_the_cells_and_keeps_nothing(world: World) -> None:
    _, _, lot, _, _ = await stocked(world)

    data = await ask(world, PLACE, input=QUALITY | {"lotId": lot.id}, dry=True)

    assert data["placeHold"]["preview"] == {
        "before": [{"atp": 12, "held": 0}],
        "after": [{"atp": 0, "held": 12}],
        "crossings": [{"before": "OK", "after": "CRITICAL"}],
    }
    assert (await ask(world, "{ holds { totalCount } }"))["holds"]["totalCount"] == 0


async def test_invariant_10_a_hold_is_placed_once_for_one_key(world: World) -> None:
    _, _, lot, _, _ = await stocked(world)
    wish = {"input": QUALITY | {"lotId": lot.id}, "key": "hold-1"}

    first = await ask(world, PLACE, **wish)
    second = await ask(world, PLACE, **wish)

    assert first == second
    assert (await ask(world, "{ holds { totalCount } }"))["holds"]["totalCount"] == 1


async def test_releases_are_told_and_filtered(world: World) -> None:
    _, _, lot, bin, _ = await stocked(world)
    ids = []
    for scope in ({"lotId": lot.id}, {"binId": bin.id}):
        data = await ask(world, PLACE, input=QUALITY | scope)
        ids.append(data["placeHold"]["hold"]["id"])

    data = await ask(world, RELEASE, input={"holdIds": [ids[0]], "reason": "fine"})
    found = await ask(
        world,
        """query ($bin: ID!) {
          active: holds(filter: {stateIn: [ACTIVE]}) { nodes { id } }
          released: holds(filter: {stateIn: [RELEASED], typeIn: [QUALITY]}) { nodes { id } }
          bins: holds(filter: {scopeIn: [BIN], binIdIn: [$bin]}) { nodes { id } } }""",
        bin=bin.id,
    )

    assert data["releaseHolds"] == {
        "holds": [
            {
                "id": ids[0],
                "state": "RELEASED",
                "remaining": None,
                "releasedBy": {"name": "Test"},
                "releaseReason": "fine",
            }
        ],
        "message": "Released the hold.",
    }
    assert found == {
        "active": {"nodes": [{"id": ids[1]}]},
        "released": {"nodes": [{"id": ids[0]}]},
        "bins": {"nodes": [{"id": ids[1]}]},
    }


async def test_refusals_name_their_code_and_field(world: World) -> None:
    _, _, _, _, item = await stocked(world)
    hold = (await ask(world, PLACE, input=QUALITY | {"inventoryItemId": item, "quantity": 3}))[
        "placeHold"
    ]["hold"]["id"]
    cases: list[tuple[str, dict[str, Any], str, str]] = [
        (
            PLACE,
            QUALITY | {"inventoryItemId": item, "quantity": 10},
            "INSUFFICIENT_STOCK",
            "quantity",
        ),
        (PLACE, QUALITY | {"inventoryItemId": item, "quantity": 0}, "INVALID", "quantity"),
        (PLACE, QUALITY | {"inventoryItemId": "item_none"}, "NOT_FOUND", "inventoryItemId"),
        (RELEASE, {"holdId": hold, "quantity": 4}, "HOLD_ENDED", "quantity"),
        (RELEASE, {"holdIds": [hold, hold]}, "INVALID", "holdIds[1]"),
        (RELEASE, {"holdIds": []}, "INVALID", "holdIds"),
        (RELEASE, {}, "INVALID", "holdId"),
    ]
    for text, wish, code, field in cases:
        found = await refusal(world, text, input=wish)
        assert (found["code"], found["field"]) == (code, field), wish
