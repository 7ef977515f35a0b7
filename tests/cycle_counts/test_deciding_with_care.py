"""Tolerance, approval, wrong input and the statements that counting costs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from clients import client_of
from counting import AT, Warehouse, count, create, resolve, step
from graph import actor_of, answer, ask, refusal, statements
from services import cycle_counts, stock
from services.cycle_counts import Counted, Resolve, Step, Wish
from world import World

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
SETTINGS = """mutation ($input: UpdateCountSettingsInput!) {
  updateCountSettings(input: $input) { settings { version } } }"""
PIN = """mutation ($input: PinAbcClassInput!) { pinAbcClass(input: $input) { message } }"""


@pytest.mark.parametrize(
    ("abc_class", "counted", "within"),
    [
        ("A", 995, True),  # half a per cent of 1,000
        ("A", 994, False),
        ("B", 1_010, True),
        ("B", 1_011, False),
        ("C", 950, True),
        ("C", 949, False),
    ],
)
async def test_each_class_has_a_tolerance(
    world: World,
    abc_class: str,
    counted: int,
    within: bool,  # noqa: FBT001 - a case
) -> None:
    product, location = await world.product(unit_cost=1), await world.location()
    await world.stock(product, location, 1_000)
    await ask(world, PIN, input={"productId": product.id, "abcClass": abc_class})
    async with client_of(world) as client:
        batch = await create(client, location)
        done = await count(client, batch, counted)

    line = done["batch"]["lines"][0]
    assert (line["abcClass"], line["withinTolerance"]) == (abc_class, within)


async def test_units_money_and_strict_products_bound_the_tolerance(world: World) -> None:
    location = await world.location()
    cheap = await world.product(sku="A", unit_cost=1)
    dear = await world.product(sku="B", unit_cost=100)
    strict = await world.product(sku="C", unit_cost=1, regulated=True)
    serial = await world.product(sku="D", unit_cost=1, serial_tracked=True)
    for product in (cheap, dear, strict, serial):
        await world.stock(product, location, 10)
    await ask(world, SETTINGS, input={"toleranceUnits": 2, "toleranceValue": 50})
    async with client_of(world) as client:
        batch = await create(client, location)
        done = await count(client, batch, 8, 9, 9, 9)

    within = [line["withinTolerance"] for line in done["batch"]["lines"]]
    assert within == [True, False, False, False]


async def test_a_large_variance_needs_another_than_its_counter(world: World) -> None:
    place = await Warehouse.make(world)
    await ask(world, SETTINGS, input={"approvalValue": 15})
    approve = """mutation ($input: ApproveCountLinesInput!) {
      approveCountLines(input: $input) { message batch { lines { approvedBy { name } } } } }"""
    async with client_of(world) as ann, client_of(world) as bob:
        batch = await create(ann, place.location)
        await count(ann, batch, 3, 10)  # two pieces of 10 each are missing
        line = batch["lines"][0]["id"]
        body = {"batchId": batch["id"], "resolutions": [{"lineId": line, "action": "ACCEPT"}]}
        own = await ann.rest("POST", f"{AT}/resolve", json=body)
        wish = {"batchId": batch["id"], "lineIds": [line]}
        itself = await ann.graphql(approve, input=wish)
        other = await bob.graphql(approve, input=wish)
        done = await resolve(ann, batch, l0="ACCEPT")

    assert (own.status_code, own.json()["code"]) == (409, "APPROVAL_REQUIRED")
    assert itself["errors"][0]["extensions"]["code"] == "APPROVAL_REQUIRED"
    assert other["data"]["approveCountLines"]["message"] == "Approved 1 line of COUNT-000001."
    assert done["batch"]["status"] == "POSTED"


async def test_another_may_accept_without_an_approval_before(world: World) -> None:
    place = await Warehouse.make(world)
    await ask(world, SETTINGS, input={"approvalValue": 15})
    async with client_of(world) as ann, client_of(world) as bob:
        batch = await create(ann, place.location)
        await count(ann, batch, 3, 10)
        done = await resolve(bob, batch, l0="ACCEPT")

    assert done["batch"]["status"] == "POSTED"


async def digest(world: World) -> Any:
    query = """{ cycleCounts { nodes { status version lines { status countedQty resolution } } }
      postings { totalCount } inventoryItems { nodes { onHand lastCountedAt } } }"""
    return await ask(world, query)


async def test_wrong_input_is_refused_with_its_code_and_changes_nothing(world: World) -> None:
    world.database.now = NOW
    place = await Warehouse.make(world)
    elsewhere = await world.stock(place.products[0], await world.location(), 1)
    async with client_of(world) as client:
        batch = await create(client, place.location)
        one, two = (line["id"] for line in batch["lines"])
        before = await digest(world)
        ahead = (NOW + timedelta(seconds=61)).isoformat()

        async def tried(path: str, **body: Any) -> tuple[int, str]:
            found = await client.rest("POST", f"{AT}/{path}", json=body)
            return found.status_code, found.json()["code"]

        def saving(*lines: dict[str, Any]) -> Any:
            return tried(batch["id"], lines=[{"countedQty": 1} | line for line in lines])

        decide = {"batchId": batch["id"], "resolutions": [{"lineId": one, "action": "ACCEPT"}]}
        found = {
            "twice": await saving({"lineId": one}, {"inventoryItemId": place.items[0]}),
            "unknown line": await saving({"lineId": "cline_x"}),
            "no line": await saving({}),
            "another location": await saving({"inventoryItemId": elsewhere}),
            "below zero": await saving({"lineId": one, "countedQty": -1}),
            "half a piece": await saving({"lineId": one, "countedQty": 0.5}),
            "ahead": await saving({"lineId": one, "countedAt": ahead}),
            "nothing to do": await tried(batch["id"]),
            "nothing counted": await tried(batch["id"], action="COMPLETE"),
            "reopened too early": await tried(batch["id"], action="REOPEN"),
            "still counted": await tried("resolve", **decide),
            "no decision": await tried("resolve", batchId=batch["id"], resolutions=[]),
            "no count": await tried("count_x", action="START"),
        }
        after = await digest(world)

    assert found == {
        "twice": (400, "DUPLICATE_LINE"),
        "unknown line": (404, "NOT_FOUND"),
        "no line": (400, "INVALID"),
        "another location": (400, "INVALID"),
        "below zero": (400, "QUANTITY_REFUSED"),
        "half a piece": (400, "QUANTITY_REFUSED"),
        "ahead": (400, "COUNTED_AHEAD"),
        "nothing to do": (400, "INVALID"),
        "nothing counted": (409, "ILLEGAL_STEP"),
        "reopened too early": (409, "ILLEGAL_STEP"),
        "still counted": (409, "STILL_COUNTING"),
        "no decision": (409, "STILL_COUNTING"),
        "no count": (404, "NOT_FOUND"),
    }
    assert after == before
    assert two


async def test_decisions_that_make_no_sense_are_refused(world: World) -> None:
    place = await Warehouse.make(world)
    async with client_of(world) as client:
        batch = await create(client, place.location)
        await count(client, batch, 4)  # nobody counted the second line
        one, two = (line["id"] for line in batch["lines"])
        before = await digest(world)

        async def tried(*resolutions: dict[str, Any]) -> tuple[int, str, str | None]:
            body = {"batchId": batch["id"], "resolutions": list(resolutions)}
            found = await client.rest("POST", f"{AT}/resolve", json=body)
            refused = found.json()
            return found.status_code, refused["code"], refused.get("details", {}).get("field")

        accept = {"lineId": one, "action": "ACCEPT"}
        found = [
            await tried(accept, accept),
            await tried({"lineId": two, "action": "ACCEPT"}),
            await tried({"lineId": "cline_x", "action": "ACCEPT"}),
            await tried({"lineId": one, "action": "ADJUST_TO"}),
            await tried(accept | {"quantity": 3}),
            await tried(accept | {"reasonCode": "NONE"}),
            await tried({"lineId": one, "action": "ADJUST_TO", "quantity": -1}),
            await tried(accept | {"reasonCode": "FOUND"}),
            await tried(accept | {"comment": "x" * 2_001}),
        ]
        after = await digest(world)
        done = await resolve(client, batch, l0="ACCEPT")
        again = await tried(accept)

    assert found == [
        (400, "DUPLICATE_LINE", "resolutions[1]"),
        (409, "LINE_RESOLVED", "resolutions[0].lineId"),
        (404, "NOT_FOUND", None),
        (400, "INVALID", "resolutions[0].quantity"),
        (400, "INVALID", "resolutions[0].quantity"),
        (400, "UNKNOWN_REASON", "resolutions[0].reasonCode"),
        (400, "QUANTITY_REFUSED", "resolutions[0].quantity"),
        (400, "UNKNOWN_REASON", "resolutions[0].reasonCode"),
        (400, "INVALID", "resolutions[0].comment"),
    ]
    assert after == before
    assert [line["status"] for line in done["batch"]["lines"]] == ["RESOLVED", "SKIPPED"]
    assert done["batch"]["status"] == "POSTED"
    assert again == (409, "ILLEGAL_STEP", "action")


async def test_a_rehearsed_decision_shows_what_it_would_do_and_keeps_nothing(world: World) -> None:
    place = await Warehouse.make(world)
    await world.channel()
    async with client_of(world) as client:
        batch = await create(client, place.location)
        await count(client, batch, 4, 10)
    mutation = """mutation ($input: ResolveCycleCountInput!) {
      resolveCycleCount(input: $input, dryRun: true) {
        message preview { before { atp } after { atp } } } }"""
    wish = {"batchId": batch["id"], "acceptRest": "ALL"}
    before = await digest(world)

    seen = (await ask(world, mutation, input=wish))["resolveCycleCount"]

    assert seen["message"] == "Resolved 2: COUNT-000001 is POSTED."
    assert sorted(cell["atp"] for cell in seen["preview"]["before"]) == [5, 10]
    assert sorted(cell["atp"] for cell in seen["preview"]["after"]) == [4, 10]
    assert await digest(world) == before


async def stocked(world: World, lines: int) -> Any:
    location = await world.location()
    products = [await world.product(id=f"p{n}", unit_cost=1) for n in range(min(lines, 40))]
    bins = [await world.bin(location, id=f"b{n}") for n in range(-(-lines // len(products)))]
    wanted = [(product, bin) for bin in bins for product in products][:lines]
    posting = stock.Posting(
        kind="RECEIPT",
        author=actor_of(world).author,
        lines=[
            stock.Line(product_id=p.id, location_id=location.id, bin_id=b.id, delta=Decimal(10))
            for p, b in wanted
        ],
    )
    async with world.write() as session:
        await stock.post(session, posting)
    return location


async def cost(world: World, lines: int) -> list[int]:
    """Statements of making, counting, completing and posting a count of so many lines."""
    actor = actor_of(world)
    location = await stocked(world, lines)
    spent = []
    async with statements(world) as seen, world.write() as session:
        made = await cycle_counts.create(session, actor, Wish(location_id=location.id, type="FULL"))
        spent.append(len(seen))
        numbers = [Counted(line_id=line.id, counted_qty=Decimal(9)) for line in made.lines]
        assert len(numbers) == lines
        wish = Step(count_id=made.count.id, action="COMPLETE", lines=numbers)
        await cycle_counts.step(session, actor, wish)
        spent.append(len(seen) - sum(spent))
        done = await cycle_counts.resolve(
            session, actor, Resolve(count_id=made.count.id, rest="ALL")
        )
        spent.append(len(seen) - sum(spent))
    assert done.count.status == "POSTED"
    return spent


async def test_counting_2000_lines_takes_as_many_statements_as_counting_two(
    world: World, other_world: World
) -> None:
    assert await cost(world, 2) == await cost(other_world, 2_000)


async def test_who_may_not_count_is_refused(world: World) -> None:
    found = await answer(world, "{ cycleCounts { totalCount } }", permissions=["inventory.read"])

    assert found["errors"][0]["code"] == "FORBIDDEN"
    assert (await refusal(world, "{ cycleCount { id } }"))["field"] == "id"


async def test_a_count_is_assigned_and_talked_about(world: World) -> None:
    place = await Warehouse.make(world)
    assign = """mutation ($input: AssignCycleCountInput!) {
      assignCycleCount(input: $input) { batch { status assignedTo { id } } } }"""
    comment = """mutation ($input: CommentCycleCountInput!) {
      commentCycleCount(input: $input) { batch { comments { comment } events { action } } } }"""
    async with client_of(world) as client:
        batch = await create(client, place.location)
    id = batch["id"]

    given = await ask(world, assign, input={"batchId": id, "assignedTo": "Ann"})
    taken = await ask(world, assign, input={"batchId": id, "assignedTo": None})
    said = await ask(world, comment, input={"batchId": id, "comment": "before noon"})

    assert given["assignCycleCount"]["batch"] == {"status": "ASSIGNED", "assignedTo": {"id": "Ann"}}
    assert taken["assignCycleCount"]["batch"] == {"status": "DRAFT", "assignedTo": None}
    assert said["commentCycleCount"]["batch"] == {
        "comments": [{"comment": "before noon"}],
        "events": [{"action": a} for a in ("CREATE", "ASSIGN", "ASSIGN", "COMMENT")],
    }


async def test_key_figures_are_of_buckets_and_not_netted(world: World) -> None:
    place = await Warehouse.make(world)
    query = """query ($id: ID!) { cycleCount(id: $id) { accuracy { countedLines linesWithin hitRate
      unitAccuracy netValue absoluteValue shrinkageValue } } }"""
    async with client_of(world) as client:
        batch = await create(client, place.location)
        await count(client, batch, 4, 15)  # one of 10 is missing, five of 2 are there too many

    found = (await ask(world, query, id=batch["id"]))["cycleCount"]["accuracy"]

    assert found == {
        "countedLines": 2,
        "linesWithin": 0,
        "hitRate": 0,
        "unitAccuracy": Decimal("0.6"),  # 6 of 15 expected units are off
        "netValue": 0,
        "absoluteValue": 20,
        "shrinkageValue": 10,
    }


async def test_a_count_is_reopened_and_called_off(world: World) -> None:
    place = await Warehouse.make(world)
    async with client_of(world) as client:
        batch = await create(client, place.location)
        await count(client, batch, 4)
        again = await step(client, batch, action="REOPEN")
        gone = await step(client, batch, action="CANCEL", comment="flooded")
        late = await client.rest("POST", f"{AT}/{batch['id']}", json={"action": "START"})

    assert again["batch"]["status"] == "COUNTING"
    assert [line["status"] for line in again["batch"]["lines"]] == ["COUNTED", "PENDING"]
    assert gone["batch"]["status"] == "CANCELLED"
    assert late.json()["details"] == {
        "status": "CANCELLED",
        "action": "START",
        "allowedActions": [],
        "field": "action",
    }
