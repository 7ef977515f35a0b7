"""What to order where: the statement against a plain reference, and every rule by an example."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.actor import SYSTEM
from models import suggesting
from replenishment_model import STEP, Advice, Place, advise
from services import replenishment, stock
from services.replenishment import METHODS, Wish
from world import World

D = Decimal
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TODAY = NOW.date()
WINDOW = 12

_counts = st.integers(0, 40).map(D)
_days = st.lists(
    st.tuples(st.integers(0, 9).map(D), st.integers(0, 12).map(D)), min_size=WINDOW, max_size=WINDOW
)
_lots = st.lists(st.tuples(st.integers(0, 25), st.integers(1, 20).map(D)), max_size=3)


@st.composite
def places(draw: Any) -> tuple[Place, list[tuple[Decimal, Decimal]], int, int]:
    method = draw(st.sampled_from([one for one in METHODS if one != "DEMAND_DATED"]))
    low, middle, high = sorted(draw(st.tuples(_counts, _counts, _counts)))
    maybe = st.none() | _counts
    numbers: dict[str, Decimal | int | None] = {
        "min_quantity": low if method == "MIN_MAX" else None,
        "reorder_point": draw(st.sampled_from([None, middle])),
        "max_quantity": high if method == "MIN_MAX" else draw(st.sampled_from([None, high])),
        "order_quantity": draw(st.integers(1, 30).map(D)),
        "pack_size": draw(st.none() | st.sampled_from([D(1), D(6), D("2.5")])),
        "minimum_order_quantity": draw(maybe),
        "lead_time_days": draw(st.integers(0, 10)),
        "lead_time_deviation_days": draw(st.sampled_from([None, D("1.5")])),
        "safety_stock": draw(maybe),
        "service_level": draw(st.sampled_from([None, D(".5"), D(".93"), D(".98"), D(".999")])),
        "review_period_days": draw(st.sampled_from([None, 0, 5])),
        "cover_days": draw(st.integers(0, 20)),
        "order_cost": draw(st.integers(0, 50).map(D)),
        "holding_cost": draw(st.integers(1, 9).map(D)),
        "shelf_life_days": draw(st.sampled_from([None, 4, 30])),
        "demand_window_days": WINDOW,
    }
    moves = _possible(draw(_days))
    plain = sum((came - asked for asked, came in moves), D(0))
    lots = tuple((TODAY + timedelta(days=n), units) for n, units in draw(_lots))
    place = Place(
        location="",
        method=method,
        numbers=numbers,
        on_hand=plain + sum((units for _, units in lots), D(0)),
        reserved=draw(st.integers(0, int(plain))) if plain >= 1 else D(0),
        flow=tuple((asked, came - asked) for asked, came in moves),
        lots=lots,
    )
    return place, moves, draw(st.sampled_from([0, 0, 9])), draw(st.integers(1, 2))


def _possible(days: Sequence[tuple[Decimal, Decimal]]) -> list[tuple[Decimal, Decimal]]:
    """The same days, without asking for more than is there."""
    there, found = D(0), []
    for asked, came in days:
        there += came
        found.append((min(asked, there), came))
        there -= found[-1][0]
    return found


async def stocked(
    world: World, place: Place, moves: Sequence[tuple[Decimal, Decimal]], lines: int
) -> str:
    """The id of a new product that this is true of; what a day asks for is so many lines."""
    product, location = await world.product(quantity_step=STEP), await world.location()
    pair = {"product_id": product.id, "location_id": location.id}
    first = NOW - timedelta(days=len(moves))
    received = [
        stock.Line(**pair, delta=came, occurred_at=first + timedelta(days=n))
        for n, (_, came) in enumerate(moves)
        if came
    ]
    issued = [
        stock.Line(**pair, delta=-asked / lines, occurred_at=first + timedelta(days=n, hours=1 + m))
        for n, (asked, _) in enumerate(moves)
        for m in range(lines)
        if asked
    ]
    async with world.write() as session:
        for kind, moved in (("RECEIPT", received), ("ISSUE", issued)):
            if moved:
                posting = stock.Posting(kind=kind, author=SYSTEM, lines=moved)
                await stock.post(session, posting)
    for expiry, units in place.lots:
        lot = await world.lot(product, expiry=expiry)
        await world.stock(product, location, units, lot=lot)
    if place.reserved:
        item = await world.stock(product, location, 1)
        await world.issue(product, location, 1)
        await world.reserve(item, int(place.reserved))
    async with world.write() as session:
        values = {**pair, "method": place.method, **place.numbers}
        await replenishment.configure(session, SYSTEM, values, None)
    return str(product.id)


def told(row: Any) -> Advice:
    return Advice(
        location="",
        position=row.position,
        daily=row.daily_demand,
        safety=row.safety_stock,
        point=row.reorder_point,
        target=row.target,
        quantity=row.quantity,
        is_due=row.quantity > 0 or row.shortfall > 0,
        priority=row.priority,
        stock_out=row.stock_out_date,
        source=row.source_location_id,
    )


async def suggestions(world: World, **wish: Any) -> dict[str, Any]:
    async with world.read() as session:
        found = await replenishment.suggest(session, Wish(**wish))
    return {one.row.product_id: one for one in found.suggestions}


@settings(
    max_examples=20,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=places())
async def test_the_statement_says_what_the_reference_says(
    world: World, case: tuple[Place, list[tuple[Decimal, Decimal]], int, int]
) -> None:
    place, moves, horizon, lines = case
    world.database.now = NOW
    product = await stocked(world, place, moves, lines)

    found = await suggestions(world, product_ids=[product], only_below=False, horizon_days=horizon)
    due = await suggestions(world, product_ids=[product], horizon_days=horizon)

    expected = advise(place, TODAY, horizon)
    advice = told(found[product].row)
    assert (set(due) == {product}) == expected.is_due
    assert {**vars_of(advice), "is_due": None} == {**vars_of(expected), "is_due": None}


def vars_of(advice: Advice) -> dict[str, Any]:
    return {name: getattr(advice, name) for name in Advice.__dataclass_fields__}


async def configured(world: World, product: Any, location: Any, **values: Any) -> None:
    async with world.write() as session:
        wish = {"product_id": product.id, "location_id": location.id, **values}
        await replenishment.configure(session, SYSTEM, wish, None)


async def min_max(world: World, product: Any, location: Any, low: int, high: int) -> None:
    numbers = {"min_quantity": D(low), "max_quantity": D(high)}
    await configured(world, product, location, method="MIN_MAX", **numbers)


async def test_takes_from_a_place_with_excess_before_the_supplier(world: World) -> None:
    product = await world.product(unit_cost=D(2))
    shops = [await world.location(id=f"loc_{n}") for n in range(3)]
    depot = await world.location(id="loc_depot")
    for shop in shops:
        await min_max(world, product, shop, 10, 50)
    await min_max(world, product, depot, 20, 60)
    await world.stock(product, depot, 170)  # 110 above its maximum: enough for two shops

    async with world.read() as session:
        found = await replenishment.suggest(session, Wish())

    rows = {one.row.location_id: one.row for one in found.suggestions}
    assert {shop.id: rows[shop.id].source_location_id for shop in shops} == {
        shops[0].id: depot.id,
        shops[1].id: depot.id,
        shops[2].id: None,
    }
    assert (found.count, found.units, found.value, found.stock_outs) == (3, 150, 300, 3)


async def test_counts_what_is_used_once_and_leaves_out_what_cannot_be(world: World) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    held = await world.bin(location, type="HOLD")
    await min_max(world, product, location, 10, 40)
    item = await world.stock(product, location, 20)
    await world.stock(product, location, 7, bin=held)
    old = await world.lot(product, expiry=TODAY - timedelta(days=1))
    await world.stock(product, location, 5, lot=old)
    await world.reserve(item, 12)

    (one,) = (await suggestions(world)).values()

    assert [(step.step, step.quantity) for step in one.steps] == [
        ("ON_HAND", 32),
        ("EXPIRED", -5),
        ("HELD", -7),
        ("RESERVED", -12),
        ("POSITION", 8),
        ("DAILY_DEMAND", 0),
        ("LEAD_TIME", 0),
        ("SAFETY_STOCK", 0),
        ("REORDER_POINT", 10),
        ("TARGET", 40),
        ("SHORTFALL", 32),
        ("SUGGESTED", 32),
    ]


async def test_says_why_a_quantity_was_clipped(world: World) -> None:
    product, location = await world.product(), await world.location()
    bin = await world.bin(location, capacity_units=D(30))
    other = await world.product()
    await world.stock(other, location, 7, bin=bin)
    await world.level(product, location, preferred_bin_id=bin.id)
    numbers = {"min_quantity": D(10), "max_quantity": D(90), "pack_size": D(12)}
    await configured(world, product, location, method="MIN_MAX", **numbers)

    (one,) = (await suggestions(world)).values()

    assert [(step.step, step.quantity) for step in one.steps[-4:]] == [
        ("SHORTFALL", 90),
        ("PACK", 96),
        ("CAPACITY_LIMIT", 23),
        ("SUGGESTED", 12),
    ]


async def test_products_without_a_place_are_judged_as_a_whole(world: World) -> None:
    scattered = await world.product(reorder_point=D(20), lead_time_days=4)
    single = await world.product(reorder_point=D(20))
    enough = await world.product(reorder_point=D(20))
    await world.product(reorder_point=D(20), active=False)
    one, two = await world.location(), await world.location()
    for product, at_one, at_two in ((scattered, 9, 11), (enough, 10, 11)):
        await world.stock(product, one, at_one)
        await world.stock(product, two, at_two)
    await world.stock(single, two, 3)

    everywhere = await suggestions(world)
    there = await suggestions(world, location_id=two.id)

    rows = {id: one.row for id, one in everywhere.items()}
    assert {id: (row.location_id, row.on_hand) for id, row in rows.items()} == {
        scattered.id: (None, 20),
        single.id: (two.id, 3),
    }
    assert set(there) == {single.id}


async def test_demand_without_a_place_counts_by_the_share_of_a_place(world: World) -> None:
    world.database.now = NOW
    product, location, other = await world.product(), await world.location(), await world.location()
    async with world.write() as session:
        await session.call(
            "insert into movement_history (id, direction, type, product_id, occurred_on,"
            " occurred_at, whole_day, quantity, identity)"
            " select 'move_' || d, 'DEMAND', 'SALE', $1, d, d, true, -20, sha256(d::text::bytea)"
            " from generate_series(date '2026-05-22', date '2026-05-31', interval '1 day') d",
            product.id,
        )
    window = {"demand_window_days": 10, "lead_time_days": 5, "method": "REORDER_POINT"}
    await configured(world, product, location, demand_share=D("0.25"), **window)
    await configured(world, product, other, **window)

    async with world.read() as session:
        found = await replenishment.suggest(session, Wish(only_below=False))

    rows = {one.row.location_id: one.row for one in found.suggestions}
    assert {id: (row.demand, row.daily_demand, row.reorder_point) for id, row in rows.items()} == {
        location.id: (50, 5, 25),
        other.id: (0, 0, 0),
    }


async def test_all_is_one_statement_however_much_there_is(world: World) -> None:
    location = await world.location()
    for _ in range(12):
        await min_max(world, await world.product(), location, 1, 5)
    statements: list[str] = []
    world.database.listener = statements.append

    async with world.read() as session:
        found = await replenishment.suggest(session, Wish())
    world.database.listener = None

    assert len(found.suggestions) == 12
    patience, _ = statements
    assert patience == suggesting.PATIENCE


async def test_a_page_beyond_the_end_is_empty_and_tells_the_sums_of_the_list(world: World) -> None:
    location = await world.location()
    for _ in range(3):
        await min_max(world, await world.product(unit_cost=D(2)), location, 1, 5)

    async with world.read() as session:
        beyond = await replenishment.suggest(session, Wish(limit=2, page=3))
        nothing = await replenishment.suggest(session, Wish(product_ids=["prod_none"]))

    told = [(f.suggestions, f.count, f.units, f.value, f.stock_outs) for f in (beyond, nothing)]
    assert told == [([], 3, 15, 30, 3), ([], 0, 0, 0, 0)]


async def test_pages_put_together_are_the_list_and_sources_do_not_depend_on_them(
    world: World,
) -> None:
    depot = await world.location(id="loc_depot")
    shops = [await world.location() for _ in range(3)]
    for number in range(4):
        product = await world.product(unit_cost=D(1 + number))
        await world.stock(product, depot, 200)
        for shop in shops:
            await min_max(world, product, shop, 10, 50)
        await min_max(world, product, depot, 20, 60)

    async with world.read() as session:
        whole = await replenishment.suggest(session, Wish())
        parts = [await replenishment.suggest(session, Wish(limit=5, page=n)) for n in (1, 2, 3)]

    rows = [one.row for one in whole.suggestions]
    assert [one.row for part in parts for one in part.suggestions] == rows
    assert [row.source_location_id for row in rows].count(depot.id) == 4 * 2
