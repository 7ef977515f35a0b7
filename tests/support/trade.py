"""A small company whose every kind of state changes over time, for tests that look back."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from graph import answer
from world import World

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

# All that is asked about a moment. What says when a record was changed is not of the past.
EVERYTHING = """
query ($here: ID!, $asOf: DateTime, $knownAt: Position, $soon: ExpiredStockFilter) {
  atpMatrix(locationId: $here, asOf: $asOf, knownAt: $knownAt) {
    columns { channel { id } policy { id } lowAtpThreshold }
    rows(first: 50) { nodes {
      product { id unitCost }
      cells { channel { id } atp onHand reserved available held expired safetyStock buffer
        fencedForOthers severity threshold policy { id mode } }
      totalOnHand totalReserved minAtp maxAtp hasCritical } totalCount } }
  channelSummary(asOf: $asOf, knownAt: $knownAt) { channels { channel { id }
    totalAtp totalOnHand totalReserved totalAvailable productCount okCount lowCount criticalCount
    locations { location { id } atp lowCount criticalCount } } }
  inventoryItems(first: 100, asOf: $asOf, knownAt: $knownAt) { totalCount nodes {
    id onHand reserved available held expired unitCost value lastCountedAt
    lot { id expiryDate state } bin { id type }
    level { onHand reserved available held expired } } }
  stockLevels(first: 100, orderBy: {field: ON_HAND}, asOf: $asOf, knownAt: $knownAt) {
    totalCount nodes { product { id } location { id } onHand reserved available held expired } }
  availability(filter: {locationId: $here}, asOf: $asOf, knownAt: $knownAt) {
    count totals { onHand available onHold picked recalled expired }
    lines { item { id } status sums { onHand available onHold picked recalled expired } } }
  expiredStock(filter: $soon, asOf: $asOf, knownAt: $knownAt) {
    totals { quantity value }
    items(first: 100) { totalCount nodes {
      item { id onHand } daysExpired expiryStatus value } } }
  locations(first: 20, asOf: $asOf, knownAt: $knownAt) { nodes { id
    totals { onHand reserved available value productCount lotCount } } }
}
"""

_CREATE = "mutation ($input: {name}Input!) {{ {field}(input: $input) {{ __typename }} }}"


@dataclass
class Trade:
    """Two products at two places, with bins, lots, channels, and acts chosen by a seed."""

    world: World
    choose: random.Random
    now: datetime = NOON
    products: list[Any] = field(default_factory=list)
    places: list[Any] = field(default_factory=list)
    bins: list[Any] = field(default_factory=list)
    lots: list[Any] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @classmethod
    async def begin(cls, world: World, seed: int) -> Self:
        """The company as it is before anything has happened."""
        world.database.now = NOON - timedelta(hours=1)
        trade = cls(world, random.Random(seed))
        for n in range(2):
            trade.products.append(await world.product(id=f"prod_{n}", sku=f"P{n}", unit_cost=2 + n))
            trade.places.append(await world.location(id=f"loc_{n}", code=f"L{n}"))
            trade.bins.append(await world.bin(trade.places[n], id=f"bin_{n}", code="B"))
            await world.channel(f"CH{n}", position=n)
        for n, product in enumerate(trade.products):
            expiry = date(2026, 3, 3 + n)
            trade.lots.append(await world.lot(product, id=f"lot_{n}", number="L", expiry=expiry))
        for _ in range(3):
            await trade.act_receive()
        return trade

    async def look(self, **at: Any) -> Any:
        """All that is shown, now or as the arguments say."""
        found = await answer(self.world, EVERYTHING, here="loc_0", soon={"withinDays": 2}, **at)
        assert "errors" not in found, found["errors"]
        return found["data"]

    async def position(self) -> str:
        """The position up to which everything is seen now."""
        text = 'query { atpMatrix(locationId: "loc_0") { position } }'
        return str((await answer(self.world, text))["data"]["atpMatrix"]["position"])

    async def go_on(self, hours: float, *, backdated: bool = False) -> None:
        """Turn the clock and do something, perhaps what happened earlier."""
        self.now += timedelta(hours=hours)
        self.world.database.now = self.now
        names = [name for name in dir(self) if name.startswith("act_")]
        name = self.choose.choice([*names, *(["backdate"] * 6 if backdated else [])])
        code = await getattr(self, name)()
        self.done.append(f"{name}: {code}")

    async def _do(self, field: str, **input: Any) -> str:
        """Do it; a refusal is as good, and its code is given."""
        name = field[0].upper() + field[1:]
        wish = {key: value for key, value in input.items() if value is not None}
        found = await answer(self.world, _CREATE.format(name=name, field=field), input=wish)
        if "errors" not in found:
            return "done"
        assert "code" in found["errors"][0], found["errors"]
        return str(found["errors"][0]["code"])

    def _bucket(self) -> dict[str, Any]:
        n = self.choose.randrange(2)
        place = self.choose.randrange(2)
        return {
            "productId": f"prod_{n}",
            "locationId": f"loc_{place}",
            "binId": self.choose.choice([None, f"bin_{place}"]),
            "lotId": self.choose.choice([None, f"lot_{n}"]),
        }

    async def _one(self, table: str) -> str | None:
        async with self.world.read() as session:
            ids = await session.call(f"select array_agg(id order by id) from {table}")
        return self.choose.choice(ids) if ids else None

    async def act_adjust(self) -> str:
        by = self.choose.choice([9, 5, 4, -2, -3])
        wish = {"reasonCode": "CORRECTION", "comment": "counted again"}
        return await self._do("adjustStock", **self._bucket(), by=by, **wish)

    async def act_receive(self) -> str:
        bucket = self._bucket()
        place = bucket.pop("locationId")
        line = {k: v for k, v in bucket.items() if v is not None} | {"quantity": 7}
        return await self._do("receiveStock", locationId=place, lines=[line])

    async def act_issue(self) -> str:
        bucket = self._bucket()
        line = {"productId": bucket["productId"], "quantity": 2}
        return await self._do("issueStock", locationId=bucket["locationId"], lines=[line])

    async def backdate(self) -> str:
        bucket = self._bucket()
        happened = self.now - timedelta(hours=self.choose.randrange(1, 30))
        line = {"productId": bucket["productId"], "quantity": self.choose.randrange(1, 4)}
        wish = {"locationId": bucket["locationId"], "occurredAt": happened.isoformat()}
        act = self.choose.choice(["receiveStock", "receiveStock", "issueStock"])
        return await self._do(act, **wish, lines=[line])

    async def act_reverse(self) -> str:
        id = await self._one("postings")
        return await self._do("reversePosting", postingId=id, reason="wrong")

    async def act_move(self) -> str:
        bucket = self._bucket() | {"binId": None}
        to = bucket["locationId"].replace("loc", "bin")
        return await self._do("moveStock", **bucket, toBinId=to, quantity=1)

    async def act_hold_item(self) -> str:
        item = await self._one("inventory_items")
        until = (self.now + timedelta(hours=5)).isoformat()
        ends = self.choose.choice([None, until])
        units = self.choose.choice([None, 2])
        wish = {"type": "QUALITY", "reason": "look", "quantity": units, "expiresAt": ends}
        return await self._do("placeHold", inventoryItemId=item, **wish) if item else "nothing"

    async def act_hold_lot(self) -> str:
        lot = f"lot_{self.choose.randrange(2)}"
        return await self._do("placeHold", type="RECALL", reason="recall", lotId=lot)

    async def act_release(self) -> str:
        hold = await self._one("holds where state = 'ACTIVE'")
        return await self._do("releaseHolds", holdIds=[hold]) if hold else "nothing"

    async def act_mark(self) -> str:
        item = await self._one("inventory_items where lot_id is null")
        undo = self.choose.random() < 0.5
        if item is None:
            return "nothing"
        return await self._do("markExpired", items=[{"inventoryItemId": item}], undo=undo)

    async def act_mark_lot(self) -> str:
        lot, undo = f"lot_{self.choose.randrange(2)}", self.choose.random() < 0.5
        return await self._do("markExpired", lotIds=[lot], undo=undo)

    async def act_quota(self) -> str:
        bucket = self._bucket()
        channel = f"CH{self.choose.randrange(2)}"
        wish = {key: bucket[key] for key in ("productId", "locationId")}
        return await self._do("createChannelQuota", channelId=channel, **wish, allocated=2)

    async def act_policy(self) -> str:
        mode = self.choose.choice(["SHARED", "FENCED", "SHARE", "CAP"])
        numbers = {"share": 0.25} if mode == "SHARE" else {"cap": 5} if mode == "CAP" else {}
        place = self.choose.choice([None, "loc_0"])
        product = self.choose.choice([None, "prod_1"])
        wish = {"channelId": f"CH{self.choose.randrange(2)}", "mode": mode, **numbers}
        wish |= {"safetyStock": 1, "locationId": place, "productId": product}
        return await self._do("createChannelPolicy", **wish)

    async def _set(self, field: str, id: str | None, **input: Any) -> str:
        if id is None:
            return "nothing"
        name = field[0].upper() + field[1:]
        text = (
            f"mutation ($id: ID!, $input: {name}Input!) {{"
            f" {field}(id: $id, input: $input) {{ __typename }} }}"
        )
        found = await answer(self.world, text, id=id, input=input)
        return str(found["errors"][0]["code"]) if "errors" in found else "done"

    async def _drop(self, field: str, id: str | None) -> str:
        if id is None:
            return "nothing"
        text = f"mutation ($id: ID!) {{ {field}(id: $id) {{ id }} }}"
        found = await answer(self.world, text, id=id)
        return str(found["errors"][0]["code"]) if "errors" in found else "done"

    async def act_change_policy(self) -> str:
        units = self.choose.randrange(4)
        id = await self._one("channel_policies")
        return await self._set("updateChannelPolicy", id, buffer=units, lowAtpThreshold=units)

    async def act_drop_policy(self) -> str:
        return await self._drop("deleteChannelPolicy", await self._one("channel_policies"))

    async def act_change_quota(self) -> str:
        id = await self._one("channel_quotas")
        return await self._set("updateChannelQuota", id, allocated=self.choose.randrange(5))

    async def act_drop_quota(self) -> str:
        return await self._drop("deleteChannelQuota", await self._one("channel_quotas"))

    async def act_change_lot(self) -> str:
        day = date(2026, 3, 1) + timedelta(days=self.choose.randrange(6))
        id = f"lot_{self.choose.randrange(2)}"
        return await self._set("updateLot", id, expiryDate=day.isoformat())

    async def act_change_bin(self) -> str:
        type_ = self.choose.choice(["STANDARD", "HOLD", "QUARANTINE"])
        return await self._set("updateBin", f"bin_{self.choose.randrange(2)}", type=type_)

    async def act_change_cost(self) -> str:
        cost = self.choose.randrange(1, 9)
        return await self._set("updateProduct", f"prod_{self.choose.randrange(2)}", unitCost=cost)

    async def act_reserve(self) -> str:
        item = await self._one("inventory_items where on_hand - reserved >= 1")
        if item is None:
            return "nothing"
        try:
            await self.world.reserve(item, 1, channel_id=self.choose.choice([None, "CH0"]))
        except Exception as refused:  # noqa: BLE001 - what is refused changes nothing
            return type(refused).__name__
        return "done"

    async def act_zone(self) -> str:
        zone = self.choose.choice(["UTC", "Asia/Tokyo", "America/Los_Angeles"])
        await self.world.settings(time_zone=zone, low_atp_threshold=self.choose.randrange(1, 12))
        return "done"
