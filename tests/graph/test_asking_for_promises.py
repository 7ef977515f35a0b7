"""The matrix and its cells in the graph, from every side, in a fixed number of statements."""

from typing import Any

from graph import answer, ask, refusal, statements
from world import World

MATRIX = """
query ($locationId: ID!, $first: Int, $page: Int, $filter: MatrixFilter, $orderBy: MatrixOrder) {
  atpMatrix(locationId: $locationId, filter: $filter, orderBy: $orderBy) {
    location { id name }
    columns { channel { id name type } policy { id } lowAtpThreshold }
    rows(first: $first, page: $page) {
      nodes {
        product { id sku name category { name } }
        cells { channel { id name } policy { id } atp onHand reserved available severity threshold }
        totalOnHand totalReserved minAtp maxAtp hasCritical
      }
      pagination { page pageSize total totalPages }
    }
  }
}
"""


async def stocked(world: World, products: int = 3) -> Any:
    """A location with two channels, one of them with a policy, and some stock."""
    location = await world.location()
    dtc = await world.channel("DTC")
    await world.channel("B2B", position=1)
    await world.policy(dtc, id="policy_1", safety_stock=2, low_atp_threshold=4)
    food = await world.category()
    for n in range(products):
        product = await world.product(category_id=food.id)
        await world.stock(product, location, 5 * n + 1)
    return location


async def test_shows_every_field_of_the_documented_matrix(world: World) -> None:
    location = await stocked(world, 1)
    [row] = (await ask(world, MATRIX, locationId=location.id))["atpMatrix"]["rows"]["nodes"]

    dtc, b2b = row["cells"]
    assert dtc == {
        "channel": {"id": "DTC", "name": "Channel DTC"},
        "policy": {"id": "policy_1"},
        "atp": 0,
        "onHand": 1,
        "reserved": 0,
        "available": 1,
        "severity": "CRITICAL",
        "threshold": 4,
    }
    assert b2b["policy"] is None
    assert (b2b["atp"], b2b["severity"], b2b["threshold"]) == (1, "LOW", 10)
    assert row["product"]["category"]["name"].startswith("Category")
    totals = [row[name] for name in ("totalOnHand", "totalReserved", "minAtp", "maxAtp")]
    assert totals == [1, 0, 0, 1]
    assert row["hasCritical"] is True


async def test_reads_a_page_in_five_statements_however_long(world: World) -> None:
    location = await stocked(world, 6)
    counts = []
    data: Any = None
    for first in (1, 6):
        async with statements(world) as found:
            data = await ask(world, MATRIX, locationId=location.id, first=first)
        counts.append(len(found))

    assert data["atpMatrix"]["rows"]["pagination"] == {
        "page": 1,
        "pageSize": 6,
        "total": 6,
        "totalPages": 1,
    }
    assert counts == [5, 5]


async def test_gives_the_same_cells_from_every_side(world: World) -> None:
    location = await stocked(world)
    cell = "{ atp channel { id } product { id } location { id } }"
    data = await ask(
        world,
        f"""query ($id: ID!) {{
          atpMatrix(locationId: $id) {{ rows {{ nodes {{ cells {cell} }} }} }}
          location(id: $id) {{ atp {{ rows {{ nodes {{ cells {cell} }} }} }} }}
          products {{ nodes {{ atp(locationId: $id) {cell} atpByLocation {cell} }} }}
          channels {{ nodes {{ atp(locationId: $id) {{ nodes {cell} }} }} }}
        }}""",
        id=location.id,
    )

    def flat(rows: list[Any], name: str) -> list[Any]:
        return [cell for row in rows for cell in row[name]]

    matrix = flat(data["atpMatrix"]["rows"]["nodes"], "cells")
    assert len(matrix) == 6
    assert flat(data["location"]["atp"]["rows"]["nodes"], "cells") == matrix
    assert flat(data["products"]["nodes"], "atp") == matrix
    assert flat(data["products"]["nodes"], "atpByLocation") == matrix
    by_channel = [cell for one in data["channels"]["nodes"] for cell in one["atp"]["nodes"]]
    assert sorted(by_channel, key=str) == sorted(matrix, key=str)


async def test_reads_the_matrices_of_many_locations_in_as_many_statements_as_of_one(
    world: World,
) -> None:
    query = """{ locations { nodes { atp { columns { channel { name } }
        rows(first: 2) { totalCount nodes { product { name category { name } }
        cells { atp policy { name } } } } } } } }"""
    counts: list[int] = []
    for _ in range(2):
        await stocked(world) if not counts else await world.location()
        async with statements(world) as found:
            await ask(world, query)
        counts.append(len(found))

    assert counts == [6, 6]


async def test_an_unknown_location_is_not_found_and_names_its_argument(world: World) -> None:
    found = await refusal(world, MATRIX, locationId="loc_nowhere")

    assert found == {
        "message": "Location not found or not accessible",
        "path": ["atpMatrix"],
        "code": "NOT_FOUND",
        "field": "locationId",
    }


async def test_a_retired_channel_has_no_cells(world: World) -> None:
    location = await world.location()
    await world.channel("OLD", active=False)
    await world.stock(await world.product(), location, 3)

    data = await ask(
        world,
        """query ($id: ID!) {
          channel(id: "OLD") { atp(locationId: $id) { totalCount nodes { atp } } }
          atpMatrix(locationId: $id) {
            columns { channel { id } }
            rows { nodes { cells { atp } } }
          }
        }""",
        id=location.id,
    )

    assert data["channel"]["atp"] == {"totalCount": 0, "nodes": []}
    assert data["atpMatrix"] == {"columns": [], "rows": {"nodes": [{"cells": []}]}}


async def test_a_cursor_of_another_filter_is_refused(world: World) -> None:
    location = await stocked(world)
    query = """query ($id: ID!, $after: Cursor, $filter: MatrixFilter) {
      atpMatrix(locationId: $id, filter: $filter) {
        rows(first: 1, after: $after) { pageInfo { endCursor } nodes { product { sku } } } } }"""
    cursor = (await ask(world, query, id=location.id))["atpMatrix"]["rows"]["pageInfo"]["endCursor"]

    page = await ask(world, query, id=location.id, after=cursor)
    found = await refusal(
        world, query, id=location.id, after=cursor, filter={"severity": "CRITICAL"}
    )

    assert len(page["atpMatrix"]["rows"]["nodes"]) == 1
    assert (found["code"], found["field"]) == ("INVALID", "after")


async def test_needs_the_right_to_read_inventory(world: World) -> None:
    location = await stocked(world)
    found = await answer(world, MATRIX, permissions=["products.read"], locationId=location.id)

    assert found["data"] == {"atpMatrix": None}
    assert found["errors"][0]["code"] == "FORBIDDEN"
    assert found["errors"][0]["details"] == {"required": ["inventory.read"]}


async def test_sums_channels_up_over_all_locations(world: World) -> None:
    location = await stocked(world)
    data = await ask(
        world,
        """{ channelSummary { asOf position channels { channel { id name type }
          totalAtp totalOnHand totalReserved totalAvailable onOrder productCount
          okCount lowCount criticalCount
          locations { location { id name } atp lowCount criticalCount } } } }""",
    )

    dtc, b2b = data["channelSummary"]["channels"]
    assert dtc == {
        "channel": {"id": "DTC", "name": "Channel DTC", "type": "E_COMMERCE"},
        "totalAtp": 13,
        "totalOnHand": 18,
        "totalReserved": 0,
        "totalAvailable": 18,
        "onOrder": 0,
        "productCount": 3,
        "okCount": 1,
        "lowCount": 1,
        "criticalCount": 1,
        "locations": [
            {
                "location": {"id": location.id, "name": location.name},
                "atp": 13,
                "lowCount": 1,
                "criticalCount": 1,
            }
        ],
    }
    assert b2b["totalAtp"] == 18


async def test_a_field_that_fails_takes_nothing_from_its_siblings(world: World) -> None:
    location = await stocked(world)
    found = await answer(
        world,
        """query ($id: ID!) {
          products { nodes { good: atp(locationId: $id) { atp } } }
          again: products { nodes { bad: atp(locationId: "loc_nowhere") { atp } } }
          matrix: atpMatrix(locationId: $id) { rows { nodes { minAtp } } }
        }""",
        id=location.id,
    )

    assert found["data"] is None
    assert {error["code"] for error in found["errors"]} == {"NOT_FOUND"}
