"""What channels can promise for later days: from what comes, goes, is promised and expires."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from graph import ask, refusal, statements
from world import World

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
CUBE = """query ($products: [ID!]!, $locations: [ID!]!, $buckets: AtpBuckets) {
  atpCube(products: $products, locations: $locations, buckets: $buckets) {
    buckets { index firstDay lastDay }
    cells { channel { id } product { id } location { id } atp now { atp inbound } } } }"""
SERIES = """query ($id: ID!, $place: ID!, $buckets: AtpBuckets) { product(id: $id) {
  atp(locationId: $place) { channel { id } atp inbound
    series(buckets: $buckets) { firstDay lastDay atp supply demand projected }
    explain { kind quantity balance } } } }"""
EARLIEST = """query ($id: ID!, $place: ID!, $q: Quantity!) { product(id: $id) {
  atp(locationId: $place) { channel { id } earliest(quantity: $q) } } }"""
RESERVE = """mutation ($input: ReserveStockInput!) { reserveStock(input: $input) {
  reservation { id expiresAt lines { neededOn atpBefore } }
  lines { reserved shortfall atp earliest } } }"""


def on(days: int) -> str:
    return (START + timedelta(days=days)).date().isoformat()


class Yard:
    """Ten units of a product, twenty more in five days, and channels that promise them."""

    def __init__(self, world: World, product: Any, location: Any) -> None:
        self.world, self.product, self.location = world, product, location

    @classmethod
    async def of(cls, world: World, units: int = 10) -> "Yard":
        world.database.now = START
        product, location = await world.product(), await world.location()
        await world.stock(product, location, units)
        yard = cls(world, product, location)
        await yard.expect(20, 5)
        return yard

    async def expect(self, units: int, days: int) -> None:
        due = (START + timedelta(days=days)).date()
        vendor = await self.world.vendor()
        await self.world.order(
            vendor, self.product, units, location_id=self.location.id, due_on=due
        )

    async def ask_for(self, units: int, days: int) -> None:
        """Another location asks for units, and is not promised them yet."""
        other = await self.world.location()
        await ask(
            self.world,
            """mutation ($input: CreateStockRequestInput!) {
              createStockRequest(input: $input) { stockRequest { id } } }""",
            input={
                "requestingLocationId": other.id,
                "fulfillingLocationId": self.location.id,
                "type": "STOCK",
                "neededBy": on(days),
                "lines": [{"productId": self.product.id, "quantity": units}],
                "submit": True,
            },
        )

    async def cells(self, count: int = 10) -> dict[str, Any]:
        buckets = {"size": "DAY", "count": count}
        names = {"id": self.product.id, "place": self.location.id, "buckets": buckets}
        found = (await ask(self.world, SERIES, **names))["product"]["atp"]
        return {cell["channel"]["id"]: cell for cell in found}

    async def atps(self, channel: str = "A", count: int = 10) -> list[int]:
        return [part["atp"] for part in (await self.cells(count))[channel]["series"]]

    async def earliest(self, quantity: int, channel: str = "A") -> str | None:
        names = {"id": self.product.id, "place": self.location.id, "q": quantity}
        found = (await ask(self.world, EARLIEST, **names))["product"]["atp"]
        days: dict[str, str | None] = {cell["channel"]["id"]: cell["earliest"] for cell in found}
        return days[channel]

    def wish(self, *lines: tuple[int, int | None], channel: str = "A", **more: Any) -> Any:
        return {
            "channelId": channel,
            "lines": [
                {
                    "productId": self.product.id,
                    "locationId": self.location.id,
                    "quantity": quantity,
                    **({} if days is None else {"neededOn": on(days)}),
                }
                for quantity, days in lines
            ],
            **more,
        }

    async def reserve(self, *lines: tuple[int, int | None], **more: Any) -> Any:
        return (await ask(self.world, RESERVE, input=self.wish(*lines, **more)))["reserveStock"]


async def test_what_is_expected_can_be_promised_for_the_days_after_it(world: World) -> None:
    yard = await Yard.of(world)
    await world.channel("A")

    cell = (await yard.cells(7))["A"]

    assert (cell["atp"], cell["inbound"]) == (10, 0)
    assert [part["atp"] for part in cell["series"]] == [10] * 5 + [30] * 2
    assert cell["series"][5] == {
        "firstDay": on(5),
        "lastDay": on(5),
        "atp": 30,
        "supply": 20,
        "demand": 0,
        "projected": 30,
    }
    assert (await yard.earliest(10), await yard.earliest(11)) == (on(0), on(5))
    assert await yard.earliest(31) is None


async def test_what_is_planned_for_a_day_cannot_be_promised_before_it(world: World) -> None:
    yard = await Yard.of(world)
    await world.channel("A")
    await yard.ask_for(8, 3)

    assert await yard.atps(count=7) == [2] * 5 + [22] * 2


async def test_policies_say_whether_and_how_far_ahead_arrivals_count(world: World) -> None:
    yard = await Yard.of(world)
    wanted: dict[str, dict[str, Any]] = {
        "NOW": {"include_inbound": True, "inbound_horizon_days": 6},
        "NEAR": {"include_inbound": True, "inbound_horizon_days": 4},
        "NEVER": {"include_inbound": False},
        "USUAL": {},
    }
    for n, (name, terms) in enumerate(wanted.items()):
        await world.policy(await world.channel(name, position=n), **terms)
    await yard.expect(7, 8)

    cells = await yard.cells(10)

    assert {name: cell["atp"] for name, cell in cells.items()} == {
        "NOW": 30,
        "NEAR": 10,
        "NEVER": 10,
        "USUAL": 10,
    }
    assert cells["NOW"]["inbound"] == 20
    assert {name: [part["atp"] for part in cell["series"]] for name, cell in cells.items()} == {
        "NOW": [30] * 10,
        "NEAR": [10] * 10,
        "NEVER": [10] * 10,
        "USUAL": [10] * 5 + [30] * 3 + [37] * 2,
    }
    steps = {step["kind"]: step["quantity"] for step in cells["NOW"]["explain"]}
    assert steps["INBOUND"] == 20
    assert cells["NOW"]["explain"][-1]["balance"] == 30


async def test_late_arrivals_count_from_tomorrow_and_not_for_ever(world: World) -> None:
    yard = await Yard.of(world)
    await world.channel("A")
    await yard.expect(5, -30)
    await yard.expect(100, -31)

    assert await yard.atps(count=3) == [10, 15, 15]

    await world.settings(overdue_supply_days=29)
    assert await yard.atps(count=3) == [10, 10, 10]


async def test_a_promise_for_a_day_leaves_to_others_what_arrives_before_it(world: World) -> None:
    yard = await Yard.of(world)
    await world.channel("A")

    made = await yard.reserve((25, 7))

    assert made["reservation"]["lines"] == [{"neededOn": on(7), "atpBefore": 30}]
    # Twenty of the 25 arrive before the day: five of the ten that are there are kept for it.
    cell = (await yard.cells(8))["A"]
    assert (cell["atp"], cell["inbound"]) == (5, 20)
    assert [part["atp"] for part in cell["series"]] == [5] * 8
    steps = {step["kind"]: step["quantity"] for step in cell["explain"]}
    assert (steps["RESERVED"], steps["INBOUND"]) == (-25, 20)
    refused = await refusal(world, RESERVE, input=yard.wish((6, None)))
    assert (refused["code"], refused["details"]["atp"]) == ("INSUFFICIENT_ATP", 5)
    await yard.reserve((5, None))
    assert await yard.atps(count=8) == [0] * 8


async def test_what_is_promised_for_now_can_be_handed_out_before_later_promises(
    world: World,
) -> None:
    yard = await Yard.of(world)
    await world.channel("A")
    await yard.reserve((20, 7))
    now = (await yard.reserve((10, None)))["reservation"]["id"]

    consume = """mutation ($input: ConsumeReservationInput!) {
      consumeReservation(input: $input) { reservation { state } } }"""
    done = await ask(world, consume, input={"reservationId": now})

    assert done["consumeReservation"]["reservation"]["state"] == "CONSUMED"


async def test_lines_of_one_request_are_promised_one_after_the_other(world: World) -> None:
    yard = await Yard.of(world)
    await world.channel("A")

    made = await yard.reserve((8, None), (25, 6), (4, 1), allowPartial=True)

    assert made["lines"] == [
        {"reserved": 8, "shortfall": 0, "atp": 10, "earliest": None},
        {"reserved": 22, "shortfall": 3, "atp": 22, "earliest": None},
        {"reserved": 0, "shortfall": 4, "atp": 0, "earliest": None},
    ]


async def test_a_line_that_is_short_says_when_it_could_be_met(world: World) -> None:
    yard = await Yard.of(world)
    await world.channel("A")

    made = await yard.reserve((13, None), allowPartial=True)
    refused = await refusal(world, RESERVE, input=yard.wish((13, None)))

    assert made["lines"] == [{"reserved": 10, "shortfall": 3, "atp": 10, "earliest": on(5)}]
    assert refused["details"]["earliest"] == on(5)


async def test_a_promise_for_a_later_day_may_last_until_then(world: World) -> None:
    yard = await Yard.of(world)
    await world.channel("A")
    eight_days = 8 * 24 * 3600

    later = await yard.reserve((1, 9), ttlSeconds=eight_days)
    sooner = await refusal(world, RESERVE, input=yard.wish((1, None), ttlSeconds=eight_days))
    extend = """mutation ($input: ExtendReservationInput!) {
      extendReservation(input: $input) { reservation { expiresAt } } }"""
    id = later["reservation"]["id"]
    longer = await ask(world, extend, input={"reservationId": id, "ttlSeconds": 2 * eight_days})

    assert later["reservation"]["expiresAt"] == "2026-03-10T12:00:00Z"
    assert sooner["code"] == "TTL_REFUSED"
    assert longer["extendReservation"]["reservation"]["expiresAt"] == "2026-03-18T12:00:00Z"


async def test_lots_leave_when_they_expire_unless_they_are_promised_before(world: World) -> None:
    yard = await Yard.of(world)
    channel = await world.channel("A")
    lot = await world.lot(yard.product, expiry=(START + timedelta(days=3)).date())
    await world.stock(yard.product, yard.location, 6, lot=lot)

    assert await yard.atps(count=7) == [16] * 4 + [10] + [30] * 2
    await yard.ask_for(4, 2)
    assert await yard.atps(count=7) == [12] * 4 + [10] + [30] * 2
    await world.policy(channel, minimum_shelf_life_days=2)
    assert await yard.atps(count=7) == [12, 12, *[6] * 3, *[26] * 2]


async def test_a_lot_may_expire_on_the_last_day_of_the_calendar(world: World) -> None:
    yard = await Yard.of(world)
    channel = await world.channel("A")
    await world.policy(channel, minimum_shelf_life_days=2)
    for last in (date.max, date.min):
        lot = await world.lot(yard.product, expiry=last)
        await world.stock(yard.product, yard.location, 6, lot=lot)

    assert await yard.atps(count=4) == [16] * 4
    async with world.read() as session:
        days = await session.call("select array_agg(expiry_date::text order by number) from lots")
    assert days == ["9999-12-31", "0001-01-01"]


async def test_fences_hold_against_what_arrives_too(world: World) -> None:
    yard = await Yard.of(world)
    fenced = await world.channel("F")
    await world.channel("A", position=1)
    await world.policy(fenced, mode="FENCED")
    await world.quota(fenced, yard.product, yard.location, 15)

    cells = await yard.cells(6)

    assert [part["atp"] for part in cells["F"]["series"]] == [10] * 5 + [15]
    assert [part["atp"] for part in cells["A"]["series"]] == [0] * 5 + [15]


async def test_the_cube_has_the_cells_of_all_places_in_nine_statements(world: World) -> None:
    yard = await Yard.of(world)
    await world.channel("A")
    other, empty = await world.product(), await world.location()
    await world.stock(other, yard.location, 3)
    names = {"products": [yard.product.id, other.id], "locations": [yard.location.id, empty.id]}

    async with statements(world) as found:
        cube = (await ask(world, CUBE, **names, buckets={"size": "WEEK", "count": 2}))["atpCube"]

    assert cube["buckets"] == [
        {"index": 0, "firstDay": on(0), "lastDay": on(6)},
        {"index": 1, "firstDay": on(7), "lastDay": on(13)},
    ]
    assert [
        (cell["product"]["id"], cell["location"]["id"], cell["now"]["atp"], cell["atp"])
        for cell in cube["cells"]
    ] == [
        (yard.product.id, yard.location.id, 10, [10, 30]),
        (yard.product.id, empty.id, 0, [0, 0]),
        (other.id, yard.location.id, 3, [3, 3]),
        (other.id, empty.id, 0, [0, 0]),
    ]
    # Products, locations, policies, those about one product, and one for each kind of source:
    # numbers, what comes, what goes, lots that expire; the day.
    assert len(found) == 9


async def test_refuses_parts_beyond_the_horizon_and_sizes_that_are_none(world: World) -> None:
    yard = await Yard.of(world)
    await world.channel("A")
    names = {"products": [yard.product.id], "locations": [yard.location.id]}

    async def refused(size: str, count: int) -> tuple[str, str]:
        found = await refusal(world, CUBE, **names, buckets={"size": size, "count": count})
        return found["code"], found["field"]

    assert await refused("MONTH", 1) == ("UNKNOWN_BUCKET_SIZE", "buckets.size")
    assert await refused("WEEK", 27) == ("BEYOND_HORIZON", "buckets.count")
    assert await refused("DAY", 182) == ("BEYOND_HORIZON", "buckets.count")
    assert await refused("DAY", 0) == ("BEYOND_HORIZON", "buckets.count")
    late = await refusal(world, RESERVE, input=yard.wish((1, 181)))
    past = await refusal(world, RESERVE, input=yard.wish((1, -1)))
    assert (late["code"], late["field"]) == ("BEYOND_HORIZON", "lines[0].neededOn")
    assert (past["code"], past["field"]) == ("INVALID", "lines[0].neededOn")
    cube = (await ask(world, CUBE, **names, buckets={"size": "WEEK", "count": 26}))["atpCube"]
    assert cube["buckets"][-1]["lastDay"] == on(180)
