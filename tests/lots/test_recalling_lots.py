"""Recalls: one call holds the lot everywhere and tells where it is and where it went."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM
from graph import ask, refusal
from services import stock
from world import World

RECALL = """mutation ($input: RecallLotInput!) { recallLot(input: $input) {
  hold { type scope lot { id } location { id } } message affectedReservations { reference }
  trace { received issued returned onHand places { onHand location { id } }
    issues { delta channel { id } reference location { id } } } } }"""
STATE = "query ($id: ID!) { lot(id: $id) { state holds { totalCount } trace { onHand issued } } }"


async def sell(world: World, product: Any, location: Any, lot: Any, reference: str) -> None:
    line = stock.Line(
        product_id=product.id,
        location_id=location.id,
        lot_id=lot.id,
        delta=Decimal(-2),
        channel_id="DTC",
        reference=reference,
    )
    async with world.write() as session:
        await stock.post(session, stock.Posting(kind="ISSUE", author=SYSTEM, lines=[line]))


async def test_one_call_holds_a_lot_everywhere_and_tells_where_it_is_and_went(
    world: World,
) -> None:
    product = await world.product()
    lot, other = await world.lot(product), await world.lot(product)
    await world.channel()
    here, there = await world.location(), await world.location()
    item = await world.stock(product, here, 10, lot=lot)
    await world.stock(product, there, 5, lot=lot)
    await world.stock(product, there, 7, lot=other)
    await sell(world, product, here, lot, "order 1")
    await sell(world, product, there, lot, "order 2")
    await world.reserve(item, 1, reference="order 3")

    data = (await ask(world, RECALL, input={"lotId": lot.id, "reason": "glass"}))["recallLot"]
    again = await refusal(world, RECALL, input={"lotId": lot.id, "reason": "glass"})
    seen = await ask(world, STATE, id=lot.id)

    assert data["hold"] == {
        "type": "RECALL",
        "scope": "LOT",
        "lot": {"id": lot.id},
        "location": None,
    }
    assert data["message"] == "Recalled the lot: 11 units are held at 2 locations, 4 have left."
    assert data["affectedReservations"] == [{"reference": "order 3"}]
    assert data["trace"] == {
        "received": 15,
        "issued": 4,
        "returned": 0,
        "onHand": 11,
        "places": [
            {"onHand": 8, "location": {"id": here.id}},
            {"onHand": 3, "location": {"id": there.id}},
        ],
        "issues": [
            {
                "delta": -2,
                "channel": {"id": "DTC"},
                "reference": f"order {number}",
                "location": {"id": place.id},
            }
            for number, place in ((2, there), (1, here))
        ],
    }
    assert (again["code"], again["field"]) == ("CONFLICT", "lotId")
    assert seen["lot"] == {
        "state": "RECALLED",
        "holds": {"totalCount": 1},
        "trace": {"onHand": 11, "issued": 4},
    }


async def test_a_lot_says_what_can_be_done_with_it(world: World) -> None:
    world.database.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    product, location = await world.product(), await world.location()
    lot = await world.lot(product, expiry=date(2026, 5, 1))
    place = """mutation ($input: PlaceHoldInput!) { placeHold(input: $input) { hold { id } } }"""

    async def state() -> Any:
        return (await ask(world, STATE, id=lot.id))["lot"]["state"]

    states = [await state()]
    wish = {"lotId": lot.id, "locationId": location.id, "reason": "looks odd"}
    for type_ in ("QUALITY", "RECALL"):
        await ask(world, place, input=wish | {"type": type_})
        states.append(await state())
    found = await ask(world, "{ lots(filter: {stateIn: [RECALLED]}) { nodes { id } } }")

    assert states == ["EXPIRED", "HELD", "RECALLED"]
    assert found["lots"]["nodes"] == [{"id": lot.id}]
