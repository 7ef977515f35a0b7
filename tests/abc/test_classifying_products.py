"""ABC: by value, velocity, hits and stock value; cutoffs, windows, pins, kept runs."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from clients import client_of
from graph import answer, ask, refusal, statements
from world import World

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
AT = "/api/inventory/cycle-count/abc"
CLASSES = """query ($location: ID, $terms: AbcTerms, $filter: AbcFilter, $order: AbcOrder! = RANK) {
  abcClassification(locationId: $location, terms: $terms, filter: $filter, orderBy: $order) {
    basis
    products {
      nodes { product { sku } abcClass computedClass rank units hits annualUsageValue shareBefore
        nonMoving pinned }
      totalCount
    }
    summary { a { products share } b { products share } c { products share } }
  }
}"""
PIN = """mutation ($input: PinAbcClassInput!) {
  pinAbcClass(input: $input) { pin { abcClass reason } message } }"""
KEEP = """mutation ($input: KeepAbcRunInput!) {
  keepAbcRun(input: $input) { message run { id total countA countB countC basis createdBy { name }
    classes { nodes { rank product { sku } abcClass measure shareBefore nonMoving } } } } }"""
EXPLAIN = """query ($product: ID!, $location: ID) {
  explainAbcClass(productId: $product, locationId: $location) {
    abcClass source rank measure shareBefore text run { id } } }"""


async def used(world: World, *uses: tuple[str, int, int]) -> tuple[Any, list[Any]]:
    """Products by sku, units issued in two lines of one and the rest, and unit cost."""
    world.database.now = NOW
    location = await world.location(code="MAIN")
    made = []
    for sku, units, cost in uses:
        product = await world.product(id=f"p-{sku}", sku=sku, unit_cost=Decimal(cost))
        await world.stock(product, location, 1_000)
        if units:
            await world.issue(product, location, units)
        made.append(product)
    return location, made


async def test_a_product_is_a_while_the_share_before_it_is_below_the_cutoff(world: World) -> None:
    await used(
        world, ("ONE", 70, 10), ("TWO", 20, 10), ("SIX", 6, 10), ("FOUR", 4, 10), ("NIL", 0, 9)
    )

    found = (await ask(world, CLASSES))["abcClassification"]

    rows = [
        (r["product"]["sku"], r["abcClass"], r["rank"], r["annualUsageValue"], r["shareBefore"])
        for r in found["products"]["nodes"]
    ]
    assert rows == [
        ("ONE", "A", 1, 700, 0),
        ("TWO", "A", 2, 200, Decimal("0.7")),  # it crosses 80 %, and stays in the higher class
        ("SIX", "B", 3, 60, Decimal("0.9")),
        ("FOUR", "C", 4, 40, Decimal("0.96")),
        ("NIL", "C", 5, 0, 1),
    ]
    assert [r["nonMoving"] for r in found["products"]["nodes"]] == [False] * 4 + [True]
    assert found["summary"] == {
        "a": {"products": 2, "share": Decimal("0.9")},
        "b": {"products": 1, "share": Decimal("0.06")},
        "c": {"products": 2, "share": Decimal("0.04")},
    }
    assert found["basis"] == "TENANT_USE"


async def test_equals_are_ranked_by_their_id_in_every_run(world: World) -> None:
    await used(world, ("B", 5, 10), ("A", 10, 5), ("C", 50, 1))

    found = (await ask(world, CLASSES))["abcClassification"]["products"]["nodes"]

    assert [row["product"]["sku"] for row in found] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("metric", "first"), [("VELOCITY", "MANY"), ("HITS", "OFTEN"), ("ONHAND_VALUE", "DEAR")]
)
async def test_other_metrics_rank_by_other_numbers(world: World, metric: str, first: str) -> None:
    location, products = await used(world, ("MANY", 900, 1), ("OFTEN", 1, 1), ("DEAR", 1, 50))
    for _ in range(3):
        await world.issue(products[1], location, 1)

    found = (await ask(world, CLASSES, terms={"metric": metric}))["abcClassification"]

    assert found["products"]["nodes"][0]["product"]["sku"] == first
    assert found["basis"] == ("CURRENT_STOCK" if metric == "ONHAND_VALUE" else "TENANT_USE")


async def test_only_days_of_the_window_count_both_ends_included(world: World) -> None:
    world.database.now = datetime(2026, 6, 10, 23, 59, tzinfo=UTC)
    location, product = await world.location(), await world.product(unit_cost=1)
    await world.stock(product, location, 100)
    await world.issue(product, location, 1)
    world.database.now = datetime(2026, 6, 11, 0, 0, tzinfo=UTC)
    await world.issue(product, location, 2)
    world.database.now = NOW

    async def units(start: str, end: str) -> Any:
        window = {"window": {"from": start, "to": end}}
        found = await ask(world, CLASSES, terms=window)
        return found["abcClassification"]["products"]["nodes"][0]["units"]

    assert await units("2026-06-10", "2026-06-10") == 1
    assert await units("2026-06-11", "2026-06-11") == 2
    assert await units("2026-06-01", "2026-06-30") == 3
    assert await units("2026-06-12", "2026-06-30") == 0


async def test_a_location_has_classes_of_its_own_use_or_the_tenants(world: World) -> None:
    _, (product, _other) = await used(world, ("ONE", 70, 10), ("TWO", 1, 1))
    quiet = await world.location(code="QUIET")
    await world.stock(product, quiet, 5)

    found = (await ask(world, CLASSES, location=quiet.id))["abcClassification"]
    await world.issue(product, quiet, 2)
    own = (await ask(world, CLASSES, location=quiet.id))["abcClassification"]

    assert (found["basis"], own["basis"]) == ("TENANT_USE", "LOCATION_USE")
    assert [(r["product"]["sku"], r["units"]) for r in found["products"]["nodes"]] == [("ONE", 70)]
    assert [(r["product"]["sku"], r["units"]) for r in own["products"]["nodes"]] == [("ONE", 2)]


async def test_a_pin_stands_whatever_the_use_until_it_is_taken_away(world: World) -> None:
    location, (one, two) = await used(world, ("ONE", 70, 10), ("TWO", 1, 1))
    wish = {"productId": two.id, "abcClass": "A", "reason": "narcotic"}

    pinned = await ask(world, PIN, input=wish)
    whole = (await ask(world, CLASSES))["abcClassification"]["products"]["nodes"]
    here = {"productId": two.id, "locationId": location.id, "abcClass": "B"}
    await ask(world, PIN, input=here)
    at = (await ask(world, CLASSES, location=location.id))["abcClassification"]["products"]["nodes"]
    gone = await ask(world, PIN, input=wish | {"abcClass": None})
    after = (await ask(world, CLASSES))["abcClassification"]["products"]["nodes"]

    assert pinned["pinAbcClass"] == {
        "pin": {"abcClass": "A", "reason": "narcotic"},
        "message": "Pinned TWO to class A.",
    }
    assert [(r["abcClass"], r["computedClass"], r["pinned"]) for r in whole] == [
        ("A", "A", False),
        ("A", "C", True),
    ]
    assert [r["abcClass"] for r in at] == ["A", "B"]
    assert gone["pinAbcClass"]["pin"] is None
    assert [r["abcClass"] for r in after] == ["A", "C"]
    assert one.sku == "ONE"


async def test_a_kept_run_explains_a_class_later(world: World) -> None:
    location, (one, two) = await used(world, ("ONE", 70, 10), ("TWO", 30, 10))

    run = (await ask(world, KEEP, input={}))["keepAbcRun"]["run"]
    await world.issue(two, location, 900)
    found = (await ask(world, EXPLAIN, product=two.id, location=location.id))["explainAbcClass"]
    level = await world.level(one, location, abc_class="C")
    set_ = (await ask(world, EXPLAIN, product=one.id, location=location.id))["explainAbcClass"]
    other = await world.product()
    none = (await ask(world, EXPLAIN, product=other.id))["explainAbcClass"]

    assert run["classes"]["nodes"] == [
        {
            "rank": 1,
            "product": {"sku": "ONE"},
            "abcClass": "A",
            "measure": 700,
            "shareBefore": 0,
            "nonMoving": False,
        },
        {
            "rank": 2,
            "product": {"sku": "TWO"},
            "abcClass": "A",
            "measure": 300,
            "shareBefore": Decimal("0.7"),
            "nonMoving": False,
        },
    ]
    assert (run["total"], run["countA"], run["countB"], run["countC"]) == (1000, 2, 0, 0)
    assert found["source"] == "RUN"
    assert found["run"] == {"id": run["id"]}
    assert found["text"] == (
        "Class A: rank 2 by VALUE from 2025-07-01 to 2026-06-30; the products before it make 70 % "
        "of the whole, which is below 80 %."
    )
    assert (set_["abcClass"], set_["source"]) == (level.abc_class, "LEVEL")
    assert (none["abcClass"], none["source"]) == (None, "NONE")


async def test_settings_of_the_tenant_decide_what_is_not_told(world: World) -> None:
    await used(world, ("ONE", 70, 10), ("TWO", 30, 10))
    change = """mutation ($input: UpdateCountSettingsInput!) {
      updateCountSettings(input: $input) { settings { cutoffA metric version intervalDaysA } } }"""

    set_ = await ask(world, change, input={"cutoffA": 0.5, "metric": "HITS", "intervalDaysA": 30})
    found = await ask(world, CLASSES, terms={"metric": "VALUE"})
    stale = change.replace("(input: $input)", "(input: $input, expectedVersion: 1)")

    assert set_["updateCountSettings"]["settings"] == {
        "cutoffA": Decimal("0.5"),
        "metric": "HITS",
        "version": 2,
        "intervalDaysA": 30,
    }
    nodes = found["abcClassification"]["products"]["nodes"]
    assert [row["abcClass"] for row in nodes] == ["A", "B"]
    assert (await refusal(world, stale, input={"cutoffA": 0.6}))["code"] == "STALE_VERSION"


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"cutoffA": 0}, "cutoffA"),
        ({"cutoffA": 1.1}, "cutoffA"),
        ({"cutoffB": 0.5}, "cutoffB"),
    ],
)
async def test_terms_that_make_no_sense_are_refused(
    world: World, terms: dict[str, Any], field: str
) -> None:
    found = await refusal(world, CLASSES, terms=terms)

    assert (found["code"], found["field"]) == ("INVALID", field)


async def test_a_window_that_ends_before_it_begins_has_no_use_and_is_not_kept(
    world: World,
) -> None:
    await used(world, ("ONE", 70, 10))
    terms = {"window": {"from": "2026-06-02", "to": "2026-06-01"}}

    found = await ask(world, CLASSES, terms=terms)
    early = await ask(world, CLASSES, terms={"window": {"to": "0001-01-01"}})
    refused = await refusal(world, KEEP, input={"terms": terms})

    for one in (found, early):
        nodes = one["abcClassification"]["products"]["nodes"]
        assert [(row["units"], row["abcClass"]) for row in nodes] == [(0, "C")]
    assert (refused["code"], refused["field"]) == ("INVALID", "fromDate")


async def test_who_may_only_count_is_told_classes_and_no_quantities(world: World) -> None:
    await used(world, ("ZWEI", 70, 10), ("ONE", 60, 10))

    found = await answer(world, CLASSES, permissions=["inventory.cyclecount"])
    own = await answer(
        world, CLASSES, permissions=["inventory.cyclecount"], terms={"metric": "ONHAND_VALUE"}
    )

    nodes = found["data"]["abcClassification"]["products"]["nodes"]
    assert [row["product"]["sku"] for row in nodes] == ["ONE", "ZWEI"]
    assert {row["annualUsageValue"] for row in nodes} == {None}
    assert own["errors"][0]["code"] == "FORBIDDEN"


async def test_a_page_of_the_rest_row_and_its_totals(world: World) -> None:
    location, _ = await used(world, ("ONE", 70, 10), ("TWO", 20, 10), ("SIX", 10, 10))
    async with client_of(world) as client:
        found = await client.get(AT, locationId=location.id, limit=1, page=2)
        only = await client.get(AT, **{"class": "B"})
        bad = await client.rest("GET", AT, params={"metric": "WEIGHT"})
        missing = await client.rest("GET", AT, params={"locationId": "loc_missing"})
    async with client_of(world, "inventory.cyclecount") as counter:
        blind = await counter.get(AT)

    assert found["classes"] == [
        {
            "productMasterId": "p-TWO",
            "productName": found["classes"][0]["productName"],
            "globalSku": "TWO",
            "abcClass": "A",
            "pinned": False,
            "annualUsageValue": 200,
            "share": 0.2,
            "cumulativeShare": 0.9,
            "nonMoving": False,
            "rank": 2,
            "units": 20,
            "countIntervalDays": 90,
            "lastCountedAt": None,
            "nextCountDue": "2026-06-30",
            "overdue": True,
            "dueBecause": "NEVER_COUNTED",
        }
    ]
    assert found["summary"]["A"] == {"products": 2, "share": 0.9, "overdue": 2}
    assert found["cutoffs"] == {"A": 0.8, "B": 0.95}
    assert found["pagination"] == {"page": 2, "pageSize": 1, "total": 3, "totalPages": 3}
    assert [row["globalSku"] for row in only["classes"]] == ["SIX"]
    assert (bad.status_code, missing.status_code) == (400, 404)
    assert {row["units"] for row in blind["classes"]} == {None}


async def test_classes_are_one_statement_whatever_the_products(world: World) -> None:
    await used(world, *((f"S{n}", n, 1) for n in range(1, 6)))
    async with statements(world) as found:
        await ask(world, "{ abcClassification { products { nodes { rank } } } }")

    assert len([text for text in found if "abc_classify" in text]) == 1
    assert len(found) == 3  # with the settings and the day
