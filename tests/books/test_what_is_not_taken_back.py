"""What stays as it is posted, though its units are there: another act goes back for it."""

from graph import ask, refusal
from reversals import REVERSE, act, codes, stock_of
from world import World


async def test_what_was_handed_out_of_a_reservation_stays_resolved(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 10)
    channel = await world.channel()
    line = {"productId": product.id, "locationId": location.id, "quantity": 4}
    reserve = """mutation ($input: ReserveStockInput!) {
      reserveStock(input: $input) { reservation { id } } }"""
    made = await ask(world, reserve, input={"channelId": channel.id, "lines": [line]})
    id = made["reserveStock"]["reservation"]["id"]
    part = [{"number": 1, "quantity": 1}]
    consumed = await act(world, "consumeReservation", reservationId=id, lines=part)
    rest = {"locationId": location.id, "lines": [{"productId": product.id, "quantity": 5}]}
    issued = await act(
        world, "issueStock", **rest, channelId=channel.id, reservationIds=[id], comment="sold"
    )
    before = await stock_of(world)

    for posting_id in (consumed, issued):
        assert await codes(world, posting_id) == ["RESERVATION_CONSUMED"]
        assert (await refusal(world, REVERSE, id=posting_id))["code"] == "NOT_REVERSIBLE"
    assert await stock_of(world) == before
    entries = """query ($id: ID!) { ledgerEntries(filter: {documentIdIn: [$id]}) { totalCount } }"""
    assert (await ask(world, entries, id=id))["ledgerEntries"]["totalCount"] == 3


async def test_units_do_not_come_back_among_others_that_are_marked_otherwise(world: World) -> None:
    product, location = await world.product(), await world.location()
    bin = await world.bin(location)
    item = await world.stock(product, location, 10)
    moved = await act(world, "moveStock", inventoryItemId=item, toBinId=bin.id, quantity=4)
    mark = """mutation ($id: ID!, $undo: Boolean) {
      markExpired(input: {items: [{inventoryItemId: $id}], undo: $undo}) { message } }"""
    await ask(world, mark, id=item)
    marked = await stock_of(world)

    assert await codes(world, moved) == ["MARKS_DIFFER"]
    assert (await refusal(world, REVERSE, id=moved))["code"] == "NOT_REVERSIBLE"
    assert await stock_of(world) == marked

    await ask(world, mark, id=item, undo=True)
    assert await codes(world, moved) == []
