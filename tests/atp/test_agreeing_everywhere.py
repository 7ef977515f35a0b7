"""Whoever is asked for a promise tells the same: the matrix, the cube, the drilldown, the sums."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from clients import Client, client_of
from graph import ask
from trade import Trade
from world import World

D = Decimal
ALL = """query ($products: [ID!]!, $places: [ID!]!, $asOf: DateTime) {
  locations(first: 9) { nodes { id atp(asOf: $asOf) { rows { nodes { product { id }
    totalOnHand totalReserved
    cells { channel { id } atp onHand reserved available severity explain { balance } } } } } } }
  atpCube(products: $products, locations: $places, asOf: $asOf, buckets: {size: "DAY", count: 1}) {
    cells { channel { id } product { id } location { id } atp now { atp available severity } } }
  products(first: 9) { nodes { id atpByLocation(asOf: $asOf) {
    channel { id } location { id } atp available } } }
  channelSummary(asOf: $asOf) { channels { channel { id } totalAtp totalOnHand totalReserved
    totalAvailable okCount lowCount criticalCount } }
  stockLevels(first: 50, asOf: $asOf) { nodes {
    product { id } location { id } onHand reserved } } }"""


class LongTrade(Trade):
    """A company that also expects stock, promises it for later, and limits channels."""

    async def act_expect(self) -> str:
        due = (self.now + timedelta(days=self.choose.randrange(-2, 9))).date()
        vendor, product = await self.world.vendor(), self.choose.choice(self.products)
        place = self.choose.choice(self.places)
        await self.world.order(vendor, product, 7, location_id=place.id, due_on=due)
        return "done"

    async def act_promise(self) -> str:
        days = self.choose.choice([None, 0, 3, 8])
        line = {
            "productId": f"prod_{self.choose.randrange(2)}",
            "locationId": f"loc_{self.choose.randrange(2)}",
            "quantity": self.choose.randrange(1, 9),
        }
        if days is not None:
            line["neededOn"] = (self.now + timedelta(days=days)).date().isoformat()
        wish = {"channelId": f"CH{self.choose.randrange(2)}", "lines": [line]}
        return await self._do("reserveStock", **wish, ttlSeconds=7 * 24 * 3600, allowPartial=True)

    async def act_limit(self) -> str:
        terms: dict[str, Any] = self.choose.choice(
            [
                {"includeInbound": True, "inboundHorizonDays": 5},
                {"includeInbound": False},
                {"minimumShelfLifeDays": 2},
                {"maximumFraction": 0.5},
                {"backorderLimit": 4},
                {"allocationWeight": 0.3, "lowAtpThreshold": 6},
            ]
        )
        return await self._do(
            "createChannelPolicy", channelId=f"CH{self.choose.randrange(2)}", **terms
        )


Key = tuple[str, str, str]  # location, product, channel


def cells_of(data: Any) -> dict[Key, Any]:
    return {
        (place["id"], row["product"]["id"], cell["channel"]["id"]): cell
        for place in data["locations"]["nodes"]
        for row in place["atp"]["rows"]["nodes"]
        for cell in row["cells"]
    }


def check_sums(data: Any, cells: Mapping[Key, Any]) -> None:
    """The summary and the levels against the cells and the rows."""
    for total in data["channelSummary"]["channels"]:
        own = [cell for key, cell in cells.items() if key[2] == total["channel"]["id"]]
        counts = Counter(cell["severity"] for cell in own)
        assert {name: total[name] for name in total if name != "channel"} == {
            "totalAtp": sum((cell["atp"] for cell in own), D(0)),
            "totalOnHand": sum((cell["onHand"] for cell in own), D(0)),
            "totalReserved": sum((cell["reserved"] for cell in own), D(0)),
            "totalAvailable": sum((cell["available"] for cell in own), D(0)),
            "okCount": counts["OK"],
            "lowCount": counts["LOW"],
            "criticalCount": counts["CRITICAL"],
        }
    rows = {
        (place["id"], row["product"]["id"]): (row["totalOnHand"], row["totalReserved"])
        for place in data["locations"]["nodes"]
        for row in place["atp"]["rows"]["nodes"]
    }
    for level in data["stockLevels"]["nodes"]:
        pair = (level["location"]["id"], level["product"]["id"])
        assert rows[pair] == (level["onHand"], level["reserved"])


async def check_sheet(client: Client, cells: Mapping[Key, Any], place: str, **at: Any) -> None:
    """The matrix of a place as CSV."""
    headers, query = {"Accept": "text/csv"}, {"locationId": place, **at}
    sheet = await client.rest(
        "GET", "/api/inventory/channel-location", params=query, headers=headers
    )
    rows = list(csv.DictReader(io.StringIO(sheet.text)))
    keys = [(place, row["productMasterId"], row["channelId"]) for row in rows]
    assert sorted(keys) == sorted(key for key in cells if key[0] == place)
    assert {row["hasCritical"] for row in rows} <= {"true", "false"}, "as in JSON and in imports"
    for key, row in zip(keys, rows, strict=True):
        for name in ("atp", "onHand", "reserved", "available"):
            assert D(row[name]) == cells[key][name]


async def check_rest(
    client: Client, cells: Mapping[Key, Any], cube: Mapping[Key, Any], **at: Any
) -> None:
    """Rows 13, 14 and 15 of the REST API, the matrix as CSV, and the cube."""
    for place in {key[0] for key in cells}:
        body = await client.get(
            "/api/inventory/channel-location", locationId=place, explain="true", **at
        )
        for product in body["products"]:
            id = product["productMasterId"]
            names = {"locationId": place, "productMasterId": id}
            drill = await client.get("/api/inventory/channel-location/drilldown", **names, **at)
            for one in [*product["channels"], *drill["cells"]]:
                assert one["atp"] == cells[place, id, one["channelId"]]["atp"]
                assert one["explain"][-1]["balance"] == one["atp"]
        await check_sheet(client, cells, place, **at)
    names = {"productMasterId": "prod_0,prod_1", "locationId": "loc_0,loc_1"}
    path = "/api/inventory/channel-location/cube"
    body = await client.get(path, **names, **at, size="DAY", count=1)
    assert {
        (one["locationId"], one["productMasterId"], one["channelId"]): one["atp"]
        for one in body["cells"]
    } == cube
    summary = await client.get("/api/inventory/channel/summary", **at)
    for total in summary["channels"]:
        own = [cell["atp"] for key, cell in cells.items() if key[2] == total["channelId"]]
        assert total["totalAtp"] == sum(own, D(0))


async def check(world: World, client: Client | None, **at: Any) -> None:
    names = {"products": ["prod_0", "prod_1"], "places": ["loc_0", "loc_1"]}
    data = await ask(world, ALL, **names, **at)
    cells = cells_of(data)
    for cell in cells.values():
        assert cell["explain"][-1]["balance"] == cell["atp"]
    cube = {
        (one["location"]["id"], one["product"]["id"], one["channel"]["id"]): one
        for one in data["atpCube"]["cells"]
    }
    for key, one in cube.items():
        if key in cells:
            assert one["now"] == {name: cells[key][name] for name in one["now"]}
    for product in data["products"]["nodes"]:
        for one in product["atpByLocation"]:
            cell = cells[one["location"]["id"], product["id"], one["channel"]["id"]]
            assert (one["atp"], one["available"]) == (cell["atp"], cell["available"])
    check_sums(data, cells)
    if client is not None:
        await check_rest(client, cells, {key: one["atp"] for key, one in cube.items()}, **at)


async def test_invariant_21_all_ways_tell_the_same(world: World, run_seed: int) -> None:
    trade = await LongTrade.begin(world, run_seed)
    for channel, terms in (("CH0", {"includeInbound": True}), ("CH1", {"minimumShelfLifeDays": 2})):
        await trade._do("createChannelPolicy", channelId=channel, **terms)
    for _ in range(3):
        await trade.act_receive()
        await trade.act_expect()
    async with client_of(world) as client:
        for n in range(5):
            then = (trade.now - timedelta(hours=7)).isoformat().replace("+00:00", "Z")
            await check(world, client if n == 4 else None)
            await check(world, client if n == 4 else None, asOf=then)
            for _ in range(5):
                await trade.go_on(hours=3)
