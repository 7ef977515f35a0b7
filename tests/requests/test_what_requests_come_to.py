"""The dashboard, sums by category and filters: right whatever was done before, in one statement."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from clients import client_of
from domain.actor import Author
from domain.errors import GatewayError
from graph import ask, statements
from recount import by_category, choices, dashboard
from services.requests import allocating, deciding, ending, issuing, reports
from services.stocklists import writing as stocklists
from ward import CLERK, HEAD, NURSE, Ward
from world import World

AT = "/api/stock-requests"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=10)


class Walk:
    """Random acts on the requests of a ward, at moments that never go back."""

    def __init__(self, ward: Ward, products: list[Any], seed: int) -> None:
        self.ward, self.products, self.dice = ward, products, random.Random(seed)
        self.made: list[Any] = []
        self.done = 0
        self.now = NOW - timedelta(days=25)
        self.list_id = ""

    async def begin(self) -> None:
        """Put a stocklist of some of the products to use."""
        wanted = [(product, 5) for product in self.products[:3]]
        made = await self.ward.stocklist(*wanted, type="PUSH")
        self.list_id = made.stocklist.id
        async with self.ward.world.write() as session:
            await stocklists.publish(session, HEAD, self.list_id)

    async def step(self, left: int) -> None:
        self.now += (NOW - self.now) * self.dice.random() / max(1, left) * 2
        self.ward.world.database.now = self.now
        try:
            await self._act()
            self.done += 1
        except GatewayError:  # the state does not allow it, or too little is there
            pass

    async def _act(self) -> None:
        if not self.made or self.dice.random() < 0.12:
            self.made.append(await self._ask())
            return
        place = self.dice.randrange(max(0, len(self.made) - 8), len(self.made))
        one = self.made[place]
        way = self._way(one.request.status)
        if way == "stock up":
            product, units = self.dice.choice(self.products), self.dice.randint(5, 30)
            await self.ward.world.stock(product, self.ward.store, units)
        elif way == "roll back":
            self.made[place] = await self.ward.roll_back(one)
        else:
            use_case, by, *args = ACTS[way]
            if way.endswith(" one"):
                args = [[{"line_id": self.dice.choice(one.lines).id, "quantity": Decimal(1)}]]
            if way == "approve":
                args = [self._decided(one), None]
            self.made[place] = await self.ward.act(use_case, one, *args, by=by)

    def _decided(self, one: Any) -> list[dict[str, Any]]:
        """Of some lines less, nothing, or another product."""
        wishes: list[dict[str, Any]] = []
        asked = {line.product_id for line in one.lines}
        for line in self.dice.sample(one.lines, self.dice.randint(0, len(one.lines))):
            units = Decimal(self.dice.randint(0, int(line.requested)))
            wishes.append({"line_id": line.id, "approved_quantity": units})
            free = [product for product in self.products if product.id not in asked]
            if free and self.dice.random() < 0.3:
                instead = {"substitute_product_id": self.dice.choice(free).id}
                asked |= set(instead.values())
                wishes[-1] |= instead | {"substitution_reason": "not there"}
        return wishes

    def _way(self, status: str) -> str:
        """Often what leads on from the state, else anything."""
        onward = [way for way in ONWARD.get(status, ()) if self.dice.random() < 0.7]
        return self.dice.choice(onward or [*ACTS, "roll back", "stock up", "stock up"])

    async def _ask(self) -> Any:
        if self.dice.random() < 0.15:
            return await self.ward.request(
                type="E_REQUEST", stocklist_id=self.list_id, lines=None, submit=True
            )
        wanted = self.dice.sample(self.products, self.dice.randint(1, 4))
        days = self.dice.choice([None, 0, 1, 5])
        return await self.ward.request(
            *((product, self.dice.randint(1, 12)) for product in wanted),
            type=self.dice.choice(["STOCK", "ADHOC"]),
            priority=self.dice.choice(["LOW", "NORMAL", "HIGH", "URGENT"]),
            needed_by=None if days is None else self.now.date() + timedelta(days=days),
            submit=self.dice.random() < 0.5,
        )


ACTS: dict[str, tuple[Any, ...]] = {
    "submit": (deciding.submit, NURSE),
    "approve": (deciding.approve, HEAD, [], None),
    "reject": (deciding.reject, HEAD, "no", None),
    "allocate": (allocating.allocate, CLERK),
    "issue": (issuing.issue, CLERK),
    "issue one": (issuing.issue, CLERK),
    "get": (issuing.receive, NURSE),
    "get one": (issuing.receive, NURSE),
    "cancel": (ending.cancel, CLERK, None),
    "close": (ending.close, CLERK, None),
}
ONWARD = {
    "DRAFT": ["submit"],
    "SUBMITTED": ["approve"],
    "APPROVED": ["allocate", "stock up"],
    "ALLOCATED": ["issue", "issue one"],
    "ISSUED": ["get", "get one", "allocate"],
    "RECEIVED": ["allocate", "issue", "close"],
}


async def shop(world: World) -> tuple[Ward, list[Any]]:
    ward = await Ward.of(world)
    categories = [await world.category(), await world.category(), None]
    costs = [Decimal("1.25"), Decimal(3), None]
    return ward, [
        await ward.product(n, category_id=getattr(category, "id", None), unit_cost=costs[n % 3])
        for n, category in enumerate(categories * 3)
    ]


async def test_its_numbers_equal_a_recount_after_random_steps(
    world: World, run_seed: int, *, is_long: bool
) -> None:
    steps = 1_000 if is_long else 150
    walk = Walk(*await shop(world), run_seed)

    await walk.begin()
    for left in range(steps, 0, -1):
        await walk.step(left)

    world.database.now = NOW
    async with client_of(world) as client:
        shown = await client.get(f"{AT}/dashboard")
        late = await client.get(
            f"{AT}/dashboard", fromDate=SINCE.isoformat(), locationId=walk.ward.store.id
        )
        categories = await client.get(f"{AT}/by-category")
        filters = await client.get(f"{AT}/filters")
    expected = await dashboard(world, NOW, "key of nobody")
    assert shown["dashboard"] == expected
    assert late["dashboard"] == await dashboard(world, NOW, "key of nobody", SINCE)
    assert categories["categories"] == await by_category(world)
    assert filters["filters"] == await choices(world)
    assert walk.done > steps / 5
    states = {row["value"]: row["count"] for row in expected["byStatus"]}
    assert states["ISSUED"] + states["RECEIVED"] + states["CLOSED"] > 3


async def test_each_report_is_one_statement(world: World) -> None:
    ward, products = await shop(world)
    await ward.allocated((products[5], 2))
    places = {"requesting_location_id": ward.ward.id, "fulfilling_location_id": ward.store.id}
    counts = []
    for use_case, *args in (
        (reports.dashboard, reports.Span(location_id=ward.store.id), "me"),
        (reports.by_category, ()),
        (reports.filters,),
        (reports.search, reports.Search(said="product", **places)),
    ):
        found: list[str] = []
        async with world.read() as session:
            world.database.listener = found.append
            session._listener = found.append
            await use_case(session, *args)
        world.database.listener = None
        counts.append(len(found))

    async with statements(world) as found_:
        await ask(world, "{ pendingApprovals { nodes { id totalRequested totalValue } } }")

    assert [*counts, len(found_)] == [1, 1, 1, 1, 1]


async def test_a_dashboard_of_a_location_and_a_span_leaves_out_the_others(world: World) -> None:
    ward, other = await Ward.of(world), await Ward.of(world)
    product = await ward.product()
    world.database.now = NOW - timedelta(days=40)
    await ward.request((product, 1))
    world.database.now = NOW
    await ward.request((product, 1))
    await other.request((product, 1))

    async with client_of(world) as client:
        whole = await client.get(f"{AT}/dashboard")
        one = await client.get(f"{AT}/dashboard", locationId=ward.store.id)
        late = await client.get(
            f"{AT}/dashboard", locationId=ward.ward.id, fromDate="2026-06-14T00:00:00Z"
        )
        missing = await client.rest("GET", f"{AT}/dashboard", params={"locationId": "loc_none"})
        first = {"toDate": "0002-01-01T00:00:00Z"}
        early = await client.get(f"{AT}/dashboard", **first)

    totals = [found["dashboard"]["total"] for found in (whole, one, late)]
    assert totals == [3, 2, 1]
    assert late["dashboard"]["trend"] == [
        {"date": "2026-06-14", "created": 0, "closed": 0},
        {"date": "2026-06-15", "created": 1, "closed": 0},
    ]
    assert missing.status_code == 404
    assert early["dashboard"]["total"] == 0


async def test_filters_show_only_what_is_in_use(world: World) -> None:
    category = await world.category(name="Dressings")
    ward = await Ward.of(world)
    await ward.request((await ward.product(category_id=category.id), 1), priority="URGENT")
    made = await ward.submitted((await ward.product(), 1))
    await ward.act(deciding.reject, made, "no", None, by=Author("key_head", "Head"))

    async with client_of(world) as client:
        filters = (await client.get(f"{AT}/filters"))["filters"]

    assert filters == {
        "statuses": [
            {"value": "DRAFT", "label": "Draft", "count": 1},
            {"value": "REJECTED", "label": "Rejected", "count": 1},
        ],
        "types": [{"value": "STOCK", "label": "Stock", "count": 2}],
        "priorities": [
            {"value": "NORMAL", "label": "Normal", "count": 1},
            {"value": "URGENT", "label": "Urgent", "count": 1},
        ],
        "requestingLocations": [{"value": ward.ward.id, "label": "Ward", "count": 2}],
        "fulfillingLocations": [{"value": ward.store.id, "label": "Store", "count": 2}],
        "categories": [{"value": category.id, "label": "Dressings", "count": 1}],
        "requesters": [{"value": "key_nurse", "label": "Nurse", "count": 2}],
    }


async def test_a_request_that_is_needed_today_is_not_overdue(world: World) -> None:
    ward = await Ward.of(world)
    world.database.now = NOW
    await ward.submitted((await ward.product(), 1), needed_by=date(2026, 6, 15))

    async with client_of(world) as client:
        today = await client.get(f"{AT}/dashboard")
        world.database.now = NOW + timedelta(days=1)
        tomorrow = await client.get(f"{AT}/dashboard")

    assert [one["dashboard"]["overdue"] for one in (today, tomorrow)] == [0, 1]
