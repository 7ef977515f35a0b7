"""When products are to be counted: after the days of their class or before, and in what order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.quantities import money
from graph import actor_of, answer, ask, refusal
from services import cycle_counts, holds
from services.cycle_counts import Counted, Resolve, Step, Wish
from world import World

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CHANGE = """mutation ($input: UpdateCountSettingsInput!) {
  updateCountSettings(input: $input) { settings { dueTurnoverValue dueAccuracy dueEmptied } } }"""
DUE = """query ($location: ID) {
  abcClassification(locationId: $location, filter: {dueOnly: true}, orderBy: CLASS) {
    products { nodes { product { sku } dueBecause nextCountDue overdue } }
    summary { a { overdue } b { overdue } c { overdue } } } }"""
CANDIDATES = """query ($location: ID) {
  abcClassification(locationId: $location, orderBy: CANDIDATE) {
    products { nodes { product { sku } } } dailyQuota } }"""
PIN = """mutation ($input: PinAbcClassInput!) { pinAbcClass(input: $input) { message } }"""
COUNT = """mutation ($location: ID!, $most: Int) {
  createAbcCount(input: {locationId: $location, type: PARTIAL, maxItems: $most}) {
    batch { lines { product { sku } } } } }"""


async def counted(world: World, location: Any, *numbers: tuple[Any, int]) -> None:
    """Count these products there, and accept what was found an hour later."""
    actor = actor_of(world)
    wish = Wish(location_id=location.id, type="PARTIAL", product_ids=[one.id for one, _ in numbers])
    by_product = {one.id: number for one, number in numbers}
    async with world.write() as session:
        made = await cycle_counts.create(session, actor, wish)
        id = made.count.id
        found = [
            Counted(line_id=line.id, counted_qty=Decimal(by_product[line.product_id]))
            for line in made.lines
        ]
        await cycle_counts.step(session, actor, Step(count_id=id, action="COMPLETE", lines=found))
    world.database.now = (world.database.now or NOW) + timedelta(hours=1)
    async with world.write() as session:
        await cycle_counts.resolve(session, actor, Resolve(count_id=id, rest="ALL"))


async def due(world: World, location: Any = None) -> list[tuple[str, str]]:
    """The products that are due, and why; their number is that of the summary."""
    found = (await ask(world, DUE, location=location and location.id))["abcClassification"]
    nodes = found["products"]["nodes"]
    assert sum(one["overdue"] for one in found["summary"].values()) == len(nodes)
    return sorted((one["product"]["sku"], one["dueBecause"]) for one in nodes)


async def test_what_moved_much_or_was_used_up_since_its_count_is_due_at_once(
    world: World,
) -> None:
    world.database.now = NOW - DAY
    location = await world.location()
    moved, quiet, gone, never = [
        await world.product(sku=sku, unit_cost=Decimal(10))
        for sku in ("MOVED", "QUIET", "GONE", "NEVER")
    ]
    for product in (moved, quiet, gone, never):
        await world.stock(product, location, 10)
    await counted(world, location, (moved, 10), (quiet, 10), (gone, 10))
    world.database.now = NOW
    await world.issue(moved, location, 4)
    await world.stock(moved, location, 7)
    await world.issue(quiet, location, 1)
    await world.issue(gone, location, 10)

    by_days = await due(world, location)
    await ask(world, CHANGE, input={"dueTurnoverValue": 110})
    at_limit = await due(world, location)
    await ask(world, CHANGE, input={"dueTurnoverValue": 109.99, "dueEmptied": True})
    early = await due(world, location)
    lines = (await ask(world, COUNT, location=location.id))["createAbcCount"]["batch"]["lines"]
    blind = await answer(world, DUE, permissions=["inventory.cyclecount"], location=location.id)
    await counted(world, location, (moved, 12), (gone, 0), (never, 0))
    after = await due(world, location)
    world.database.now = NOW + 365 * DAY
    late = await due(world, location)

    assert by_days == at_limit == [("NEVER", "NEVER_COUNTED")]
    assert early == [("GONE", "EMPTIED"), ("MOVED", "TURNOVER"), ("NEVER", "NEVER_COUNTED")]
    assert sorted(line["product"]["sku"] for line in lines) == ["GONE", "MOVED", "NEVER"]
    nodes = blind["data"]["abcClassification"]["products"]["nodes"]
    assert {(one["dueBecause"], one["nextCountDue"]) for one in nodes} == {(None, "2026-06-15")}
    assert after == []
    assert late == [(sku, "INTERVAL") for sku in ("MOVED", "QUIET")]


async def test_where_counts_found_much_to_be_wrong_all_is_due_on_the_next_day(
    world: World,
) -> None:
    world.database.now = NOW - DAY
    here, there = await world.location(), await world.location()
    wrong, right, far = [await world.product(sku=sku) for sku in ("WRONG", "RIGHT", "FAR")]
    for product, location in ((wrong, here), (right, here), (far, there)):
        await world.stock(product, location, 10)
    await counted(world, here, (wrong, 5), (right, 10))
    await counted(world, there, (far, 10))

    await ask(world, CHANGE, input={"dueAccuracy": 0.75})
    same_day = await due(world)
    world.database.now = NOW
    at_limit = await due(world)
    await ask(world, CHANGE, input={"dueAccuracy": 0.76})
    found = [await due(world), await due(world, here), await due(world, there)]
    await counted(world, here, (wrong, 5), (right, 10))
    world.database.now = NOW + DAY
    mended = await due(world)

    both = [("RIGHT", "ACCURACY"), ("WRONG", "ACCURACY")]
    assert (same_day, at_limit) == ([], [])
    assert found == [both, both, []]
    assert mended == []


async def test_each_class_is_due_after_its_days_and_who_needs_it_most_comes_first(
    world: World,
) -> None:
    location = await world.location()
    names = ("A", "B", "C", "C-USED", "OVER", "NEVER")
    world.database.now = NOW
    products = {sku: await world.product(sku=sku, unit_cost=Decimal(10)) for sku in names}
    items = {sku: await world.stock(one, location, 10) for sku, one in products.items()}
    await world.reserve(items["OVER"], 8)
    for sku in ("A", "B", "C", "C-USED", "OVER"):
        pin = {"productId": products[sku].id, "abcClass": sku[0] if sku[0] in "ABC" else "C"}
        await ask(world, PIN, input=pin)
    await counted(world, location, (products["B"], 10))
    world.database.now = NOW + 100 * DAY
    await counted(world, location, *((products[s], 10) for s in ("A", "C", "C-USED", "OVER")))
    world.database.now = NOW + 179 * DAY
    before = await due(world, location)
    world.database.now = NOW + 180 * DAY
    first = await due(world, location)
    world.database.now = NOW + 190 * DAY
    second = await due(world, location)
    world.database.now = NOW + 465 * DAY
    await world.issue(products["C-USED"], location, 1)
    async with world.write() as session:
        hold = holds.Wish(
            type="QUALITY",
            reason="smells",
            product_id=products["OVER"].id,
            location_id=location.id,
            quantity=Decimal(5),
        )
        await holds.place(session, actor_of(world).author, hold)

    found = (await ask(world, CANDIDATES, location=location.id))["abcClassification"]
    taken = (await ask(world, COUNT, location=location.id, most=3))["createAbcCount"]["batch"]
    turns = await answer(
        world, CANDIDATES, permissions=["inventory.cyclecount"], location=location.id
    )

    never = ("NEVER", "NEVER_COUNTED")
    assert before == [never]
    assert first == [("B", "INTERVAL"), never]
    assert second == [("A", "INTERVAL"), ("B", "INTERVAL"), never]
    assert skus(found) == ["OVER", "NEVER", "B", "A", "C-USED", "C"]
    assert sorted(line["product"]["sku"] for line in taken["lines"]) == ["B", "NEVER", "OVER"]
    assert skus(turns["data"]["abcClassification"]) == ["B", "A", "C", "C-USED", "NEVER", "OVER"]
    assert found["dailyQuota"] == money(Decimal(1) / 90 + Decimal(1) / 180 + Decimal(4) / 365)


def skus(found: Any) -> list[str]:
    return [one["product"]["sku"] for one in found["products"]["nodes"]]


async def test_reasons_that_make_no_sense_are_refused(world: World) -> None:
    for value in ({"dueAccuracy": 1.1}, {"dueAccuracy": -1}, {"dueTurnoverValue": -1}):
        (name,) = value
        assert (await refusal(world, CHANGE, input=value))["field"] == name
    cleared = await ask(world, CHANGE, input={"dueAccuracy": None, "dueTurnoverValue": None})
    assert cleared["updateCountSettings"]["settings"] == {
        "dueTurnoverValue": None,
        "dueAccuracy": None,
        "dueEmptied": False,
    }
