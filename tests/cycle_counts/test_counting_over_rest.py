"""Rows 16 to 19 and 21 to 23: counts made, counted, completed and resolved by REST."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients import client_of
from counting import AT, Warehouse, count, create, resolve, step
from world import World

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


async def on_hand(world: World) -> dict[str, Any]:
    async with client_of(world) as client:
        items = (await client.get("/api/inventory"))["items"]
    return {
        item["globalSku"]: (item["quantityOnHand"], item.get("lastCountedAt")) for item in items
    }


async def test_a_count_is_made_with_a_line_a_bucket_in_walking_order(world: World) -> None:
    world.database.now = NOW
    place = await Warehouse.make(world)
    async with client_of(world) as client:
        batch = await create(client, place.location, blind=True, notes="yearly", assignedTo="Ann")
        listed = await client.get(AT, status="ASSIGNED", locationId=place.location.id)
        found = await client.get(f"{AT}/{batch['id']}")

    assert found == {"batch": batch}
    lines = batch.pop("lines")
    allowed = batch.pop("allowedActions")
    assert listed["batches"] == [batch]
    assert listed["pagination"] == {"page": 1, "pageSize": 20, "total": 1, "totalPages": 1}
    assert batch == {
        "id": batch["id"],
        "number": "COUNT-000001",
        "locationId": place.location.id,
        "locationName": "Main",
        "type": "FULL",
        "status": "ASSIGNED",
        "blind": True,
        "autoAdjust": False,
        "countDate": "2026-06-30",
        "lineCount": 2,
        "countedCount": 0,
        "varianceCount": 0,
        "netVarianceValue": 0,
        "assignedTo": {"id": "Ann", "name": "Ann"},
        "notes": "yearly",
        "createdBy": batch["createdBy"],
        "createdAt": "2026-06-30T12:00:00Z",
        "startedAt": None,
        "completedAt": None,
        "postedAt": None,
    }
    assert allowed == ["EDIT", "ASSIGN", "START", "SAVE", "CANCEL"]
    assert lines[0] == {
        "id": lines[0]["id"],
        "inventoryItemId": place.items[0],
        "productMasterId": place.products[0].id,
        "productName": "First",
        "globalSku": "ONE",
        "binId": place.bins[0].id,
        "binCode": "A-1",
        "lotId": None,
        "lotNumber": None,
        "abcClass": "C",
        "expectedQty": 5,
        "countedQty": None,
        "variance": None,
        "varianceValue": None,
        "withinTolerance": None,
        "countedAt": None,
        "countedBy": None,
        "status": "PENDING",
        "resolution": None,
        "notes": None,
    }
    assert [line["globalSku"] for line in lines] == ["ONE", "TWO"]


async def test_counts_are_listed_by_what_is_asked(world: World) -> None:
    world.database.now = NOW
    place = await Warehouse.make(world)
    other = await world.location(name="Other")
    await world.stock(place.products[1], other, 1)
    async with client_of(world) as client:
        await create(client, place.location, notes="yearly", assignedTo="Ann")
        world.database.now = NOW + timedelta(days=1)
        named = {"type": "PARTIAL", "productMasterIds": [place.products[0].id]}
        await create(client, place.location, **named, countDate="2026-07-10")
        await step(client, await create(client, other), action="CANCEL")
        asked: dict[str, list[int]] = {
            "": [3, 2, 1],
            "status=ASSIGNED,CANCELLED": [3, 1],
            "status=DRAFT": [2],
            f"locationId={other.id}": [3],
            "type=PARTIAL": [2],
            "type=SPOT_CHECK": [],
            "assignedTo=Ann": [1],
            f"productMasterId={place.products[1].id}": [3, 1],
            "search=000002": [2],
            "search=YEARLY": [1],
            "fromDate=2026-07-01": [3, 2],
            "fromDate=2026-07-01&toDate=2026-07-09": [3],
            "toDate=2026-06-30": [1],
            "page=2&limit=2": [1],
        }

        found = {query: (await client.get(f"{AT}?{query}"))["batches"] for query in asked}

    numbers = {
        query: [int(row["number"].removeprefix("COUNT-")) for row in rows]
        for query, rows in found.items()
    }
    assert numbers == asked


async def test_a_count_is_saved_in_sittings_completed_and_resolved(world: World) -> None:
    world.database.now = NOW
    place = await Warehouse.make(world)
    async with client_of(world) as client:
        batch = await create(client, place.location)
        started = await step(client, batch, action="START")
        one = await count(client, batch, 4, action="SAVE")
        two = await step(
            client, batch, lines=[{"inventoryItemId": place.items[1], "countedQty": 10}]
        )
        world.database.now = NOW + timedelta(hours=1)
        done = await step(client, batch, action="COMPLETE")
        resolved = await resolve(client, batch, l0="ACCEPT")

    statuses = [body["batch"]["status"] for body in (started, one, two, done, resolved)]
    assert statuses == ["COUNTING", "COUNTING", "COUNTED", "REVIEW", "POSTED"]
    line = done["batch"]["lines"][0]
    assert (line["expectedQty"], line["variance"], line["varianceValue"]) == (5, -1, -10)
    assert [line["status"] for line in done["batch"]["lines"]] == ["COUNTED", "WITHIN_TOLERANCE"]
    assert done["recommendations"] == [
        {
            "lineId": batch["lines"][0]["id"],
            "action": "RECOUNT",
            "why": "It is beyond tolerance, and was counted once.",
        },
        {
            "lineId": batch["lines"][1]["id"],
            "action": "ACCEPT",
            "why": "It is what the book says.",
        },
    ]
    assert done["transactions"] == []
    # The line without a variance needs no decision: it goes along with the last one.
    moved = [(t["inventoryItemId"], t["transactionType"], t["deltaQty"], t["qtyAfter"])
             for t in resolved["transactions"]]  # fmt: skip
    assert moved == [(place.items[0], "COUNT", -1, 4), (place.items[1], "COUNT", 0, 10)]
    assert resolved["batch"]["varianceCount"] == 1
    assert resolved["batch"]["netVarianceValue"] == -10
    assert resolved["message"] == "Resolved 2: COUNT-000001 is POSTED."
    # Both were counted when somebody looked, and not when it was posted.
    assert await on_hand(world) == {
        "ONE": (4, "2026-06-30T12:00:00Z"),
        "TWO": (10, "2026-06-30T12:00:00Z"),
    }


async def test_sales_after_a_line_was_counted_stay_right(world: World) -> None:
    world.database.now = NOW
    place = await Warehouse.make(world)
    async with client_of(world) as client:
        batch = await create(client, place.location)
        looked = (NOW - timedelta(minutes=5)).isoformat()
        lines = [{"lineId": batch["lines"][1]["id"], "countedQty": 8, "countedAt": looked}]
        world.database.now = NOW + timedelta(hours=1)
        sold = {"inventoryItemId": place.items[1], "adjustment": -3, "reasonCode": "CORRECTION"}
        assert (await client.rest("POST", "/api/inventory/adjust", json=sold)).status_code == 200
        early = await step(client, batch, action="SAVE", lines=lines)

    # Five minutes earlier nothing was there at all: the stock came in at noon.
    line = early["batch"]["lines"][1]
    assert (line["expectedQty"], line["countedQty"], line["variance"]) == (0, 8, 8)

    async with client_of(world) as client:
        lines[0]["countedAt"] = NOW.isoformat()
        done = await step(client, batch, action="COMPLETE", lines=lines)
        resolved = await resolve(client, batch, l1="ACCEPT")

    line = done["batch"]["lines"][1]
    assert (line["expectedQty"], line["variance"]) == (10, -2)
    assert [t["deltaQty"] for t in resolved["transactions"]] == [-2]
    assert (await on_hand(world))["TWO"] == (5, "2026-06-30T12:00:00Z")  # 8 counted, 3 sold since


async def test_resolve_accepts_adjusts_rejects_and_has_lines_counted_again(world: World) -> None:
    place = await Warehouse.make(world)
    third = await world.product(sku="THREE", unit_cost=1)
    await world.stock(third, place.location, 7)
    async with client_of(world) as ann, client_of(world) as bob:
        batch = await create(ann, place.location)
        await count(ann, batch, 4, 11, 9)
        decided = await resolve(
            ann,
            batch,
            l0={"action": "ADJUST_TO", "quantity": 3, "reasonCode": "DAMAGE", "comment": "broken"},
            l1="REJECT",
            l2="RECOUNT",
        )
        again = {"lines": [{"lineId": batch["lines"][2]["id"], "countedQty": 7}]}
        own = await ann.rest("POST", f"{AT}/{batch['id']}", json=again)
        second = await step(bob, batch, action="COMPLETE", **again)
        last = await resolve(bob, batch, l2="ACCEPT")

    assert decided["batch"]["status"] == "RECOUNT"
    lines = decided["batch"]["lines"]
    assert [(line["status"], line["resolution"]) for line in lines] == [
        ("RESOLVED", "ADJUST_TO"),
        ("RESOLVED", "REJECT"),
        ("RECOUNT_REQUIRED", None),
    ]
    assert [t["deltaQty"] for t in decided["transactions"]] == [-2]
    assert (own.status_code, own.json()["code"]) == (409, "SAME_COUNTER")
    assert second["batch"]["status"] == "REVIEW"
    assert last["batch"]["status"] == "POSTED"
    assert {sku: there[0] for sku, there in (await on_hand(world)).items()} == {
        "ONE": 3,
        "TWO": 10,
        "THREE": 7,
    }


async def test_what_is_within_tolerance_is_adjusted_by_itself_when_wished(world: World) -> None:
    place = await Warehouse.make(world)
    many = await world.product(sku="MANY", unit_cost=1)
    await world.stock(many, place.location, 1_000)
    async with client_of(world) as client:
        batch = await create(client, place.location, autoAdjust=True)
        done = await count(client, batch, 4, 10, 960)

    assert done["batch"]["status"] == "REVIEW"
    assert [line["status"] for line in done["batch"]["lines"]] == [
        "COUNTED",
        "RESOLVED",
        "RESOLVED",
    ]
    assert [t["deltaQty"] for t in done["transactions"]] == [0, -40]


async def test_stock_that_nobody_expected_is_counted_too(world: World) -> None:
    place = await Warehouse.make(world)
    other = await world.product(sku="NEW")
    async with client_of(world) as client:
        batch = await create(client, place.location, productMasterIds=[place.products[0].id])
        lines: list[dict[str, Any]] = [
            {"lineId": batch["lines"][0]["id"], "countedQty": 5},
            {"productMasterId": other.id, "binId": place.bins[1].id, "countedQty": 3},
            {"inventoryItemId": place.items[1], "countedQty": 10},
        ]
        await step(client, batch, action="COMPLETE", lines=lines)
        done = await resolve(client, batch, l0="ACCEPT")
        batch = done["batch"]
        last = await resolve(client, batch, l1="ACCEPT")

    assert [line["globalSku"] for line in batch["lines"]] == ["ONE", "NEW", "TWO"]
    assert done["batch"]["status"] == "REVIEW"
    assert last["batch"]["status"] == "POSTED"
    assert (await on_hand(world))["NEW"][0] == 3


async def test_a_count_by_class_takes_what_is_due(world: World) -> None:
    world.database.now = NOW
    place = await Warehouse.make(world)
    body = {"locationId": place.location.id, "classes": ["C"], "maxItems": 1}
    async with client_of(world) as client:
        made = await client.rest("POST", f"{AT}/abc", json=body)
        batch = made.json()["batch"]
        await count(client, batch, *[line["expectedQty"] for line in batch["lines"]])
        await resolve(client, batch, l0="ACCEPT")
        rest = await client.rest("POST", f"{AT}/abc", json=body | {"maxItems": 5})
        none = await client.rest("POST", f"{AT}/abc", json=body | {"classes": ["A"]})

    assert made.status_code == 201
    assert batch["type"] == "PARTIAL"
    assert len(batch["lines"]) == 1
    assert len(rest.json()["batch"]["lines"]) == 1  # the other one: the first was counted
    assert (none.status_code, none.json()["code"]) == (400, "NOTHING_TO_COUNT")


async def test_the_blind_form_is_walked_and_tells_no_quantity(world: World) -> None:
    world.database.now = NOW
    place = await Warehouse.make(world)
    lot = await world.lot(place.products[0], number='L "1", new')
    await world.stock(place.products[0], place.location, 2, bin=place.bins[0], lot=lot)
    async with client_of(world, "inventory.cyclecount") as client:
        batch = await create(client, place.location)
        query = {"batchId": batch["id"]}
        form = await client.get(f"{AT}/blind-form", **query)
        headers = {"Accept": "text/csv"}
        sheet = await client.rest("GET", f"{AT}/blind-form", params=query, headers=headers)
        missing = await client.rest("GET", f"{AT}/blind-form", params={"batchId": "count_x"})

    ids = [line["id"] for line in batch["lines"]]
    assert form["form"] == {
        "batchId": batch["id"],
        "number": "COUNT-000001",
        "locationName": "Main",
        "countDate": "2026-06-30",
        "lines": [
            {
                "lineId": id,
                "binCode": bin,
                "globalSku": sku,
                "productName": name,
                "lotNumber": number,
                "unitOfMeasure": "EA",
            }
            for id, bin, sku, name, number in zip(
                ids,
                ("A-1", "A-1", "A-2"),
                ("ONE", "ONE", "TWO"),
                ("First", "First", "Second"),
                (None, 'L "1", new', None),
                strict=True,
            )
        ],
    }
    assert sheet.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(sheet.text)))
    assert [{k: v or None for k, v in row.items()} for row in rows] == form["form"]["lines"]
    assert missing.status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"type": "PARTIAL"}, 400, "NOTHING_TO_COUNT", "productMasterIds"),
        ({"type": "FULL", "locationId": "loc_x"}, 404, "NOT_FOUND", "locationId"),
        (
            {"type": "SPOT_CHECK", "productMasterIds": ["p"]},
            404,
            "NOT_FOUND",
            "productMasterIds[0]",
        ),
        ({"type": "PARTIAL", "binIds": ["b"]}, 404, "NOT_FOUND", "binIds[0]"),
        ({"type": "PARTIAL", "binIds": ["other"]}, 400, "BIN_REFUSED", "binIds[0]"),
        ({"type": "FULL", "locationId": "empty"}, 400, "NOTHING_TO_COUNT", "locationId"),
        ({"type": "HALF"}, 400, "INVALID", "type"),
    ],
)
async def test_a_count_that_makes_no_sense_is_refused(
    world: World, body: dict[str, Any], status: int, code: str, field: str
) -> None:
    place = await Warehouse.make(world)
    empty = await world.location(id="empty")
    await world.bin(empty, id="other")
    async with client_of(world) as client:
        wish = {"locationId": place.location.id, **body}
        found = await client.rest("POST", AT, json=wish)
        listed = await client.get(AT)

    refused = found.json()
    assert (found.status_code, refused["code"]) == (status, code)
    details = refused.get("details", {})
    assert details.get("field", details.get("path", field)) == field
    assert listed["batches"] == []
